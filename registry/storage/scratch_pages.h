// Pages beyond memory: numbered places on disk for what can be had again, as an extension of
// memory. Nothing here is durable, and nothing that is read back is to be believed unchecked. Not
// for what must last (store.h).
#ifndef TOUCHSTONE_REGISTRY_STORAGE_SCRATCH_PAGES_H_
#define TOUCHSTONE_REGISTRY_STORAGE_SCRATCH_PAGES_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace touchstone::storage {

// Any thread may read and write, though not the same page at a time.
class ScratchPages {
 public:
  static constexpr size_t kPageBytes = 4096;

  virtual ~ScratchPages() = default;

  // Puts `bytes`, at most kPageBytes, at the start of a page; what follows them there is undefined.
  //   kResourceExhausted: the disk is full.   Others as of disk_error.h.   The page is then
  //   undefined.
  virtual absl::Status Write(uint32_t page, absl::string_view bytes) = 0;

  // Fills `bytes`, at most kPageBytes, from the start of a page that was written. kDataLoss: the
  // file ends before. Others as of disk_error.h.
  virtual absl::Status Read(uint32_t page, absl::Span<char> bytes) const = 0;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_SCRATCH_PAGES_H_
