// The rows that did not go in, in the format of their list and each with its reason, to be put
// right and imported again as they are. Not a log: it is written anew by every run.
#ifndef TOUCHSTONE_CLI_IMPORT_REJECTS_FILE_H_
#define TOUCHSTONE_CLI_IMPORT_REJECTS_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/import/import_file.h"

namespace touchstone::cli {

// CSV: the columns of the list with "reason" before them (a line that could not be taken apart is
// one value behind its reason). JSON Lines: {"line": 17, "reason": "…", "row": …}, the row as a
// text if it is no JSON. Readers of cli/import/ skip what was added.
class RejectsFile {
 public:
  // Nothing is written before the first row. AlreadyExists if there is something at `path` that is
  // no rejects file; an earlier run's is replaced.
  static absl::StatusOr<std::unique_ptr<RejectsFile>> Create(const std::string& path,
                                                             const ImportFile& list);
  ~RejectsFile();
  RejectsFile(const RejectsFile&) = delete;
  RejectsFile& operator=(const RejectsFile&) = delete;

  // `reason` begins with "line L" if it comes from the reader.
  absl::Status Add(const ImportRow& row, absl::string_view reason);
  uint64_t count() const { return count_; }

  // Puts the finished file in place, on disk; or takes an earlier run's away if there is no row.
  absl::Status Close();

 private:
  RejectsFile(std::string path, ImportFormat format, std::string head);

  absl::Status Write(absl::string_view text);

  const std::string path_;
  const std::string temporary_;
  const ImportFormat format_;
  const std::string head_;  // the header line
  std::string buffer_;
  int descriptor_ = -1;
  uint64_t count_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_REJECTS_FILE_H_
