#include "verifier/hex.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// The value of a digit, or -1.
int DigitValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string HexEncode(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

absl::StatusOr<std::string> HexDecode(absl::string_view hex) {
  if (hex.size() % 2 != 0) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("hexadecimal text has an odd number of digits: ", hex.size()));
  }
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = DigitValue(hex[i]);
    const int low = DigitValue(hex[i + 1]);
    if (high < 0 || low < 0) {
      return Refuse(RefusalCode::kMalformed,
                    absl::StrCat("not a hexadecimal digit at character ", high < 0 ? i : i + 1));
    }
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(high << 4 | low)));
  }
  return bytes;
}

}  // namespace touchstone
