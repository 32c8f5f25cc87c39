// Passport, cards and absence files: no file is two of them, and what is opened is sealed again the
// same.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/container.h"

namespace touchstone {
namespace {

bool Check(ContainerType type, absl::string_view input) {
  const absl::StatusOr<absl::string_view> message = OpenContainer(type, input);
  if (!message.ok()) return false;
  const absl::StatusOr<std::string> file = SealContainer(type, *message);
  Expect(file.ok() && *file == input, "a message has one file");
  return true;
}

void Fuzz(absl::string_view input) {
  const bool is_passport = Check(ContainerType::kPassport, input);
  const bool is_cards = Check(ContainerType::kCards, input);
  const bool is_absence = Check(ContainerType::kAbsence, input);
  Expect(is_passport + is_cards + is_absence <= 1, "a file is of one type");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
