#include "verifier/signing/key_file_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

using ::testing::HasSubstr;

// The first key pair of RFC 8032, section 7.1.
constexpr char kSeed[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr char kPublic[] = "01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

// So cheap that a test can afford it.
constexpr PassphraseCost kCheap = {1, size_t{8} << 10};

SecretBytes Secret(absl::string_view text) {
  return ValueOrDie(
      SecretBytes::CopyOf({reinterpret_cast<const uint8_t*>(text.data()), text.size()}));
}

SecretKey TestKey() {
  return ValueOrDie(SecretKey::FromSeed(Secret(ValueOrDie(HexDecode(kSeed))).Expose()));
}

std::string PlainText() {
  return absl::StrCat("touchstone-key v1\nlabel steward anna\npublic-key ", kPublic,
                      "\nsecret plain ", kSeed, "\n");
}

std::string SealedText(absl::string_view passphrase) {
  const SecretBytes secret = Secret(passphrase);
  return std::string(ValueOrDie(EncodeKeyFile(TestKey(), "steward anna",
                                              KeyProtection::Passphrase(secret, kCheap)))
                         .ExposeText());
}

TEST(KeyFileTextTest, PlainKeyIsWrittenAsTheFormatSays) {
  const SecretBytes text =
      ValueOrDie(EncodeKeyFile(TestKey(), "steward anna", KeyProtection::Plain()));
  EXPECT_EQ(text.ExposeText(), PlainText());
}

TEST(KeyFileTextTest, PlainKeyIsReadBack) {
  const KeyFile file = ValueOrDie(KeyFile::Parse(PlainText()));
  EXPECT_EQ(file.kind(), KeyFile::Kind::kSigningKey);
  EXPECT_EQ(file.label(), "steward anna");
  EXPECT_FALSE(file.needs_passphrase());
  ASSERT_TRUE(file.public_key().has_value());
  EXPECT_EQ(HexEncode(file.public_key()->encoded()), kPublic);
  const SecretKey key = ValueOrDie(file.OpenSigningKey(nullptr));
  EXPECT_EQ(key.public_key(), TestKey().public_key());
}

TEST(KeyFileTextTest, SealedKeyShowsItsPublicPartAndOpensForItsPassphraseOnly) {
  const std::string text = SealedText("correct horse");
  EXPECT_FALSE(absl::StrContains(text, kSeed));
  const KeyFile file = ValueOrDie(KeyFile::Parse(text));
  EXPECT_TRUE(file.needs_passphrase());
  EXPECT_EQ(HexEncode(file.public_key()->encoded()), kPublic);

  const SecretBytes right = Secret("correct horse");
  const SecretBytes wrong = Secret("correct horsf");
  EXPECT_EQ(ValueOrDie(file.OpenSigningKey(&right)).public_key(), TestKey().public_key());
  EXPECT_EQ(file.OpenSigningKey(&wrong).status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(file.OpenSigningKey(nullptr).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(KeyFileTextTest, TwoFilesOfOneKeyShareNoSalt) {
  EXPECT_NE(SealedText("correct horse"), SealedText("correct horse"));
}

// Written by an earlier build: what people have on disk must stay readable.
TEST(KeyFileTextTest, ReadsASealedFileFromBefore) {
  constexpr char kFile[] =
      "touchstone-key v1\n"
      "label steward anna\n"
      "public-key 01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n"
      "secret argon2id13 passes=2 memory=65536 salt=1da44934c42340f05dc2226a2fd5453c\n"
      "sealed xchacha20poly1305 nonce=ba49f593c84fd531214828c49a4a30e40973cabbbb4f40a9 "
      "f4e3467a7c80c5461eaf995cd10e694d2a5df552ffd58db5f8bc45f3d0592038ecf300b023152648a2bb81e17181"
      "c03e\n";
  const KeyFile file = ValueOrDie(KeyFile::Parse(kFile));
  const SecretBytes passphrase = Secret("correct horse");
  EXPECT_EQ(HexEncode(ValueOrDie(file.OpenSigningKey(&passphrase)).public_key().encoded()),
            kPublic);
}

TEST(KeyFileTextTest, EveryChangedCharacterOfASealedFileIsNoticed) {
  const std::string text = SealedText("correct horse");
  const SecretBytes passphrase = Secret("correct horse");
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '1' ? '2' : '1';
    const absl::StatusOr<KeyFile> file = KeyFile::Parse(changed);
    if (!file.ok()) continue;
    EXPECT_FALSE(file->OpenSigningKey(&passphrase).ok()) << "at " << i << ": " << changed;
  }
}

TEST(KeyFileTextTest, EveryPrefixIsRefused) {
  for (const std::string& text : {PlainText(), SealedText("correct horse")}) {
    for (size_t size = 0; size < text.size(); ++size) {
      EXPECT_FALSE(KeyFile::Parse(absl::string_view(text).substr(0, size)).ok()) << size;
    }
    EXPECT_FALSE(KeyFile::Parse(absl::StrCat(text, "\n")).ok());
  }
}

TEST(KeyFileTextTest, IssuerSecretIsItsOwnKind) {
  const DerivationSecret secret = ValueOrDie(DerivationSecret::Generate());
  const SecretBytes passphrase = Secret("p");
  for (const KeyProtection& protection :
       {KeyProtection::Plain(), KeyProtection::Passphrase(passphrase, kCheap)}) {
    const SecretBytes text =
        ValueOrDie(EncodeIssuerSecretFile(secret, "ids of the house", protection));
    EXPECT_TRUE(absl::StartsWith(text.ExposeText(), "touchstone-secret v1\n"));
    const KeyFile file = ValueOrDie(KeyFile::Parse(text.ExposeText()));
    EXPECT_EQ(file.kind(), KeyFile::Kind::kIssuerSecret);
    EXPECT_FALSE(file.public_key().has_value());
    const DerivationSecret opened = ValueOrDie(file.OpenIssuerSecret(&passphrase));
    EXPECT_EQ(opened.ExposeBytes(), secret.ExposeBytes());
    EXPECT_EQ(file.OpenSigningKey(&passphrase).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_EQ(ValueOrDie(KeyFile::Parse(PlainText())).OpenIssuerSecret(nullptr).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(KeyFileTextTest, PublicKeyOfAnotherSecretIsRefused) {
  const std::string other =
      "013d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";  // RFC 8032, test 2
  const std::string text = absl::StrReplaceAll(PlainText(), {{kPublic, other}});
  const KeyFile file = ValueOrDie(KeyFile::Parse(text));
  EXPECT_THAT(std::string(file.OpenSigningKey(nullptr).status().message()),
              HasSubstr("not that of its secret"));
}

TEST(KeyFileTextTest, CostsOutOfBoundsAreNotPaid) {
  const std::string text = SealedText("correct horse");
  const std::string cost = "passes=1 memory=8192";
  ASSERT_TRUE(absl::StrContains(text, cost));
  for (const char* other : {"passes=0 memory=8192", "passes=17 memory=8192", "passes=1 memory=8191",
                            "passes=1 memory=1073741825", "passes=1 memory=18446744073709551615",
                            "passes=99999999999999999999 memory=8192", "passes=1 memory=-1"}) {
    const std::string changed = absl::StrReplaceAll(text, {{cost, other}});
    EXPECT_EQ(KeyFile::Parse(changed).status().code(), absl::StatusCode::kInvalidArgument) << other;
  }
  const SecretBytes passphrase = Secret("p");
  EXPECT_FALSE(EncodeKeyFile(TestKey(), "x",
                             KeyProtection::Passphrase(passphrase, {1, (size_t{1} << 30) + 1}))
                   .ok());
}

TEST(KeyFileTextTest, LaterVersionsAreToldFromOtherFiles) {
  EXPECT_EQ(KeyFile::Parse("touchstone-key v2\n").status().code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(KeyFile::Parse("-----BEGIN PRIVATE KEY-----\n").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(KeyFileTextTest, MessagesNameTheLineAndNeverQuoteIt) {
  const absl::Status status =
      KeyFile::Parse(absl::StrReplaceAll(PlainText(), {{"secret plain ", "secret plain x"}}))
          .status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 4"));
  EXPECT_FALSE(absl::StrContains(status.message(), absl::string_view(kSeed).substr(0, 8)));
}

TEST(KeyFileTextTest, LabelsAreOneLineOfText) {
  for (const std::string& label :
       {std::string(), std::string("two\nlines"), std::string("a\x7f"), std::string("\xff"),
        std::string(kKeyFileLabelBytesMax + 1, 'a')}) {
    EXPECT_FALSE(EncodeKeyFile(TestKey(), label, KeyProtection::Plain()).ok()) << label;
  }
  const std::string longest(kKeyFileLabelBytesMax, 'a');
  const SecretBytes text = ValueOrDie(EncodeKeyFile(TestKey(), longest, KeyProtection::Plain()));
  EXPECT_EQ(ValueOrDie(KeyFile::Parse(text.ExposeText())).label(), longest);
}

TEST(KeyFileTextTest, EmptyAndOverlongPassphrasesAreRefused) {
  for (const size_t size : {size_t{0}, kPassphraseBytesMax + 1}) {
    const SecretBytes passphrase = Secret(std::string(size, 'p'));
    EXPECT_EQ(EncodeKeyFile(TestKey(), "x", KeyProtection::Passphrase(passphrase, kCheap))
                  .status()
                  .code(),
              absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace touchstone
