#include "tests/support/rule_replay.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "verifier/authorization.h"
#include "verifier/envelope_signature.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

[[noreturn]] void Die(uint64_t position, const absl::Status& status) {
  std::fprintf(stderr, "RuleReplay: position %llu: %s\n", static_cast<unsigned long long>(position),
               status.ToString().c_str());
  std::abort();
}

}  // namespace

RuleReplay::RuleReplay(const TestLog& log) {
  for (uint64_t position = 0; position < log.size(); ++position) {
    const absl::StatusOr<Entry> entry = DecodeEntry(log.Frame(position));
    if (!entry.ok()) Die(position, entry.status());
    if (entry->type == EntryType::kIndexRoot) continue;
    const absl::StatusOr<Envelope> envelope =
        Envelope::Parse(PayloadType::kStatement, entry->payload);
    if (!envelope.ok()) Die(position, envelope.status());
    const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope->payload());
    if (!statement.ok()) Die(position, statement.status());
    const absl::StatusOr<std::string> voucher =
        Authorize(*statement, *envelope, {position, entry->time_ms});
    if (!voucher.ok()) Die(position, voucher.status());
    Apply(*statement, *voucher, {position, entry->time_ms, EntryDigest(log.Frame(position))});
  }
}

const ParticipantState* RuleReplay::FindByKey(const Digest& key_id) const {
  for (const auto& [id, participant] : participants_) {
    if (participant.FindKey(key_id) != nullptr) return &participant;
  }
  return nullptr;
}

absl::Status RuleReplay::Judge(const Envelope& envelope, const EntryMoment& moment) const {
  const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope.payload());
  if (!statement.ok()) return statement.status();
  return Authorize(*statement, envelope, moment).status();
}

absl::StatusOr<std::string> RuleReplay::Authorize(const ParsedStatement& statement,
                                                  const Envelope& envelope,
                                                  const EntryMoment& moment) const {
  const auto by_key = [this](const Digest& key_id) { return FindByKey(key_id); };
  std::vector<Digest> signers;
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    signers.push_back(signature.keyid);
  }
  const Subject& subject = statement.subject();
  const PassportState* passport = nullptr;
  absl::Status status;
  std::string voucher;
  if (!stewards_) {
    status = AuthorizeGenesis(statement, signers);
  } else if (subject.kind == IndexKind::kStewardsEntry) {
    status = AuthorizeStewardsEvent(statement, signers, *stewards_, moment.position);
  } else if (subject.kind == IndexKind::kParticipantEntry) {
    const auto found = participants_.find(subject.bytes);
    status = AuthorizeParticipantEvent(statement, signers, *stewards_,
                                       found == participants_.end() ? nullptr : &found->second,
                                       by_key, moment.position);
  } else {
    const auto found = passports_.find(subject.bytes);
    if (found != passports_.end()) passport = &found->second;
    const auto vouching =
        AuthorizePassportEvent(statement, signers, *stewards_, passport, by_key, moment);
    status = vouching.status();
    if (vouching.ok() && *vouching) voucher = (*vouching)->participant->id();
  }
  if (!status.ok()) return status;
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    const std::optional<PublicKey> key =
        SigningKey(signature.keyid, statement, stewards_ ? &*stewards_ : nullptr, passport, by_key);
    if (!key) return Refuse(RefusalCode::kUnknownSigner, "authorized, and yet nobody's key");
    status = VerifyEnvelopeSignature(envelope, signature, *key, statement.log_origin());
    if (!status.ok()) return status;
  }
  status = NumberClaimSteps(
               statement, passport == nullptr ? voucher : passport->issuer_of_record(),
               ClaimStepsOf(statement, passport),
               [this](const ClaimSubject& claim) -> absl::StatusOr<std::vector<KnownClaimEvent>> {
                 const auto found = claims_.find(claim);
                 return found == claims_.end() ? std::vector<KnownClaimEvent>() : found->second;
               },
               [this](const KnownClaimEvent& release) -> absl::StatusOr<ReleaseTerms> {
                 return release_terms_.at(release.digest);
               },
               [this](const PassportId& passport_id) -> absl::StatusOr<std::string> {
                 return passports_.at(std::string(passport_id.bytes())).issuer_of_record();
               })
               .status();
  if (!status.ok()) return status;
  return voucher;
}

void RuleReplay::Apply(const ParsedStatement& statement, const std::string& voucher,
                       const EntryPlace& place) {
  const Subject& subject = statement.subject();
  const auto passport = passports_.find(subject.bytes);
  for (const ClaimStep& step :
       ClaimStepsOf(statement, passport == passports_.end() ? nullptr : &passport->second)) {
    claims_[step.claim].push_back(
        {step.event, place.digest, place.position, PassportId::FromBytes(subject.bytes).value()});
  }
  release_terms_[place.digest] = ReleaseTerms::Of(statement);
  if (statement.event() == EventKind::kGenesis) {
    stewards_ = StewardsState::FromGenesis(statement, place);
  } else if (subject.kind == IndexKind::kStewardsEntry) {
    stewards_->Apply(statement, place);
  } else if (statement.event() == EventKind::kParticipantEnrolled) {
    participants_.emplace(subject.bytes, ParticipantState::FromEnrolment(statement, place));
  } else if (subject.kind == IndexKind::kParticipantEntry) {
    participants_.at(subject.bytes).Apply(statement, place);
  } else if (statement.event() == EventKind::kRegistration) {
    passports_.emplace(subject.bytes, PassportState::FromRegistration(statement, place, voucher));
  } else {
    passports_.at(subject.bytes).Apply(statement, place, voucher);
  }
}

}  // namespace touchstone
