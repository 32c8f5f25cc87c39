// Links and passport ids: what is read means the same when it is written and read again.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/digital_link.h"
#include "verifier/passport_id.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  if (const absl::StatusOr<PassportId> id = PassportId::Parse(input); id.ok()) {
    const absl::StatusOr<PassportId> again = PassportId::Parse(id->Format());
    Expect(again.ok() && *again == *id, "a passport id reads as it was written");
  }
  const absl::StatusOr<DigitalLink> link = DigitalLink::Parse(input);
  if (!link.ok()) return;
  const absl::StatusOr<DigitalLink> again = DigitalLink::Parse(link->Format());
  // Percent-encoding can make a link longer than it came.
  if (!again.ok()) {
    Expect(again.status().code() == absl::StatusCode::kInvalidArgument &&
               link->Format().size() > input.size(),
           "a link reads as it was written");
    return;
  }
  Expect(again->key() == link->key() && again->token() == link->token() &&
             again->resolver() == link->resolver(),
         "a link says the same when it is read again");
  Expect(DigitalLink::Create(link->resolver(), link->key(), link->token()).ok(),
         "what a link says makes a link");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
