#include "verifier/passport_id.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "verifier/crockford.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr size_t kDigits = kCrockford128Digits;
constexpr size_t kGroup = 4;
static_assert(PassportId::kBytes == kCrockford128Bytes);

absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("not a passport id: ", what));
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
  Crockford128Reader reader(absl::MakeSpan(id.bytes_));
  for (const char c : text) {
    if (c == '-') continue;
    const unsigned value = CrockfordValue(c);
    if (symbols == kDigits) {
      if (value >= kCrockfordSymbols) {
        return Malformed("its last symbol cannot be a check symbol");
      }
      check = value;
    } else if (symbols < kDigits) {
      if (value >= kCrockfordDigits) {
        return Malformed(
            absl::StrCat("its symbol number ", symbols + 1, " is none of 0-9 and A-Z without U"));
      }
      if (symbols == 0 && value > kCrockford128FirstDigitMax) {
        return Malformed("its first symbol is above 7");
      }
      reader.Add(value);
    }
    ++symbols;
  }
  if (symbols != kDigits + 1) {
    return Malformed(absl::StrCat("it has ", symbols, " symbols instead of ", kDigits + 1));
  }
  if (check != RemainderOf(id.bytes_, kCrockfordSymbols)) {
    return Refuse(RefusalCode::kWrongCheckSymbol,
                  "the last symbol of this passport id does not fit the others: one is mistyped");
  }
  return id;
}

std::string PassportId::Format() const {
  std::string symbols(kDigits, '0');
  WriteCrockford128(bytes_, absl::MakeSpan(symbols));
  symbols.push_back(CrockfordSymbol(RemainderOf(bytes_, kCrockfordSymbols)));
  std::string text;
  for (size_t i = 0; i < symbols.size(); i += kGroup) {
    absl::StrAppend(&text, i == 0 ? "" : "-", symbols.substr(i, kGroup));
  }
  return text;
}

}  // namespace touchstone
