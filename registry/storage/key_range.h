// The part of a Store's key space that a scan walks. Keys are ordered as by memcmp, a prefix before
// its extensions.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_KEY_RANGE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_KEY_RANGE_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace touchstone::storage {

class KeyRange {
 public:
  // Every key that starts with `prefix`; with an empty one, every key.
  static KeyRange Prefix(absl::string_view prefix);

  // Keys k with begin <= k < end. An empty `begin` starts at the first key, an empty `end` means no
  // end. If `end` is not empty and not behind `begin`, the range holds nothing.
  static KeyRange Between(absl::string_view begin, absl::string_view end);

  // The keys of this range that come after `key`: for reading a long range in pages.
  KeyRange After(absl::string_view key) const;

  const std::string& begin() const { return begin_; }  // inclusive
  const std::string& end() const { return end_; }      // exclusive; empty: no end
  bool Contains(absl::string_view key) const;

 private:
  KeyRange(std::string begin, std::string end) : begin_(std::move(begin)), end_(std::move(end)) {}

  std::string begin_;
  std::string end_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_KEY_RANGE_H_
