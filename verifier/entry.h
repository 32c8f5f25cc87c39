// The binary frame in which the registry logs a statement or an index root (docs/FORMAT.md,
// section 4). Not for what the payload says, nor for whether an entry belongs where it stands.
#ifndef TOUCHSTONE_VERIFIER_ENTRY_H_
#define TOUCHSTONE_VERIFIER_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"

namespace touchstone {

// Never change a number.
enum class EntryType : uint8_t {
  kStatement = 1,  // the payload is an envelope's bytes
  kIndexRoot = 2,  // the payload is an IndexRootPayload
};

struct Entry {
  EntryType type = EntryType::kStatement;
  uint64_t position = 0;  // in the log, from 0
  uint64_t time_ms = 0;   // since 1970-01-01T00:00:00Z, by the registry's clock
  uint32_t number = 0;    // within the subject, from 0
  Digest previous = {};   // of the subject's entry before; zero for number 0
  std::string payload;

  friend bool operator==(const Entry&, const Entry&) = default;
};

// The frame. Errors, as for DecodeEntry: kTooLarge if it would exceed
// limits::kEntryFrameBytesMax; kMalformed if number 0 has a previous entry, or for an index root
// whose payload is not 40 bytes or which has a number or a previous entry.
absl::StatusOr<std::string> EncodeEntry(const Entry& entry);

// Reads exactly what EncodeEntry writes, to the last byte. Errors besides: kMalformed,
// kUnknownEntryType.
absl::StatusOr<Entry> DecodeEntry(absl::string_view frame);

// What the log holds for an entry: SHA-256 of its whole frame.
Digest EntryDigest(absl::string_view frame);

// The payload of an index root entry.
struct IndexRootPayload {
  // Stands for "there is no index root before this one".
  static constexpr uint64_t kNone = UINT64_MAX;

  Digest root = {};                      // of the index after every entry before this one
  uint64_t previous_index_root = kNone;  // position of the index root before

  friend bool operator==(const IndexRootPayload&, const IndexRootPayload&) = default;
};

// root ‖ previous_index_root u64: 40 bytes.
std::string EncodeIndexRootPayload(const IndexRootPayload& payload);
// kMalformed for any other length.
absl::StatusOr<IndexRootPayload> DecodeIndexRootPayload(absl::string_view payload);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_ENTRY_H_
