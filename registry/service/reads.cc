#include "registry/service/reads.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "registry/service/limits.h"
#include "registry/service/status_map.h"
#include "verifier/big_endian.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/gtin.h"
#include "verifier/participant_id.h"
#include "verifier/passport_id.h"
#include "verifier/refusal.h"
#include "verifier/verify_absence.h"

namespace touchstone::service {
namespace {

std::string JoinHashes(const std::vector<Digest>& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * kDigestBytes);
  for (const Digest& hash : hashes) absl::StrAppend(&bytes, DigestBytes(hash));
  return bytes;
}

absl::Status CheckText(absl::string_view field, const std::string& text) {
  if (text.empty()) return absl::InvalidArgumentError(absl::StrCat(field, ": missing"));
  if (text.size() > limits::kLookupTextBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": ", text.size(), " bytes; at most ", limits::kLookupTextBytesMax));
  }
  return absl::OkStatus();
}

// What was asked for, at most `most`; `unsaid` where nothing was.
absl::StatusOr<uint32_t> PageSize(absl::string_view field, uint32_t asked, uint32_t unsaid,
                                  uint32_t most) {
  if (asked == 0) return unsaid;
  if (asked <= most) return asked;
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": ", asked, "; must be 1 to ", most, ", or 0 for ", unsaid));
}

absl::Status CheckTileWidth(uint32_t width) {
  if (width < limits::kTileHashes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("width: ", width, "; must be 1 to 255, or 0 for a full one"));
}

absl::StatusOr<PassportId> FindPassport(const ledger::View& view,
                                        const v1::GetPassportRequest& request) {
  switch (request.by_case()) {
    case v1::GetPassportRequest::kPassportId:
      return PassportId::FromBytes(request.passport_id());
    case v1::GetPassportRequest::kGtinSerial: {
      const v1::GtinSerial& by = request.gtin_serial();
      if (absl::Status s = CheckText("gtin_serial.gtin", by.gtin()); !s.ok()) return s;
      if (absl::Status s = CheckText("gtin_serial.serial", by.serial()); !s.ok()) return s;
      return view.FindByGtinSerial(by.gtin(), by.serial());
    }
    case v1::GetPassportRequest::kInscription:
      if (absl::Status s = CheckText("inscription", request.inscription()); !s.ok()) return s;
      return view.FindByInscription(request.inscription());
    case v1::GetPassportRequest::kReport: {
      const v1::ReportNumber& by = request.report();
      if (absl::Status s = CheckText("report.laboratory", by.laboratory()); !s.ok()) return s;
      if (absl::Status s = CheckText("report.report_number", by.report_number()); !s.ok()) return s;
      return view.FindByReport(by.laboratory(), by.report_number());
    }
    case v1::GetPassportRequest::BY_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "by: missing; must be one of passport_id, gtin_serial, inscription, report");
}

// What FindPassport has looked for and not found.
absl::StatusOr<Sought> SoughtBy(const v1::GetPassportRequest& request) {
  absl::StatusOr<ClaimSubject> claim = ClaimSubject{};
  switch (request.by_case()) {
    case v1::GetPassportRequest::kGtinSerial: {
      const absl::StatusOr<Gtin> gtin = Gtin::ParseAnyLength(request.gtin_serial().gtin());
      if (!gtin.ok()) return gtin.status();
      claim = GtinSerialClaim(*gtin, request.gtin_serial().serial());
      break;
    }
    case v1::GetPassportRequest::kInscription:
      claim = InscriptionClaim(request.inscription());
      break;
    case v1::GetPassportRequest::kReport:
      claim = ReportClaim(request.report().laboratory(), request.report().report_number());
      break;
    case v1::GetPassportRequest::kPassportId:
    case v1::GetPassportRequest::BY_NOT_SET: {
      const absl::StatusOr<PassportId> id = PassportId::FromBytes(request.passport_id());
      if (!id.ok()) return id.status();
      return Sought::Id(*id);
    }
  }
  if (!claim.ok()) return claim.status();
  return Sought::Claim(*claim);
}

void Encode(ledger::PieceSummary piece, v1::PieceSummary* out) {
  out->set_passport_id(std::move(piece.passport_id));
  out->set_serial(std::move(piece.serial));
  out->set_gtin14(std::move(piece.gtin14));
  out->set_title(std::move(piece.title));
  out->set_position(piece.position);
  out->set_registered_at_ms(piece.registered_at_ms);
}

// A page token is the position to go on from, as 8 bytes; empty for the first page.
std::string EncodePageToken(uint64_t position) {
  std::string token;
  AppendBigEndian<uint64_t>(token, position);
  return token;
}

