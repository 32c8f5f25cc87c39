#include "verifier/public_key.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

std::string Bytes(absl::string_view hex) { return ValueOrDie(HexDecode(hex)); }

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// What libsodium says alone, without our check of the key.
bool SodiumAccepts(absl::string_view key, absl::string_view message, absl::string_view signature) {
  return crypto_sign_verify_detached(Unsigned(signature), Unsigned(message), message.size(),
                                     Unsigned(key)) == 0;
}

bool OpenSslAccepts(absl::string_view key, absl::string_view message, absl::string_view signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Unsigned(key), key.size()),
      EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(), Unsigned(message),
                          message.size()) == 1;
}

// RFC 8032 section 7.1.
struct RfcVector {
  const char *seed, *key, *message, *signature;
};
constexpr RfcVector kRfcVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "bbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0303dca179c138ac17ad9bef1177331a704"},
};

TEST(PublicKey, AcceptsTheVectorsOfTheRfc) {
  for (const RfcVector& vector : kRfcVectors) {
    const PublicKey key = ValueOrDie(PublicKey::FromEd25519(Bytes(vector.key)));
    EXPECT_THAT(key.Verify(Bytes(vector.message), Bytes(vector.signature)), IsOk());
  }
}

TEST(PublicKey, RefusesEveryAlteredBitOfSignatureAndMessage) {
  const RfcVector& vector = kRfcVectors[2];
  const PublicKey key = ValueOrDie(PublicKey::FromEd25519(Bytes(vector.key)));
  const std::string signed_bytes = Bytes(vector.signature) + Bytes(vector.message);
  for (size_t bit = 0; bit < 8 * signed_bytes.size(); ++bit) {
    std::string altered = signed_bytes;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(
        key.Verify(absl::string_view(altered).substr(64), absl::string_view(altered).substr(0, 64)),
        IsRefused(RefusalCode::kBadSignature))
        << "bit " << bit;
  }
}

