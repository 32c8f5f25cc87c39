#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "verifier/observed.h"
#include "verifier/policy.h"
#include "verifier/touchstone.h"
#include "verifier/verdict_json.h"
#include "verifier/verify_absence.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_ownership_proof.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

// The end of what the first version of the structure had.
constexpr size_t kObservedBytesMin = sizeof(touchstone_observed);

std::optional<std::string> TextOf(const char* text) {
  if (text == nullptr) return std::nullopt;
  return std::string(text);
}

// Nothing if the caller asks for what this version does not know.
std::optional<Observed> ReadObserved(const touchstone_observed* given) {
  Observed observed;
  if (given == nullptr) return observed;
  if (given->struct_size < kObservedBytesMin) return std::nullopt;
  const char* bytes = reinterpret_cast<const char*>(given);
  for (size_t i = sizeof(touchstone_observed); i < given->struct_size; ++i) {
    if (bytes[i] != 0) return std::nullopt;
  }
  observed.inscription = TextOf(given->inscription);
  observed.serial = TextOf(given->serial);
  observed.card = TextOf(given->card);
  if (given->mass_mg != 0) observed.mass_mg = given->mass_mg;
  if (given->mass_tolerance_mg != 0) observed.mass_tolerance_mg = given->mass_tolerance_mg;
  const uint32_t* um = given->measurements_um;
  if (um[0] != 0 || um[1] != 0 || um[2] != 0) observed.measurements_um = {um[0], um[1], um[2]};
  if (given->measurement_tolerance_um != 0) {
    observed.measurement_tolerance_um = given->measurement_tolerance_um;
  }
  if (given->ring_inner_circumference_um != 0) {
    observed.ring_inner_circumference_um = given->ring_inner_circumference_um;
  }
  if (given->ring_size_tolerance_um != 0) {
    observed.ring_size_tolerance_um = given->ring_size_tolerance_um;
  }
  return observed;
}

int StatusOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kVerified:
      return TOUCHSTONE_VERIFIED;
    case Outcome::kRefused:
      return TOUCHSTONE_REFUSED;
    case Outcome::kCannotJudge:
      break;
  }
  return TOUCHSTONE_CANNOT_JUDGE;
}

int Return(Outcome outcome, const std::string& json, char** json_out) {
  char* copy = static_cast<char*>(std::malloc(json.size() + 1));
  if (copy == nullptr) return TOUCHSTONE_OUT_OF_MEMORY;
  std::memcpy(copy, json.c_str(), json.size() + 1);
  *json_out = copy;
  return StatusOf(outcome);
}

bool IsBuffer(const void* bytes, size_t size) { return bytes != nullptr || size == 0; }

absl::string_view View(const void* bytes, size_t size) {
  return bytes == nullptr ? absl::string_view()
                          : absl::string_view(static_cast<const char*>(bytes), size);
}

}  // namespace
}  // namespace touchstone

// No exception may cross into a language that has none: the only ones there are, are the standard
// library's for want of memory.
extern "C" int touchstone_verify(const char* policy, size_t policy_size, const void* passport,
                                 size_t passport_size, uint64_t now_ms,
                                 const touchstone_observed* observed, char** json_out) try {
  using namespace touchstone;
  if (json_out == nullptr) return TOUCHSTONE_INVALID_ARGUMENT;
  *json_out = nullptr;
  const std::optional<Observed> seen = ReadObserved(observed);
  if (!seen || !IsBuffer(policy, policy_size) || !IsBuffer(passport, passport_size)) {
    return TOUCHSTONE_INVALID_ARGUMENT;
  }
  const absl::StatusOr<TrustPolicy> trust = TrustPolicy::Parse(View(policy, policy_size));
  const Verdict verdict = trust.ok()
                              ? VerifyPassport(*trust, View(passport, passport_size), *seen, now_ms)
                              : Verdict::FromStatus(trust.status());
  return Return(verdict.outcome, VerdictToJson(verdict), json_out);
} catch (const std::exception&) {
  return TOUCHSTONE_OUT_OF_MEMORY;
}

extern "C" int touchstone_verify_card(const char* policy, size_t policy_size, const char* card,
                                      size_t card_size, const void* cards, size_t cards_size,
                                      uint64_t now_ms, char** json_out) try {
  using namespace touchstone;
  if (json_out == nullptr) return TOUCHSTONE_INVALID_ARGUMENT;
  *json_out = nullptr;
  if (!IsBuffer(policy, policy_size) || !IsBuffer(card, card_size) ||
      !IsBuffer(cards, cards_size)) {
    return TOUCHSTONE_INVALID_ARGUMENT;
  }
  const absl::StatusOr<TrustPolicy> trust = TrustPolicy::Parse(View(policy, policy_size));
  CardVerdict verdict;
  if (trust.ok()) {
    verdict = VerifyCard(*trust, View(card, card_size), View(cards, cards_size), now_ms);
  } else {
    verdict.outcome = OutcomeOf(trust.status());
    verdict.reason = ReasonOf(trust.status());
  }
  return Return(verdict.outcome, CardVerdictToJson(verdict), json_out);
} catch (const std::exception&) {
  return TOUCHSTONE_OUT_OF_MEMORY;
}

extern "C" int touchstone_verify_absence(const char* policy, size_t policy_size,
                                         const void* absence, size_t absence_size, uint64_t now_ms,
                                         char** json_out) try {
  using namespace touchstone;
  if (json_out == nullptr) return TOUCHSTONE_INVALID_ARGUMENT;
  *json_out = nullptr;
  if (!IsBuffer(policy, policy_size) || !IsBuffer(absence, absence_size)) {
    return TOUCHSTONE_INVALID_ARGUMENT;
  }
  const absl::StatusOr<TrustPolicy> trust = TrustPolicy::Parse(View(policy, policy_size));
  const AbsenceVerdict verdict = AbsenceVerdict::From(
      trust.ok() ? CheckAbsence(*trust, View(absence, absence_size), now_ms) : trust.status());
  return Return(verdict.outcome, AbsenceVerdictToJson(verdict), json_out);
} catch (const std::exception&) {
  return TOUCHSTONE_OUT_OF_MEMORY;
}

extern "C" int touchstone_verify_ownership_proof(const char* policy, size_t policy_size,
                                                 const void* passport, size_t passport_size,
                                                 const char* challenge, size_t challenge_size,
                                                 const char* proof, size_t proof_size,
                                                 uint64_t now_ms, char** json_out) try {
  using namespace touchstone;
  if (json_out == nullptr) return TOUCHSTONE_INVALID_ARGUMENT;
  *json_out = nullptr;
  if (!IsBuffer(policy, policy_size) || !IsBuffer(passport, passport_size) ||
      !IsBuffer(challenge, challenge_size) || !IsBuffer(proof, proof_size)) {
    return TOUCHSTONE_INVALID_ARGUMENT;
  }
  const absl::StatusOr<TrustPolicy> trust = TrustPolicy::Parse(View(policy, policy_size));
  const OwnershipVerdict verdict =
      OwnershipVerdict::From(trust.ok() ? CheckOwnershipProof(*trust, View(passport, passport_size),
                                                              View(challenge, challenge_size),
                                                              View(proof, proof_size), now_ms)
                                        : trust.status());
  return Return(verdict.outcome, OwnershipVerdictToJson(verdict), json_out);
} catch (const std::exception&) {
  return TOUCHSTONE_OUT_OF_MEMORY;
}

extern "C" void touchstone_free(char* json) { std::free(json); }

extern "C" const char* touchstone_version(void) { return TOUCHSTONE_VERSION; }
