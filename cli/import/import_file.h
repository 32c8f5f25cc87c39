// A stock list in our own columns (docs/IMPORT.md), CSV or JSON Lines, row by row as pieces. Not
// for signing or sending them, and not for judging what the verifier judges (verifier/statement.h).
#ifndef TOUCHSTONE_CLI_IMPORT_IMPORT_FILE_H_
#define TOUCHSTONE_CLI_IMPORT_IMPORT_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "cli/import/byte_source.h"
#include "verifier/digest.h"

namespace touchstone::cli {

enum class ImportFormat { kCsv, kJsonLines };

// By the ending of the name: .csv, .tsv, .txt; .jsonl, .ndjson; a .rejects after it is looked
// through, since a rejects file has its list's format. InvalidArgument for others.
absl::StatusOr<ImportFormat> ImportFormatOf(absl::string_view path);

struct ImportOptions {
  // Columns that nobody knows are skipped, not refused.
  bool ignore_unknown_columns = false;
  // Column and value for rows in which that column is missing or empty.
  std::vector<std::pair<std::string, std::string>> defaults;
};

struct ImportedPiece {
  std::string piece;  // canonical bytes of touchstone.v1.Piece
  std::string serial;
  std::optional<absl::CivilDay> sold_on;
};

struct ImportRow {
  uint64_t number = 0;  // from 0; every row has one, good or bad, the same on every run
  uint64_t line = 0;    // where it begins, from 1
  // The piece, or why there is none (InvalidArgument), with line, column and reason for up to five
  // values: 'line 17, column 4 "carat": "1,01" has a comma; …'. The column is the how-manieth value
  // of a CSV row, the how-manieth character of a JSON line.
  absl::StatusOr<ImportedPiece> piece = absl::UnknownError("not read");
  // What the rejects file repeats: the cells of a CSV row, or the line as it stands.
  std::vector<std::string> cells;
  std::string raw;
};

class ImportFile {
 public:
  virtual ~ImportFile() = default;
  ImportFile(const ImportFile&) = delete;
  ImportFile& operator=(const ImportFile&) = delete;

  // Reads the header line of a CSV list. Errors: those of OpenByteSource; InvalidArgument for an
  // empty list and for a header (or defaults) with unknown, doubled or missing columns, naming all.
  static absl::StatusOr<std::unique_ptr<ImportFile>> Open(const std::string& path,
                                                          ImportFormat format,
                                                          const ImportOptions& options);
  static absl::StatusOr<std::unique_ptr<ImportFile>> FromBytes(ByteSource source,
                                                               ImportFormat format,
                                                               const ImportOptions& options);

  // The next row; nothing at the end. An error is one of reading the file: no more rows can be had.
  // A row that is wrong is no error, and the rows after it follow.
  virtual absl::StatusOr<std::optional<ImportRow>> Next() = 0;

  virtual ImportFormat format() const = 0;
  // The names of a CSV list's columns, as many as each row's cells; empty for JSON Lines.
  virtual const std::vector<std::string>& header() const = 0;
  virtual uint64_t bytes_read() const = 0;

 protected:
  ImportFile() = default;
};

// What a journal knows the list by. Errors: those of OpenByteSource.
absl::StatusOr<Digest> DigestOfImport(const std::string& path, uint64_t& size);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_IMPORT_FILE_H_
