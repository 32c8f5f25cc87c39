#include "verifier/signing/secret_bytes.h"

#include <sodium.h>

#include <cstring>

#include "absl/status/status.h"

namespace touchstone {

void SecretBytes::FreeGuarded::operator()(uint8_t* memory) const { sodium_free(memory); }

absl::StatusOr<SecretBytes> SecretBytes::Allocate(size_t size) {
  if (sodium_init() < 0) return absl::ResourceExhaustedError("libsodium cannot start");
  // A zero-sized guarded allocation is legal, but its pointer may be refused elsewhere.
  GuardedMemory memory(static_cast<uint8_t*>(sodium_malloc(size == 0 ? 1 : size)));
  if (memory == nullptr) {
    return absl::ResourceExhaustedError(
        "no guarded memory for a secret; is the limit on locked memory (ulimit -l) very low?");
  }
  sodium_memzero(memory.get(), size);
  return SecretBytes(std::move(memory), size);
}

absl::StatusOr<SecretBytes> SecretBytes::Random(size_t size) {
  absl::StatusOr<SecretBytes> bytes = Allocate(size);
  if (bytes.ok()) randombytes_buf(bytes->memory_.get(), size);
  return bytes;
}

absl::StatusOr<SecretBytes> SecretBytes::CopyOf(absl::Span<const uint8_t> bytes) {
  absl::StatusOr<SecretBytes> copy = Allocate(bytes.size());
  if (copy.ok() && !bytes.empty()) std::memcpy(copy->memory_.get(), bytes.data(), bytes.size());
  return copy;
}

absl::string_view SecretBytes::ExposeText() const {
  return {reinterpret_cast<const char*>(memory_.get()), size_};
}

void SecretBytes::Truncate(size_t size) {
  if (size >= size_) return;
  sodium_memzero(memory_.get() + size, size_ - size);
  size_ = size;
}

bool operator==(const SecretBytes& a, const SecretBytes& b) {
  return a.size_ == b.size_ && sodium_memcmp(a.memory_.get(), b.memory_.get(), a.size_) == 0;
}

}  // namespace touchstone
