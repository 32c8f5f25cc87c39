#include "tests/end_to_end/site.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/signing/key_file.h"

namespace touchstone::end_to_end {

std::string TouchstonePath() { return TOUCHSTONE_PROGRAM; }
std::string VerifyPath() { return TOUCHSTONE_VERIFY_PROGRAM; }
std::string RegistryPath() { return TOUCHSTONE_REGISTRY_PROGRAM; }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void WriteFile(const std::string& path, const std::string& contents) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << contents;
  EXPECT_TRUE(file.flush()) << path;
}

Site::Site() : directory_(scratch_.File("site")) {
  const Outcome made =
      RunProgram({TouchstonePath(), "init", directory_, "--origin", kOrigin, "--operator",
                  "Example SA", "--listen", "127.0.0.1:0", "--plain-keys"});
  EXPECT_EQ(made.status, 0) << made.err;
}

Command Site::RegistryCommand(const Arguments& more) const {
  Command command = {RegistryPath(), "--config", File("registry.toml"), "--port-file",
                     File("port")};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

std::unique_ptr<Program> Site::StartRegistry(const Arguments& more) {
  auto registry = std::make_unique<Program>(RegistryCommand(more));
  EXPECT_TRUE(registry->AwaitError("(serving)")) << registry->err();
  ReadAddress();
  return registry;
}

void Site::ReadAddress() {
  const std::string port = ReadFile(File("port"));
  address_ = absl::StrCat("127.0.0.1:", absl::StripAsciiWhitespace(port));
}

void Site::Stop(std::unique_ptr<Program> registry) {
  registry->Signal(SIGTERM);
  EXPECT_EQ(registry->Wait(), 0) << registry->err();
}

Command Site::TouchstoneCommand(const Arguments& arguments) const {
  Command command = {TouchstonePath(), "--registry", address_};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

Outcome Site::Touchstone(const Arguments& arguments) const {
  return RunProgram(TouchstoneCommand(arguments), directory_);
}

std::string Site::Succeed(const Arguments& arguments) const {
  const Outcome outcome = Touchstone(arguments);
  EXPECT_EQ(outcome.status, 0) << Joined(arguments) << "\n" << outcome.err;
  return outcome.out;
}

void Site::EnrolMaison() const {
  Succeed({"keygen", "keys/maison.key", "--plain"});
  Succeed({"keygen", "keys/maison.secret", "--issuer-secret", "--plain"});
  Succeed({"participant", "enrol", kMaison, "--legal-name", "Maison Example SA", "--country", "FR",
           "--role", "issuer", "--gs1-prefix", "9521234", "--member-key", "keys/maison.key",
           "--key", "keys/steward-1.key", "--key", "keys/steward-2.key"});
}

Arguments Site::AsMaison(Arguments arguments) {
  for (const char* argument : {"--participant", kMaison, "--key", "keys/maison.key",
                               "--issuer-secret", "keys/maison.secret"}) {
    arguments.push_back(argument);
  }
  return arguments;
}

SecretKey Site::MaisonKey() const {
  return ValueOrDie(ValueOrDie(ReadKeyFile(File("keys/maison.key"))).OpenSigningKey(nullptr));
}

TrustPolicy Site::Policy() const {
  return ValueOrDie(TrustPolicy::Parse(ReadFile(File("trust-policy.txt"))));
}

std::unique_ptr<cli::RegistryClient> Site::Client() const {
  cli::ConnectionOptions options;
  options.address = address_;
  return ValueOrDie(cli::RegistryClient::Create(options));
}

VerifiedCheckpoint Site::NewestCheckpoint() const {
  return ValueOrDie(VerifyCheckpointNote(Policy(), ValueOrDie(Client()->GetCheckpoint())));
}

std::string Site::ExportAndAudit(const Arguments& more) const {
  Arguments exporting = {"--export", Outside("export")};
  exporting.insert(exporting.end(), more.begin(), more.end());
  const Outcome exported = RunProgram(RegistryCommand(exporting));
  EXPECT_EQ(exported.status, 0) << exported.err;
  return Succeed({"audit", Outside("export")});
}

}  // namespace touchstone::end_to_end
