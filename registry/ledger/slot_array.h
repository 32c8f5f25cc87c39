// An array of small, plain things that grows without moving what is in it, so that readers may look
// at what was there while one more is added; and who hands out its places. Not a container: it
// neither counts nor destroys.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_SLOT_ARRAY_H_
#define TOUCHSTONE_REGISTRY_LEDGER_SLOT_ARRAY_H_

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <type_traits>
#include <vector>

#include "absl/base/thread_annotations.h"

namespace touchstone::ledger {

// Chunks of about 2 MiB, aligned so that the system can map them as one page: nearly every access
// is to a place that no cache has, and then a missing page translation costs as much again.
template <typename T>
class SlotArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit SlotArray(size_t slots_max)
      : chunks_(static_cast<T**>(std::calloc(ChunkOf(slots_max) + 1, sizeof(T*)))) {
    if (chunks_ == nullptr) throw std::bad_alloc();
  }
  SlotArray(const SlotArray&) = delete;
  SlotArray& operator=(const SlotArray&) = delete;
  ~SlotArray() {
    for (size_t i = 0; i < chunk_count_; ++i) std::free(chunks_[i]);
    std::free(chunks_);
  }

  // Makes room for the slots below `slots`, uninitialised. One thread at a time; whoever uses a new
  // slot must have learnt of it from that thread.
  void Reserve(size_t slots) {
    while (chunk_count_ * kPerChunk < slots) {
      void* const chunk = std::aligned_alloc(kChunkBytes, kChunkBytes);
      if (chunk == nullptr) throw std::bad_alloc();
      // The first stays on small pages: most trees (in tests) fill little of it.
      if (chunk_count_ > 0) madvise(chunk, kChunkBytes, MADV_HUGEPAGE);
      chunks_[chunk_count_++] = static_cast<T*>(chunk);
    }
  }

  T& operator[](size_t slot) { return chunks_[ChunkOf(slot)][slot % kPerChunk]; }
  const T& operator[](size_t slot) const { return chunks_[ChunkOf(slot)][slot % kPerChunk]; }
  void Prefetch(size_t slot) const { __builtin_prefetch(&(*this)[slot]); }

 private:
  static constexpr size_t kChunkBytes = size_t{2} << 20;
  static constexpr size_t kPerChunk = std::bit_floor(kChunkBytes / sizeof(T));
  static constexpr size_t ChunkOf(size_t slot) { return slot / kPerChunk; }

  T** const chunks_;
  size_t chunk_count_ = 0;
};

// Hands out numbers from 1 up, those given back first. Several threads may take at a time.
class SlotNumbers {
 public:
  explicit SlotNumbers(uint32_t slots_max) : slots_max_(slots_max) {}

  // Appends `count` numbers to `slots`; `reserve` is called with what is larger than all numbers
  // ever handed out, before they are.
  template <typename Reserve>
  void Take(size_t count, std::vector<uint32_t>& slots, Reserve reserve) {
    const std::lock_guard lock(mutex_);
    const size_t again = std::min(count, free_.size());
    slots.insert(slots.end(), free_.end() - static_cast<std::ptrdiff_t>(again), free_.end());
    free_.resize(free_.size() - again);
    count -= again;
    // The tree has checked that there is room (IndexTree::Insert).
    if (count > slots_max_ - next_) std::abort();
    reserve(size_t{next_} + count);
    for (; count > 0; --count) slots.push_back(next_++);
  }

  void Give(const std::vector<uint32_t>& slots) {
    const std::lock_guard lock(mutex_);
    free_.insert(free_.end(), slots.begin(), slots.end());
  }

  size_t in_use() const {
    const std::lock_guard lock(mutex_);
    return next_ - 1 - free_.size();
  }
  bool HasRoomFor(size_t count) const {
    const std::lock_guard lock(mutex_);
    return count <= free_.size() + (slots_max_ - next_);
  }

 private:
  const uint32_t slots_max_;
  mutable std::mutex mutex_;
  uint32_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  std::vector<uint32_t> free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_SLOT_ARRAY_H_
