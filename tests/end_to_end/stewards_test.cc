// Stewards at machines of their own: each directory has one key and the trust policy, and only
// envelope files go from one to another. Keys under a passphrase, and keys that others can read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "tests/end_to_end/site.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/key_file.h"
#include "verifier/signing/secret_bytes.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

constexpr int kExitRefused = 1;
constexpr int kExitUsage = 2;
constexpr char kPassphrase[] = "a long sentence that nobody guesses";

class StewardsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_ = site_.StartRegistry();
    for (int steward = 1; steward <= 3; ++steward) {
      const std::string name = "steward-" + std::to_string(steward) + ".key";
      fs::create_directory(Machine(steward));
      fs::copy_file(site_.File("trust-policy.txt"), Machine(steward) + "/policy");
      fs::rename(site_.File("keys/" + name), Machine(steward) + "/my.key");
    }
    // The second keeps the key under a passphrase; here one that is quickly tried.
    const SecretKey key =
        ValueOrDie(ValueOrDie(ReadKeyFile(Machine(2) + "/my.key")).OpenSigningKey(nullptr));
    const SecretBytes passphrase = ValueOrDie(SecretBytes::CopyOf(
        {reinterpret_cast<const uint8_t*>(kPassphrase), sizeof kPassphrase - 1}));
    fs::remove(Machine(2) + "/my.key");
    ASSERT_THAT(CreateKeyFile(Machine(2) + "/my.key", key, "steward 2",
                              KeyProtection::Passphrase(passphrase, kPassphraseCostMin)),
                IsOk());
    WriteFile(Machine(2) + "/passphrase", std::string(kPassphrase) + "\n");
    fs::permissions(Machine(2) + "/passphrase", fs::perms::owner_read);
    site_.Succeed({"keygen", "member.key", "--plain"});
  }

  std::string Machine(int steward) const {
    return site_.Outside("machine " + std::to_string(steward));
  }

  // `touchstone` at a steward's machine, which knows the policy and its own key, and no registry.
  Outcome AtMachine(int steward, Arguments arguments) const {
    Command command = {TouchstonePath(), "--policy", "policy", "--key", "my.key"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return RunProgram(command, Machine(steward));
  }
  void SucceedAt(int steward, const Arguments& arguments) const {
    const Outcome outcome = AtMachine(steward, arguments);
    EXPECT_EQ(outcome.status, 0) << Joined(arguments) << "\n" << outcome.err;
  }

  // The first steward's envelope that enrols `id`.
  std::string Enrolment(const std::string& id, const std::string& file) const {
    SucceedAt(1, {"participant", "enrol", id, "--legal-name", "Goldsmith Ltd", "--country", "GB",
                  "--role", "workshop", "--member-key", site_.File("member.key"), "--out", file});
    return Machine(1) + "/" + file;
  }

  Site site_;
  std::unique_ptr<Program> registry_;
};

TEST_F(StewardsTest, TwoOfThreeSignAtTheirMachines) {
  const std::string first = Enrolment("goldsmith", "enrol");
  const Outcome too_few = site_.Touchstone({"submit", first});
  EXPECT_EQ(too_few.status, kExitRefused);
  EXPECT_THAT(too_few.err,
              AllOf(HasSubstr("[missing_signature]"), HasSubstr("2"), HasSubstr("steward")));

  // By mail to the second, who sees what it says before the passphrase is used.
  fs::copy_file(first, Machine(2) + "/enrol");
  const Outcome signing =
      AtMachine(2, {"sign", "enrol", "--passphrase-file", "passphrase", "--out", "signed"});
  EXPECT_EQ(signing.status, 0) << signing.err;
  EXPECT_THAT(signing.err, AllOf(HasSubstr("Goldsmith Ltd"), HasSubstr("goldsmith")));
  EXPECT_THAT(signing.err + signing.out, Not(HasSubstr(kPassphrase)));

  site_.Succeed({"combine", first, Machine(2) + "/signed", "--out", "both"});
  EXPECT_THAT(site_.Succeed({"submit", "both"}), HasSubstr("entry"));
  EXPECT_THAT(site_.Succeed({"participant", "list"}), HasSubstr("Goldsmith Ltd"));
  Site::Stop(std::move(registry_));
}

TEST_F(StewardsTest, SignaturesThatDoNotBelongAreNamed) {
  const std::string first = Enrolment("goldsmith", "enrol");
  const std::string other = Enrolment("goldsmith", "other");  // another statement of the same
  fs::copy_file(other, Machine(3) + "/other");
  SucceedAt(3, {"sign", "other"});
  const Outcome mixed =
      site_.Touchstone({"combine", first, Machine(3) + "/other", "--out", site_.File("mixed")});
  EXPECT_NE(mixed.status, 0);
  EXPECT_THAT(mixed.err, AllOf(HasSubstr("other"), HasSubstr("payload")));
  EXPECT_FALSE(fs::exists(site_.File("mixed")));

  // A member of the staff is no steward.
  fs::copy_file(first, site_.File("enrol"));
  site_.Succeed({"sign", "enrol", "--key", "member.key"});
  const Outcome stranger = site_.Touchstone({"submit", "enrol"});
  EXPECT_EQ(stranger.status, kExitRefused);
  EXPECT_THAT(stranger.err, HasSubstr("is no steward's [unknown_signer]"));
  // Nothing of that is in the log, and the other way still works.
  EXPECT_THAT(site_.Succeed({"participant", "list"}), Not(HasSubstr("Goldsmith Ltd")));
  site_.Succeed({"submit", Machine(3) + "/other"});
  Site::Stop(std::move(registry_));
}

TEST_F(StewardsTest, SecretsThatOthersCanReadAreNotUsed) {
  const std::string first = Enrolment("goldsmith", "enrol");
  fs::copy_file(first, Machine(2) + "/enrol");
  fs::copy_file(first, Machine(3) + "/enrol");

  fs::permissions(Machine(3) + "/my.key", fs::perms::others_read, fs::perm_options::add);
  Outcome refused = AtMachine(3, {"sign", "enrol"});
  EXPECT_EQ(refused.status, kExitUsage);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("my.key"), HasSubstr("chmod 600 my.key")));

  fs::permissions(Machine(2) + "/passphrase", fs::perms::group_read, fs::perm_options::add);
  refused = AtMachine(2, {"sign", "enrol", "--passphrase-file", "passphrase"});
  EXPECT_EQ(refused.status, kExitUsage);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("passphrase"), HasSubstr("chmod 600 passphrase")));

  fs::permissions(Machine(2) + "/passphrase", fs::perms::owner_read | fs::perms::owner_write);
  WriteFile(Machine(2) + "/passphrase", "another\n");
  refused = AtMachine(2, {"sign", "enrol", "--passphrase-file", "passphrase"});
  EXPECT_EQ(refused.status, kExitUsage);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("my.key"), HasSubstr("passphrase")));
  // No envelope was touched.
  EXPECT_EQ(ReadFile(Machine(2) + "/enrol"), ReadFile(first));
  EXPECT_EQ(ReadFile(Machine(3) + "/enrol"), ReadFile(first));

  // The registry is as particular about the log's key.
  Site::Stop(std::move(registry_));
  fs::permissions(site_.File("keys/log.key"), fs::perms::others_read, fs::perm_options::add);
  refused = RunProgram(site_.RegistryCommand());
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--log-key"), HasSubstr("chmod 600")));
}

}  // namespace
}  // namespace touchstone::end_to_end
