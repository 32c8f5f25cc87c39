// Card tokens, as the bytes that their base 32 text stands for, and as text: what is read is
// written back the same.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/base32.h"
#include "verifier/card_token.h"

namespace touchstone {
namespace {

void Check(absl::string_view text) {
  const absl::StatusOr<std::string> bytes = Base32Decode(text);
  if (bytes.ok()) Expect(Base32Encode(*bytes) == text, "bytes have one base 32 text");
  const absl::StatusOr<CardToken> token = CardToken::Parse(text);
  if (!token.ok()) return;
  Expect(token->Format() == text, "a card token has one text");
  const absl::StatusOr<std::string> body = EncodeCardBody(token->text());
  Expect(body.ok() && bytes->substr(0, bytes->size() - kEd25519SignatureBytes) == *body,
         "a card's text has one body");
  Expect(!token->Verify("example/log", {}).ok(), "no key, no card");
}

void Fuzz(absl::string_view input) {
  Check(input);
  Check(Base32Encode(input));
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
