// What is sent to a witness, and what its answers come to: the right ones, and hostile ones.
#include "registry/witness/add_checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/checkpoint.h"
#include "verifier/signing/note_signer.h"

namespace touchstone::witness {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kNow = 1'795'000'000;

class AddCheckpointTest : public ::testing::Test {
 protected:
  std::string Line(const std::string& name, const std::string& key, uint64_t time,
                   const std::string& text) {
    return FormatNoteSignature(ValueOrDie(CosignCheckpointText(text, name, NamedKey(key), time)));
  }
  std::string GoodLine(uint64_t time = kNow) { return Line("w", "w", time, text_); }
  absl::StatusOr<WitnessAnswer> Read(int status, const std::string& body,
                                     const std::string& type = "text/plain") {
    return ReadAnswer({status, type, body}, text_, key_, kNow);
  }

  const std::string text_ =
      ValueOrDie(Checkpoint::Create("passports.example/log", 17, Digest{7})).Format();
  const VerifierKey key_ = ValueOrDie(
      VerifierKey::Create("w", NoteSignatureType::kCosignatureV1, NamedKey("w").public_key()));
};

TEST_F(AddCheckpointTest, TheRequestIsAsTheSpecificationHasIt) {
  EXPECT_EQ(FormatAddCheckpoint(0, {}, "note\n"), "old 0\n\nnote\n");
  const std::vector<Digest> path = {Digest{1}, Digest{2}};
  EXPECT_EQ(FormatAddCheckpoint(20852014, path, "note\n"),
            absl::StrCat("old 20852014\n", DigestToBase64(path[0]), "\n", DigestToBase64(path[1]),
                         "\n\nnote\n"));
}

TEST_F(AddCheckpointTest, ACosignatureOfItsKeyIsTaken) {
  const auto answer = Read(200, GoodLine());
  ASSERT_THAT(answer, IsOk());
  const Cosigned& cosigned = std::get<Cosigned>(*answer);
  EXPECT_EQ(cosigned.time_seconds, kNow);
  EXPECT_TRUE(cosigned.signature.Names(key_));
  // Other keys' lines are nobody's business, whatever they say; of its own the newest counts.
  const std::string others = Line("x", "x", kNow, text_) + "— y " + "AAAAAAAA\n";
  const auto among = Read(200, GoodLine(kNow - 5) + others + GoodLine(kNow - 1));
  ASSERT_THAT(among, IsOk());
  EXPECT_EQ(std::get<Cosigned>(*among).time_seconds, kNow - 1);
}

TEST_F(AddCheckpointTest, HostileAnswersAreRefused) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += GoodLine();
  std::string altered = GoodLine();
  altered[altered.size() - 10] = altered[altered.size() - 10] == 'A' ? 'B' : 'A';
  NoteSignature forged = ValueOrDie(CosignCheckpointText(text_, "w", NamedKey("thief"), kNow));
  forged.key_id = key_.key_id();
  // The log's kind of signature under the witness's name and id.
  NoteSignature plain = ValueOrDie(SignNoteText(text_, "w", NamedKey("w")));
  plain.key_id = key_.key_id();
  const std::string other_text =
      ValueOrDie(Checkpoint::Create("passports.example/log", 18, Digest{7})).Format();
  for (const std::string& body : std::vector<std::string>{
           "",
           "\n",
           "thank you\n",
           GoodLine() + "\n",
           "\n" + GoodLine(),
           GoodLine().substr(0, GoodLine().size() - 1),
           "text\n\n" + GoodLine(),
           other_text + "\n" + GoodLine(),
           GoodLine() + "\xff\n",
           many,
           altered,
           FormatNoteSignature(forged),
           FormatNoteSignature(plain),
           Line("w", "w", kNow, other_text),
           Line("x", "w", kNow, text_),
           Line("w", "x", kNow, text_),
           GoodLine() + FormatNoteSignature(forged),
           GoodLine(kNow + limits::kWitnessClockSeconds + 1),
           GoodLine(kNow - limits::kWitnessClockSeconds - 1),
           GoodLine(0),
           std::string(limits::kHttpBodyBytesMax, 'a'),
       }) {
    const auto answer = Read(200, body);
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kDataLoss) << body.substr(0, 200);
  }
  EXPECT_THAT(std::string(Read(200, Line("x", "x", kNow, text_)).status().message()),
              HasSubstr(key_.Format()));
}

TEST_F(AddCheckpointTest, AConflictNamesTheSizeThatItHas) {
  const auto size = Read(409, "20852014\n", "text/x.tlog.size");
  ASSERT_THAT(size, IsOk());
  EXPECT_EQ(std::get<HasSize>(*size).size, 20852014u);
  EXPECT_EQ(std::get<HasSize>(*Read(409, "0\n", "text/x.tlog.size")).size, 0u);
  for (const char* body : {"", "\n", "12", "12\n\n", " 12\n", "012\n", "-1\n", "1e3\n",
                           "9223372036854775808\n", "99999999999999999999999999\n", "12\r\n"}) {
    EXPECT_EQ(Read(409, body, "text/x.tlog.size").status().code(), absl::StatusCode::kDataLoss)
        << body;
  }
  EXPECT_TRUE(std::holds_alternative<OtherRoot>(*Read(409, "conflict\n")));
  EXPECT_TRUE(std::holds_alternative<Inconsistent>(*Read(422, "")));
}

TEST_F(AddCheckpointTest, OtherStatusesSayWhatToDo) {
  EXPECT_EQ(Read(400, "").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read(403, "").status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(Read(403, "").status().message()), HasSubstr("log's key"));
  EXPECT_EQ(Read(404, "").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(Read(404, "").status().message()), HasSubstr("have its operator add it"));
  for (const int status : {204, 301, 302, 429, 500, 503}) {
    EXPECT_EQ(Read(status, GoodLine()).status().code(), absl::StatusCode::kUnavailable) << status;
  }
}

}  // namespace
}  // namespace touchstone::witness
