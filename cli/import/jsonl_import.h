// A stock list as JSON Lines: an object a line, with our flat columns or with a whole "piece". For
// use through cli/import/import_file.h.
#ifndef TOUCHSTONE_CLI_IMPORT_JSONL_IMPORT_H_
#define TOUCHSTONE_CLI_IMPORT_JSONL_IMPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/import/import_file.h"
#include "cli/import/row_builder.h"
#include "cli/json_reader.h"

namespace touchstone::cli {

class JsonLinesImport : public ImportFile {
 public:
  static absl::StatusOr<std::unique_ptr<ImportFile>> Create(ByteSource source,
                                                            const ImportOptions& options);

  absl::StatusOr<std::optional<ImportRow>> Next() override;
  ImportFormat format() const override { return ImportFormat::kJsonLines; }
  const std::vector<std::string>& header() const override { return header_; }
  uint64_t bytes_read() const override { return stream_.bytes_taken(); }

 private:
  JsonLinesImport(ByteSource source, RowDefaults defaults, bool ignore_unknown)
      : stream_(std::move(source)),
        defaults_(std::move(defaults)),
        ignore_unknown_(ignore_unknown) {}

  // The next line that is not blank, without its end; false at the end of the list. A line that is
  // too long is cut, and `too_long` says so.
  bool ReadLine(std::string& line, bool& too_long);
  absl::StatusOr<ImportedPiece> Build(const JsonValue& json, uint64_t line) const;
  absl::StatusOr<ImportedPiece> BuildWhole(const JsonValue& json, uint64_t line) const;

  ByteStream stream_;
  const RowDefaults defaults_;
  const bool ignore_unknown_;
  const std::vector<std::string> header_;
  uint64_t line_ = 0;
  uint64_t rows_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_JSONL_IMPORT_H_
