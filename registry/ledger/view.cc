#include "registry/ledger/view.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/news.h"
#include "registry/ledger/passport_assembly.h"
#include "registry/ledger/published.h"
#include "registry/ledger/submission.h"
#include "registry/limits.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/claim.h"
#include "verifier/entry.h"
#include "verifier/gtin.h"
#include "verifier/refusal.h"
#include "verifier/tlog_tiles.h"

namespace touchstone::ledger {
namespace {

absl::Status CheckPageLimit(uint32_t limit, uint32_t max) {
  if (limit >= 1 && limit <= max) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("a page of ", limit, " was asked for; accepted are 1 to ", max));
}

// A `width` as tlog-tiles has it in requests, 0 for a full tile; or kInvalidArgument.
absl::StatusOr<uint32_t> FullWidth(uint32_t width) {
  if (width < limits::kTileHashes) {
    return width == 0 ? static_cast<uint32_t>(limits::kTileHashes) : width;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("width is ", width, "; accepted are 1 to 255, and 0 for a full tile"));
}

// Who holds it, or who held it when others contested it; where nobody did, who contested it first.
absl::StatusOr<PassportId> FindClaimant(const Published& state,
                                        const absl::StatusOr<ClaimSubject>& claim) {
  if (!claim.ok()) return claim.status();
  const absl::StatusOr<std::vector<KnownClaimEvent>> events = state.rows().ClaimEvents(*claim);
  if (!events.ok()) return events.status();
  std::optional<PassportId> contender;
  for (auto event = events->rbegin(); event != events->rend(); ++event) {
    if (event->event == IndexEvent::kRelease) break;
    if (event->event != IndexEvent::kContest) return event->passport;
    contender = event->passport;
  }
  if (contender) return *contender;
  return Refuse(RefusalCode::kNoSuchSubject,
                absl::StrCat("no piece in this registry claims ", DescribeClaim(*claim)));
}

absl::StatusOr<PieceSummary> Summarise(const std::string& frame) {
  absl::StatusOr<Entry> entry = DecodeEntry(frame);
  if (!entry.ok()) return entry.status();
  absl::StatusOr<Submission> registration = Submission::Read(entry->payload);
  if (!registration.ok()) return registration.status();
  const v1::Piece& piece = registration->statement().message().registration().piece();
  PieceSummary summary;
  summary.passport_id = registration->statement().subject().bytes;
  summary.serial = piece.serial();
  summary.gtin14 = piece.gtin14();
  summary.title = piece.title();
  summary.position = entry->position;
  summary.registered_at_ms = entry->time_ms;
  return summary;
}

// A participant's chain without proofs.
absl::StatusOr<std::string> BareChain(const Published& state, absl::string_view participant) {
  const Rows rows = state.rows();
  absl::StatusOr<std::vector<schema::LeafRow>> leaves =
      rows.Leaves(IndexKind::kParticipantEntry, participant);
  if (!leaves.ok()) return leaves.status();
  std::vector<uint64_t> positions;
  for (const schema::LeafRow& leaf : *leaves) positions.push_back(leaf.position);
  absl::StatusOr<std::vector<std::string>> frames = rows.Frames(positions);
  if (!frames.ok()) return frames.status();
  v1::Chain chain;
  for (std::string& frame : *frames) chain.add_entries()->set_entry(std::move(frame));
  return chain.SerializeAsString();
}

}  // namespace

View::View(std::unique_ptr<const Published> state) : state_(std::move(state)) {}
View::~View() = default;

const std::string& View::checkpoint_note() const { return state_->checkpoint_note; }
const Checkpoint& View::checkpoint() const { return state_->checkpoint; }
Digest View::index_root() const { return state_->index.root(); }
uint64_t View::time_ms() const { return state_->time_ms; }

