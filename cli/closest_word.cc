#include "cli/closest_word.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

constexpr size_t kWordBytesMax = 64;  // longer ones are no typing mistakes, and the table is square

// Optimal string alignment distance of two words of at most kWordBytesMax. A list may have a
// million rows with a mistyped name each, so this allocates nothing.
size_t Distance(absl::string_view a, absl::string_view b) {
  using Row = std::array<size_t, kWordBytesMax + 1>;
  Row before_last = {};
  Row last = {};
  Row row = {};
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitute});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

absl::string_view ClosestWord(absl::string_view word,
                              absl::Span<const absl::string_view> candidates) {
  if (word.empty() || word.size() > kWordBytesMax) return "";
  const std::string typed = absl::AsciiStrToLower(word);
  absl::string_view closest;
  size_t best = 1 + std::max<size_t>(1, word.size() / 3);
  for (const absl::string_view candidate : candidates) {
    if (candidate.size() > kWordBytesMax) continue;
    const size_t distance = Distance(typed, absl::AsciiStrToLower(candidate));
    if (distance < best) {
      best = distance;
      closest = candidate;
    }
  }
  if (!closest.empty() || word.size() < 3) return closest;
  for (const absl::string_view candidate : candidates) {
    if (absl::StrContains(absl::AsciiStrToLower(candidate), typed)) return candidate;
  }
  return "";
}

std::string DidYouMean(absl::string_view word, absl::Span<const absl::string_view> candidates) {
  const absl::string_view closest = ClosestWord(word, candidates);
  return closest.empty() ? "" : absl::StrCat("; did you mean \"", closest, "\"?");
}

}  // namespace touchstone::cli
