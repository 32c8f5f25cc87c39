// Turns one row's values into a piece and gathers what is wrong with them. For the readers of
// cli/import/ only.
#ifndef TOUCHSTONE_CLI_IMPORT_ROW_BUILDER_H_
#define TOUCHSTONE_CLI_IMPORT_ROW_BUILDER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/import/import_file.h"
#include "cli/import/piece_columns.h"

namespace touchstone::cli {

// Values for columns that a row leaves empty.
class RowDefaults {
 public:
  // InvalidArgument for an unknown column, a doubled one, and a value that it does not take.
  static absl::StatusOr<RowDefaults> Create(const ImportOptions& options);

  const std::vector<std::pair<PieceColumn, std::string>>& values() const { return values_; }
  bool Has(const PieceColumn& column) const;

 private:
  std::vector<std::pair<PieceColumn, std::string>> values_;
};

class RowBuilder {
 public:
  RowBuilder(uint64_t line, const RowDefaults& defaults) : line_(line), defaults_(defaults) {}

  // A value and where it stands: `name` as the list calls it, `column` as people count.
  void Set(const PieceColumn& column, absl::string_view name, uint64_t column_number,
           absl::string_view text);
  // Something else that is wrong in that place.
  void Mistake(absl::string_view name, uint64_t column_number, absl::string_view what);

  absl::StatusOr<ImportedPiece> Finish() &&;

 private:
  const uint64_t line_;
  const RowDefaults& defaults_;
  PieceDraft draft_;
  std::vector<PieceColumn> given_;
  std::vector<std::string> mistakes_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_ROW_BUILDER_H_
