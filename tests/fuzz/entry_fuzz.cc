// Entries and the payload of index roots: what is read is written back the same.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/entry.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  const absl::StatusOr<Entry> entry = DecodeEntry(input);
  if (!entry.ok()) return;
  const absl::StatusOr<std::string> frame = EncodeEntry(*entry);
  Expect(frame.ok() && *frame == input, "an entry has one frame");
  if (entry->type != EntryType::kIndexRoot) return;
  const absl::StatusOr<IndexRootPayload> root = DecodeIndexRootPayload(entry->payload);
  Expect(root.ok() && EncodeIndexRootPayload(*root) == entry->payload,
         "an index root has one payload");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