bool View::closed() const {
  const std::shared_ptr<const StewardsRecord> stewards = state_->shared.directory.Stewards();
  const std::optional<LogClosing>& closing = stewards->state.closing();
  return closing && closing->place.position < size();
}

absl::StatusOr<std::vector<Digest>> View::InclusionPath(uint64_t position,
                                                        uint64_t tree_size) const {
  return state_->log.InclusionPath(position, tree_size == 0 ? size() : tree_size);
}

absl::StatusOr<std::vector<Digest>> View::ConsistencyPath(uint64_t first_size,
                                                          uint64_t second_size) const {
  if (first_size == 0) {
    return absl::InvalidArgumentError(
        "first_size is 0; every log continues the empty one, so there is nothing to prove");
  }
  return state_->log.ConsistencyPath(first_size, second_size == 0 ? size() : second_size);
}

absl::StatusOr<std::string> View::Tile(uint32_t level, uint64_t index, uint32_t width) const {
  constexpr uint32_t kLevels = 64 / kTileHeight;
  if (level >= kLevels) {
    return absl::InvalidArgumentError(
        absl::StrCat("level is ", level, "; accepted are 0 to ", kLevels - 1));
  }
  const absl::StatusOr<uint32_t> hashes = FullWidth(width);
  if (!hashes.ok()) return hashes.status();
  return state_->log.TileHashes(level, index, *hashes);
}

absl::StatusOr<std::string> View::EntryBundle(uint64_t index, uint32_t width) const {
  const absl::StatusOr<uint32_t> entries = FullWidth(width);
  if (!entries.ok()) return entries.status();
  const absl::StatusOr<std::string> digests = state_->log.EntryDigests(index, *entries);
  if (!digests.ok()) return digests.status();
  std::vector<absl::string_view> bundle;
  for (size_t at = 0; at < digests->size(); at += kDigestBytes) {
    bundle.push_back(absl::string_view(*digests).substr(at, kDigestBytes));
  }
  return EncodeEntryBundle(bundle);
}

absl::StatusOr<Digest> View::EntryDigest(uint64_t position) const {
  return state_->log.EntryDigest(position);
}

absl::StatusOr<std::string> View::EntryFrame(uint64_t position) const {
  if (position >= size()) {
    return absl::OutOfRangeError(absl::StrCat("the log has ", size(), " entries"));
  }
  return state_->rows().Frame(position);
}

absl::Status View::ForEachEntry(
    uint64_t first,
    absl::FunctionRef<absl::Status(uint64_t position, absl::string_view frame)> visit) const {
  if (first >= size()) return absl::OkStatus();
  return state_->shared.store
      .Scan(schema::EntriesFrom(first), size() - first,
            [visit](absl::string_view key, absl::string_view frame) {
              return visit(schema::PositionInKey(key), frame);
            })
      .status();
}

absl::StatusOr<PublicEntriesPage> View::PublicEntries(uint64_t first_position,
                                                      uint32_t limit) const {
  absl::Status status = CheckPageLimit(limit, limits::kPublicEntriesPageMax);
  if (!status.ok()) return status;
  std::vector<uint64_t> positions;
  const absl::StatusOr<storage::ScanEnd> end =
      state_->shared.store.Scan(schema::PublicFrom(first_position), limit,
                                [&positions](absl::string_view key, absl::string_view) {
                                  positions.push_back(schema::PositionInKey(key));
                                  return absl::OkStatus();
                                });
  if (!end.ok()) return end.status();
  PublicEntriesPage page;
  page.next_position = *end == storage::ScanEnd::kMoreRemain ? positions.back() + 1 : size();
  size_t bytes = 0;
  for (const uint64_t position : positions) {
    if (position >= size()) break;
    if (bytes >= limits::kPageBytesMax) {
      page.next_position = position;
      break;
    }
    absl::StatusOr<std::string> frame = state_->rows().Frame(position);
    if (!frame.ok()) return frame.status();
    bytes += frame->size();
    page.frames.push_back(*std::move(frame));
  }
  page.next_position = std::min(page.next_position, size());
  return page;
}

