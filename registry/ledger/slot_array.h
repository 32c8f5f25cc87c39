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

// Hands out numbers from 1 up, those given back first. Several threads may take at a time.
class SlotNumbers {
 public:
  static constexpr uint32_t kSlotsMax = (uint32_t{1} << 30) - 1;

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
    if (count > kSlotsMax - next_) std::abort();
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
    return count <= free_.size() + (kSlotsMax - next_);
  }

 private:
  mutable std::mutex mutex_;
  uint32_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  std::vector<uint32_t> free_ ABSL_GUARDED_BY(mutex_);
};

// Chunks of whole 2 MiB, aligned so that the system can map them with as few pages: nearly every
// access is to a place that no cache has, and then a missing page translation costs as much again.
template <typename T>
class SlotArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  SlotArray() : chunks_(static_cast<T**>(std::calloc(kChunksMax, sizeof(T*)))) {
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
      void* const chunk = std::aligned_alloc(kPageBytes, kChunkBytes);
      if (chunk == nullptr) throw std::bad_alloc();
      // The first stays on small pages: most trees (in tests) fill little of it.
      if (chunk_count_ > 0) madvise(chunk, kChunkBytes, MADV_HUGEPAGE);
      chunks_[chunk_count_++] = static_cast<T*>(chunk);
    }
  }

  T& operator[](size_t slot) { return chunks_[ChunkOf(slot)][slot % kPerChunk]; }
  const T& operator[](size_t slot) const { return chunks_[ChunkOf(slot)][slot % kPerChunk]; }

  // Has the slot fetched from memory, to be read or to be written.
  void Prefetch(size_t slot) const {
    const char* const first = reinterpret_cast<const char*>(&(*this)[slot]);
    __builtin_prefetch(first);
    if constexpr (sizeof(T) > 64 || 64 % sizeof(T) != 0) __builtin_prefetch(first + sizeof(T) - 1);
  }
  void PrefetchToWrite(size_t slot) {
    char* const first = reinterpret_cast<char*>(&(*this)[slot]);
    __builtin_prefetch(first, 1);
    if constexpr (sizeof(T) > 64 || 64 % sizeof(T) != 0) {
      __builtin_prefetch(first + sizeof(T) - 1, 1);
    }
  }

 private:
  static constexpr size_t kPageBytes = size_t{2} << 20;
  static constexpr size_t kPerChunk = size_t{1} << 17;
  static constexpr size_t kChunkBytes = kPerChunk * sizeof(T);
  static_assert(kChunkBytes % kPageBytes == 0);
  static constexpr size_t kChunksMax = SlotNumbers::kSlotsMax / kPerChunk + 1;
  static constexpr size_t ChunkOf(size_t slot) { return slot / kPerChunk; }

  T** const chunks_;
  size_t chunk_count_ = 0;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_SLOT_ARRAY_H_
