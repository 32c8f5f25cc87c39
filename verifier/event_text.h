// What an entry of a passport says, in one line for people; never who owns the piece, which the log
// does not know. Not for the rest of a verdict (verifier/verdict_text.h).
#ifndef TOUCHSTONE_VERIFIER_EVENT_TEXT_H_
#define TOUCHSTONE_VERIFIER_EVENT_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "verifier/statement.h"

namespace touchstone {

// Of an event about a passport; empty for others.
std::string DescribeEvent(const ParsedStatement& statement);

// A value of an enum as words: "PRONG_RETIPPING" is "prong retipping".
std::string WordsOf(absl::string_view enum_name);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_EVENT_TEXT_H_
