#include "cli/import/row_builder.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace touchstone::cli {
namespace {

constexpr size_t kMistakesMax = 5;

}  // namespace

absl::StatusOr<RowDefaults> RowDefaults::Create(const ImportOptions& options) {
  RowDefaults defaults;
  for (const auto& [name, text] : options.defaults) {
    const std::optional<PieceColumn> column = PieceColumn::Find(name);
    if (!column.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("default for \"", name, "\": there is no such column", SuggestColumn(name)));
    }
    if (defaults.Has(*column)) {
      return absl::InvalidArgumentError(absl::StrCat("two defaults for \"", column->name(), "\""));
    }
    PieceDraft draft;
    if (absl::Status status = column->Apply(text, draft); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("default for \"", name, "\": ", status.message()));
    }
    defaults.values_.emplace_back(*column, text);
  }
  return defaults;
}

bool RowDefaults::Has(const PieceColumn& column) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&column](const auto& value) { return value.first.SameFieldAs(column); });
}

void RowBuilder::Mistake(absl::string_view name, uint64_t column_number, absl::string_view what) {
  if (mistakes_.size() == kMistakesMax) return;
  mistakes_.push_back(absl::StrCat("column ", column_number, " \"", name, "\": ", what));
}

void RowBuilder::Set(const PieceColumn& column, absl::string_view name, uint64_t column_number,
                     absl::string_view text) {
  if (absl::StripAsciiWhitespace(text).empty()) return;
  given_.push_back(column);
  if (absl::Status status = column.Apply(text, draft_); !status.ok()) {
    Mistake(name, column_number, status.message());
  }
}

absl::StatusOr<ImportedPiece> RowBuilder::Finish() && {
  for (const auto& [column, text] : defaults_.values()) {
    const bool given = std::any_of(
        given_.begin(), given_.end(),
        [&column = column](const PieceColumn& other) { return other.SameFieldAs(column); });
    if (given) continue;
    if (absl::Status status = column.Apply(text, draft_); !status.ok()) return status;
  }
  if (!mistakes_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", line_, ", ", absl::StrJoin(mistakes_, "; ")));
  }
  absl::StatusOr<std::string> piece = draft_.Finish();
  if (!piece.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("line ", line_, ", ", piece.status().message()));
  }
  return ImportedPiece{*std::move(piece), draft_.piece().serial(), draft_.sold_on()};
}

}  // namespace touchstone::cli
