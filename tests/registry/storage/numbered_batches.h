// What crash_child commits and crash_test looks for afterwards: batches with numbers, of which the
// contents follow from the number.

#ifndef TOUCHSTONE_TESTS_REGISTRY_STORAGE_NUMBERED_BATCHES_H_
#define TOUCHSTONE_TESTS_REGISTRY_STORAGE_NUMBERED_BATCHES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "registry/storage/write_batch.h"

namespace touchstone::storage {

// Holds the number of the newest batch, in decimal.
inline constexpr absl::string_view kHeadKey = "head";

// A batch deletes the records of the one this many before it, so that the store stays small and
// tables are rewritten all the time.
inline constexpr uint64_t kBatchesKept = 20;

inline std::string RecordPrefix(uint64_t number) { return absl::StrCat("record/", number, "/"); }

// 1 to 100 records.
inline uint64_t RecordCount(uint64_t number) { return 1 + number * 7919 % 100; }

// About 1 KiB that hardly compresses, different for each record.
inline std::string RecordValue(uint64_t number, uint64_t record) {
  uint64_t state = number * 1'000'003 + record + 1;
  std::string value(600 + state % 800, '\0');
  for (char& byte : value) {
    state = state * 6364136223846793005 + 1442695040888963407;
    byte = static_cast<char>(state >> 56);
  }
  return value;
}

inline WriteBatch NumberedBatch(uint64_t number) {
  WriteBatch batch;
  for (uint64_t record = 0; record < RecordCount(number); ++record) {
    batch.Put(absl::StrCat(RecordPrefix(number), record), RecordValue(number, record));
  }
  if (number > kBatchesKept) {
    const uint64_t old = number - kBatchesKept;
    for (uint64_t record = 0; record < RecordCount(old); ++record) {
      batch.Delete(absl::StrCat(RecordPrefix(old), record));
    }
  }
  batch.Put(kHeadKey, absl::StrCat(number));
  return batch;
}

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_STORAGE_NUMBERED_BATCHES_H_
