#include "cli/import/csv_import.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace touchstone::cli {
namespace {

constexpr size_t kMistakesMax = 10;
constexpr absl::string_view kReasonColumn = "reason";  // as cli/import/rejects_file.cc writes it

}  // namespace

absl::StatusOr<std::unique_ptr<ImportFile>> CsvImport::Create(ByteSource source,
                                                              const ImportOptions& options) {
  absl::StatusOr<RowDefaults> defaults = RowDefaults::Create(options);
  if (!defaults.ok()) return defaults.status();
  std::unique_ptr<CsvImport> file(new CsvImport(std::move(source), *std::move(defaults)));
  const absl::Status status = file->ReadHeader(options.ignore_unknown_columns);
  if (!status.ok()) return status;
  return file;
}

absl::Status CsvImport::ReadHeader(bool ignore_unknown) {
  absl::StatusOr<std::optional<CsvRecord>> record = reader_.Next();
  if (!record.ok()) return record.status();
  if (!record->has_value()) return absl::InvalidArgumentError("the list is empty");
  if (!(*record)->status.ok()) return (*record)->status;

  std::vector<std::string> mistakes;
  const auto mistake = [&mistakes](const CsvField& field, absl::string_view what) {
    if (mistakes.size() == kMistakesMax) return;
    mistakes.push_back(
        absl::StrCat(FormatPosition(field.at), ": column \"", field.text, "\"", what));
  };
  for (CsvField& field : (*record)->fields) {
    const absl::string_view name = absl::StripAsciiWhitespace(field.text);
    names_.emplace_back(name);
    columns_.emplace_back();
    if (absl::EqualsIgnoreCase(name, kReasonColumn) && !reason_column_.has_value()) {
      reason_column_ = names_.size() - 1;
      continue;
    }
    header_.push_back(field.text);
    if (name.empty()) continue;
    const std::optional<PieceColumn> column = PieceColumn::Find(name);
    if (!column.has_value()) {
      if (!ignore_unknown) mistake(field, absl::StrCat(" is not known", SuggestColumn(name)));
      continue;
    }
    for (size_t i = 0; i + 1 < columns_.size(); ++i) {
      if (columns_[i].has_value() && columns_[i]->SameFieldAs(*column)) {
        mistake(field, absl::StrCat(" sets the same as column \"", names_[i], "\""));
      }
    }
    columns_.back() = column;
  }
  for (const absl::string_view needed : {"serial", "category", "title"}) {
    const std::optional<PieceColumn> column = PieceColumn::Find(needed);
    const bool there = std::find(columns_.begin(), columns_.end(), column) != columns_.end();
    if (!there && !defaults_.Has(*column) && mistakes.size() < kMistakesMax) {
      mistakes.push_back(absl::StrCat("line ", (*record)->line, ": column \"", needed,
                                      "\" is missing; every piece has one"));
    }
  }
  if (mistakes.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(mistakes, "\n"));
}

absl::StatusOr<ImportedPiece> CsvImport::Build(const CsvRecord& record) const {
  if (!record.status.ok()) return record.status;
  if (record.fields.size() < columns_.size()) {
    return absl::InvalidArgumentError(absl::StrCat("line ", record.line, ": the row has ",
                                                   record.fields.size(), " values, the header ",
                                                   columns_.size(), " columns"));
  }
  RowBuilder builder(record.line, defaults_);
  for (size_t i = 0; i < record.fields.size(); ++i) {
    const CsvField& field = record.fields[i];
    if (i >= columns_.size()) {
      // Spreadsheets leave empty cells at the end.
      if (!absl::StripAsciiWhitespace(field.text).empty()) {
        builder.Mistake("", i + 1,
                        absl::StrCat("the header has only ", columns_.size(),
                                     " columns; is there an unquoted comma?"));
      }
    } else if (columns_[i].has_value()) {
      builder.Set(*columns_[i], names_[i], i + 1, field.text);
    }
  }
  return std::move(builder).Finish();
}

absl::StatusOr<std::optional<ImportRow>> CsvImport::Next() {
  absl::StatusOr<std::optional<CsvRecord>> record = reader_.Next();
  if (!record.ok()) return record.status();
  if (!record->has_value()) return std::optional<ImportRow>();
  ImportRow row;
  row.number = rows_++;
  row.line = (*record)->line;
  row.piece = Build(**record);
  row.raw = std::move((*record)->raw);
  for (size_t i = 0; i < (*record)->fields.size(); ++i) {
    if (i != reason_column_) row.cells.push_back(std::move((*record)->fields[i].text));
  }
  return row;
}

}  // namespace touchstone::cli
