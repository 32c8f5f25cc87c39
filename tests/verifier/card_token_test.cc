#include "verifier/card_token.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/base32.h"
#include "verifier/hex.h"
#include "verifier/limits.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {
namespace {

constexpr absl::string_view kOrigin = "passports.example/log";

SecretKey CardKey(uint8_t fill) {
  return ValueOrDie(SecretKey::FromSeed(std::vector<uint8_t>(kEd25519SeedBytes, fill)));
}

CardText SampleText(const PublicKey& key) {
  CardText text{.card_key_id = CardKeyIdOf(key),
                .passport_id = ValueOrDie(PassportId::FromBytes(std::string(16, '\x11'))),
                .registration = {},
                .day = 0x0932,
                .serial = "A-1",
                .inscription = "GIA 2141438167",
                .title = "Solitaire"};
  text.registration.fill(0x22);
  return text;
}

CardToken Issue(const SecretKey& key, const CardText& text, absl::string_view origin = kOrigin) {
  const std::string body = ValueOrDie(EncodeCardBody(text));
  return ValueOrDie(CardToken::Assemble(body, key.Sign(CardSignedBytes(origin, body))));
}

TEST(CardToken, BodyIsAsTheFormatSays) {
  const SecretKey key = CardKey(1);
  EXPECT_EQ(HexEncode(ValueOrDie(EncodeCardBody(SampleText(key.public_key())))),
            "01" + DigestToHex(key.public_key().KeyId()).substr(0, 16) +
                "11111111111111111111111111111111"
                "2222222222222222222222222222222222222222222222222222222222222222"
                "0932"
                "03412d31"
                "0e4749412032313431343338313637"
                "09536f6c697461697265");
}

TEST(CardToken, SignedBytesNameTheLog) {
  EXPECT_EQ(CardSignedBytes("a/log", "body"), std::string("touchstone/card/v1\0\x05"
                                                          "a/logbody",
                                                          29));
}

TEST(CardToken, VerifiesAsIssued) {
  const SecretKey key = CardKey(1);
  const CardText text = SampleText(key.public_key());
  const std::string token = Issue(key, text).Format();
  const CardToken read = ValueOrDie(CardToken::Parse(token));
  EXPECT_EQ(read.text(), text);
  EXPECT_EQ(read.Format(), token);
  EXPECT_THAT(read.Verify(kOrigin, {CardKey(2).public_key(), key.public_key()}), IsOk());
}

TEST(CardToken, IsForOneLogAndOneKey) {
  const SecretKey key = CardKey(1);
  const CardToken token = Issue(key, SampleText(key.public_key()));
  EXPECT_THAT(token.Verify("test.example/log", {key.public_key()}),
              IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(token.Verify(kOrigin, {CardKey(2).public_key()}),
              IsRefused(RefusalCode::kUnknownCardKey));
  EXPECT_THAT(token.Verify(kOrigin, {}), IsRefused(RefusalCode::kUnknownCardKey));
  EXPECT_THAT(token.Verify("", {key.public_key()}), IsRefused(RefusalCode::kMalformed));
  // Signed by another key than it names.
  const CardToken forged = Issue(CardKey(2), SampleText(key.public_key()));
  EXPECT_THAT(forged.Verify(kOrigin, {key.public_key(), CardKey(2).public_key()}),
              IsRefused(RefusalCode::kBadSignature));
}

TEST(CardToken, NoFlippedBitGoesUnnoticed) {
  const SecretKey key = CardKey(1);
  const std::string good =
      ValueOrDie(Base32Decode(Issue(key, SampleText(key.public_key())).Format()));
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const absl::StatusOr<CardToken> token = CardToken::Parse(Base32Encode(bad));
    if (token.ok()) {
      EXPECT_FALSE(token->Verify(kOrigin, {key.public_key()}).ok()) << "bit " << bit;
    }
  }
}

TEST(CardToken, NoChangedLetterGoesUnnoticed) {
  const SecretKey key = CardKey(1);
  const std::string good = Issue(key, SampleText(key.public_key())).Format();
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char c : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567a=1")) {
      if (c == good[i]) continue;
      std::string bad = good;
      bad[i] = c;
      const absl::StatusOr<CardToken> token = CardToken::Parse(bad);
      if (token.ok()) {
        ASSERT_FALSE(token->Verify(kOrigin, {key.public_key()}).ok()) << i;
      }
    }
  }
}

