// Times as text, in UTC, by the proleptic Gregorian calendar. Not for reading times, nor for
// clocks.
#ifndef TOUCHSTONE_VERIFIER_TIME_TEXT_H_
#define TOUCHSTONE_VERIFIER_TIME_TEXT_H_

#include <cstdint>
#include <string>

namespace touchstone {

// Both take any number of milliseconds since 1970-01-01T00:00:00Z; years may have more than four
// digits.

// "2026-11-22 14:03:05 UTC", for people.
std::string FormatTime(uint64_t ms_since_epoch);

// "2026-11-22T14:03:05.250Z" (RFC 3339), for programs.
std::string FormatRfc3339(uint64_t ms_since_epoch);

// "2026-11-22", of a card's day: days since 2020-01-01 (docs/FORMAT.md, section 12).
std::string FormatCardDay(uint16_t day);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_TIME_TEXT_H_