TEST(PublicKey, RefusesSignaturesOfAnotherLength) {
  const RfcVector& vector = kRfcVectors[0];
  const PublicKey key = ValueOrDie(PublicKey::FromEd25519(Bytes(vector.key)));
  const std::string signature = Bytes(vector.signature);
  EXPECT_THAT(key.Verify("", ""), IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(key.Verify("", signature.substr(0, 63)), IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(key.Verify("", signature + '\0'), IsRefused(RefusalCode::kBadSignature));
}

TEST(PublicKey, CarriesItsAlgorithm) {
  const std::string raw = Bytes(kRfcVectors[0].key);
  const PublicKey key = ValueOrDie(PublicKey::Parse("\x01" + raw));
  EXPECT_EQ(key.algorithm(), KeyAlgorithm::kEd25519);
  EXPECT_EQ(key.encoded(), "\x01" + raw);
  EXPECT_EQ(key.ed25519(), raw);
  EXPECT_EQ(key, ValueOrDie(PublicKey::FromEd25519(raw)));
  EXPECT_NE(key, ValueOrDie(PublicKey::FromEd25519(Bytes(kRfcVectors[1].key))));
  // printf '\x01\xd7\x5a...' | sha256sum
  EXPECT_EQ(DigestToHex(key.KeyId()),
            "bcd1d56b5845f21e54ce5b764fc1d5520cc2c462e08fade2668dae9353621237");
}

TEST(PublicKey, SaysThatItCannotJudgeOtherAlgorithms) {
  const std::string raw = Bytes(kRfcVectors[0].key);
  for (int type = 0; type < 256; ++type) {
    if (type == 0x01) continue;
    EXPECT_THAT(PublicKey::Parse(std::string(1, static_cast<char>(type)) + raw),
                IsRefused(RefusalCode::kUnknownKeyAlgorithm));
  }
}

TEST(PublicKey, HasExactly33Bytes) {
  const std::string encoded = "\x01" + Bytes(kRfcVectors[0].key);
  EXPECT_THAT(PublicKey::Parse(""), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(PublicKey::Parse("\x01"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(PublicKey::Parse(encoded.substr(0, 32)), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(PublicKey::Parse(encoded + '\0'), IsRefused(RefusalCode::kMalformed));
}

// The eight points of small order, and their encodings that are not canonical.
constexpr const char* kSmallOrderKeys[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
};

TEST(PublicKey, RefusesKeysOfSmallOrder) {
  for (const char* key : kSmallOrderKeys) {
    EXPECT_THAT(PublicKey::FromEd25519(Bytes(key)), IsRefused(RefusalCode::kInvalidKey)) << key;
  }
}

// y coordinates from p = 2^255 - 19 up, with either sign: another spelling of y - p.
TEST(PublicKey, RefusesEveryEncodingThatIsNotCanonical) {
  for (int low = 0xED; low <= 0xFF; ++low) {
    for (const int high : {0x7F, 0xFF}) {
      std::string key(32, '\xFF');
      key[0] = static_cast<char>(low);
      key[31] = static_cast<char>(high);
      EXPECT_THAT(PublicKey::FromEd25519(key), IsRefused(RefusalCode::kInvalidKey))
          << HexEncode(key);
    }
  }
}

TEST(PublicKey, RefusesBytesThatAreNoPoint) {
  // y = 2 lies on no point of the curve.
  std::string key(32, '\0');
  key[0] = 2;
  EXPECT_THAT(PublicKey::FromEd25519(key), IsRefused(RefusalCode::kInvalidKey));
}

TEST(PublicKey, RefusesKeysOfMixedOrder) {
  const std::string good = Bytes(kRfcVectors[0].key);
  for (const char* small : {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    unsigned char mixed[32];
    ASSERT_EQ(crypto_core_ed25519_add(mixed, Unsigned(good), Unsigned(Bytes(small))), 0);
    EXPECT_THAT(PublicKey::FromEd25519(absl::string_view(reinterpret_cast<char*>(mixed), 32)),
                IsRefused(RefusalCode::kInvalidKey));
  }
}

// The vectors of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, SSR 2020), as
// published with it (ed25519-speccheck, cases.json). They lie where implementations part.
struct EdgeCase {
  const char *message, *key, *signature;
  bool sodium_accepts;  // libsodium alone
};
constexpr EdgeCase kEdgeCases[] = {
    // 0, 1: key and, in 0, R of small order.
    {"8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a00000000000000000000000000000"
     "00000000000000000000000000000000000",
     false},
    {"9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89"
     "b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    // 2: mixed-order key, small-order R.
    {"aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
     "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27"
     "ac8751a7dfe1baff8b953ec9f5833ca260e",
     false},
    // 3: mixed-order key and R; holds with and without the cofactor.
    {"9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
     "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
     "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad"
     "7802db02eb2e688b6c52fcd6648a98bd009",
     true},
    // 4, 5: mixed-order key; holds with the cofactor only.
    {"e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
     "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
     "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911"
     "a9a6a58921d6925e434ab10aa7940551a09",
     false},
    {"e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
     "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
     "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9"
     "c03c1ceeeddb658d0030494ace586687405",
     false},
    // 6, 7: S > L, and S far beyond L.
    {"85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
     "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
     "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490d"
     "c19b3b3052f7ff0538cb68afb369ba3a514",
     false},
    {"85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
     "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
     "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d"
     "58cc3f54b8bd0d272f42b695dd7e89a8c22",
     false},
    // 8, 9: R is not canonical; hashed as reduced, and as written.
    {"9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff03be9678ac102edcd92b0210bb34d"
     "7428d12ffc5df5f37e359941266a4e35f0f",
     false},
    {"9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
     "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca8c5b64cd208982aa38d4936621a"
     "4775aa233aa0505711d8fdcfdaa943d4908",
     false},
    // 10, 11: the key is not canonical; hashed as reduced, and as written.
    {"e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89"
     "b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
    {"39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
     "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89"
     "b03984d8068dcf1bb7dfc6637b45450ac04",
     false},
};

TEST(PublicKey, RefusesEveryPublishedEdgeCase) {
  for (const EdgeCase& edge : kEdgeCases) {
    const std::string message = Bytes(edge.message);
    const std::string signature = Bytes(edge.signature);
    const absl::StatusOr<PublicKey> key = PublicKey::FromEd25519(Bytes(edge.key));
    if (key.ok()) {
      EXPECT_THAT(key->Verify(message, signature), IsRefused(RefusalCode::kBadSignature));
    } else {
      EXPECT_THAT(key, IsRefused(RefusalCode::kInvalidKey));
    }
  }
}

// Only 6 and 7 have a key that is good: there it is the signature that fails.
TEST(PublicKey, TheEdgeCasesWithGoodKeysAreThoseWithLargeS) {
  for (size_t i = 0; i < std::size(kEdgeCases); ++i) {
    EXPECT_EQ(PublicKey::FromEd25519(Bytes(kEdgeCases[i].key)).ok(), i == 6 || i == 7) << i;
  }
}

// Pins the library below us: if a later libsodium judges one of these otherwise, we want to know
// before ledgers disagree.
TEST(PublicKey, LibsodiumAloneAcceptsOneEdgeCaseOnly) {
  for (size_t i = 0; i < std::size(kEdgeCases); ++i) {
    const EdgeCase& edge = kEdgeCases[i];
    EXPECT_EQ(SodiumAccepts(Bytes(edge.key), Bytes(edge.message), Bytes(edge.signature)),
              edge.sodium_accepts)
        << i;
  }
}

// The group order L, little-endian.
constexpr absl::string_view kOrder =
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

TEST(PublicKey, RefusesTheSameSignatureWithLAddedToS) {
  for (const RfcVector& vector : kRfcVectors) {
    const PublicKey key = ValueOrDie(PublicKey::FromEd25519(Bytes(vector.key)));
    std::string signature = Bytes(vector.signature);
    const std::string order = Bytes(kOrder);
    int carry = 0;
    for (size_t i = 0; i < 32; ++i) {
      const int sum = static_cast<unsigned char>(signature[32 + i]) +
                      static_cast<unsigned char>(order[i]) + carry;
      signature[32 + i] = static_cast<char>(sum & 0xFF);
      carry = sum >> 8;
    }
    ASSERT_EQ(carry, 0);
    EXPECT_THAT(key.Verify(Bytes(vector.message), signature),
                IsRefused(RefusalCode::kBadSignature));
  }
}

// A signature that its own secret key made with the identity as R: the equation of RFC 8032 holds,
// and OpenSSL accepts it. Ports to other libraries must refuse it as we do.
TEST(PublicKey, RefusesSmallOrderRWhereTheEquationHolds) {
  const std::string seed = Bytes(kRfcVectors[0].seed);
  const std::string key = Bytes(kRfcVectors[0].key);
  const std::string message = "small order";
  std::string signature(64, '\0');
  signature[0] = 1;  // R, the identity; S comes behind

  unsigned char expanded[64];
  crypto_hash_sha512(expanded, Unsigned(seed), seed.size());
  expanded[0] &= 248;
  expanded[31] = static_cast<unsigned char>((expanded[31] & 63) | 64);
  const std::string hashed = signature.substr(0, 32) + key + message;
  unsigned char wide[64];
  crypto_hash_sha512(wide, Unsigned(hashed), hashed.size());
  unsigned char challenge[32], scalar[32], s[32];
  crypto_core_ed25519_scalar_reduce(challenge, wide);
  std::fill(std::begin(wide), std::end(wide), static_cast<unsigned char>(0));
  std::copy(expanded, expanded + 32, wide);
  crypto_core_ed25519_scalar_reduce(scalar, wide);
  crypto_core_ed25519_scalar_mul(s, challenge, scalar);
  std::copy(s, s + 32, signature.begin() + 32);

  EXPECT_TRUE(OpenSslAccepts(key, message, signature)) << "the vector itself is wrong";
  EXPECT_FALSE(SodiumAccepts(key, message, signature));
  EXPECT_THAT(ValueOrDie(PublicKey::FromEd25519(key)).Verify(message, signature),
              IsRefused(RefusalCode::kBadSignature));
}

}  // namespace
}  // namespace touchstone
