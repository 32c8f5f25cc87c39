// touchstone-verify: the offline check of a passport and nothing else. It opens no network
// connection and links the verifier only.
#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/offline_check.h"
#include "cli/parse_error.h"
#include "cli/public_file.h"
#include "verifier/limits.h"
#include "verifier/policy.h"
#include "verifier/refusal.h"

namespace {

using touchstone::cli::CheckAnswer;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "touchstone-verify: %s\n", std::string(status.message()).c_str());
  return touchstone::cli::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Verifies a passport offline: that its record is genuine and complete, who vouches for it,\n"
      "how fresh it is, and whether the object in your hand matches it.",
      "touchstone-verify");
  app.set_version_flag("--version", "touchstone-verify " TOUCHSTONE_VERSION);
  touchstone::cli::OfflineCheckOptions options;
  std::string policy_file;
  bool json = false;
  touchstone::cli::AddOfflineCheckOptions(&app, &options);
  app.add_option("--qr", options.card,
                 "The text of a QR code (touchstone verify reads pictures too); with FILE, whether "
                 "it is the card of that piece")
      ->type_name("TEXT")
      ->check(touchstone::cli::GivenNotEmpty());
  app.add_option("--policy", policy_file, "The trust policy: whom to believe")
      ->type_name("FILE")
      ->required();
  app.add_flag("--json", json, "Answer in JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // how CLI11 reports --help too
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fputs(touchstone::cli::DescribeParseError(app, error).c_str(), stderr);
    return touchstone::cli::kExitUsage;
  }
  const absl::StatusOr<std::string> text =
      touchstone::cli::ReadPublicFile(policy_file, touchstone::limits::kPolicyBytesMax);
  if (!text.ok()) return Fail(text.status());
  const absl::StatusOr<touchstone::TrustPolicy> policy = touchstone::TrustPolicy::Parse(*text);
  if (!policy.ok()) return Fail(touchstone::InContext(policy_file, policy.status()));
  const absl::StatusOr<CheckAnswer> answer =
      touchstone::cli::RunOfflineCheck(options, *policy, json);
  if (!answer.ok()) return Fail(answer.status());
  std::fputs(answer->text.c_str(), stdout);
  return answer->exit_status;
}
