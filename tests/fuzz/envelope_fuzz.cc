// Envelopes: what is read is made again of its parts, and no signature of a stranger holds.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/envelope.h"
#include "verifier/envelope_signature.h"

namespace touchstone {
namespace {

// RFC 8032, section 7.1, test 1; nothing here is signed with it.
PublicKey StrangersKey() {
  static const absl::StatusOr<PublicKey> key = PublicKey::Parse(
      absl::string_view("\x01\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a\x0e"
                        "\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a",
                        PublicKey::kEncodedBytes));
  return *key;
}

void Check(PayloadType type, absl::string_view input) {
  const absl::StatusOr<Envelope> envelope = Envelope::Parse(type, input);
  if (!envelope.ok()) return;
  const absl::StatusOr<Envelope> made =
      Envelope::Create(type, envelope->payload(), envelope->signatures());
  Expect(made.ok() && made->bytes() == input, "an envelope has one encoding");
  const absl::StatusOr<Envelope> combined = CombineEnvelopes(*envelope, *made);
  Expect(combined.ok() && combined->bytes() == input, "an envelope adds nothing to itself");
  for (EnvelopeSignature signature : envelope->signatures()) {
    signature.keyid = StrangersKey().KeyId();
    Expect(!VerifyEnvelopeSignature(*envelope, signature, StrangersKey(), "example/log").ok(),
           "nobody signs for a stranger");
  }
}

void Fuzz(absl::string_view input) {
  Check(PayloadType::kStatement, input);
  Check(PayloadType::kRequest, input);
  Check(PayloadType::kOwnershipProof, input);
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
