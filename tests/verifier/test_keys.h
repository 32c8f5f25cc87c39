// Signing keys for tests: the same ones in every run, each from a number.
#ifndef TOUCHSTONE_TESTS_VERIFIER_TEST_KEYS_H_
#define TOUCHSTONE_TESTS_VERIFIER_TEST_KEYS_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signed_note.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

inline SecretKey TestKey(uint8_t number) {
  std::array<uint8_t, kEd25519SeedBytes> seed;
  seed.fill(number);
  return ValueOrDie(SecretKey::FromSeed(seed));
}

inline VerifierKey LogKey(absl::string_view name, const SecretKey& key) {
  return ValueOrDie(VerifierKey::Create(name, NoteSignatureType::kEd25519, key.public_key()));
}

inline VerifierKey WitnessKey(absl::string_view name, const SecretKey& key) {
  return ValueOrDie(VerifierKey::Create(name, NoteSignatureType::kCosignatureV1, key.public_key()));
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_TEST_KEYS_H_
