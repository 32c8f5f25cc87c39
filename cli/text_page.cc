#include "cli/text_page.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

constexpr size_t kFieldIndent = 2;
// Lines longer than this are hard to read, however wide the window is.
constexpr size_t kColumnsMax = 100;
constexpr size_t kColumnsMin = 12;

size_t SequenceBytes(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// The code point at the start of `text`, which is valid UTF-8 and not empty.
uint32_t FirstCodePoint(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t bytes = std::min(SequenceBytes(lead), text.size());
  if (bytes == 1) return lead;
  uint32_t point = lead & (0xFFu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  return point;
}

bool IsCombining(uint32_t point) { return point >= 0x300 && point <= 0x36F; }

// Words into lines of at most `width` columns; a word that is longer stands alone.
std::vector<std::string> BreakLines(absl::string_view text, size_t width) {
  std::vector<std::string> lines(1);
  size_t columns = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const size_t word_columns = TextColumns(word);
    if (columns > 0 && columns + 1 + word_columns > width) {
      lines.emplace_back();
      columns = 0;
    }
    if (columns > 0) {
      lines.back().push_back(' ');
      ++columns;
    }
    absl::StrAppend(&lines.back(), word);
    columns += word_columns;
  }
  return lines;
}

}  // namespace

size_t TextColumns(absl::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    if (!IsCombining(FirstCodePoint(text))) ++columns;
    text.remove_prefix(std::min(SequenceBytes(static_cast<unsigned char>(text[0])), text.size()));
  }
  return columns;
}

void TextPage::Heading(absl::string_view text) { pending_heading_ = PlainText(text); }

size_t TextPage::Columns() const {
  return std::min(static_cast<size_t>(terminal_.width), kColumnsMax);
}

void TextPage::WritePendingHeading() {
  if (pending_heading_.empty()) return;
  if (!out_.empty()) out_.push_back('\n');
  for (const std::string& line : BreakLines(pending_heading_, Columns())) {
    absl::StrAppend(&out_, Styled(terminal_, Style::kBold, line), "\n");
  }
  pending_heading_.clear();
}

void TextPage::Paragraph(absl::string_view text, size_t indent, std::optional<Style> style) {
  WritePendingHeading();
  const size_t width = Columns() > indent + kColumnsMin ? Columns() - indent : kColumnsMin;
  for (const std::string& line : BreakLines(PlainText(text), width)) {
    absl::StrAppend(&out_, std::string(indent, ' '),
                    style.has_value() ? Styled(terminal_, *style, line) : line, "\n");
  }
}

void TextPage::Field(absl::string_view label, absl::string_view text, std::optional<Style> style) {
  if (text.empty()) return;
  const std::string plain_label = PlainText(label);
  const size_t label_columns = TextColumns(plain_label);
  WritePendingHeading();
  const size_t start = out_.size();
  Paragraph(text, kFieldColumn, style);
  const std::string dim = Styled(terminal_, Style::kDim, plain_label);
  if (kFieldIndent + label_columns < kFieldColumn) {
    // The label stands where the first line is indented.
    const size_t gap = kFieldColumn - kFieldIndent - label_columns;
    out_.replace(start, kFieldColumn,
                 absl::StrCat(std::string(kFieldIndent, ' '), dim, std::string(gap, ' ')));
  } else {
    out_.insert(start, absl::StrCat(std::string(kFieldIndent, ' '), dim, "\n"));
  }
}

}  // namespace touchstone::cli
