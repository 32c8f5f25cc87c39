#include "verifier/signed_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/test_keys.h"
#include "verifier/base64.h"
#include "verifier/hex.h"
#include "verifier/limits.h"
#include "verifier/signing/note_signer.h"

namespace touchstone {
namespace {

using ::testing::ElementsAre;

// The example of C2SP signed-note v1.0.0.
constexpr absl::string_view kSpecVkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr absl::string_view kSpecNote =
    "This is an example message.\n"
    "\n"
    "\xE2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

// The example of the Go package golang.org/x/mod/sumdb/note, with the seed of its signing key.
constexpr absl::string_view kPeterVkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr absl::string_view kPeterSigningKey = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr absl::string_view kEnochVkey =
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr absl::string_view kGoText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr absl::string_view kPeterLine =
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr absl::string_view kEnochLine =
    "\xE2\x80\x94 EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

std::string PeterNote() { return absl::StrCat(kGoText, "\n", kPeterLine); }

std::vector<VerifierKey> Known(std::initializer_list<absl::string_view> vkeys) {
  std::vector<VerifierKey> keys;
  for (const absl::string_view vkey : vkeys) keys.push_back(ValueOrDie(VerifierKey::Parse(vkey)));
  return keys;
}

// Parses and verifies.
absl::Status Open(absl::string_view note, absl::Span<const VerifierKey> known) {
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return parsed.status();
  return VerifyNote(*parsed, known).status();
}

TEST(VerifierKey, ReadsTheExampleOfTheSpecification) {
  const VerifierKey key = ValueOrDie(VerifierKey::Parse(kSpecVkey));
  EXPECT_EQ(key.name(), "example.com/foo");
  EXPECT_EQ(key.type(), NoteSignatureType::kEd25519);
  EXPECT_EQ(key.key_id(), 0x530d903au);
  EXPECT_EQ(HexEncode(key.public_key().ed25519()),
            "e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4");
  EXPECT_EQ(key.Format(), kSpecVkey);
}

// Published keys of both types, one with '+' within the base64.
TEST(VerifierKey, ReadsWhatOthersPublish) {
  for (const absl::string_view vkey :
       {kPeterVkey, kEnochVkey,
        absl::string_view("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"),
        absl::string_view("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"),
        absl::string_view("witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+"
                          "INwJrfUlgz7W55dSZReusH/GhUhJ/G")}) {
    EXPECT_EQ(ValueOrDie(VerifierKey::Parse(vkey)).Format(), vkey);
  }
}

TEST(VerifierKey, TheTypeIsPartOfTheKeyId) {
  const SecretKey key = TestKey(1);
  EXPECT_NE(LogKey("a.example", key).key_id(), WitnessKey("a.example", key).key_id());
}

TEST(VerifierKey, RefusesEveryPartAndEveryAlteredCharacter) {
  const std::string vkey(kPeterVkey);
  for (size_t begin = 0; begin < vkey.size(); ++begin) {
    for (size_t end = begin; end <= vkey.size(); ++end) {
      if (begin == 0 && end == vkey.size()) continue;
      EXPECT_FALSE(VerifierKey::Parse(vkey.substr(begin, end - begin)).ok());
    }
  }
  for (size_t i = 0; i < vkey.size(); ++i) {
    std::string altered = vkey;
    ++altered[i];
    EXPECT_FALSE(VerifierKey::Parse(altered).ok()) << altered;
  }
}

TEST(VerifierKey, SaysThatItCannotJudgeOtherTypes) {
  // A key of type 06 (ML-DSA-44), but for its length.
  const std::string vkey =
      absl::StrCat("witness.example+00000000+", Base64Encode("\x06" + std::string(1312, 'k')));
  EXPECT_THAT(VerifierKey::Parse(vkey), IsRefused(RefusalCode::kUnknownKeyAlgorithm));
}

TEST(VerifierKey, RefusesKeysThatAnyoneCanSignFor) {
  std::string identity(32, '\0');
  identity[0] = 1;
  const std::string vkey = absl::StrCat("log.example+00000000+", Base64Encode("\x01" + identity));
  EXPECT_THAT(VerifierKey::Parse(vkey), IsRefused(RefusalCode::kInvalidKey));
}

TEST(KeyName, FollowsTheRulesOfTheSpecification) {
  for (const absl::string_view name : {"a", "example.com/log", "passports.example/log:7",
                                       "b\xC3\xBC"
                                       "cher.example",
                                       "\xE2\x80\x94"}) {
    EXPECT_THAT(ValidateKeyName(name), IsOk()) << name;
  }
  for (const absl::string_view name : {"", "a b", "a+b", "a\n", "\ta",
                                       "a\xC2\xA0"
                                       "b",
                                       "a\xE3\x80\x80", "a\xFF", "a\x01"}) {
    EXPECT_THAT(ValidateKeyName(name), IsRefused(RefusalCode::kMalformed)) << name;
  }
  EXPECT_THAT(ValidateKeyName(std::string(limits::kKeyNameBytesMax, 'a')), IsOk());
  EXPECT_THAT(ValidateKeyName(std::string(limits::kKeyNameBytesMax + 1, 'a')),
              IsRefused(RefusalCode::kTooLarge));
}

TEST(SignedNote, VerifiesTheExampleOfTheSpecification) {
  EXPECT_THAT(Open(kSpecNote, Known({kSpecVkey})), IsOk());
}

TEST(SignedNote, VerifiesTheExamplesOfTheGoPackage) {
  EXPECT_THAT(Open(PeterNote(), Known({kPeterVkey})), IsOk());
  const SignedNote both =
      ValueOrDie(SignedNote::Parse(absl::StrCat(kGoText, "\n", kPeterLine, kEnochLine)));
  EXPECT_THAT(ValueOrDie(VerifyNote(both, Known({kEnochVkey, kPeterVkey}))), ElementsAre(0, 1));
  EXPECT_THAT(ValueOrDie(VerifyNote(both, Known({kSpecVkey, kPeterVkey}))), ElementsAre(1));
}

TEST(SignedNote, SigningGivesTheBytesOfTheGoPackage) {
  const std::string typed_seed = ValueOrDie(Base64Decode(kPeterSigningKey));
  const SecretKey key = ValueOrDie(SecretKey::FromSeed(absl::MakeConstSpan(
      reinterpret_cast<const uint8_t*>(typed_seed.data()) + 1, kEd25519SeedBytes)));
  EXPECT_EQ(ValueOrDie(SignNote(kGoText, "PeterNeumann", key)), PeterNote());
}

// The note that the specification shows, whose key it does not publish: the text has an empty line.
TEST(SignedNote, SplitsAtTheLastEmptyLine) {
  const std::string text =
      "Ognuno sta solo sul cuor della terra\n"
      "trafitto da un raggio di sole:\n"
      "\n"
      "ed \xC3\xA8 subito sera.\n";
  const std::string line =
      "\xE2\x80\x94 quasimodo.example/salvatore "
      "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc="
      "\n";
  const SignedNote note = ValueOrDie(SignedNote::Parse(text + "\n" + line));
  EXPECT_EQ(note.text(), text);
  ASSERT_EQ(note.signatures().size(), 1u);
  EXPECT_EQ(note.signatures()[0].key_name, "quasimodo.example/salvatore");
  EXPECT_EQ(note.signatures()[0].key_id, 0x367ba04bu);
  EXPECT_EQ(note.signatures()[0].signature.size(), 64u);
  EXPECT_EQ(FormatNoteSignature(note.signatures()[0]), line);
  EXPECT_THAT(Open(text + "\n" + line, Known({kSpecVkey})),
              IsRefused(RefusalCode::kNoKnownSignature));
}

TEST(SignedNote, RefusesEveryAlteredByte) {
  const std::string note(kSpecNote);
  const std::vector<VerifierKey> known = Known({kSpecVkey});
  for (size_t i = 0; i < note.size(); ++i) {
    for (const int flip : {0x01, 0x20, 0x80}) {
      std::string altered = note;
      altered[i] = static_cast<char>(altered[i] ^ flip);
      EXPECT_FALSE(Open(altered, known).ok()) << "byte " << i << " with " << flip;
    }
  }
  for (size_t length = 0; length < note.size(); ++length) {
    EXPECT_FALSE(Open(note.substr(0, length), known).ok()) << length << " bytes";
  }
}

TEST(SignedNote, IgnoresOtherKeysButNoBadSignatureOfAKnownOne) {
  const std::vector<VerifierKey> known = Known({kPeterVkey});
  // The same name with another id, and the same id with another name, are other keys.
  const std::string other_id = "\xE2\x80\x94 PeterNeumann AAAAAGFiYw==\n";
  const std::string other_name = absl::StrReplaceAll(kPeterLine, {{"Peter", "Paul"}});
  EXPECT_THAT(Open(absl::StrCat(PeterNote(), other_id, other_name, kEnochLine), known), IsOk());
  EXPECT_THAT(Open(absl::StrCat(kGoText, "\n", other_id, other_name), known),
              IsRefused(RefusalCode::kNoKnownSignature));
  // Known, but wrong, before or after the right one: the whole note is refused.
  const std::string wrong = absl::StrReplaceAll(kPeterLine, {{"ZJku", "ZJkv"}});
  EXPECT_THAT(Open(absl::StrCat(kGoText, "\n", wrong, kPeterLine), known),
              IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(Open(absl::StrCat(kGoText, "\n", kPeterLine, wrong), known),
              IsRefused(RefusalCode::kBadSignature));
  // Twice the same right one does no harm.
  EXPECT_THAT(Open(absl::StrCat(kGoText, "\n", kPeterLine, kPeterLine), known), IsOk());
  EXPECT_THAT(Open(PeterNote(), {}), IsRefused(RefusalCode::kNoKnownSignature));
}

// A cosignature key signs something else; its lines are none of VerifyNote's business.
TEST(SignedNote, DoesNotTakeCosignaturesForSignatures) {
  const SecretKey key = TestKey(1);
  const NoteSignature line = ValueOrDie(CosignCheckpointText(kGoText, "w.example", key, 1));
  const std::string note = ValueOrDie(FormatNote(kGoText, {line}));
  EXPECT_THAT(Open(note, {{WitnessKey("w.example", key)}}),
              IsRefused(RefusalCode::kNoKnownSignature));
}

TEST(SignedNote, RefusesWhatIsNoNote) {
  const std::string good = PeterNote();
  ASSERT_THAT(SignedNote::Parse(good), IsOk());
  const std::string text(kGoText);
  const std::string line(kPeterLine);
  for (const std::string& note : std::vector<std::string>{
           "",
           "\n",
           "\n\n",
           text,
           text + "\n",
           text + line,  // no empty line
           line,
           text + "\n" + line + "\n",                      // an empty line behind
           text + "\n" + line.substr(0, line.size() - 1),  // no newline at the end
           text + "\n" + line + "x",
           text + "\n" + line + "x\n",
           text + "\n" + line.substr(3),   // no dash
           text + "\n-" + line.substr(3),  // another dash
           text + "\n " + line,
           text + "\n\xE2\x80\x94 PeterNeumann\n",  // no signature
           text + "\n\xE2\x80\x94 PeterNeumann \n",
           text + "\n\xE2\x80\x94  x08go/ZJ\n",  // no name
           text + "\n\xE2\x80\x94 Peter+Neumann x08go/ZJ\n",
           text + "\n\xE2\x80\x94 Peter\xC2\xA0Neumann x08go/ZJ\n",
           text + "\n\xE2\x80\x94 PeterNeumann x08gow==\n",  // a key id and nothing else
           text + "\n\xE2\x80\x94 PeterNeumann x08go/ZJ x\n",
           text + "\n\xE2\x80\x94 PeterNeumann x08go/ZJ=\n",
           absl::StrReplaceAll(good, {{"\n", "\r\n"}}),
           "a\tb\n\n" + line,
           std::string("a\0b\n\n", 5) + line,
           "a\xFF\n\n" + line,
       }) {
    EXPECT_THAT(SignedNote::Parse(note), IsRefused(RefusalCode::kMalformed)) << note;
  }
}

TEST(SignedNote, ReadsAsManySignaturesAsItSays) {
  std::string note = PeterNote();
  for (size_t i = 1; i < limits::kNoteSignaturesMax; ++i) {
    absl::StrAppend(&note, "\xE2\x80\x94 w", i, ".example AAAAAGFiYw==\n");
  }
  EXPECT_THAT(Open(note, Known({kPeterVkey})), IsOk());
  absl::StrAppend(&note, "\xE2\x80\x94 w.example AAAAAGFiYw==\n");
  EXPECT_THAT(SignedNote::Parse(note), IsRefused(RefusalCode::kTooLarge));
}

TEST(SignedNote, RefusesHugeNotesUnread) {
  const std::string note =
      absl::StrCat(std::string(limits::kNoteBytesMax, 'a'), "\n\n", kPeterLine);
  EXPECT_THAT(SignedNote::Parse(note), IsRefused(RefusalCode::kTooLarge));
}

TEST(FormatNote, RefusesWhatReadersWouldRefuse) {
  const NoteSignature good{"log.example", 7, "signature"};
  EXPECT_THAT(FormatNote("text\n", {good}), IsOk());
  EXPECT_THAT(FormatNote("text\n", {}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(FormatNote("text", {good}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(FormatNote("", {good}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(FormatNote("te\txt\n", {good}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(FormatNote("text\n", {{"a b", 7, "s"}}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(FormatNote("text\n", {{"a", 7, ""}}), IsRefused(RefusalCode::kMalformed));
}

TEST(NoteSigner, AppendsASecondSignature) {
  const SecretKey first = TestKey(1);
  const SecretKey second = TestKey(2);
  const std::string note = ValueOrDie(SignNote(kGoText, "a.example", first));
  const NoteSignature line = ValueOrDie(SignNoteText(kGoText, "b.example", second));
  const std::string both = ValueOrDie(AppendNoteSignature(note, line));
  EXPECT_EQ(both, note + FormatNoteSignature(line));
  EXPECT_THAT(ValueOrDie(VerifyNote(ValueOrDie(SignedNote::Parse(both)),
                                    {{LogKey("a.example", first), LogKey("b.example", second)}})),
              ElementsAre(0, 1));
}

}  // namespace
}  // namespace touchstone
