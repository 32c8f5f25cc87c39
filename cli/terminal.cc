#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

constexpr int kWidthMin = 20;
constexpr int kWidthMax = 500;

// Empty for a variable that is not set.
absl::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// As setlocale() chooses: the first of the three that is set decides.
bool LocaleIsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const absl::string_view value = Environment(name);
    if (value.empty()) continue;
    const std::string lower = absl::AsciiStrToLower(value);
    return absl::StrContains(lower, "utf-8") || absl::StrContains(lower, "utf8");
  }
  return false;
}

int Width(int descriptor) {
  int width = 0;
  if (!absl::SimpleAtoi(Environment("COLUMNS"), &width) || width <= 0) {
    winsize size = {};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    width = size.ws_col;
  }
  return width < kWidthMin ? kWidthMin : width > kWidthMax ? kWidthMax : width;
}

bool Colors(bool interactive, ColorChoice choice) {
  switch (choice) {
    case ColorChoice::kAlways:
      return true;
    case ColorChoice::kNever:
      return false;
    case ColorChoice::kAuto:
      break;
  }
  return interactive && Environment("NO_COLOR").empty() && Environment("TERM") != "dumb";
}

absl::string_view Sequence(Style style) {
  switch (style) {
    case Style::kBold:
      return "\033[1m";
    case Style::kDim:
      return "\033[2m";
    case Style::kGreen:
      return "\033[32m";
    case Style::kYellow:
      return "\033[33m";
    case Style::kRed:
      return "\033[31m";
  }
  return "";
}

}  // namespace

std::optional<ColorChoice> ParseColorChoice(absl::string_view text) {
  if (text == "auto") return ColorChoice::kAuto;
  if (text == "always") return ColorChoice::kAlways;
  if (text == "never") return ColorChoice::kNever;
  return std::nullopt;
}

Terminal DescribeTerminal(int descriptor, ColorChoice choice) {
  Terminal terminal;
  terminal.interactive = isatty(descriptor) == 1;
  terminal.width = Width(descriptor);
  terminal.color = Colors(terminal.interactive, choice);
  terminal.unicode = LocaleIsUtf8();
  return terminal;
}

std::string Styled(const Terminal& terminal, Style style, absl::string_view text) {
  if (!terminal.color) return std::string(text);
  return absl::StrCat(Sequence(style), text, "\033[0m");
}

}  // namespace touchstone::cli