absl::StatusOr<InsertionsPage> View::Insertions(uint64_t first_position, uint32_t limit) const {
  absl::Status status = CheckPageLimit(limit, limits::kInsertionsPageMax);
  if (!status.ok()) return status;
  InsertionsPage page;
  page.next_position = size();
  size_t bytes = 0;
  storage::KeyRange rest = schema::InsertionsFrom(first_position);
  // One at a time: a page that is full for its bytes has read no commit in vain.
  for (bool more = true; more;) {
    const absl::StatusOr<storage::ScanEnd> end =
        state_->shared.store.Scan(rest, 1, [&](absl::string_view key, absl::string_view leaves) {
          const uint64_t position = schema::PositionInKey(key);
          more = position < size();
          if (!more) return absl::OkStatus();
          page.commits.push_back({position, std::string(leaves)});
          return schema::InsertionsIn(leaves).status();
        });
    if (!end.ok()) return end.status();
    if (!more || *end == storage::ScanEnd::kRangeExhausted) break;
    const InsertionsPage::Commit& last = page.commits.back();
    bytes += last.leaves.size();
    if (page.commits.size() == limit || bytes >= limits::kPageBytesMax) {
      page.next_position = std::min(last.index_root_position + 1, size());
      break;
    }
    rest = rest.After(schema::InsertionsKey(last.index_root_position));
  }
  return page;
}

absl::StatusOr<std::string> View::PassportFile(const PassportId& id) const {
  return AssemblePassport(*state_, id);
}

absl::StatusOr<std::vector<std::string>> View::PassportFrames(const PassportId& id) const {
  const Rows rows = state_->rows();
  const absl::StatusOr<std::vector<schema::LeafRow>> leaves =
      rows.Leaves(IndexKind::kPassportEntry, id.bytes());
  if (!leaves.ok()) return leaves.status();
  if (leaves->empty()) {
    return Refuse(RefusalCode::kNoSuchSubject,
                  absl::StrCat("there is no passport ", id.Format(), " in this registry"));
  }
  std::vector<uint64_t> positions;
  for (const schema::LeafRow& leaf : *leaves) positions.push_back(leaf.position);
  return rows.Frames(positions);
}

absl::StatusOr<NewsPage> View::News(const PassportId& id, uint64_t from, size_t entries_max) const {
  return ReadNews(*state_, id, from, entries_max);
}

absl::StatusOr<PassportId> View::FindByGtinSerial(absl::string_view gtin,
                                                  absl::string_view serial) const {
  const absl::StatusOr<Gtin> parsed = Gtin::ParseAnyLength(gtin);
  if (!parsed.ok()) return parsed.status();
  return FindClaimant(*state_, GtinSerialClaim(*parsed, serial));
}

absl::StatusOr<PassportId> View::FindByInscription(absl::string_view text) const {
  return FindClaimant(*state_, InscriptionClaim(text));
}

absl::StatusOr<PassportId> View::FindByReport(absl::string_view laboratory,
                                              absl::string_view report_number) const {
  return FindClaimant(*state_, ReportClaim(laboratory, report_number));
}

absl::StatusOr<PiecePage> View::PiecesOf(const ParticipantId& issuer, uint64_t first_position,
                                         uint32_t limit) const {
  absl::Status status = CheckPageLimit(limit, limits::kPiecesPageMax);
  if (!status.ok()) return status;
  std::vector<uint64_t> positions;
  // One more than asked for tells whether there is a next page.
  const absl::StatusOr<storage::ScanEnd> end = state_->shared.store.Scan(
      schema::IssuedFrom(issuer.text(), first_position), uint64_t{limit} + 1,
      [this, &positions](absl::string_view key, absl::string_view) {
        if (schema::PositionInKey(key) < size()) positions.push_back(schema::PositionInKey(key));
        return absl::OkStatus();
      });
  if (!end.ok()) return end.status();
  PiecePage page;
  for (const uint64_t position : positions) {
    if (page.pieces.size() == limit) {
      page.next_position = position;
      break;
    }
    absl::StatusOr<std::string> frame = state_->rows().Frame(position);
    if (!frame.ok()) return frame.status();
    absl::StatusOr<PieceSummary> summary = Summarise(*frame);
    if (!summary.ok()) return summary.status();
    page.pieces.push_back(*std::move(summary));
  }
  return page;
}

