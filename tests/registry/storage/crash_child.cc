// Commits numbered batches, without end, to the store in <data directory>/store, writes each number
// to the guard, and then to the standard output: the acknowledgement. Made to be killed by
// crash_test.
//
//   crash_child <data directory> <guard>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "registry/storage/directory_lock.h"
#include "registry/storage/guard_file.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/storage/numbered_batches.h"

namespace touchstone::storage {
namespace {

absl::Status CommitForEver(const std::string& directory, const std::string& guard_path) {
  const auto lock = DirectoryLock::Acquire(directory);
  if (!lock.ok()) return lock.status();
  RocksDbOptions options;
  options.directory = directory + "/store";
  options.write_buffer_bytes = size_t{1} << 20;  // a new table every twenty batches or so
  const auto store = RocksDbStore::Open(options);
  if (!store.ok()) return store.status();
  const auto guard = GuardFile::Open(guard_path);
  if (!guard.ok()) return guard.status();

  const auto head = (*store)->Get(kHeadKey);
  if (!head.ok()) return head.status();
  uint64_t number = 0;
  if (!absl::SimpleAtoi(*head, &number)) return absl::DataLossError("head is no number");
  for (;;) {
    ++number;
    if (absl::Status status = (*store)->Commit(NumberedBatch(number)); !status.ok()) return status;
    const std::string text = absl::StrCat(number, "\n");
    if (absl::Status status = (*guard)->Write(text); !status.ok()) return status;
    if (write(STDOUT_FILENO, text.data(), text.size()) < 0) {
      return absl::CancelledError("nobody reads the acknowledgements");
    }
  }
}

}  // namespace
}  // namespace touchstone::storage

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const absl::Status status = touchstone::storage::CommitForEver(argv[1], argv[2]);
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
