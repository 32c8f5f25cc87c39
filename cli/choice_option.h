// Options that take one of a few words. CLI11's own transformer shows numbers in the help and in
// its errors; this one shows words only.
#ifndef TOUCHSTONE_CLI_CHOICE_OPTION_H_
#define TOUCHSTONE_CLI_CHOICE_OPTION_H_

#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "cli/closest_word.h"

namespace touchstone::cli {

template <typename E>
using Choices = std::vector<std::pair<std::string, E>>;

// The values of a protobuf enum but for the one that says nothing (0), as "prong-retipping".
template <typename E>
Choices<E> EnumChoices(int last, bool (*is_valid)(int), const std::string& (*name)(E)) {
  Choices<E> choices;
  for (int i = 1; i <= last; ++i) {
    if (!is_valid(i)) continue;
    const E value = static_cast<E>(i);
    choices.emplace_back(absl::StrReplaceAll(absl::AsciiStrToLower(name(value)), {{"_", "-"}}),
                         value);
  }
  return choices;
}

// Replaces a word (in any case, '_' for '-') by the number that CLI11 reads into an enum; a word
// that is none of the choices is refused with all of them, and the one that was perhaps meant.
template <typename E>
CLI::Validator IsOneOf(const Choices<E>& choices) {
  const std::string names = absl::StrJoin(
      choices, "|", [](std::string* out, const auto& choice) { out->append(choice.first); });
  CLI::Validator validator(
      [choices, names](std::string& word) -> std::string {
        const std::string wanted =
            absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", "-"}, {" ", "-"}});
        std::vector<absl::string_view> words;
        for (const auto& [name, value] : choices) {
          if (name == wanted) {
            word = absl::StrCat(static_cast<int>(value));
            return "";
          }
          words.push_back(name);
        }
        return absl::StrCat("'", word, "' is not one of ", names, DidYouMean(wanted, words));
      },
      names, "choice");
  return validator;
}

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CHOICE_OPTION_H_
