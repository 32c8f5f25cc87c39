// Filled-in descriptions of pieces to begin from, as `register --example NAME` prints them. Their
// makers, numbers and GTINs (company prefix 9521234, which GS1 keeps for examples) are invented.
#ifndef TOUCHSTONE_CLI_EXAMPLES_H_
#define TOUCHSTONE_CLI_EXAMPLES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// "ring", "diamond", "brooch".
std::vector<absl::string_view> ExampleNames();

// The JSON text (cli/examples/NAME.json). NotFound, naming those that there are.
absl::StatusOr<absl::string_view> ExamplePiece(absl::string_view name);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_EXAMPLES_H_