absl::StatusOr<PieceSummary> View::PieceBySerial(const ParticipantId& issuer,
                                                 absl::string_view serial) const {
  const Rows rows = state_->rows();
  absl::StatusOr<std::optional<schema::SerialRow>> row = rows.Serial(issuer.text(), serial);
  if (!row.ok()) return row.status();
  if (!*row) {
    return Refuse(RefusalCode::kNoSuchSubject,
                  absl::StrCat("\"", issuer.text(), "\" has registered no piece with the serial \"",
                               serial, "\""));
  }
  absl::StatusOr<std::string> frame = rows.Frame((*row)->position);
  if (!frame.ok()) return frame.status();
  return Summarise(*frame);
}

absl::StatusOr<std::string> View::AbsenceFile(const Sought& sought) const {
  return AssembleAbsence(*state_, sought);
}

absl::StatusOr<std::string> View::CardsFile() const { return AssembleCards(*state_); }

absl::StatusOr<ParticipantsPage> View::Participants(const std::optional<ParticipantId>& after,
                                                    uint32_t limit) const {
  absl::Status status = CheckPageLimit(limit, limits::kParticipantsPageMax);
  if (!status.ok()) return status;
  ParticipantsPage page;
  size_t bytes = 0;
  std::string last = after ? after->text() : "";
  for (const auto& record : state_->shared.directory.After(last, size_t{limit} + 1)) {
    if (page.chains.size() == limit || bytes >= limits::kPageBytesMax) {
      absl::StatusOr<ParticipantId> id = ParticipantId::Parse(last);
      if (!id.ok()) return id.status();
      page.next_after = *std::move(id);
      break;
    }
    last = record->state.id();
    if (record->state.DetailsAt(size()) == nullptr) continue;  // enrolled after this view
    absl::StatusOr<std::string> chain = BareChain(*state_, last);
    if (!chain.ok()) return chain.status();
    bytes += chain->size();
    page.chains.push_back(*std::move(chain));
  }
  return page;
}

absl::StatusOr<PublicKey> View::ValidParticipantKey(const ParticipantId& participant,
                                                    const Digest& key_id) const {
  const std::shared_ptr<const ParticipantRecord> record =
      state_->shared.directory.Find(participant.text());
  const KeyStanding standing =
      record == nullptr ? KeyStanding::kUnknown : record->state.StandingAt(key_id, size());
  switch (standing) {
    case KeyStanding::kValid:
      return record->state.FindKey(key_id)->key;
    case KeyStanding::kUnknown:
    case KeyStanding::kNotYet:
      break;
    case KeyStanding::kDoubted:
    case KeyStanding::kRevoked:
      return Refuse(RefusalCode::kKeyRevoked,
                    absl::StrCat("key ", DigestToHex(key_id), " of participant \"",
                                 participant.text(), "\" was revoked"));
  }
  return Refuse(RefusalCode::kUnknownSigner,
                absl::StrCat("key ", DigestToHex(key_id), " is no key of a participant \"",
                             participant.text(), "\""));
}

std::optional<std::string> View::ParticipantOfKey(const Digest& key_id) const {
  const std::shared_ptr<const ParticipantRecord> record =
      state_->shared.directory.FindByKey(key_id);
  if (record == nullptr) return std::nullopt;
  return record->state.id();
}

}  // namespace touchstone::ledger
