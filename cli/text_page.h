// A page of text for people: headings, paragraphs and labelled lines, broken to the width of the
// terminal. Not for tables of numbers, and not for programs.
#ifndef TOUCHSTONE_CLI_TEXT_PAGE_H_
#define TOUCHSTONE_CLI_TEXT_PAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "cli/terminal.h"

namespace touchstone::cli {

// Characters in valid UTF-8, which are columns for the scripts that jewellers write in; combining
// marks count for nothing.
size_t TextColumns(absl::string_view text);

// Where the text of a field begins.
inline constexpr size_t kFieldColumn = 18;

class TextPage {
 public:
  explicit TextPage(const Terminal& terminal) : terminal_(terminal) {}

  // Written, with a blank line before it unless it comes first, when something follows: a heading
  // with nothing below it is left out.
  void Heading(absl::string_view text);

  // Text from column `indent` on. It may come from a passport: what would mislead on a screen is
  // taken out (PlainText of verifier/verdict_text.h).
  void Paragraph(absl::string_view text, size_t indent = 0, std::optional<Style> style = {});

  // "label      text", the text from kFieldColumn on; nothing for an empty text. A label that is
  // too long stands on a line of its own.
  void Field(absl::string_view label, absl::string_view text, std::optional<Style> style = {});

  std::string Finish() && { return std::move(out_); }

 private:
  size_t Columns() const;
  void WritePendingHeading();

  const Terminal terminal_;
  std::string out_;
  std::string pending_heading_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_TEXT_PAGE_H_
