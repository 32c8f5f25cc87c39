// The columns of our own stock lists (docs/IMPORT.md): their names, what they are also called, and
// what each sets. Not for other houses' formats, and not for reading files.
#ifndef TOUCHSTONE_CLI_IMPORT_PIECE_COLUMNS_H_
#define TOUCHSTONE_CLI_IMPORT_PIECE_COLUMNS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/import/piece_draft.h"

namespace touchstone::cli {

struct ColumnSpec;

// A column that a list has: what it sets, and of which stone, metal, inscription or report.
class PieceColumn {
 public:
  // Understands any case, with blanks, '-' and '.' for '_'; the aliases of the table;
  // "stone2_carat", "metal2_mass_mg", "report2_number", "inscription2" for the second of several
  // (up to kNumberedMax). Nothing if there is no such column.
  static std::optional<PieceColumn> Find(absl::string_view name);

  // As the table calls it, numbered if it is not the first: "carat", "stone2_carat".
  std::string name() const;

  // Sets what the column is for. Blanks around `text` do not count, and an empty one says nothing.
  // InvalidArgument says what is wrong with the text and what would do.
  absl::Status Apply(absl::string_view text, PieceDraft& draft) const;

  friend bool operator==(const PieceColumn& a, const PieceColumn& b) {
    return a.spec_ == b.spec_ && a.number_ == b.number_;
  }
  // Whether both set the same field, in other units ("total_mass_mg" and "total_mass_g").
  bool SameFieldAs(const PieceColumn& other) const;

 private:
  PieceColumn(const ColumnSpec* spec, int number) : spec_(spec), number_(number) {}

  const ColumnSpec* spec_;
  int number_;
};

// The table's names, for messages and the manual.
std::vector<absl::string_view> PieceColumnNames();

// "; did you mean …?" for a name that Find does not know, or nothing.
std::string SuggestColumn(absl::string_view name);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_PIECE_COLUMNS_H_
