// Serial numbers as GS1 has them in application identifier 21 (GS1 General Specifications, section
// 3.5.2 and figure 7.11-1).
#ifndef TOUCHSTONE_VERIFIER_GS1_SERIAL_H_
#define TOUCHSTONE_VERIFIER_GS1_SERIAL_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone {

// OK for 1 to limits::kSerialBytesMax characters of GS1 character set 82; kMalformed otherwise.
absl::Status ValidateGs1Serial(absl::string_view serial);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_GS1_SERIAL_H_
