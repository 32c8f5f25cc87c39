// Lies in the entries of stewards and participants, which everybody can see: each is caught in an
// audit by what is public, in one that goes on from an earlier one, and with the contents of all
// entries. All of them are logged and indexed as they should be: whoever has the log key can.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/audit.h"
#include "cli/audit/log_replay.h"
#include "cli/audit/state_directory.h"
#include "tests/cli/audit/memory_source.h"
#include "tests/cli/temporary_directory.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/note_signer.h"

namespace touchstone::cli {
namespace {

void BeginLog(TestLog& log) {
  log.Enrol("maison", {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("9521234"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Commit();
  log.Register(1, "maison");
  log.Commit();
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

v1::Statement Enrolment(TestLog& log, const std::string& id) {
  v1::Statement statement = log.ParticipantStatement(id);
  v1::ParticipantEnrolled& enrolled = *statement.mutable_participant_enrolled();
  enrolled.mutable_details()->set_legal_name("Gemological Institute");
  enrolled.mutable_details()->set_country("US");
  enrolled.mutable_details()->add_roles(v1::LABORATORY);
  enrolled.mutable_details()->add_laboratory_names("GIA");
  enrolled.add_keys(NamedKeyBytes(id));
  return statement;
}

// `maison` as it is, but with another name.
v1::Statement Renaming(TestLog& log, const std::string& name) {
  v1::Statement statement = log.ParticipantStatement("maison");
  v1::ParticipantDetails& details = *statement.mutable_participant_changed()->mutable_details();
  details.set_legal_name(name);
  details.set_country("FR");
  details.add_roles(v1::ISSUER);
  return statement;
}

v1::Statement NewCardKey(TestLog& log) {
  v1::Statement statement = log.StewardsStatement();
  statement.mutable_card_key_enrolled()->set_key(NamedKeyBytes("card"));
  statement.mutable_card_key_enrolled()->set_label("2026");
  return statement;
}

const KeyNames kTwoStewards = {"steward 1", "steward 2"};

// Logs it with a frame that says another number than its chain's next, and puts it into the index
// under that number.
void SayWithNumber(TestLog& log, const v1::Statement& statement, const Subject& subject,
                   uint32_t number) {
  const EntryPlace place = log.Append(SignStatement(statement, kTwoStewards), subject, {},
                                      [number](Entry& entry) { entry.number = number; });
  log.DropLastInsertion();
  log.InsertIntoIndex(
      {subject.kind, subject.bytes, number, IndexEvent::kEntry, place.digest, place.position});
}

struct Lie {
  const char* name;
  std::function<void(TestLog&)> tell;  // after BeginLog
  RefusalCode caught_as;
};

const std::vector<Lie>& Lies() {
  static const auto& lies = *new std::vector<Lie>{
      {"a laboratory that one steward of two enrols",
       [](TestLog& log) { log.Say(Enrolment(log, "gia"), {"steward 1"}); },
       RefusalCode::kMissingSignature},
      {"a laboratory that no steward enrols",
       [](TestLog& log) {
         log.Say(Enrolment(log, "gia"), {"thief 1", "thief 2"});
       },
       RefusalCode::kUnknownSigner},
      {"a laboratory under forged signatures",
       [](TestLog& log) {
         const Envelope genuine = SignStatement(Enrolment(log, "gia"), kTwoStewards);
         std::vector<EnvelopeSignature> signatures = genuine.signatures();
         signatures[1].sig[10] ^= 1;
         log.Append(ValueOrDie(Envelope::Create(PayloadType::kStatement, genuine.payload(),
                                                std::move(signatures))),
                    {IndexKind::kParticipantEntry, "gia"}, {});
       },
       RefusalCode::kBadSignature},
      {"a participant changes itself",
       [](TestLog& log) { log.Say(Renaming(log, "Another"), {"maison"}); },
       RefusalCode::kUnknownSigner},
      {"a card key that one steward of two enrols",
       [](TestLog& log) { log.Say(NewCardKey(log), {"steward 1"}); },
       RefusalCode::kMissingSignature},
      {"a number is skipped in the chain of a participant",
       [](TestLog& log) {
         SayWithNumber(log, Renaming(log, "Another"), {IndexKind::kParticipantEntry, "maison"}, 2);
       },
       RefusalCode::kBrokenChain},
      {"a participant that begins with its second entry",
       [](TestLog& log) {
         SayWithNumber(log, Enrolment(log, "gia"), {IndexKind::kParticipantEntry, "gia"}, 1);
       },
       RefusalCode::kBrokenChain},
      {"a number is skipped in the chain of the stewards",
       [](TestLog& log) {
         SayWithNumber(log, NewCardKey(log), {IndexKind::kStewardsEntry, ""}, 2);
       },
       RefusalCode::kBrokenChain},
      {"another entry is named as the one before",
       [](TestLog& log) {
         log.Say(Renaming(log, "Another"), kTwoStewards,
                 [](Entry& entry) { entry.previous[0] ^= 1; });
       },
       RefusalCode::kBrokenChain},
      {"what the stewards said to another log",
       [](TestLog& log) {
         v1::Statement statement = Enrolment(log, "gia");
         statement.set_log_origin("other.example/log");
         log.Say(statement, kTwoStewards);
       },
       RefusalCode::kWrongOrigin},
      {"an earlier change is logged again",
       [](TestLog& log) {
         const v1::Statement earlier = Renaming(log, "Another");
         log.Say(earlier, kTwoStewards);
         log.Say(Renaming(log, "A third"), kTwoStewards);
         log.Say(earlier, kTwoStewards);
       },
       RefusalCode::kBrokenChain},
      {"an enrolment after the log was closed",
       [](TestLog& log) {
         log.Close();
         log.Commit();
         log.Say(Enrolment(log, "gia"), kTwoStewards);
       },
       RefusalCode::kLogClosed},
      {"a heartbeat after the log was closed",
       [](TestLog& log) {
         log.Close();
         log.Commit();
       },
       RefusalCode::kLogClosed},
      {"a care record after the log was closed",
       [](TestLog& log) {
         log.Close();
         log.Commit();
         log.Care(1, "atelier");
       },
       RefusalCode::kLogClosed},
      {"a care record in the commit that closed the log",
       [](TestLog& log) {
         log.Close();
         log.Care(1, "atelier");
       },
       RefusalCode::kLogClosed},
  };
  return lies;
}

absl::Status Audit(const TestLog& log, LogSource& source, StateDirectory* state = nullptr) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log.PolicyText()));
  return AuditLog(policy, source, state, [](uint64_t, uint64_t) {}).status();
}

class PublicLie : public testing::TestWithParam<Lie> {
 protected:
  PublicLie() { BeginLog(log_); }
  void Tell() {
    GetParam().tell(log_);
    log_.Commit();
  }
  absl::Status AuditWithState() {
    const auto state =
        StateDirectory::Open(directory_.Path("state"), log_.origin(), log_.GenesisDigest());
    if (!state.ok()) return state.status();
    MemorySource source(log_);
    return Audit(log_, source, state->get());
  }

  TemporaryDirectory directory_;
  TestLog log_;
};

TEST_P(PublicLie, IsCaughtByWhatIsPublic) {
  Tell();
  MemorySource source(log_);
  EXPECT_THAT(Audit(log_, source), IsRefused(GetParam().caught_as));
}

TEST_P(PublicLie, IsCaughtWithTheContents) {
  Tell();
  LogReplay replay(log_.origin(), log_.GenesisDigest());
  absl::Status status;
  for (uint64_t position = 0; status.ok() && position < log_.size(); ++position) {
    status = replay.Next(log_.Frame(position));
  }
  EXPECT_THAT(status, IsRefused(GetParam().caught_as));
}

TEST_P(PublicLie, IsCaughtByAnAuditThatGoesOn) {
  ASSERT_THAT(AuditWithState(), IsOk());
  Tell();
  EXPECT_THAT(AuditWithState(), IsRefused(GetParam().caught_as));
}

INSTANTIATE_TEST_SUITE_P(Lies, PublicLie, testing::ValuesIn(Lies()),
                         [](const testing::TestParamInfo<Lie>& lie) {
                           std::string name = lie.param.name;
                           for (char& c : name) c = c == ' ' ? '_' : c;
                           return name;
                         });

TEST(PublicLies, AGenesisThatOneStewardOfTwoSignedIsRefused) {
  TestLog::Options options;
  options.genesis_signers = {"steward 1"};
  const TestLog log(options);
  for (const bool has_frames : {false, true}) {
    MemorySource source(log, has_frames);
    EXPECT_THAT(Audit(log, source), IsRefused(RefusalCode::kMissingSignature));
  }
}

TEST(PublicLies, AGenesisOfAnotherLogIsRefused) {
  const TestLog log;
  TestLog::Options options;
  options.origin = "other.example/log";
  const TestLog other(options);
  // The policy's origin, and the other log's genesis and contents.
  std::string text = log.PolicyText();
  text.replace(text.find(DigestToHex(log.GenesisDigest())), 64, DigestToHex(other.GenesisDigest()));
  MemorySource source(other);
  const Checkpoint checkpoint =
      ValueOrDie(Checkpoint::Create(log.origin(), other.size(), other.Root()));
  source.files["checkpoint"] = ValueOrDie(SignCheckpoint(checkpoint, NamedKey("log")));
  EXPECT_THAT(
      AuditLog(ValueOrDie(TrustPolicy::Parse(text)), source, nullptr, [](uint64_t, uint64_t) {}),
      IsRefused(RefusalCode::kWrongOrigin));
}

// What was audited before is known again by the next audit: who may sign, and what was said.
class PublicChainsKept : public testing::Test {
 protected:
  PublicChainsKept() { BeginLog(log_); }
  absl::Status AuditAgain() {
    const auto state =
        StateDirectory::Open(directory_.Path("state"), log_.origin(), log_.GenesisDigest());
    if (!state.ok()) return state.status();
    MemorySource source(log_);
    return Audit(log_, source, state->get());
  }

  TemporaryDirectory directory_;
  TestLog log_;
};

TEST_F(PublicChainsKept, AnHonestLogGoesOnAuditAfterAudit) {
  ASSERT_THAT(AuditAgain(), IsOk());
  log_.Say(Renaming(log_, "Another"), kTwoStewards);
  log_.AddKey("maison", "maison 2");
  log_.Commit();
  ASSERT_THAT(AuditAgain(), IsOk());
  log_.RevokeKey("maison", "maison 2");
  log_.EnrolCardKey("card");
  log_.Commit();
  log_.Close();
  log_.Commit();
  EXPECT_THAT(AuditAgain(), IsOk());
}

TEST_F(PublicChainsKept, AChangeThatAnEarlierAuditSawIsNotLoggedAgain) {
  const v1::Statement earlier = Renaming(log_, "Another");
  log_.Say(earlier, kTwoStewards);
  log_.Say(Renaming(log_, "A third"), kTwoStewards);
  log_.Commit();
  ASSERT_THAT(AuditAgain(), IsOk());
  log_.Say(earlier, kTwoStewards);
  log_.Commit();
  EXPECT_THAT(AuditAgain(), IsRefused(RefusalCode::kBrokenChain));
}

TEST_F(PublicChainsKept, NothingIsSaidAfterTheLogWasClosedInAnEarlierAudit) {
  log_.Close();
  log_.Commit();
  ASSERT_THAT(AuditAgain(), IsOk());
  log_.Commit();
  EXPECT_THAT(AuditAgain(), IsRefused(RefusalCode::kLogClosed));
}

TEST_F(PublicChainsKept, DamagedChainsAreNamedAndNotALyingRegistry) {
  ASSERT_THAT(AuditAgain(), IsOk());
  log_.Care(1, "atelier");
  log_.Commit();
  const std::string path = directory_.Path("state/chains");
  const std::string chains = ReadFile(path);
  ASSERT_GT(chains.size(), 1000u);
  for (size_t i = 0; i <= chains.size(); i += 37) {
    directory_.Write("state/chains", [&] {
      std::string damaged = chains;
      damaged[i % chains.size()] = static_cast<char>(damaged[i % chains.size()] ^ 1);
      return damaged;
    }());
    const absl::Status status = AuditAgain();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << i << ": " << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(path));
  }
  directory_.Write("state/chains", chains.substr(0, chains.size() - 1));
  EXPECT_EQ(AuditAgain().code(), absl::StatusCode::kInvalidArgument);
  // What no state counts is cut off.
  directory_.Write("state/chains", chains + std::string(100, 'x'));
  EXPECT_THAT(AuditAgain(), IsOk());
  EXPECT_EQ(ReadFile(path), chains);
}

}  // namespace
}  // namespace touchstone::cli
