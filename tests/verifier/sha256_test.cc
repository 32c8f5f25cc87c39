// Built twice, once with each implementation of verifier/sha256.h.
#include "verifier/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace touchstone {
namespace {

// NIST's examples for FIPS 180-4, and the empty message.
struct Vector {
  std::string message, digest;
};
const Vector kVectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnop"
     "q"
     "rsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {std::string(1'000'000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

TEST(Sha256, AgreesWithTheStandard) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(DigestToHex(Sha256Of(vector.message)), vector.digest);
  }
}

TEST(Sha256, PartsAreConcatenated) {
  EXPECT_EQ(DigestToHex(Sha256Of({"", "a", "bc", ""})), kVectors[1].digest);
  EXPECT_EQ(DigestToHex(Sha256Of(absl::Span<const absl::string_view>())), kVectors[0].digest);
}

// Every length around the block size of 64 bytes and the padding's edge at 56, cut at every place.
TEST(Sha256, StreamingAgreesWithOneShotAcrossBlocks) {
  for (size_t length = 0; length <= 200; ++length) {
    const std::string message(length, 'x');
    const Digest expected = Sha256Of(message);
    for (size_t cut = 0; cut <= length; ++cut) {
      Sha256 hash;
      hash.Update(absl::string_view(message).substr(0, cut));
      hash.Update(absl::string_view(message).substr(cut));
      ASSERT_EQ(hash.Final(), expected) << length << " cut at " << cut;
    }
  }
}

TEST(Sha256, ACopyContinuesFromItsPrefix) {
  Sha256 prefix;
  prefix.Update("ab");
  Sha256 copy = prefix;
  copy.Update("c");
  EXPECT_EQ(DigestToHex(copy.Final()), kVectors[1].digest);
  EXPECT_EQ(prefix.Final(), Sha256Of("ab"));
  prefix = Sha256();
  EXPECT_EQ(DigestToHex(prefix.Final()), kVectors[0].digest);
}

}  // namespace
}  // namespace touchstone
