#include "cli/terminal_text.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "verifier/utf8.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {

std::string ForTerminal(absl::string_view text) {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) lines.push_back(PlainText(line));
  std::string plain = absl::StrJoin(lines, "\n");
  if (ValidateUtf8(plain).ok()) return plain;
  for (char& c : plain) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return plain;
}

}  // namespace touchstone::cli
