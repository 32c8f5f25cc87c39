// The programs with witnesses: what a quorum has cosigned is fetched, verified offline by the
// quorum, and survives; one that is down holds back nothing but that; a database that was put back
// is found out by those who remember.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/end_to_end/site.h"
#include "tests/registry/witness/test_witness.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kExitCheckFailed = 1;
constexpr int kExitCouldNotStart = 1;

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() {
    const std::string alone = ReadFile(site_.File("trust-policy.txt"));
    // The policy for everybody, who verify offline, and for the registry, which asks.
    WriteFile(site_.File("witnessed.txt"),
              absl::StrReplaceAll(
                  alone, {{"quorum none", absl::StrCat(first_.PolicyLine(), second_.PolicyLine(),
                                                       "group both all first second\n"
                                                       "quorum both")}}));
    more_ = {"--witness-policy", site_.File("witnessed.txt"), "--witness-round-seconds", "0"};
  }

  std::unique_ptr<Program> StartRegistry() { return site_.StartRegistry(more_); }

  // By somebody whose policy asks for both witnesses.
  Outcome Witnessed(Arguments arguments) const {
    Arguments all = {"--policy", "witnessed.txt"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return site_.Touchstone(all);
  }
  std::string Succeed(const Arguments& arguments) const {
    const Outcome outcome = Witnessed(arguments);
    EXPECT_EQ(outcome.status, 0) << Joined(arguments) << "\n" << outcome.err;
    return outcome.out;
  }

  std::string Register(const std::string& serial) const {
    WriteFile(
        site_.File("piece.json"),
        absl::StrCat(R"({"serial": ")", serial, R"(", "category": "RING", "title": "A ring",)",
                     R"( "inscriptions": [{"kind": "SERIAL", "text": ")", serial, R"("}]})"));
    return Succeed(Site::AsMaison({"register", "piece.json"}));
  }
  uint64_t NewestSize() const {
    const auto note = ValueOrDie(site_.Client()->GetCheckpoint());
    return ValueOrDie(VerifyProvisionalCheckpointNote(site_.Policy(), note)).checkpoint.size();
  }
  uint64_t CosignedSize() const {
    const auto note = site_.Client()->GetCheckpoint(cli::CheckpointChoice::kCosigned);
    if (!note.ok()) return 0;
    return ValueOrDie(
               VerifyCheckpointNote(
                   ValueOrDie(TrustPolicy::Parse(ReadFile(site_.File("witnessed.txt")))), *note))
        .checkpoint.size();
  }
  void AwaitCosigned(uint64_t size) const {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (CosignedSize() < size) {
      ASSERT_LT(std::chrono::steady_clock::now(), until);
      std::this_thread::yield();
    }
  }
  Outcome VerifyOffline(const std::string& file) const {
    return RunProgram({VerifyPath(), site_.File(file), "--policy", site_.File("witnessed.txt")});
  }

  Site site_;
  const std::string log_vkey_ = site_.Policy().log_key().Format();
  witness::TestWitness first_{"first", log_vkey_};
  witness::TestWitness second_{"second", log_vkey_};
  Arguments more_;
};

