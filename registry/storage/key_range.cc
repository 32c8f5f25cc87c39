#include "registry/storage/key_range.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace touchstone::storage {

KeyRange KeyRange::Prefix(absl::string_view prefix) {
  // The first key behind all those that start with the prefix: its last byte that can grow, grown
  // by one. A prefix of 0xff bytes only (or none) has nothing behind it.
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return KeyRange(std::string(prefix), std::move(end));
}

KeyRange KeyRange::Between(absl::string_view begin, absl::string_view end) {
  return KeyRange(std::string(begin), std::string(end));
}

KeyRange KeyRange::After(absl::string_view key) const {
  // The least string above `key` is `key` with a zero byte behind it.
  std::string next(key);
  next.push_back('\0');
  return KeyRange(std::max(begin_, next), end_);
}

bool KeyRange::Contains(absl::string_view key) const {
  return key >= begin_ && (end_.empty() || key < end_);
}

}  // namespace touchstone::storage
