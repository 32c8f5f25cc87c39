#include "verifier/verify_ownership_proof.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "verifier/envelope.h"
#include "verifier/envelope_signature.h"
#include "verifier/public_key.h"
#include "verifier/refusal.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

// The answer is an answer to exactly that question: one signature over the very bytes.
absl::Status CheckAnswers(const OwnershipChallenge& asked, const Envelope& proof) {
  if (proof.signatures().size() != 1) {
    return Refuse(RefusalCode::kSurplusSignature,
                  absl::StrCat("the answer carries ", proof.signatures().size(),
                               " signatures; one, the holder's, belongs there"));
  }
  if (proof.signatures().front().batch.has_value()) {
    return Refuse(RefusalCode::kMalformed,
                  "the answer is signed in a batch; an answer is signed by itself");
  }
  if (proof.payload() == asked.bytes()) return absl::OkStatus();
  std::string message = "the answer is to another question than the one that was asked";
  const absl::StatusOr<OwnershipChallenge> answered = OwnershipChallenge::Parse(proof.payload());
  if (!answered.ok()) return Refuse(RefusalCode::kWrongChallenge, message);
  std::vector<std::string> differences;
  if (answered->log_origin() != asked.log_origin()) differences.push_back("log");
  if (answered->passport_id() != asked.passport_id()) differences.push_back("piece");
  if (answered->verifier() != asked.verifier()) differences.push_back("verifier");
  if (answered->purpose() != asked.purpose()) differences.push_back("purpose");
  if (answered->issued_at_ms() != asked.issued_at_ms() ||
      answered->expires_at_ms() != asked.expires_at_ms()) {
    differences.push_back("time");
  }
  absl::StrAppend(&message, differences.empty() ? "" : "; they differ in their ",
                  absl::StrJoin(differences, ", "));
  return Refuse(RefusalCode::kWrongChallenge, message);
}

absl::StatusOr<HolderKind> HolderOf(const HoldingStatus& status) {
  switch (status.phase) {
    case OwnershipPhase::kWithStore:
      return Refuse(RefusalCode::kNotTheHolder, "the piece is with the store: no key holds it yet");
    case OwnershipPhase::kRetired:
      return Refuse(RefusalCode::kNotTheHolder,
                    "the piece has come to the end of its life: no key holds it any more");
    case OwnershipPhase::kUnclaimed:
      return HolderKind::kClaimKey;
    case OwnershipPhase::kOwned:
      break;
  }
  return status.life.consigned() ? HolderKind::kConsignee : HolderKind::kOwner;
}

absl::Status CheckSignedByHolder(const Envelope& proof, const OwnershipChallenge& challenge,
                                 const HoldingStatus& status) {
  const EnvelopeSignature& signature = proof.signatures().front();
  if (!status.acting_key.has_value() || status.acting_key->key_id != signature.keyid) {
    return Refuse(RefusalCode::kNotTheHolder,
                  "the answer is signed by another key than the one that holds the piece as of the "
                  "passport's checkpoint");
  }
  const auto& encoded = status.acting_key->encoded;
  const absl::StatusOr<PublicKey> key = PublicKey::Parse(
      absl::string_view(reinterpret_cast<const char*>(encoded.data()), encoded.size()));
  if (!key.ok()) return key.status();
  return VerifyEnvelopeSignature(proof, signature, *key, challenge.log_origin());
}

}  // namespace

absl::string_view HolderKindName(HolderKind kind) {
  switch (kind) {
    case HolderKind::kOwner:
      return "owner";
    case HolderKind::kConsignee:
      return "consignee";
    case HolderKind::kClaimKey:
      return "claim_key";
  }
  return "";
}

std::vector<Restraint> RestraintsOn(const HoldingStatus& status) {
  std::vector<Restraint> restraints;
  for (const Restraint restraint :
       {Restraint::kMissing, Restraint::kDisputed, Restraint::kNotice, Restraint::kPledged}) {
    if (status.life.Has(restraint)) restraints.push_back(restraint);
  }
  return restraints;
}

absl::StatusOr<ProvenOwnership> CheckOwnershipProof(const TrustPolicy& policy,
                                                    absl::string_view passport,
                                                    absl::string_view challenge,
                                                    absl::string_view proof, uint64_t now_ms) {
  // 1. Both texts.
  absl::StatusOr<OwnershipChallenge> asked = OwnershipChallenge::ParseText(challenge);
  if (!asked.ok()) return InContext("challenge", asked.status());
  const absl::StatusOr<Envelope> answer = ParseOwnershipProofText(proof);
  if (!answer.ok()) return InContext("proof", answer.status());

  // 2. An answer to that question, in time.
  if (absl::Status status = CheckAnswers(*asked, *answer); !status.ok()) return status;
  if (asked->log_origin() != policy.origin()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the question is about a piece in the log \"", asked->log_origin(),
                               "\", and the policy is for \"", policy.origin(), "\""));
  }
  if (absl::Status status = asked->CheckTime(now_ms); !status.ok()) return status;

  // 3. The passport, of that piece.
  absl::StatusOr<VerifiedRecord> record = CheckPassport(policy, passport, {}, now_ms);
  if (!record.ok()) return InContext("passport", record.status());
  if (record->passport_id != asked->passport_id()) {
    return Refuse(RefusalCode::kWrongPassport,
                  absl::StrCat("the question is about ", asked->passport_id().Format(),
                               ", and the passport is that of ", record->passport_id.Format()));
  }

  // 4. The key that holds it.
  const absl::StatusOr<HolderKind> holder = HolderOf(record->status);
  if (!holder.ok()) return holder.status();
  if (absl::Status status = CheckSignedByHolder(*answer, *asked, record->status); !status.ok()) {
    return status;
  }
  return ProvenOwnership{*std::move(asked), *holder, *std::move(record)};
}

OwnershipVerdict OwnershipVerdict::From(absl::StatusOr<ProvenOwnership> checked) {
  OwnershipVerdict verdict;
  if (checked.ok()) {
    verdict.outcome = Outcome::kVerified;
    verdict.ownership = *std::move(checked);
  } else {
    verdict.outcome = OutcomeOf(checked.status());
    verdict.reason = ReasonOf(checked.status());
  }
  return verdict;
}

}  // namespace touchstone
