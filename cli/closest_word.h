// "Did you mean …?": the known word that a mistyped one most resembles. Not a spelling checker.
#ifndef TOUCHSTONE_CLI_CLOSEST_WORD_H_
#define TOUCHSTONE_CLI_CLOSEST_WORD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace touchstone::cli {

// The candidate that fewest insertions, deletions, substitutions and swaps of neighbours lead to,
// case aside, or that `word` is a part of; empty if none is near enough to be worth naming.
absl::string_view ClosestWord(absl::string_view word,
                              absl::Span<const absl::string_view> candidates);

// "; did you mean \"…\"?", or nothing.
std::string DidYouMean(absl::string_view word, absl::Span<const absl::string_view> candidates);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLOSEST_WORD_H_
