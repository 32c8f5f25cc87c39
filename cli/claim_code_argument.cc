#include "cli/claim_code_argument.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kBegin = "CLAIM";
constexpr absl::string_view kInstead =
    "(a claim code: others on this machine may have seen it there; leave it out, and it is asked "
    "for)";
// Of a code's 28; a file of such a name would be a strange one.
constexpr auto kDigitsMin = 20;

bool MayBeClaimCode(absl::string_view argument) {
  if (argument.size() > kBegin.size() && absl::StartsWith(argument, kBegin)) return true;
  if (!absl::StartsWithIgnoreCase(argument, kBegin)) return false;
  const absl::string_view rest = argument.substr(kBegin.size());
  const auto is_digit = [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); };
  return std::count_if(rest.begin(), rest.end(), is_digit) >= kDigitsMin &&
         std::all_of(rest.begin(), rest.end(),
                     [&](char c) { return is_digit(c) || c == '-' || c == ' '; });
}

}  // namespace

std::string WithoutClaimCodes(absl::Span<char* const> arguments, absl::string_view message) {
  std::vector<std::pair<absl::string_view, absl::string_view>> replacements;
  for (const char* const given : arguments) {
    absl::string_view argument = given;
    if (absl::StartsWith(argument, "-")) {
      const size_t equals = argument.find('=');
      if (equals == absl::string_view::npos) continue;
      argument.remove_prefix(equals + 1);
    }
    if (MayBeClaimCode(argument)) replacements.emplace_back(argument, kInstead);
  }
  return absl::StrReplaceAll(message, replacements);
}

}  // namespace touchstone::cli
