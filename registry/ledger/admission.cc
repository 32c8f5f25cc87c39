#include "registry/ledger/admission.h"

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
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
  explicit Surroundings(const Directory& directory)
      : directory_(directory), stewards_(directory.Stewards()) {}

  const StewardsState& stewards() const { return stewards_->state; }
  const PassportState* passport() const { return book_ == nullptr ? nullptr : &book_->state(); }
  void set_book(std::shared_ptr<const PassportBook> book) { book_ = std::move(book); }

  const ParticipantState* Find(absl::string_view id) { return Hold(directory_.Find(id)); }
  const ParticipantState* FindByKey(const Digest& key_id) {
    return Hold(directory_.FindByKey(key_id));
  }

 private:
  const ParticipantState* Hold(std::shared_ptr<const ParticipantRecord> record) {
    if (record == nullptr) return nullptr;
    held_.push_back(std::move(record));
    return &held_.back()->state;
  }

  const Directory& directory_;
  const std::shared_ptr<const StewardsRecord> stewards_;
  std::shared_ptr<const PassportBook> book_;
  std::vector<std::shared_ptr<const ParticipantRecord>> held_;
};

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
                                       surroundings.Find(statement.subject().bytes), by_key, size);
  } else {
    status = AuthorizePassportEvent(statement, submission.signers(), surroundings.stewards(),
                                    surroundings.passport(), by_key, size)
                 .status();
  }
  if (!status.ok()) return status;
  return Refuse(RefusalCode::kUnknownSigner,
                absl::StrCat("key ", DigestToHex(key_id), " is nobody's who may say this"));
}

}  // namespace

absl::Status Admission::CheckSignatures(const Submission& submission, uint64_t size) {
  const ParsedStatement& statement = submission.statement();
  if (statement.log_origin() != log_origin_) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the statement is for the log \"", statement.log_origin(),
                               "\", and this is \"", log_origin_, "\""));
  }
  Surroundings surroundings(directory_);
  // A registration depends on no passport, unless it will be refused for it in its turn.
  if (statement.subject().kind == IndexKind::kPassportEntry &&
      statement.event() != EventKind::kRegistration) {
    const absl::StatusOr<PassportId> id = PassportId::FromBytes(statement.subject().bytes);
    if (!id.ok()) return id.status();
    absl::StatusOr<std::shared_ptr<const PassportBook>> book = books_.Load(*id, size);
    if (!book.ok()) return book.status();
    surroundings.set_book(*std::move(book));
  }
  const auto by_key = [&surroundings](const Digest& id) { return surroundings.FindByKey(id); };
  for (const EnvelopeSignature& signature : submission.envelope().signatures()) {
    const std::optional<PublicKey> key = SigningKey(
        signature.keyid, statement, &surroundings.stewards(), surroundings.passport(), by_key);
    if (!key) return WhyKeyIsUnknown(submission, signature.keyid, surroundings, size);
    absl::Status status =
        VerifyEnvelopeSignature(submission.envelope(), signature, *key, log_origin_, &batch_notes_);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace touchstone::ledger
