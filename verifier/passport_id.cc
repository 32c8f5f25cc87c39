#include "verifier/passport_id.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// Crockford's: the first 32 are digits, and all 37 can be the check symbol.
constexpr absl::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
constexpr unsigned kDigitValues = 32;
constexpr unsigned kCheckValues = 37;
static_assert(kSymbols.size() == kCheckValues);

// 128 bits and two zero bits before them.
constexpr size_t kDigits = 26;
constexpr unsigned kFirstDigitMax = 7;
constexpr size_t kGroup = 4;

absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("not a passport id: ", what));
}

// The value of a symbol as people write it; kSymbols.size() for none.
unsigned ValueOf(char symbol) {
  char c = absl::ascii_toupper(static_cast<unsigned char>(symbol));
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  return static_cast<unsigned>(std::min(kSymbols.find(c), kSymbols.size()));
}

unsigned CheckValue(absl::string_view id) {
  unsigned remainder = 0;
  for (const char byte : id) {
    remainder = (remainder * 256 + static_cast<unsigned char>(byte)) % kCheckValues;
  }
  return remainder;
}

}  // namespace

absl::string_view PassportId::bytes() const {
  return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
}

absl::StatusOr<PassportId> PassportId::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kBytes) {
    return Malformed(absl::StrCat("it has ", bytes.size(), " bytes instead of ", kBytes));
  }
  PassportId id;
  std::copy(bytes.begin(), bytes.end(), id.bytes_.begin());
  return id;
}

absl::StatusOr<PassportId> PassportId::Parse(absl::string_view text) {
  if (text.size() > limits::kPassportIdTextBytesMax) return Malformed("it is too long");
  PassportId id;
  size_t symbols = 0;
  unsigned check = 0;
  // The digits from the left, as bits that wait for the rest of their byte.
  unsigned pending = 0;
  int pending_bits = -2;
  size_t filled = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const unsigned value = ValueOf(c);
    if (symbols == kDigits) {
      if (value >= kCheckValues) return Malformed("its last symbol cannot be a check symbol");
      check = value;
    } else if (symbols < kDigits) {
      if (value >= kDigitValues) {
        return Malformed(
            absl::StrCat("its symbol number ", symbols + 1, " is none of 0-9 and A-Z without U"));
      }
      if (symbols == 0 && value > kFirstDigitMax) return Malformed("its first symbol is above 7");
      pending = (pending << 5) | value;
      pending_bits += 5;
      if (pending_bits >= 8) {
        pending_bits -= 8;
        id.bytes_[filled++] = static_cast<uint8_t>(pending >> pending_bits);
        pending &= (1u << pending_bits) - 1;
      }
    }
    ++symbols;
  }
  if (symbols != kDigits + 1) {
    return Malformed(absl::StrCat("it has ", symbols, " symbols instead of ", kDigits + 1));
  }
  if (check != CheckValue(id.bytes())) {
    return Refuse(RefusalCode::kWrongCheckSymbol,
                  "the last symbol of this passport id does not fit the others: one is mistyped");
  }
  return id;
}

std::string PassportId::Format() const {
  std::string symbols;
  unsigned pending = 0;
  int pending_bits = 2;  // the two zero bits in front
  for (const uint8_t byte : bytes_) {
    pending = (pending << 8) | byte;
    pending_bits += 8;
    while (pending_bits >= 5) {
      pending_bits -= 5;
      symbols.push_back(kSymbols[pending >> pending_bits]);
      pending &= (1u << pending_bits) - 1;
    }
  }
  symbols.push_back(kSymbols[CheckValue(bytes())]);
  std::string text;
  for (size_t i = 0; i < symbols.size(); i += kGroup) {
    absl::StrAppend(&text, i == 0 ? "" : "-", symbols.substr(i, kGroup));
  }
  return text;
}

}  // namespace touchstone
