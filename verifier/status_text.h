// What lies on a piece, in lines for people: incidents, notices, pledges, stays. Used by every text
// form of a verdict.
#ifndef TOUCHSTONE_VERIFIER_STATUS_TEXT_H_
#define TOUCHSTONE_VERIFIER_STATUS_TEXT_H_

#include <string>
#include <vector>

#include "verifier/verdict.h"

namespace touchstone {

struct StatusLine {
  std::string text;
  bool grave = false;  // something that a buyer must know before he pays
};

// The gravest first; empty for a piece of which there is nothing to say.
std::vector<StatusLine> DescribeLife(const HoldingStatus& status);

// "corrected by entry 7", "superseded by entry 9"; empty where it is neither.
std::string DescribeLaterEntries(const TimelineEntry& entry);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_STATUS_TEXT_H_
