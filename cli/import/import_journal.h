// Which rows of a stock list are in the registry already, so that an import that was interrupted
// goes on where it was. It only saves work: statements of an import are the same on every run, and
// the registry answers a repeated one with its first receipt.
//
//   touchstone-import v1
//   list <sha-256 of the file, in hex>
//   log <origin>
//   participant <id>
//   done <first>-<last>          (row numbers, both included; any number of such lines)
#ifndef TOUCHSTONE_CLI_IMPORT_IMPORT_JOURNAL_H_
#define TOUCHSTONE_CLI_IMPORT_IMPORT_JOURNAL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"

namespace touchstone::cli {

// What an import is: a journal of another one is not gone on with.
struct ImportIdentity {
  Digest list;  // DigestOfImport
  std::string log_origin;
  std::string participant;
};

class ImportJournal {
 public:
  // Opens the journal or begins one, and keeps others from using it. Errors: FailedPrecondition for
  // the journal of another import (the list was changed, or it was another log's), saying what to
  // do; Unavailable while another import holds it; InvalidArgument for a file that is no journal or
  // is damaged in the middle (a last line that was cut off is dropped).
  static absl::StatusOr<std::unique_ptr<ImportJournal>> Open(const std::string& path,
                                                             const ImportIdentity& identity);
  ~ImportJournal();
  ImportJournal(const ImportJournal&) = delete;
  ImportJournal& operator=(const ImportJournal&) = delete;

  bool IsDone(uint64_t row) const;
  uint64_t done_count() const { return done_count_; }

  // Remembers a row whose receipt was checked. On disk after the next Sync.
  void MarkDone(uint64_t row);
  absl::Status Sync();

 private:
  ImportJournal(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  absl::Status Read(const std::string& head);
  absl::Status Append(absl::string_view text);

  const std::string path_;
  const int descriptor_;
  std::map<uint64_t, uint64_t> done_;        // runs of rows: first to last
  std::map<uint64_t, uint64_t> not_synced_;  // those of them that the file lacks
  uint64_t done_count_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_IMPORT_JOURNAL_H_
