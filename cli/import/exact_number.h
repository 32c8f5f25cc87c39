// Amounts as people write them ("1.01 ct") to whole numbers of a small unit, exactly: no floating
// point anywhere. Not for the numbers of the C2SP formats (verifier/decimal.h).
#ifndef TOUCHSTONE_CLI_IMPORT_EXACT_NUMBER_H_
#define TOUCHSTONE_CLI_IMPORT_EXACT_NUMBER_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// `text` times 10^decimals, at most `max`: digits with at most one point and at most `decimals`
// places behind it (more only if they are zeros), then perhaps blanks and `unit`, in any case.
// InvalidArgument says what is wrong: a comma, a sign, too fine, too large.
absl::StatusOr<uint64_t> ParseExact(absl::string_view text, int decimals, absl::string_view unit,
                                    uint64_t max);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_EXACT_NUMBER_H_
