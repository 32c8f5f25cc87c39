// Databases that are not what they were, and guards that are not there: what the operator is told,
// and the ways out that the registry names.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>
#include <utility>

#include "tests/end_to_end/site.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kExitCouldNotStart = 1;
constexpr int kExitWrongOptions = 64;

class GuardTest : public ::testing::Test {
 protected:
  // Starts the registry, has a piece registered and the checkpoint saved, and stops it.
  void RegisterAndSave(const std::string& serial, const std::string& checkpoint) {
    auto registry = site_.StartRegistry();
    if (!enrolled_) site_.EnrolMaison();
    enrolled_ = true;
    WriteFile(site_.File("piece.json"),
              R"({"serial": ")" + serial + R"(", "category": "RING", "title": "A ring"})");
    site_.Succeed(Site::AsMaison({"register", "piece.json"}));
    site_.Succeed({"checkpoint", "--out", site_.Outside(checkpoint)});
    Site::Stop(std::move(registry));
  }

  void CopyData(const std::string& from, const std::string& to) const {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  Outcome StartRefused(const Arguments& more = {}, int status = kExitCouldNotStart) const {
    Outcome outcome = RunProgram(site_.RegistryCommand(more));
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("(serving)")));
    return outcome;
  }

  Outcome RestoreGuard(const std::string& checkpoint) const {
    return RunProgram(site_.RegistryCommand({"--restore-guard", site_.Outside(checkpoint)}));
  }

  void ExpectServes() {
    auto registry = site_.StartRegistry();
    site_.NewestCheckpoint();
    Site::Stop(std::move(registry));
  }

  Site site_;
  bool enrolled_ = false;
};

TEST_F(GuardTest, ADatabaseThatWasPutBackIsRefusedUntilTheNewerOneIsBack) {
  RegisterAndSave("A-1", "first");
  CopyData(site_.File("data"), site_.Outside("old"));
  RegisterAndSave("A-2", "second");
  CopyData(site_.File("data"), site_.Outside("new"));

  CopyData(site_.Outside("old"), site_.File("data"));
  const Outcome refused = StartRefused();
  EXPECT_THAT(refused.err, AllOf(HasSubstr("guard"), HasSubstr("earlier state"),
                                 HasSubstr("Put the newest copy of the database back")));
  // The guard is the same; an older one is not made in its place.
  EXPECT_NE(RestoreGuard("first").status, 0);
  StartRefused();

  CopyData(site_.Outside("new"), site_.File("data"));
  ExpectServes();
  EXPECT_THAT(site_.ExportAndAudit(), HasSubstr("Nothing disagrees"));
}

TEST_F(GuardTest, AMissingGuardIsMadeAnewFromACheckpointOfOutside) {
  RegisterAndSave("A-1", "first");
  RegisterAndSave("A-2", "second");
  std::filesystem::remove(site_.File("guard"));
  EXPECT_THAT(StartRefused().err,
              AllOf(HasSubstr("guard"), HasSubstr("--restore-guard"), HasSubstr("checkpoint")));
  EXPECT_FALSE(std::filesystem::exists(site_.File("guard")));

  // Any that the database contains will do, also one that is not its newest.
  const Outcome restored = RestoreGuard("first");
  EXPECT_EQ(restored.status, 0) << restored.err;
  ExpectServes();
  // And now that there is one, it is not replaced.
  EXPECT_THAT(RestoreGuard("first").err, HasSubstr("--restore-guard"));
}

TEST_F(GuardTest, ACheckpointThatTheDatabaseDoesNotContainMakesNoGuard) {
  RegisterAndSave("A-1", "first");
  CopyData(site_.File("data"), site_.Outside("old"));
  RegisterAndSave("A-2", "second");
  CopyData(site_.Outside("old"), site_.File("data"));
  std::filesystem::remove(site_.File("guard"));

  const Outcome newer = RestoreGuard("second");
  EXPECT_EQ(newer.status, kExitCouldNotStart);
  EXPECT_THAT(newer.err,
              AllOf(HasSubstr("--restore-guard"), HasSubstr("put back to an earlier state")));

  // The same log's name, another history.
  Site other;
  auto registry = other.StartRegistry();
  other.Succeed({"checkpoint", "--out", site_.Outside("foreign")});
  Site::Stop(std::move(registry));
  EXPECT_EQ(RestoreGuard("foreign").status, kExitCouldNotStart);

  WriteFile(site_.Outside("nonsense"), "no checkpoint\n");
  EXPECT_THAT(RestoreGuard("nonsense").err, HasSubstr("--restore-guard"));
  EXPECT_THAT(RestoreGuard("there is no such file").err, HasSubstr("there is no such file"));
  EXPECT_FALSE(std::filesystem::exists(site_.File("guard")));
}

TEST_F(GuardTest, ACopyOfTheGuardIsPutBackAsItIs) {
  RegisterAndSave("A-1", "first");
  std::filesystem::copy_file(site_.File("guard"), site_.Outside("guard copy"));
  RegisterAndSave("A-2", "second");
  WriteFile(site_.File("guard"), "damaged");
  EXPECT_THAT(StartRefused().err, AllOf(HasSubstr("guard"), HasSubstr("anew")));
  std::filesystem::remove(site_.File("guard"));
  std::filesystem::remove(site_.File("guard"));
  std::filesystem::copy_file(site_.Outside("guard copy"), site_.File("guard"));
  ExpectServes();
}

TEST_F(GuardTest, OneProcessHoldsDataAndGuard) {
  RegisterAndSave("A-1", "first");
  CopyData(site_.File("data"), site_.Outside("copy"));
  auto registry = site_.StartRegistry();
  const std::string port = ReadFile(site_.File("port"));
  EXPECT_THAT(StartRefused().err,
              AllOf(HasSubstr("--data"), HasSubstr("in use by process"), HasSubstr("stop it")));
  EXPECT_THAT(StartRefused({"--data", site_.Outside("copy")}).err,
              AllOf(HasSubstr("--guard"), HasSubstr("in use by another process")));
  for (const char* mode : {"--export", "--restore-guard"}) {
    EXPECT_THAT(StartRefused({mode, site_.Outside("first")}).err, HasSubstr("in use"));
  }
  // None of them was in the way of the first, nor told clients of another port.
  EXPECT_EQ(ReadFile(site_.File("port")), port);
  site_.NewestCheckpoint();
  Site::Stop(std::move(registry));
}

TEST_F(GuardTest, AGuardWithinTheDataIsRefused) {
  for (const char* inside : {"data/guard", "data/db/guard", "data/../data/guard", "data"}) {
    EXPECT_THAT(StartRefused({"--guard", site_.File(inside)}, kExitWrongOptions).err,
                AllOf(HasSubstr("--guard"), HasSubstr("lies in the data directory")))
        << inside;
  }
  std::filesystem::create_directory(site_.File("data"));
  std::filesystem::create_symlink(site_.File("data"), site_.File("elsewhere"));
  StartRefused({"--guard", site_.File("elsewhere/guard")}, kExitWrongOptions);
}

}  // namespace
}  // namespace touchstone::end_to_end
