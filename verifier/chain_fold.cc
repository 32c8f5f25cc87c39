#include "verifier/chain_fold.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/envelope_signature.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

std::vector<Digest> SignersOf(const Envelope& envelope) {
  std::vector<Digest> signers;
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    signers.push_back(signature.keyid);
  }
  return signers;
}

// Of an entry whose signers were authorized.
absl::Status CheckSignatures(const ChainEntry& entry, const StewardsState* stewards,
                             const PassportState* passport, ParticipantByKey participant_by_key) {
  for (const EnvelopeSignature& signature : entry.envelope.signatures()) {
    const std::optional<PublicKey> key =
        SigningKey(signature.keyid, entry.statement, stewards, passport, participant_by_key);
    if (!key) {
      return Refuse(RefusalCode::kUnknownSigner,
                    absl::StrCat("key ", DigestToHex(signature.keyid), " is nobody's"));
    }
    absl::Status genuine =
        VerifyEnvelopeSignature(entry.envelope, signature, *key, entry.statement.log_origin());
    if (!genuine.ok()) return genuine;
  }
  return absl::OkStatus();
}

const ParticipantState* NoParticipant(const Digest&) { return nullptr; }

std::string EntryName(const ChainEntry& entry) {
  return absl::StrCat("entry ", entry.number, " (", EventName(entry.statement.event()), ")");
}

absl::Status CheckGenesis(const TrustPolicy& policy, const ChainEntry& first) {
  if (!policy.genesis()) {
    return Refuse(RefusalCode::kNoGenesis,
                  "the policy needs a line \"genesis <digest of entry 0>\"");
  }
  if (first.place.position != 0 || first.place.digest != *policy.genesis()) {
    return Refuse(RefusalCode::kWrongGenesis,
                  absl::StrCat("the stewards' chain begins at position ", first.place.position,
                               " with ", DigestToHex(first.place.digest), "; the policy names ",
                               DigestToHex(*policy.genesis())));
  }
  if (first.place.time_ms != first.statement.occurred_at_ms()) {
    return Refuse(RefusalCode::kWrongGenesis,
                  absl::StrCat("the genesis bears the time ", first.place.time_ms,
                               " ms, and its statement ", first.statement.occurred_at_ms(), " ms"));
  }
  if (first.statement.log_origin() != policy.origin()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the genesis is that of \"", first.statement.log_origin(),
                               "\"; the policy trusts \"", policy.origin(), "\""));
  }
  absl::Status status = AuthorizeGenesis(first.statement, SignersOf(first.envelope));
  if (!status.ok()) return status;
  return CheckSignatures(first, nullptr, nullptr, NoParticipant);
}

}  // namespace

absl::StatusOr<StewardsState> FoldStewards(const TrustPolicy& policy, const CheckedChain& chain) {
  const ChainEntry& first = chain.entries.front();
  if (absl::Status status = CheckGenesis(policy, first); !status.ok()) {
    return InContext(EntryName(first), status);
  }
  StewardsState state = StewardsState::FromGenesis(first.statement, first.place);
  for (size_t i = 1; i < chain.entries.size(); ++i) {
    const ChainEntry& entry = chain.entries[i];
    absl::Status status = AuthorizeStewardsEvent(entry.statement, SignersOf(entry.envelope), state,
                                                 entry.place.position);
    if (status.ok()) status = CheckSignatures(entry, &state, nullptr, NoParticipant);
    if (!status.ok()) return InContext(EntryName(entry), status);
    state.Apply(entry.statement, entry.place);
  }
  return state;
}

absl::StatusOr<ParticipantState> FoldParticipant(const StewardsState& stewards,
                                                 const CheckedChain& chain,
                                                 ParticipantByKey others) {
  std::optional<ParticipantState> state;
  for (const ChainEntry& entry : chain.entries) {
    absl::Status status =
        AuthorizeParticipantEvent(entry.statement, SignersOf(entry.envelope), stewards,
                                  state ? &*state : nullptr, others, entry.place.position);
    if (status.ok()) status = CheckSignatures(entry, &stewards, nullptr, NoParticipant);
    if (!status.ok()) return InContext(EntryName(entry), status);
    if (state) {
      state->Apply(entry.statement, entry.place);
    } else {
      state = ParticipantState::FromEnrolment(entry.statement, entry.place);
    }
  }
  return *std::move(state);  // a checked chain has an entry
}

absl::StatusOr<FoldedPassport> FoldPassport(const StewardsState& stewards,
                                            const CheckedChain& chain,
                                            ParticipantByKey participant_by_key) {
  std::optional<PassportState> state;
  std::vector<std::optional<VouchingParticipant>> vouching;
  std::vector<TakenStep> steps;
  for (const ChainEntry& entry : chain.entries) {
    const PassportState* before = state ? &*state : nullptr;
    absl::StatusOr<std::optional<VouchingParticipant>> voucher =
        AuthorizePassportEvent(entry.statement, SignersOf(entry.envelope), stewards, before,
                               participant_by_key, {entry.place.position, entry.place.time_ms});
    absl::Status status = voucher.status();
    if (status.ok()) status = CheckSignatures(entry, &stewards, before, participant_by_key);
    if (!status.ok()) return InContext(EntryName(entry), status);
    for (ClaimStep& step : ClaimStepsOf(entry.statement, before)) {
      steps.push_back({std::move(step), entry.number});
    }
    if (state) {
      state->Apply(entry.statement, entry.place,
                   *voucher ? absl::string_view((*voucher)->participant->id()) : "");
    } else {
      // What authorizes a registration is the signature of a participant.
      state = PassportState::FromRegistration(entry.statement, entry.place,
                                              (*voucher)->participant->id());
    }
    vouching.push_back(*std::move(voucher));
  }
  std::stable_sort(steps.begin(), steps.end(), [](const TakenStep& a, const TakenStep& b) {
    return a.step.claim < b.step.claim;
  });
  return FoldedPassport{*std::move(state), std::move(vouching), std::move(steps)};
}

}  // namespace touchstone
