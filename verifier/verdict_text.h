// Verdicts as plain text for people, without colours. Not for programs (verifier/verdict_json.h).
#ifndef TOUCHSTONE_VERIFIER_VERDICT_TEXT_H_
#define TOUCHSTONE_VERIFIER_VERDICT_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "verifier/time_text.h"
#include "verifier/verdict.h"
#include "verifier/verify_absence.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_ownership_proof.h"

namespace touchstone {

// `text` without what could mislead a reader or a terminal: control characters, and the characters
// that turn the direction of text, become '?'.
std::string PlainText(absl::string_view text);

// Some lines, each ended: what was checked and what it says.
std::string VerdictToText(const Verdict& verdict);
std::string CardVerdictToText(const CardVerdict& verdict);
std::string AbsenceVerdictToText(const AbsenceVerdict& verdict);
std::string OwnershipVerdictToText(const OwnershipVerdict& verdict);

// One entry of the record's history, and who said it: a line, ended.
std::string WhoSaid(const TimelineEntry& entry, const VerifiedRecord& record);
std::string TimelineLine(const TimelineEntry& entry, const VerifiedRecord& record);

// The history of the piece, one entry a line; empty unless verified.
std::string TimelineToText(const Verdict& verdict);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERDICT_TEXT_H_
