// What can happen to a piece, in the words in which those who watch it ask for it. The same for the
// registry, which tells, and for a watcher, who checks that nothing was left out. Not for what an
// entry says in full (verifier/event_text.h).
#ifndef TOUCHSTONE_VERIFIER_HAPPENING_H_
#define TOUCHSTONE_VERIFIER_HAPPENING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/index_hash.h"
#include "verifier/statement.h"

namespace touchstone {

// Numbered as touchstone.v1.WatchKind.
enum class HappeningKind : uint8_t {
  kRegistered = 1,
  kRecord = 2,
  kReport = 3,
  kReportSuperseded = 4,
  kCorrected = 5,
  kTransferred = 6,
  kNotice = 7,
  kPledge = 8,
  kStolen = 9,
  kLost = 10,
  kIncident = 11,
  kIncidentResolved = 12,
  kEndOfLife = 13,
  kClaimMade = 14,
  kClaimContested = 15,
  kClaimResolved = 16,
  kClaimReleased = 17,
  kKeyRevoked = 18,
};

// In the order of their numbers.
absl::Span<const HappeningKind> AllHappeningKinds();

// For programs: "report-superseded".
absl::string_view HappeningKindName(HappeningKind kind);
// Nothing if there is none of that number.
std::optional<HappeningKind> HappeningKindOf(uint32_t number);

// What an entry with that statement, whose subject is a passport, is to its own piece: one thing
// that it is, and what it does to claims; ascending. Empty for what is not about a passport.
std::vector<HappeningKind> HappeningsOf(const ParsedStatement& statement);

// What another piece's event of a claim is to a piece that has made it. Nothing for kEntry.
std::optional<HappeningKind> HappeningOf(IndexEvent event);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_HAPPENING_H_
