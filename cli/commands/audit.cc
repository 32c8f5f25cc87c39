#include "cli/audit/audit.h"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "cli/audit/log_source.h"
#include "cli/audit/state_directory.h"
#include "cli/commands/commands.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

struct AuditOptions {
  std::string directory;
  std::string state;
};

absl::StatusOr<AuditReport> RunAudit(Context& context, const AuditOptions& options) {
  if (!options.directory.empty() && !options.state.empty()) {
    return absl::InvalidArgumentError(
        "--state is for a registry: an export is always audited from its beginning");
  }
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  std::unique_ptr<Progress> bar;
  const AuditProgress progress = [&bar, &context](uint64_t done, uint64_t total) {
    if (bar == nullptr) {
      bar = std::make_unique<Progress>(
          DescribeTerminal(STDERR_FILENO, context.options().color), "entries", total, done,
          [](absl::string_view text) {
            std::fwrite(text.data(), 1, text.size(), stderr);
            std::fflush(stderr);
          },
          [] { return absl::Now(); });
    }
    bar->Update(done);
    if (done == total) bar->Finish();
  };
  if (!options.directory.empty()) {
    const std::unique_ptr<LogSource> source = OpenExport(options.directory);
    return AuditLog(**policy, *source, /*state=*/nullptr, progress);
  }
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const std::unique_ptr<LogSource> source = OpenRegistry(*client);
  if (options.state.empty()) return AuditLog(**policy, *source, /*state=*/nullptr, progress);
  if (!(*policy)->genesis().has_value()) {
    return Refuse(RefusalCode::kNoGenesis, "the trust policy has no genesis line");
  }
  const absl::StatusOr<std::unique_ptr<StateDirectory>> state =
      StateDirectory::Open(options.state, (*policy)->origin(), *(*policy)->genesis());
  if (!state.ok()) return state.status();
  return AuditLog(**policy, *source, state->get(), progress);
}

unsigned long long Number(uint64_t value) { return value; }

void PrintCommits(const AuditReport& report) {
  const CheckedCommits& checked = report.checked;
  if (report.audited_before == checked.size()) {
    std::printf(
        "Nothing is new since the last audit, which ended with %llu commits, %llu leaves of the "
        "index and %llu public entries checked.\n",
        Number(checked.commits), Number(checked.leaves), Number(checked.public_entries));
    return;
  }
  if (report.audited_before > 0) {
    std::printf("It goes on from the %llu entries of the last audit; %llu are new.\n",
                Number(report.audited_before), Number(checked.size() - report.audited_before));
  }
  std::printf(
      "Each of its %llu commits makes its index root out of what it inserted, %llu leaves in all: "
      "none was changed, taken back or put in later.\n"
      "Its %llu public entries are in place and in the index; those of the stewards and "
      "participants "
      "among them are signed and allowed by the rules.\n",
      Number(checked.commits), Number(checked.leaves), Number(checked.public_entries));
}

absl::Status Audit(Context& context, const AuditOptions& options) {
  const absl::StatusOr<AuditReport> report = RunAudit(context, options);
  if (!report.ok()) return report.status();
  const Checkpoint& checkpoint = report->checkpoint.checkpoint;
  std::printf("The log %s agrees with its checkpoint of %llu entries, root %s.\n",
              checkpoint.origin().c_str(), Number(checkpoint.size()),
              DigestToHex(checkpoint.root()).c_str());
  PrintCommits(*report);
  if (report->replay.has_value()) {
    const ReplayTotals& totals = *report->replay;
    std::printf(
        "Replayed by the rules: %llu commits, %llu passports, %llu participants, %llu signatures, "
        "%llu leaves of the index. Nothing disagrees.\n",
        Number(totals.commits), Number(totals.passports), Number(totals.participants),
        Number(totals.signatures), Number(totals.index_leaves));
  } else {
    std::printf(
        "What the entries of passports say was not checked, nor who signed them: they are not "
        "public. "
        "Audit a whole export (touchstone-registry --export) to replay them.\n");
  }
  return absl::OkStatus();
}

}  // namespace

void AddAuditCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("audit",
                          "Re-verify a whole log: a registry's from what is public, an exported "
                          "one entry by entry")
          ->group("Checking");
  auto options = std::make_shared<AuditOptions>();
  command->add_option("DIR", options->directory,
                      "The export (docs/EXPORT.md); without it, the registry is asked");
  command
      ->add_option("--state", options->state,
                   "Keep there what the next audit of the registry goes on from")
      ->type_name("DIR");
  command->callback([=] { result->status = Audit(*context, *options); });
}

}  // namespace touchstone::cli