TEST(CardToken, EveryOtherLengthIsRefused) {
  const SecretKey key = CardKey(1);
  const std::string good =
      ValueOrDie(Base32Decode(Issue(key, SampleText(key.public_key())).Format()));
  for (size_t size = 0; size < good.size(); ++size) {
    const absl::StatusOr<CardToken> token = CardToken::Parse(Base32Encode(good.substr(0, size)));
    EXPECT_FALSE(token.ok()) << size;
  }
  EXPECT_FALSE(CardToken::Parse(Base32Encode(good + "x")).ok());
  EXPECT_THAT(CardToken::Parse(std::string(limits::kCardTokenTextBytesMax + 1, 'A')),
              IsRefused(RefusalCode::kTooLarge));
}

TEST(CardToken, CannotJudgeOtherVersions) {
  const SecretKey key = CardKey(1);
  std::string bytes = ValueOrDie(Base32Decode(Issue(key, SampleText(key.public_key())).Format()));
  bytes[0] = 2;
  EXPECT_THAT(CardToken::Parse(Base32Encode(bytes)), IsRefused(RefusalCode::kUnknownVersion));
}

TEST(CardText, FitsUpToItsLimits) {
  const SecretKey key = CardKey(1);
  CardText text = SampleText(key.public_key());
  text.serial = std::string(20, '9');
  text.inscription = std::string(40, 'I');
  text.title = std::string(48, 'T');
  const std::string token = Issue(key, text).Format();
  EXPECT_EQ(token.size(), limits::kCardTokenTextBytesMax);
  EXPECT_EQ(ValueOrDie(CardToken::Parse(token)).text(), text);

  CardText serial = text;
  serial.serial.push_back('9');
  EXPECT_THAT(EncodeCardBody(serial), IsRefused(RefusalCode::kMalformed));
  CardText inscription = text;
  inscription.inscription.push_back('I');
  EXPECT_THAT(EncodeCardBody(inscription), IsRefused(RefusalCode::kTooLarge));
  CardText title = text;
  title.title.push_back('T');
  EXPECT_THAT(EncodeCardBody(title), IsRefused(RefusalCode::kTooLarge));
}

TEST(CardText, IsTextThatCanBePrinted) {
  const SecretKey key = CardKey(1);
  const CardText good = SampleText(key.public_key());
  CardText plain = good;
  plain.inscription = "";
  plain.title = "";
  EXPECT_THAT(EncodeCardBody(plain), IsOk());
  for (const absl::string_view bad : {"a\nb", "\x1B[2J", "\x7F", "\xC2\x85", "\xC2\x80", "\xFF"}) {
    CardText text = good;
    text.title = std::string(bad);
    EXPECT_THAT(EncodeCardBody(text), IsRefused(RefusalCode::kMalformed)) << bad;
    text = good;
    text.inscription = std::string(bad);
    EXPECT_THAT(EncodeCardBody(text), IsRefused(RefusalCode::kMalformed)) << bad;
  }
  CardText french = good;
  french.title = "Bague \xC2\xA0\xC3\xA9toile \xE2\x80\x94 750";
  EXPECT_THAT(EncodeCardBody(french), IsOk());
  CardText accent = good;
  accent.inscription = "\xC3\xA9toile";
  EXPECT_THAT(EncodeCardBody(accent), IsRefused(RefusalCode::kMalformed));
  CardText nameless = good;
  nameless.serial = "";
  EXPECT_THAT(EncodeCardBody(nameless), IsRefused(RefusalCode::kMalformed));
}

TEST(CutForCard, CutsBetweenCharacters) {
  EXPECT_EQ(CutForCard("short", 5), "short");
  EXPECT_EQ(CutForCard("longer", 5), "longe");
  EXPECT_EQ(CutForCard("abc\xC3\xA9", 4), "abc");
  EXPECT_EQ(CutForCard("abc\xC3\xA9", 5), "abc\xC3\xA9");
  EXPECT_EQ(CutForCard("ab\xF0\x9F\x92\x8E", 5), "ab");
  EXPECT_EQ(CutForCard("\xF0\x9F\x92\x8E", 3), "");
}

}  // namespace
}  // namespace touchstone
