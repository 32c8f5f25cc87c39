#include "verifier/gs1_serial.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr absl::string_view kPunctuation = "!\"%&'()*+,-./:;<=>?_";
static_assert(kPunctuation.size() + 10 + 26 + 26 == 82);

}  // namespace

absl::Status ValidateGs1Serial(absl::string_view serial) {
  if (serial.empty() || serial.size() > limits::kSerialBytesMax) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a serial number has 1 to ", limits::kSerialBytesMax,
                               " characters, not ", serial.size()));
  }
  for (size_t i = 0; i < serial.size(); ++i) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(serial[i])) &&
        kPunctuation.find(serial[i]) == absl::string_view::npos) {
      return Refuse(RefusalCode::kMalformed,
                    absl::StrCat("character ", i + 1, " of the serial number is not in GS1 ",
                                 "character set 82: letters, digits and ", kPunctuation));
    }
  }
  return absl::OkStatus();
}

}  // namespace touchstone
