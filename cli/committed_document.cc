#include "cli/committed_document.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "verifier/event_rules.h"
#include "verifier/passport_state.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"
#include "verifier/time_text.h"

namespace touchstone::cli {
namespace {

constexpr size_t kDigestPrefixMin = 8;

// The documents of a record and what its entries destroyed of them, judged as the registry does
// (registry/vault/papers.h): by whose word an erasure is, and whose each document is.
class DocumentFold {
 public:
  void Take(const TimelineEntry& entry, const VerifiedRecord& record) {
    const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(entry.statement);
    if (!statement.ok()) return;  // it was parsed before
    const std::string voucher =
        entry.signer.has_value() ? record.signers[*entry.signer].participant_id : std::string();
    // Whose time an entry belongs to, and whose word it is, is as it was before the entry.
    const uint32_t time = present_time_;
    if (entry.event == EventKind::kDataErased && state_.has_value()) {
      MarkErased(statement->message().data_erased(), voucher, entry.number);
    }
    if (state_.has_value()) {
      state_->Apply(*statement, entry.place, voucher);
    } else {
      state_ = PassportState::FromRegistration(*statement, entry.place, voucher);
    }
    NoteOwner();
    for (DocumentPart& part : DocumentPartsOf(statement->message())) {
      Add(std::move(part), entry.number, time);
    }
  }

  std::vector<CommittedDocument> Finish() && {
    for (size_t i = 0; i < documents_.size(); ++i) {
      documents_[i].of_former_owner = times_[i] != kWithPiece && times_[i] != present_time_;
    }
    return std::move(documents_);
  }

 private:
  static constexpr uint32_t kWithPiece = 0;

  bool IsOwned() const {
    return state_->phase() == OwnershipPhase::kOwned && !state_->life().consigned();
  }

  void NoteOwner() {
    if (!IsOwned()) return;
    const Digest& key_id = state_->acting_key()->key_id;
    if (owner_.has_value() && *owner_ != key_id) ++present_time_;
    owner_ = key_id;
  }

  void Add(DocumentPart part, uint32_t number, uint32_t time) {
    const bool goes_with_piece =
        !part.confidential || GoesWithPiece(static_cast<v1::Commitment::Kind>(part.kind));
    uint32_t whose = goes_with_piece ? kWithPiece : time;
    // Committed to again, it stays whose it is.
    const auto [live, is_new] = live_.try_emplace(part.digest, documents_.size());
    if (!is_new && !documents_[live->second].erased_by.has_value()) {
      whose = times_[live->second];
    } else {
      live->second = documents_.size();
    }
    documents_.push_back({.part = std::move(part), .entry_number = number});
    times_.push_back(whose);
  }

  void MarkErased(const v1::DataErased& erased, absl::string_view voucher, uint32_t number) {
    const bool by_issuer = !voucher.empty() && voucher == state_->issuer_of_record();
    const bool by_owner = voucher.empty() && IsOwned();
    if (!by_issuer && !by_owner) return;
    const auto& named = erased.commitments_sha256();
    for (size_t i = 0; i < documents_.size(); ++i) {
      CommittedDocument& document = documents_[i];
      if (!document.part.confidential || document.erased_by.has_value()) continue;
      if (by_owner && times_[i] != kWithPiece && times_[i] != present_time_) continue;
      if (named.empty() ||
          std::find(named.begin(), named.end(), DigestBytes(document.part.digest)) != named.end()) {
        document.erased_by = number;
      }
    }
  }

  std::optional<PassportState> state_;
  std::optional<Digest> owner_;  // the key of the present time
  uint32_t present_time_ = 1;
  std::vector<CommittedDocument> documents_;
  std::vector<uint32_t> times_;  // of each document: kWithPiece, or the number of an owner's time
  std::map<Digest, size_t> live_;
};

absl::Status NoSuch(absl::string_view what) { return Refuse(RefusalCode::kWrongDocument, what); }

}  // namespace

std::vector<CommittedDocument> CommittedDocuments(const VerifiedRecord& record) {
  DocumentFold fold;
  for (const TimelineEntry& entry : record.timeline) fold.Take(entry, record);
  return std::move(fold).Finish();
}

const CommittedDocument* FindDocument(const std::vector<CommittedDocument>& documents,
                                      const Digest& digest) {
  const CommittedDocument* found = nullptr;
  for (const CommittedDocument& document : documents) {
    if (document.part.digest != digest) continue;
    if (!document.erased_by.has_value()) return &document;
    if (found == nullptr) found = &document;
  }
  return found;
}

absl::StatusOr<Digest> DigestFromArgument(const std::vector<CommittedDocument>& documents,
                                          absl::string_view argument) {
  const std::string wanted = absl::AsciiStrToLower(argument);
  if (wanted.size() < kDigestPrefixMin) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", argument, "' is too short for a digest: give at least its first ", kDigestPrefixMin,
        " hexadecimal digits (touchstone document list shows them)"));
  }
  const Digest* match = nullptr;
  for (const CommittedDocument& document : documents) {
    if (!absl::StartsWith(DigestToHex(document.part.digest), wanted)) continue;
    if (match != nullptr && *match != document.part.digest) {
      return absl::InvalidArgumentError(
          absl::StrCat("the digests of several documents begin with '", argument, "'"));
    }
    match = &document.part.digest;
  }
  if (match != nullptr) return *match;
  return absl::InvalidArgumentError(absl::StrCat("no entry of the passport commits to a document '",
                                                 argument, "'; it commits to ", documents.size(),
                                                 " (touchstone document list shows them)"));
}

std::string DescribeEntry(const VerifiedRecord& record, uint32_t entry_number) {
  const TimelineEntry& entry = record.timeline[entry_number];
  std::string who = "whoever held the piece";
  if (entry.signer.has_value()) {
    const Signer& signer = record.signers[*entry.signer];
    who = absl::StrCat(signer.details.legal_name, " (", signer.participant_id, ")");
  }
  return absl::StrCat("entry ", entry.number, " (",
                      absl::StrReplaceAll(EventName(entry.event), {{"_", " "}}), "), logged ",
                      FormatTime(entry.place.time_ms), ", signed by ", who,
                      entry.doubted ? "; DOUBTED" : "");
}

absl::StatusOr<CommittedDocument> MatchDocument(const VerifiedRecord& record,
                                                absl::string_view document,
                                                const DocumentOpening* opening) {
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  if (opening != nullptr) {
    if (opening->passport.has_value() && *opening->passport != record.passport_id) {
      return NoSuch(absl::StrCat("the opening is of a document of another piece, ",
                                 opening->passport->Format()));
    }
    if (absl::Status status = CheckOpens(*opening, document); !status.ok()) return status;
  }
  const Digest digest = DocumentDigest(opening == nullptr ? "" : opening->salt, document);
  const CommittedDocument* const committed = FindDocument(documents, digest);
  if (committed != nullptr && committed->part.confidential == (opening != nullptr)) {
    // The opening says it too, and to people: it must not say another thing.
    const std::string kind =
        v1::Commitment::Kind_Name(static_cast<v1::Commitment::Kind>(committed->part.kind));
    if (opening != nullptr && opening->kind != kind) {
      return NoSuch(absl::StrCat("the opening calls the document ", opening->kind, ", and entry ",
                                 committed->entry_number, " commits to it as ", kind));
    }
    return *committed;
  }
  return NoSuch(opening == nullptr
                    ? "no entry of the passport commits openly to this document; a confidential "
                      "one is checked with its opening (--opening FILE)"
                    : "no entry of the passport commits to this document");
}

}  // namespace touchstone::cli
