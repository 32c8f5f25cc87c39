// Bytes that must not be seen: passphrases, issuer secrets, the text of key files. Not for keys to
// sign with, which are verifier/signing/secret_key.h.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_SECRET_BYTES_H_
#define TOUCHSTONE_VERIFIER_SIGNING_SECRET_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace touchstone {

// A fixed number of bytes in locked memory between guard pages, wiped when it goes. It moves, but
// is never copied unasked. The size is not secret.
class SecretBytes {
 public:
  // All zero. ResourceExhausted if no guarded memory can be had.
  static absl::StatusOr<SecretBytes> Allocate(size_t size);
  // From the system's randomness.
  static absl::StatusOr<SecretBytes> Random(size_t size);
  // The caller wipes its own copy.
  static absl::StatusOr<SecretBytes> CopyOf(absl::Span<const uint8_t> bytes);

  SecretBytes(SecretBytes&&) = default;
  SecretBytes& operator=(SecretBytes&&) = default;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Valid while this object lives, wherever it moves to.
  absl::Span<const uint8_t> Expose() const { return {memory_.get(), size_}; }
  absl::Span<uint8_t> ExposeMutable() { return {memory_.get(), size_}; }
  absl::string_view ExposeText() const;

  // Forgets what lies behind the first `size` bytes; `size` is at most size().
  void Truncate(size_t size);

  // In time that depends on the sizes only.
  friend bool operator==(const SecretBytes& a, const SecretBytes& b);
  friend bool operator!=(const SecretBytes& a, const SecretBytes& b) { return !(a == b); }

 private:
  struct FreeGuarded {
    void operator()(uint8_t* memory) const;
  };
  using GuardedMemory = std::unique_ptr<uint8_t[], FreeGuarded>;

  SecretBytes(GuardedMemory memory, size_t size) : memory_(std::move(memory)), size_(size) {}

  GuardedMemory memory_;
  size_t size_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_SECRET_BYTES_H_
