// Numbers of the public messages in the units that the trade reads: grams, carats, millimetres. Not
// for parsing.
#ifndef TOUCHSTONE_CLI_QUANTITY_TEXT_H_
#define TOUCHSTONE_CLI_QUANTITY_TEXT_H_

#include <cstdint>
#include <string>

namespace touchstone::cli {

// `value` / 10^decimals, exactly, with at least `decimals_min` decimals: (101000, 5, 2) is "1.01".
std::string FormatScaled(uint64_t value, int decimals, int decimals_min);

std::string FormatMass(uint64_t mg);          // "6.152 g"
std::string FormatCarats(uint64_t carat_e5);  // "1.01 ct"
std::string FormatLength(uint64_t um);        // "53.1 mm"

// How long ago: "12 seconds", "3 hours", "5 days".
std::string FormatAge(uint64_t age_ms);

// 1st, 2nd, 3rd, 4th …
std::string FormatOrdinal(uint32_t number);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_QUANTITY_TEXT_H_
