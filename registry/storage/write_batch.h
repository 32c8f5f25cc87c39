// A list of changes to a Store that take effect together or not at all.
//
// It is only a list: it knows nothing of the store's contents, and nothing happens until it is
// handed to Store::Commit(). Where one key is changed twice, the later change wins.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_WRITE_BATCH_H_
#define TOUCHSTONE_REGISTRY_STORAGE_WRITE_BATCH_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {

// Bounds on what one commit may hold. Commit() answers kInvalidArgument beyond them and changes
// nothing.
inline constexpr size_t kMaxKeyBytes = 1024;                // 1 to this many
inline constexpr size_t kMaxValueBytes = size_t{16} << 20;  // 0 to this many
inline constexpr size_t kMaxBatchBytes = size_t{64} << 20;  // of WriteBatch::size_bytes()

class WriteBatch {
 public:
  enum class Kind : unsigned char { kPut, kDelete };

  // One change. The views point into the batch and die with its next change.
  struct Change {
    Kind kind;
    absl::string_view key;
    absl::string_view value;  // empty for kDelete
  };

  // Both copy what they are given. Deleting a key that is not there is no error.
  void Put(absl::string_view key, absl::string_view value);
  void Delete(absl::string_view key);

  // Empties the batch and keeps its memory, so that one batch can serve many commits.
  void Clear();

  size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }

  // Bytes of all keys and values, plus kChangeOverheadBytes for each change.
  size_t size_bytes() const { return changes_.size(); }
  static constexpr size_t kChangeOverheadBytes = 9;

  // Calls `visit` for each change, in the order they were made.
  void ForEach(absl::FunctionRef<void(const Change&)> visit) const;

  // What breaks the bounds above (a key, a value or the whole), in words; empty when nothing does.
  // Kept here so that every store refuses the same batches.
  const std::string& violation() const { return violation_; }

 private:
  void Append(Kind kind, absl::string_view key, absl::string_view value);

  // kind u8 ‖ key length u32 ‖ value length u32 (host order) ‖ key ‖ value, for each change: one
  // buffer and not a vector of strings, so that thousands of small changes cost few allocations.
  std::string changes_;
  size_t count_ = 0;
  std::string violation_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_WRITE_BATCH_H_
