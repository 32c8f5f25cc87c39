#include "verifier/signing/secret_key.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

static_assert(!std::is_copy_constructible_v<SecretKey>);
static_assert(!std::is_copy_assignable_v<SecretKey>);
static_assert(std::is_nothrow_move_constructible_v<SecretKey>);

absl::Span<const uint8_t> AsSpan(absl::string_view bytes) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

// RFC 8032 section 7.1, test 3. Signatures are deterministic, so these are the only right bytes.
constexpr absl::string_view kSeed =
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
constexpr absl::string_view kKey =
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
constexpr absl::string_view kSignature =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
    "6594a7c15e9716ed28dc027beceea1ec40a";

TEST(SecretKey, SignsAsTheRfcDoes) {
  const std::string seed = ValueOrDie(HexDecode(kSeed));
  const SecretKey key = ValueOrDie(SecretKey::FromSeed(AsSpan(seed)));
  EXPECT_EQ(HexEncode(key.public_key().ed25519()), kKey);
  EXPECT_EQ(HexEncode(key.Sign("\xAF\x82")), kSignature);
}

TEST(SecretKey, GivesItsSeedBackForTheKeyFile) {
  const std::string seed = ValueOrDie(HexDecode(kSeed));
  const SecretKey key = ValueOrDie(SecretKey::FromSeed(AsSpan(seed)));
  EXPECT_EQ(key.ExposeSeed(), AsSpan(seed));
}

TEST(SecretKey, GeneratesDifferentKeysThatVerify) {
  const SecretKey first = ValueOrDie(SecretKey::Generate());
  const SecretKey second = ValueOrDie(SecretKey::Generate());
  EXPECT_NE(first.public_key(), second.public_key());
  const std::string signature = first.Sign("message");
  EXPECT_THAT(first.public_key().Verify("message", signature), IsOk());
  EXPECT_THAT(second.public_key().Verify("message", signature),
              IsRefused(RefusalCode::kBadSignature));
}

TEST(SecretKey, SignsAfterAMove) {
  SecretKey first = ValueOrDie(SecretKey::Generate());
  const PublicKey public_key = first.public_key();
  SecretKey moved = std::move(first);
  EXPECT_THAT(public_key.Verify("message", moved.Sign("message")), IsOk());
  SecretKey assigned = ValueOrDie(SecretKey::Generate());
  assigned = std::move(moved);
  EXPECT_EQ(assigned.public_key(), public_key);
  EXPECT_THAT(public_key.Verify("message", assigned.Sign("message")), IsOk());
}

TEST(SecretKey, RefusesSeedsOfAnotherLength) {
  const std::string seed(33, 'x');
  for (const size_t length : {0, 31, 33}) {
    EXPECT_EQ(SecretKey::FromSeed(AsSpan(seed).first(length)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << length;
  }
}

}  // namespace
}  // namespace touchstone
