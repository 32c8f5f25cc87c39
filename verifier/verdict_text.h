// Verdicts as plain text for people, without colours. Not for programs (verifier/verdict_json.h).
#ifndef TOUCHSTONE_VERIFIER_VERDICT_TEXT_H_
#define TOUCHSTONE_VERIFIER_VERDICT_TEXT_H_

#include <string>

#include "verifier/verdict.h"
#include "verifier/verify_cards.h"

namespace touchstone {

// Some lines, each ended: what was checked and what it says.
std::string VerdictToText(const Verdict& verdict);
std::string CardVerdictToText(const CardVerdict& verdict);

// The history of the piece, one entry a line; empty unless verified.
std::string TimelineToText(const Verdict& verdict);

// "2026-11-22 14:03:05 UTC".
std::string FormatTime(uint64_t ms_since_epoch);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERDICT_TEXT_H_
