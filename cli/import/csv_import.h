// A stock list as CSV with a header line. For use through cli/import/import_file.h.
#ifndef TOUCHSTONE_CLI_IMPORT_CSV_IMPORT_H_
#define TOUCHSTONE_CLI_IMPORT_CSV_IMPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/import/csv_reader.h"
#include "cli/import/import_file.h"
#include "cli/import/piece_columns.h"
#include "cli/import/row_builder.h"

namespace touchstone::cli {

class CsvImport : public ImportFile {
 public:
  static absl::StatusOr<std::unique_ptr<ImportFile>> Create(ByteSource source,
                                                            const ImportOptions& options);

  absl::StatusOr<std::optional<ImportRow>> Next() override;
  ImportFormat format() const override { return ImportFormat::kCsv; }
  const std::vector<std::string>& header() const override { return header_; }
  uint64_t bytes_read() const override { return reader_.bytes_read(); }

 private:
  CsvImport(ByteSource source, RowDefaults defaults)
      : reader_(std::move(source)), defaults_(std::move(defaults)) {}

  absl::Status ReadHeader(bool ignore_unknown);
  absl::StatusOr<ImportedPiece> Build(const CsvRecord& record) const;

  CsvReader reader_;
  const RowDefaults defaults_;
  // One for each column of the list; nothing for one that is skipped.
  std::vector<std::optional<PieceColumn>> columns_;
  std::vector<std::string> names_;
  // Without the column "reason" that a rejects file has in front.
  std::vector<std::string> header_;
  std::optional<size_t> reason_column_;
  uint64_t rows_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_CSV_IMPORT_H_
