// What every stock list must do, whatever is in it.
#ifndef TOUCHSTONE_TESTS_FUZZ_IMPORT_ROWS_H_
#define TOUCHSTONE_TESTS_FUZZ_IMPORT_ROWS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "cli/import/import_file.h"
#include "tests/fuzz/expect.h"
#include "touchstone/v1/piece.pb.h"

namespace touchstone::cli {

inline void FuzzImport(std::string list, ImportFormat format) {
  const absl::StatusOr<std::unique_ptr<ImportFile>> file =
      ImportFile::FromBytes(BytesOf(std::move(list)), format, {});
  if (!file.ok()) return;
  uint64_t line = 0;
  for (uint64_t number = 0;; ++number) {
    const absl::StatusOr<std::optional<ImportRow>> next = (*file)->Next();
    Expect(next.ok(), "bytes in memory can be read");
    if (!next->has_value()) return;
    const ImportRow& row = **next;
    Expect(row.number == number, "rows are counted");
    Expect(row.line > line, "rows come in the order of their lines");
    line = row.line;
    if (!row.piece.ok()) {
      Expect(row.piece.status().code() == absl::StatusCode::kInvalidArgument,
             "a bad row is the list's fault");
      Expect(absl::StartsWith(row.piece.status().message(), "line "), "a reason names the line");
      continue;
    }
    v1::Piece piece;
    Expect(piece.ParseFromString(row.piece->piece), "a good row is a piece");
    Expect(piece.SerializeAsString() == row.piece->piece, "its bytes are the plain encoding");
    Expect(!piece.serial().empty() && piece.serial() == row.piece->serial, "it has its serial");
  }
}

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_TESTS_FUZZ_IMPORT_ROWS_H_
