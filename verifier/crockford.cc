#include "verifier/crockford.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace touchstone {
namespace {

// Digits first; all 37 can be Crockford's check symbol.
constexpr absl::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
static_assert(kSymbols.size() == kCrockfordSymbols);

}  // namespace

char CrockfordSymbol(unsigned value) { return kSymbols[value]; }

unsigned CrockfordValue(char symbol) {
  char c = absl::ascii_toupper(static_cast<unsigned char>(symbol));
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  return static_cast<unsigned>(std::min(kSymbols.find(c), kSymbols.size()));
}

void WriteCrockford128(absl::Span<const uint8_t> bytes, absl::Span<char> digits) {
  size_t written = 0;
  unsigned pending = 0;
  int pending_bits = 2;  // the two zero bits in front
  for (const uint8_t byte : bytes) {
    pending = (pending << 8) | byte;
    pending_bits += 8;
    while (pending_bits >= 5) {
      pending_bits -= 5;
      digits[written++] = kSymbols[pending >> pending_bits];
      pending &= (1u << pending_bits) - 1;
    }
  }
}

void Crockford128Reader::Add(unsigned digit) {
  pending_ = (pending_ << 5) | digit;
  pending_bits_ += 5;
  if (pending_bits_ < 8 || filled_ == bytes_.size()) return;
  pending_bits_ -= 8;
  bytes_[filled_++] = static_cast<uint8_t>(pending_ >> pending_bits_);
  pending_ &= (1u << pending_bits_) - 1;
}

uint32_t RemainderOf(absl::Span<const uint8_t> bytes, uint32_t modulus) {
  uint32_t remainder = 0;
  for (const uint8_t byte : bytes) remainder = (remainder * 256 + byte) % modulus;
  return remainder;
}

}  // namespace touchstone