TEST_F(WitnessTest, WhatAQuorumCosignedIsFetchedAndVerifiedOffline) {
  auto registry = StartRegistry();
  site_.EnrolMaison();
  EXPECT_THAT(Register("A-1001"), HasSubstr("Provisional"));
  AwaitCosigned(NewestSize());
  Succeed({"get", "--inscription", "A-1001", "--out", "ring.passport", "--cosigned"});
  const Outcome verdict = VerifyOffline("ring.passport");
  EXPECT_EQ(verdict.status, 0) << verdict.err;
  EXPECT_THAT(verdict.out, AllOf(HasSubstr("first"), HasSubstr("second")));
  EXPECT_THAT(Succeed({"checkpoint", "--cosigned"}),
              AllOf(HasSubstr("cosigned by first"), HasSubstr("cosigned by second")));
  Succeed({"lookup", "--inscription", "NOBODY-HAS-IT", "--out", "none.absence", "--cosigned"});
  EXPECT_EQ(VerifyOffline("none.absence").status, 0);
  Succeed({"card", "fetch", "--cosigned"});

  // One is down: the newest goes on, the cosigned stays.
  second_.Pause();
  const uint64_t cosigned = CosignedSize();
  EXPECT_THAT(Register("A-1002"), HasSubstr("Provisional"));
  first_.AwaitSize(NewestSize());
  EXPECT_EQ(CosignedSize(), cosigned);
  EXPECT_GT(NewestSize(), cosigned);
  const Outcome newest = Witnessed({"get", "--inscription", "A-1002", "--out", "new.passport"});
  EXPECT_EQ(newest.status, kExitCheckFailed);
  EXPECT_THAT(newest.err, AllOf(HasSubstr("quorum_not_met"), HasSubstr("--cosigned")));
  site_.Succeed({"get", "--inscription", "A-1002", "--out", "new.passport"});
  EXPECT_THAT(Witnessed({"get", "--inscription", "A-1002", "--cosigned"}).err,
              HasSubstr("no passport"));
  Succeed({"refresh", "ring.passport", "--cosigned"});
  EXPECT_THAT(site_.Touchstone({"refresh", "new.passport", "--cosigned"}).err,
              AllOf(HasSubstr("left as it is"), HasSubstr("ask again later")));
  // Statements and audits take what there is.
  Succeed({"audit"});
  EXPECT_TRUE(registry->AwaitError("(witness_fails)"));

  // A start while it is down: the cosigned view is there again.
  Site::Stop(std::move(registry));
  registry = StartRegistry();
  EXPECT_EQ(CosignedSize(), cosigned);
  Succeed({"get", "--inscription", "A-1001", "--out", "again.passport", "--cosigned"});
  EXPECT_EQ(VerifyOffline("again.passport").status, 0);

  second_.Resume();
  AwaitCosigned(NewestSize());
  Succeed({"get", "--inscription", "A-1002", "--out", "second.passport", "--cosigned"});
  EXPECT_EQ(VerifyOffline("second.passport").status, 0);
  Site::Stop(std::move(registry));
}

TEST_F(WitnessTest, ADatabaseThatWasPutBackIsRefusedBecauseAWitnessRemembers) {
  auto registry = StartRegistry();
  site_.EnrolMaison();
  AwaitCosigned(NewestSize());
  Site::Stop(std::move(registry));
  std::filesystem::copy(site_.File("data"), site_.Outside("old"),
                        std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(site_.File("guard"), site_.Outside("old guard"));
  registry = StartRegistry();
  Register("A-2001");
  AwaitCosigned(NewestSize());
  Site::Stop(std::move(registry));

  // The whole machine is put back, guard and all.
  std::filesystem::remove_all(site_.File("data"));
  std::filesystem::copy(site_.Outside("old"), site_.File("data"),
                        std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(site_.Outside("old guard"), site_.File("guard"),
                             std::filesystem::copy_options::overwrite_existing);
  const Outcome refused = RunProgram(site_.RegistryCommand(more_));
  EXPECT_EQ(refused.status, kExitCouldNotStart);
  EXPECT_THAT(
      refused.err,
      AllOf(HasSubstr("the witness '"), HasSubstr("put back to an earlier state"),
            HasSubstr("Put the newest copy of the database back"), Not(HasSubstr("(serving)"))));
}

TEST_F(WitnessTest, WithoutWitnessesACosignedCheckpointIsNotToBeHad) {
  auto registry = site_.StartRegistry();
  const Outcome asked = site_.Touchstone({"checkpoint", "--cosigned"});
  EXPECT_NE(asked.status, 0);
  EXPECT_THAT(asked.err, AllOf(HasSubstr("asks no witnesses"), HasSubstr("--witness-policy")));
  Site::Stop(std::move(registry));
  WriteFile(site_.File("no-url.txt"),
            absl::StrReplaceAll(ReadFile(site_.File("witnessed.txt")), {{first_.url(), ""}}));
  const Outcome refused =
      RunProgram(site_.RegistryCommand({"--witness-policy", site_.File("no-url.txt")}));
  EXPECT_EQ(refused.status, kExitCouldNotStart);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--witness-policy"), HasSubstr("'first' has no URL")));
}

}  // namespace
}  // namespace touchstone::end_to_end
