#include "verifier/signing/passport_id_derivation.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

DerivationSecret Secret(uint8_t first) {
  std::vector<uint8_t> bytes;
  for (uint8_t i = 0; i < DerivationSecret::kBytes; ++i) {
    bytes.push_back(static_cast<uint8_t>(first + i));
  }
  return ValueOrDie(DerivationSecret::FromBytes(bytes));
}

ParticipantId Participant(absl::string_view id) { return ValueOrDie(ParticipantId::Parse(id)); }

PassportId Derive(const DerivationSecret& secret, absl::string_view origin,
                  absl::string_view participant, absl::string_view serial) {
  return ValueOrDie(DerivePassportId(secret, origin, Participant(participant), serial));
}

// Computed with Python's hmac from the words of docs/FORMAT.md, section 11.
TEST(PassportIdDerivation, IsAsTheFormatSays) {
  EXPECT_EQ(HexEncode(Derive(Secret(0), "passports.example/log", "maison-example", "A-1").bytes()),
            "6a0dc3ada1af60e8f4aa541a1d9e3b8e");
}

TEST(PassportIdDerivation, NonceIsAsTheFormatSays) {
  EXPECT_EQ(HexEncode(DeriveNonce(Secret(0), "statement")), "cdbacce84aad92a208b30595e6ff7490");
}

TEST(PassportIdDerivation, EveryInputCounts) {
  const std::set<PassportId> ids = {
      Derive(Secret(0), "a.example/log", "house", "1"),
      Derive(Secret(1), "a.example/log", "house", "1"),
      Derive(Secret(0), "b.example/log", "house", "1"),
      Derive(Secret(0), "a.example/log", "house2", "1"),
      Derive(Secret(0), "a.example/log", "house", "21"),
      Derive(Secret(0), "a.example/log", "hous", "e1"),
  };
  EXPECT_EQ(ids.size(), 6u);
}

TEST(PassportIdDerivation, RefusesWhatCannotBeOneOfThem) {
  const DerivationSecret secret = Secret(0);
  const ParticipantId house = Participant("house");
  EXPECT_THAT(DerivePassportId(secret, "", house, "1"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DerivePassportId(secret, "a/log", house, ""), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DerivePassportId(secret, "a/log", house, std::string(21, 'x')),
              IsRefused(RefusalCode::kMalformed));
}

TEST(DerivationSecret, Has32Bytes) {
  for (const size_t size : {0, 16, 31, 33, 64}) {
    EXPECT_EQ(DerivationSecret::FromBytes(std::vector<uint8_t>(size)).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  const DerivationSecret a = ValueOrDie(DerivationSecret::Generate());
  const DerivationSecret b = ValueOrDie(DerivationSecret::Generate());
  EXPECT_EQ(a.ExposeBytes().size(), 32u);
  EXPECT_NE(a.ExposeBytes(), b.ExposeBytes());
}

}  // namespace
}  // namespace touchstone
