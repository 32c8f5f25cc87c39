// Verdicts as JSON, for programs; the names are stable and described in docs/VERDICT.md. Not for
// people (verifier/verdict_text.h).
#ifndef TOUCHSTONE_VERIFIER_VERDICT_JSON_H_
#define TOUCHSTONE_VERIFIER_VERDICT_JSON_H_

#include <string>

#include "verifier/verdict.h"
#include "verifier/verify_absence.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_ownership_proof.h"

namespace touchstone {

// One JSON object (RFC 8259) on one line, with a line end. Numbers that may exceed 2^53 are
// strings.
std::string VerdictToJson(const Verdict& verdict);
std::string CardVerdictToJson(const CardVerdict& verdict);
std::string AbsenceVerdictToJson(const AbsenceVerdict& verdict);
std::string OwnershipVerdictToJson(const OwnershipVerdict& verdict);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERDICT_JSON_H_
