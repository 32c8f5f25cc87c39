// Numbers, texts and libsodium's two primitives for the second reader, which shares no code with
// verifier/: it is written from docs/FORMAT.md alone. Not for anything but tests.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_BYTES_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace touchstone::second_reader {

// Two of the three answers of docs/FORMAT.md; OK is the third.
absl::Status Refused(const std::string& why);
absl::Status CannotJudge(const std::string& why);
// "verified", "refused" or "cannot_judge".
std::string AnswerOf(const absl::Status& status);

std::string Sha256(const std::string& bytes);
// RFC 2104.
std::string HmacSha256(const std::string& key, const std::string& message);

// Section 1: `type ‖ key`.
absl::Status CheckKey(const std::string& key);
absl::Status CheckSignature(const std::string& key, const std::string& message,
                            const std::string& signature);

// `width` bytes, big-endian.
std::string Number(uint64_t value, size_t width);

// Takes bytes off the front. Once there are too few, everything taken is empty or zero.
class Cursor {
 public:
  explicit Cursor(std::string bytes) : bytes_(std::move(bytes)) {}

  std::string Take(size_t count);
  uint64_t TakeNumber(size_t width);
  // Everything was there, and nothing is left.
  bool TookAll() const { return !short_ && at_ == bytes_.size(); }
  bool CameShort() const { return short_; }

 private:
  std::string bytes_;
  size_t at_ = 0;
  bool short_ = false;
};

// Each refuses what no encoder writes.
absl::StatusOr<std::string> FromHex(const std::string& text);
absl::StatusOr<std::string> FromBase64(const std::string& text);
absl::StatusOr<std::string> FromBase32(const std::string& text);
// Digits without a leading zero, at most `max`.
absl::StatusOr<uint64_t> FromDecimal(const std::string& text, uint64_t max);
std::string ToBase64(const std::string& bytes);
std::string ToHex(const std::string& bytes);

bool IsUtf8(const std::string& text);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_BYTES_H_
