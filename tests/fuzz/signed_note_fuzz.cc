// Notes and verifier keys: what is read is written back the same.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/signed_note.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  if (const absl::StatusOr<VerifierKey> key = VerifierKey::Parse(input); key.ok()) {
    Expect(key->Format() == input, "a verifier key has one text");
  }
  const absl::StatusOr<SignedNote> note = SignedNote::Parse(input);
  if (!note.ok()) return;
  const absl::StatusOr<std::string> written = FormatNote(note->text(), note->signatures());
  Expect(written.ok() && *written == input, "a note has one text");
  static const absl::StatusOr<VerifierKey> known =
      VerifierKey::Parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  if (VerifyNote(*note, {*known}).ok()) {
    Expect(note->text() == "This is an example message.\n", "the example key signed one text only");
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