absl::StatusOr<uint64_t> DecodePageToken(const std::string& token) {
  if (token.empty()) return uint64_t{0};
  if (token.size() != sizeof(uint64_t)) {
    return absl::InvalidArgumentError("page_token: not one that this registry gave out");
  }
  return LoadBigEndian<uint64_t>(token);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ledger::View>> ChooseView(const ledger::Ledger& ledger,
                                                               v1::CheckpointChoice choice) {
  if (choice == v1::NEWEST) return ledger.Newest();
  if (choice != v1::COSIGNED) {
    return absl::InvalidArgumentError(
        absl::StrCat("checkpoint: ", static_cast<int>(choice), "; must be NEWEST or COSIGNED"));
  }
  if (!ledger.asks_witnesses()) {
    return ForClient(absl::StatusCode::kFailedPrecondition,
                     "this registry asks no witnesses, so none of its checkpoints is cosigned: ask "
                     "for the newest one, or have its operator name witnesses (--witness-policy)");
  }
  std::shared_ptr<const ledger::View> cosigned = ledger.Cosigned();
  if (cosigned != nullptr) return cosigned;
  return ForClient(absl::StatusCode::kUnavailable,
                   "this registry's witnesses have not cosigned a checkpoint yet: try again "
                   "later, or ask for the newest one");
}

absl::Status GetPassport(const ledger::View& view, const v1::GetPassportRequest& request,
                         v1::GetPassportResponse* response) {
  const absl::StatusOr<PassportId> id = FindPassport(view, request);
  if (!id.ok()) return id.status();
  absl::StatusOr<std::string> passport = view.PassportFile(*id);
  if (!passport.ok()) return passport.status();
  response->set_passport(*std::move(passport));
  return absl::OkStatus();
}

absl::Status Lookup(const ledger::View& view, const v1::GetPassportRequest& request,
                    v1::LookupResponse* response) {
  v1::GetPassportResponse found;
  absl::Status status = GetPassport(view, request, &found);
  if (status.ok()) {
    response->set_passport(std::move(*found.mutable_passport()));
    return status;
  }
  if (RefusalCodeOf(status) != RefusalCode::kNoSuchSubject) return status;
  const absl::StatusOr<Sought> sought = SoughtBy(request);
  if (!sought.ok()) return sought.status();
  absl::StatusOr<std::string> absence = view.AbsenceFile(*sought);
  if (!absence.ok()) return absence.status();
  response->set_absence(*std::move(absence));
  return absl::OkStatus();
}

absl::Status GetCards(const ledger::View& view, const v1::GetCardsRequest&,
                      v1::GetCardsResponse* response) {
  absl::StatusOr<std::string> cards = view.CardsFile();
  if (!cards.ok()) return cards.status();
  response->set_cards(*std::move(cards));
  return absl::OkStatus();
}

absl::Status GetCheckpoint(const ledger::View& view, const v1::GetCheckpointRequest&,
                           v1::GetCheckpointResponse* response) {
  response->set_checkpoint(view.checkpoint_note());
  return absl::OkStatus();
}

absl::Status GetTile(const ledger::View& view, const v1::GetTileRequest& request,
                     v1::GetTileResponse* response) {
  if (absl::Status status = CheckTileWidth(request.width()); !status.ok()) return status;
  absl::StatusOr<std::string> tile = view.Tile(request.level(), request.index(), request.width());
  if (!tile.ok()) return tile.status();
  response->set_tile(*std::move(tile));
  return absl::OkStatus();
}

absl::Status GetEntryBundle(const ledger::View& view, const v1::GetEntryBundleRequest& request,
                            v1::GetEntryBundleResponse* response) {
  if (absl::Status status = CheckTileWidth(request.width()); !status.ok()) return status;
  absl::StatusOr<std::string> bundle = view.EntryBundle(request.index(), request.width());
  if (!bundle.ok()) return bundle.status();
  response->set_bundle(*std::move(bundle));
  return absl::OkStatus();
}

absl::Status GetInclusionProof(const ledger::View& view,
                               const v1::GetInclusionProofRequest& request,
                               v1::GetInclusionProofResponse* response) {
  const absl::StatusOr<std::vector<Digest>> path =
      view.InclusionPath(request.position(), request.tree_size());
  if (!path.ok()) return path.status();
  const absl::StatusOr<Digest> digest = view.EntryDigest(request.position());
  if (!digest.ok()) return digest.status();
  response->set_tree_size(request.tree_size() == 0 ? view.size() : request.tree_size());
  response->set_digest(std::string(DigestBytes(*digest)));
  response->set_path(JoinHashes(*path));
  return absl::OkStatus();
}

absl::Status GetConsistencyProof(const ledger::View& view,
                                 const v1::GetConsistencyProofRequest& request,
                                 v1::GetConsistencyProofResponse* response) {
  const absl::StatusOr<std::vector<Digest>> path =
      view.ConsistencyPath(request.first_size(), request.second_size());
  if (!path.ok()) return path.status();
  response->set_second_size(request.second_size() == 0 ? view.size() : request.second_size());
  response->set_path(JoinHashes(*path));
  return absl::OkStatus();
}

absl::Status GetPublicEntries(const ledger::View& view, const v1::GetPublicEntriesRequest& request,
                              v1::GetPublicEntriesResponse* response) {
  const absl::StatusOr<uint32_t> limit = PageSize(
      "limit", request.limit(), limits::kPublicEntriesPageMax, limits::kPublicEntriesPageMax);
  if (!limit.ok()) return limit.status();
  absl::StatusOr<ledger::PublicEntriesPage> page =
      view.PublicEntries(request.first_position(), *limit);
  if (!page.ok()) return page.status();
  for (std::string& frame : page->frames) response->add_entries(std::move(frame));
  response->set_next_position(page->next_position);
  return absl::OkStatus();
}

absl::Status GetInsertions(const ledger::View& view, const v1::GetInsertionsRequest& request,
                           v1::GetInsertionsResponse* response) {
  const absl::StatusOr<uint32_t> limit =
      PageSize("limit", request.limit(), limits::kInsertionsPageMax, limits::kInsertionsPageMax);
  if (!limit.ok()) return limit.status();
  absl::StatusOr<ledger::InsertionsPage> page = view.Insertions(request.first_position(), *limit);
  if (!page.ok()) return page.status();
  for (ledger::InsertionsPage::Commit& commit : page->commits) {
    v1::CommitInsertions* encoded = response->add_commits();
    encoded->set_index_root_position(commit.index_root_position);
    encoded->set_leaves(std::move(commit.leaves));
  }
  response->set_next_position(page->next_position);
  return absl::OkStatus();
}

absl::Status ListParticipants(const ledger::View& view, const v1::ListParticipantsRequest& request,
                              v1::ListParticipantsResponse* response) {
  const absl::StatusOr<uint32_t> limit =
      PageSize("page_size", request.page_size(), limits::kParticipantsPageDefault,
               limits::kParticipantsPageMax);
  if (!limit.ok()) return limit.status();
  std::optional<ParticipantId> after;
  if (!request.page_token().empty()) {
    const absl::StatusOr<ParticipantId> parsed = ParticipantId::Parse(request.page_token());
    if (!parsed.ok()) {
      return absl::InvalidArgumentError("page_token: not one that this registry gave out");
    }
    after = *parsed;
  }
  absl::StatusOr<ledger::ParticipantsPage> page = view.Participants(after, *limit);
  if (!page.ok()) return page.status();
  for (std::string& chain : page->chains) response->add_chains(std::move(chain));
  if (page->next_after.has_value()) response->set_next_page_token(page->next_after->text());
  return absl::OkStatus();
}

absl::Status ListPieces(const ledger::View& view, const SignedRequest& request,
                        v1::ListPiecesResponse* response) {
  if (!request.request.has_list_pieces()) {
    return absl::InvalidArgumentError("query: this RPC answers list_pieces only");
  }
  const v1::ListPieces& query = request.request.list_pieces();
  const absl::StatusOr<uint32_t> limit =
      PageSize("page_size", query.page_size(), limits::kPiecesPageDefault, limits::kPiecesPageMax);
  if (!limit.ok()) return limit.status();
  const absl::StatusOr<uint64_t> first = DecodePageToken(query.page_token());
  if (!first.ok()) return first.status();
  absl::StatusOr<ledger::PiecePage> page = view.PiecesOf(request.participant, *first, *limit);
  if (!page.ok()) return page.status();
  for (ledger::PieceSummary& piece : page->pieces) Encode(std::move(piece), response->add_pieces());
  if (page->next_position.has_value()) {
    response->set_next_page_token(EncodePageToken(*page->next_position));
  }
  return absl::OkStatus();
}

absl::Status FindPiece(const ledger::View& view, const SignedRequest& request,
                       v1::FindPieceResponse* response) {
  if (!request.request.has_find_piece()) {
    return absl::InvalidArgumentError("query: this RPC answers find_piece only");
  }
  const std::string& serial = request.request.find_piece().serial();
  if (absl::Status status = CheckText("find_piece.serial", serial); !status.ok()) return status;
  absl::StatusOr<ledger::PieceSummary> piece = view.PieceBySerial(request.participant, serial);
  if (!piece.ok()) return piece.status();
  Encode(*std::move(piece), response->mutable_piece());
  return absl::OkStatus();
}

}  // namespace touchstone::service
