#include "cli/audit/audit.h"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "cli/commands/commands.h"
#include "cli/progress.h"
#include "cli/terminal.h"

namespace touchstone::cli {
namespace {

absl::StatusOr<AuditReport> RunAudit(Context& context, const std::string& directory) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  std::unique_ptr<Progress> bar;
  const AuditProgress progress = [&bar, &context](uint64_t done, uint64_t total) {
    if (bar == nullptr) {
      bar = std::make_unique<Progress>(
          DescribeTerminal(STDERR_FILENO, context.options().color), "entries", total, 0,
          [](absl::string_view text) {
            std::fwrite(text.data(), 1, text.size(), stderr);
            std::fflush(stderr);
          },
          [] { return absl::Now(); });
    }
    bar->Update(done);
    if (done == total) bar->Finish();
  };
  if (!directory.empty()) {
    const std::unique_ptr<LogSource> source = OpenExport(directory);
    return AuditExport(**policy, *source, progress);
  }
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  return AuditRegistry(**policy, **client, progress);
}

absl::Status Audit(Context& context, const std::string& directory) {
  const absl::StatusOr<AuditReport> report = RunAudit(context, directory);
  if (!report.ok()) return report.status();
  const Checkpoint& checkpoint = report->checkpoint.checkpoint;
  std::printf("The log %s agrees with its checkpoint of %llu entries, root %s.\n",
              checkpoint.origin().c_str(), static_cast<unsigned long long>(checkpoint.size()),
              DigestToHex(checkpoint.root()).c_str());
  const auto number = [](uint64_t value) { return static_cast<unsigned long long>(value); };
  if (report->replay.has_value()) {
    const ReplayTotals& totals = *report->replay;
    std::printf(
        "Replayed by the rules: %llu commits, %llu passports, %llu participants, %llu signatures, "
        "%llu leaves of the index. Nothing disagrees.\n",
        number(totals.commits), number(totals.passports), number(totals.participants),
        number(totals.signatures), number(totals.index_leaves));
  } else {
    std::printf(
        "Its %llu public entries are in place and its index roots form one chain. The entries of "
        "passports are not public: audit an export (touchstone-registry --export) to replay "
        "them.\n",
        number(report->public_entries));
  }
  return absl::OkStatus();
}

}  // namespace

void AddAuditCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("audit",
                          "Re-verify a whole log: an exported one entry by entry, a registry's "
                          "from what is public")
          ->group("Checking");
  auto directory = std::make_shared<std::string>();
  command->add_option("DIR", *directory,
                      "The export (docs/EXPORT.md); without it, the registry is asked");
  command->callback([=] { result->status = Audit(*context, *directory); });
}

}  // namespace touchstone::cli
