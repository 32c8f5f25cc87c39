#include "tests/vectors/vector_files.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

constexpr size_t kDigitsPerLine = 64;

std::string Padded(absl::string_view text, size_t width) {
  std::string padded(text);
  // Columns, not bytes: what continues a character of UTF-8 has none.
  const auto columns = static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
  if (columns < width) padded.append(width - columns, ' ');
  return padded;
}

// Wrapped after a space or a line's worth of digits.
std::vector<std::string> Wrapped(const std::string& hex) {
  std::vector<std::string> lines = {""};
  for (const absl::string_view word : absl::StrSplit(hex, ' ')) {
    for (size_t at = 0; at == 0 || at < word.size(); at += kDigitsPerLine) {
      const absl::string_view part = word.substr(at, kDigitsPerLine);
      const bool fits = lines.back().size() + 1 + part.size() <= kDigitsPerLine + 6;
      if (!lines.back().empty() && !fits) lines.emplace_back();
      absl::StrAppend(&lines.back(), lines.back().empty() ? "" : " ", part);
    }
  }
  return lines;
}

}  // namespace

VectorFile::VectorFile(absl::string_view about) : contents_(absl::StrCat("# ", about, "\n")) {}

void VectorFile::Section(absl::string_view about) {
  absl::StrAppend(&contents_, "\n# ", about, "\n");
}

void VectorFile::Add(absl::string_view name, absl::string_view bytes) {
  const std::string hex = HexEncode(bytes);
  absl::StrAppend(&contents_, name, hex.empty() ? " =" : " = ", hex, "\n");
}

void VectorFile::AddText(absl::string_view name, absl::string_view text) {
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    absl::StrAppend(&contents_, line.empty() ? "#" : "# | ", line, "\n");
  }
  Add(name, text);
}

void Appendix::Heading(absl::string_view text) { absl::StrAppend(&text_, "### ", text, "\n\n"); }

void Appendix::Prose(absl::string_view text) { absl::StrAppend(&text_, text, "\n\n"); }

void Appendix::Block(absl::string_view text) {
  absl::StrAppend(&text_, "```\n", absl::StripSuffix(text, "\n"), "\n```\n\n");
}

void Appendix::Table(const std::vector<Row>& rows) {
  size_t name_width = 0;
  for (const Row& row : rows) name_width = std::max(name_width, row.name.size());
  std::string text;
  for (const Row& row : rows) {
    std::string head = Padded(row.name, name_width);
    const std::vector<std::string> lines = Wrapped(row.hex);
    for (size_t i = 0; i < lines.size(); ++i) {
      std::string line = absl::StrCat(head, "  ", lines[i]);
      const bool is_last = i + 1 == lines.size();
      if (is_last && !row.meaning.empty()) absl::StrAppend(&line, "  ", row.meaning);
      while (!line.empty() && line.back() == ' ') line.pop_back();
      absl::StrAppend(&text, line, "\n");
      head = std::string(name_width, ' ');
    }
  }
  Block(text);
}

std::string HexFile(absl::string_view bytes) {
  const std::string hex = HexEncode(bytes);
  std::string text;
  for (size_t at = 0; at < hex.size(); at += kDigitsPerLine) {
    absl::StrAppend(&text, hex.substr(at, kDigitsPerLine), "\n");
  }
  return text;
}

}  // namespace touchstone
