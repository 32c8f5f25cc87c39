// Keys: whatever the 32 bytes, our test for the main subgroup and libsodium's multiplication by its
// order agree; so they do for the points made of them, with one of small order added.
#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/expect.h"
#include "verifier/ed25519_subgroup.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

constexpr size_t kPointBytes = 32;

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

void ExpectAgreement(absl::string_view encoding) {
  Expect(
      IsInMainSubgroup(encoding) == (crypto_core_ed25519_is_valid_point(Unsigned(encoding)) == 1),
      "both tests for the main subgroup agree");
}

void Fuzz(absl::string_view input) {
  if (input.size() < kPointBytes) {
    Expect(!IsInMainSubgroup(input), "a point has 32 bytes");
    return;
  }
  const absl::string_view encoding = input.substr(0, kPointBytes);
  ExpectAgreement(encoding);

  std::string point(kPointBytes, '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(point.data());
  crypto_core_ed25519_from_uniform(bytes, Unsigned(encoding));
  ExpectAgreement(point);
  static const std::string order_8 =
      HexDecode("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05").value();
  for (int multiple = 1; multiple < 8; ++multiple) {
    Expect(crypto_core_ed25519_add(bytes, bytes, Unsigned(order_8)) == 0, "both are points");
    Expect(!IsInMainSubgroup(point), "no point of mixed order is accepted");
    ExpectAgreement(point);
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
