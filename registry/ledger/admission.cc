#include "registry/ledger/admission.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/authorization.h"
#include "verifier/envelope_signature.h"
#include "verifier/passport_id.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {
namespace {

// The published state around one submission, held for as long as it is looked at.
class Surroundings {
 public:
  static absl::StatusOr<Surroundings> Of(const Submission& submission, const Shared& shared,
                                         uint64_t size) {
    Surroundings found(shared.directory);
    const Subject& subject = submission.statement().subject();
    if (subject.kind == IndexKind::kParticipantEntry) {
      found.participant_ = shared.directory.Find(subject.bytes);
    } else if (subject.kind == IndexKind::kPassportEntry) {
      const absl::StatusOr<PassportId> id = PassportId::FromBytes(subject.bytes);
      if (!id.ok()) return id.status();
      absl::StatusOr<std::shared_ptr<const PassportBook>> book = shared.books.Load(*id, size);
      if (!book.ok()) return book.status();
      found.book_ = *std::move(book);
    }
    return found;
  }

  const StewardsState& stewards() const { return stewards_->state; }
  // The subject, where it is a participant or a passport that exists; else null.
  const ParticipantState* participant() const {
    return participant_ == nullptr ? nullptr : &participant_->state;
  }
  const PassportState* passport() const { return book_ == nullptr ? nullptr : &book_->state(); }

  // The subject's chain; null where it does not exist.
  const ChainContents* contents(IndexKind kind) const {
    if (kind == IndexKind::kStewardsEntry) return &stewards_->contents;
    if (participant_ != nullptr) return &participant_->contents;
    return book_ == nullptr ? nullptr : &book_->contents();
  }

  const ParticipantState* FindByKey(const Digest& key_id) {
    std::shared_ptr<const ParticipantRecord> record = directory_.FindByKey(key_id);
    if (record == nullptr) return nullptr;
    held_.push_back(std::move(record));
    return &held_.back()->state;
  }

 private:
  explicit Surroundings(const Directory& directory)
      : directory_(directory), stewards_(directory.Stewards()) {}

  const Directory& directory_;
  std::shared_ptr<const StewardsRecord> stewards_;
  std::shared_ptr<const ParticipantRecord> participant_;
  std::shared_ptr<const PassportBook> book_;
  std::vector<std::shared_ptr<const ParticipantRecord>> held_;
};

// Where the submission stands already, if that is before `size`.
absl::StatusOr<std::optional<uint64_t>> FindLogged(const Submission& submission,
                                                   const Surroundings& surroundings,
                                                   const Rows& rows) {
  const Subject& subject = submission.statement().subject();
  const ChainContents* const contents = surroundings.contents(subject.kind);
  if (contents == nullptr) return std::nullopt;
  const std::optional<uint32_t> number = contents->NumberOf(submission.digest());
  if (!number) return std::nullopt;
  const absl::StatusOr<std::optional<schema::LeafRow>> leaf =
      rows.Leaf(subject.kind, subject.bytes, *number);
  if (!leaf.ok()) return leaf.status();
  if (!*leaf) return std::nullopt;  // being published at this moment
  return (*leaf)->position;
}

// Why a statement of which a signing key is not to be found cannot be said.
absl::Status WhyKeyIsUnknown(const Submission& submission, const Digest& key_id,
                             Surroundings& surroundings, uint64_t size) {
  const ParsedStatement& statement = submission.statement();
  const auto by_key = [&surroundings](const Digest& id) { return surroundings.FindByKey(id); };
  absl::Status status;
  if (statement.subject().kind == IndexKind::kStewardsEntry) {
    status = AuthorizeStewardsEvent(statement, submission.signers(), surroundings.stewards(), size);
  } else if (statement.subject().kind == IndexKind::kParticipantEntry) {
    status = AuthorizeParticipantEvent(statement, submission.signers(), surroundings.stewards(),
                                       surroundings.participant(), by_key, size);
  } else {
    status =
        AuthorizePassportEvent(statement, submission.signers(), surroundings.stewards(),
                               surroundings.passport(), by_key, {size, statement.occurred_at_ms()})
            .status();
  }
  if (!status.ok()) return status;
  return Refuse(RefusalCode::kUnknownSigner,
                absl::StrCat("key ", DigestToHex(key_id), " is nobody's who may say this"));
}

}  // namespace

absl::StatusOr<std::optional<uint64_t>> Admission::Admit(const Submission& submission,
                                                         uint64_t size) {
  const ParsedStatement& statement = submission.statement();
  if (statement.log_origin() != log_origin_) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the statement is for the log \"", statement.log_origin(),
                               "\", and this is \"", log_origin_, "\""));
  }
  absl::StatusOr<Surroundings> surroundings = Surroundings::Of(submission, shared_, size);
  if (!surroundings.ok()) return surroundings.status();
  absl::StatusOr<std::optional<uint64_t>> logged =
      FindLogged(submission, *surroundings, Rows(shared_.store, size));
  if (!logged.ok() || *logged) return logged;

  const auto by_key = [&surroundings](const Digest& id) { return surroundings->FindByKey(id); };
  for (const EnvelopeSignature& signature : submission.envelope().signatures()) {
    const std::optional<PublicKey> key = SigningKey(
        signature.keyid, statement, &surroundings->stewards(), surroundings->passport(), by_key);
    if (!key) return WhyKeyIsUnknown(submission, signature.keyid, *surroundings, size);
    absl::Status status =
        VerifyEnvelopeSignature(submission.envelope(), signature, *key, log_origin_, &batch_notes_);
    if (!status.ok()) return status;
  }
  return std::nullopt;
}

}  // namespace touchstone::ledger
