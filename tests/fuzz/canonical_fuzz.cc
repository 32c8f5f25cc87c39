// The canonical walker, on the bytes behind a first one that chooses the schema: what it accepts,
// protobuf reads, and writes again as the same bytes.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "touchstone/v1/envelope.pb.h"
#include "touchstone/v1/ownership.pb.h"
#include "touchstone/v1/passport.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/canonical.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

template <typename Message>
void Check(const WireMessage& schema, absl::string_view bytes) {
  const absl::Status status = CheckCanonical(schema, bytes);
  if (!status.ok()) {
    Expect(RefusalCodeOf(status).has_value(), "a refusal has a code");
    return;
  }
  Message message;
  Expect(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())),
         "canonical bytes are protobuf");
  Expect(message.SerializeAsString() == std::string(bytes), "a message has one encoding");
}

void Fuzz(absl::string_view input) {
  if (input.empty()) return;
  const absl::string_view bytes = input.substr(1);
  switch (input[0] % 7) {
    case 0:
      return Check<v1::Statement>(kStatementSchema, bytes);
    case 1:
      return Check<v1::Request>(kRequestSchema, bytes);
    case 2:
      return Check<v1::Envelope>(kEnvelopeSchema, bytes);
    case 3:
      return Check<v1::Passport>(kPassportSchema, bytes);
    case 4:
      return Check<v1::Receipt>(kReceiptSchema, bytes);
    case 5:
      return Check<v1::Chain>(kChainSchema, bytes);
    case 6:
      return Check<v1::OwnershipChallenge>(kOwnershipChallengeSchema, bytes);
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
