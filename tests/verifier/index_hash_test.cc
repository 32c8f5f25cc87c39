#include "verifier/index_hash.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

// Computed with Python's hashlib and struct from the definitions in docs/FORMAT.md section 6.
TEST(IndexHash, KeysAreThoseOfTheFormat) {
  std::string passport;
  for (char byte = 0; byte < 16; ++byte) passport.push_back(byte);
  EXPECT_EQ(DigestToHex(IndexKey(IndexKind::kPassportEntry, passport, 7)),
            "ae0081a0c520208539d8427f3f45d40b6e0b96a02bc7c62f1fe04e420beb2ef4");
  EXPECT_EQ(DigestToHex(IndexKey(IndexKind::kStewardsEntry, "", 0)),
            "b1c1a761bd22d6460b801cfaf3ead07c7f93054d4f9a65d0053a29bd491c8430");
  EXPECT_EQ(DigestToHex(IndexKey(IndexKind::kReportNumberClaim,
                                 absl::string_view("GIA\0"
                                                   "2141438167",
                                                   14),
                                 0x01020304)),
            "2806444185d746efbe386358acf7f14583525d19b83f8f3d4cb86f081f6d869a");
}

TEST(IndexHash, ValuesAreThoseOfTheFormat) {
  const Digest entry = Sha256Of("entry");
  EXPECT_EQ(DigestToHex(IndexValue(IndexEvent::kEntry, entry, 0x0102030405060708)),
            "9735f508fbd864f2db74635ab4bc8c23ce5901e41c286b3e7e59ae6a98fa35af");
  EXPECT_EQ(DigestToHex(IndexValue(IndexEvent::kResolve, entry, 2)),
            "903fc7adafba35256c82a83656f4bbfb78c2b853f6f9ed91db6df6f241e6b16f");
}

TEST(IndexHash, NodesAreThoseOfTheFormat) {
  const Digest key =
      ValueOrDie(DigestFromHex("ae0081a0c520208539d8427f3f45d40b6e0b96a02bc7c62f1fe04e420beb2ef4"));
  const Digest value =
      ValueOrDie(DigestFromHex("9735f508fbd864f2db74635ab4bc8c23ce5901e41c286b3e7e59ae6a98fa35af"));
  const Digest leaf = IndexLeafHash(key, value);
  EXPECT_EQ(DigestToHex(leaf), "6946affe1bbef2db7d59fad00c0cf6b4aa11ff085ff9a2b5512195faa9d9c996");
  EXPECT_EQ(DigestToHex(IndexNodeHash(leaf, kEmptyIndexNode)),
            "a495375460b4abf13bc1217ab1aa1dd0da6fb4e27b87d4ee065f86823925988d");
}

TEST(IndexHash, BitsCountFromTheMostSignificantOfTheFirstByte) {
  Digest key = {};
  key[0] = 0x80;
  key[1] = 0x01;
  key[31] = 0x01;
  for (size_t i = 0; i < 256; ++i) {
    EXPECT_EQ(IndexKeyBit(key, i), i == 0 || i == 15 || i == 255) << i;
  }
}

}  // namespace
}  // namespace touchstone
