#include "registry/storage/write_batch.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {

void WriteBatch::Put(absl::string_view key, absl::string_view value) {
  Append(Kind::kPut, key, value);
}

void WriteBatch::Delete(absl::string_view key) { Append(Kind::kDelete, key, absl::string_view()); }

void WriteBatch::Clear() {
  changes_.clear();
  count_ = 0;
  violation_.clear();
}

void WriteBatch::Append(Kind kind, absl::string_view key, absl::string_view value) {
  if (!violation_.empty()) return;  // never committed, so not worth the memory
  const size_t position = count_++;
  if (key.empty() || key.size() > kMaxKeyBytes) {
    violation_ = absl::StrCat("the key of change ", position, " has ", key.size(),
                              " bytes; a key has 1 to ", kMaxKeyBytes);
    return;
  }
  if (value.size() > kMaxValueBytes) {
    violation_ = absl::StrCat("the value of change ", position, " has ", value.size(),
                              " bytes; a value has at most ", kMaxValueBytes);
    return;
  }
  if (changes_.size() + kChangeOverheadBytes + key.size() + value.size() > kMaxBatchBytes) {
    violation_ = absl::StrCat("with change ", position, " the batch exceeds ", kMaxBatchBytes,
                              " bytes; commit it in parts");
    return;
  }
  // Both fit: the bounds above are far below 2^32.
  const uint32_t lengths[] = {static_cast<uint32_t>(key.size()),
                              static_cast<uint32_t>(value.size())};
  static_assert(sizeof(Kind) + sizeof(lengths) == kChangeOverheadBytes);
  char header[kChangeOverheadBytes];
  header[0] = static_cast<char>(kind);
  std::memcpy(header + 1, lengths, sizeof(lengths));
  changes_.append(header, sizeof(header));
  changes_.append(key.data(), key.size());
  changes_.append(value.data(), value.size());
}

void WriteBatch::ForEach(absl::FunctionRef<void(const Change&)> visit) const {
  absl::string_view rest = changes_;
  while (!rest.empty()) {
    uint32_t lengths[2];
    std::memcpy(lengths, rest.data() + 1, sizeof(lengths));
    Change change;
    change.kind = static_cast<Kind>(rest[0]);
    change.key = rest.substr(kChangeOverheadBytes, lengths[0]);
    change.value = rest.substr(kChangeOverheadBytes + lengths[0], lengths[1]);
    rest.remove_prefix(kChangeOverheadBytes + lengths[0] + lengths[1]);
    visit(change);
  }
}

}  // namespace touchstone::storage
