// Comma-separated values (RFC 4180) record by record, with the place of every value. Not for what
// the columns mean: that is cli/import/piece_columns.h.
//
// Beyond the RFC: lines may end with \n, \r\n or \r; a byte order mark at the beginning is skipped,
// and so are blank lines and blanks before a quote; a quote inside an unquoted value stands for
// itself; where the first line has more semicolons or tabs than commas, those separate.
#ifndef TOUCHSTONE_CLI_IMPORT_CSV_READER_H_
#define TOUCHSTONE_CLI_IMPORT_CSV_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/import/byte_source.h"
#include "cli/text_position.h"

namespace touchstone::cli {

inline constexpr size_t kImportRowBytesMax = size_t{256} << 10;
inline constexpr size_t kImportColumnsMax = 256;

struct CsvField {
  std::string text;  // without its quotes
  TextPosition at;   // of its first character, quote included
};

struct CsvRecord {
  uint64_t line = 0;  // where it begins
  // OK, or why there are no fields (InvalidArgument, with line and column): a quote that is never
  // closed or ends too early, too long, too many fields, not UTF-8. The reader goes on with the
  // next line, so that one lost quote costs one row.
  absl::Status status;
  std::vector<CsvField> fields;
  std::string raw;  // the line as it stands in the file, if `status` is not OK
};

class CsvReader {
 public:
  explicit CsvReader(ByteSource source) : stream_(std::move(source)) {}

  // The next record; nothing at the end. Errors are those of the source.
  absl::StatusOr<std::optional<CsvRecord>> Next();

  // How far the reading has come, for a progress bar.
  uint64_t bytes_read() const { return stream_.bytes_taken(); }

 private:
  void Begin();
  int Peek();
  int Take();
  bool TakeLineEnd();
  void SkipBlanks();
  absl::Status ReadFields(std::vector<CsvField>& fields);
  absl::Status ReadField(CsvField& field);
  std::string RewindToSecondLine();
  static absl::Status Wrong(const TextPosition& at, absl::string_view what);

  ByteStream stream_;
  bool begun_ = false;
  char separator_ = ',';
  TextPosition position_;
  std::string record_;       // the bytes of the record under way
  std::string pushed_back_;  // read before, to be read again before the stream goes on
  size_t pushed_back_next_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_CSV_READER_H_
