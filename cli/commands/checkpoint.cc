#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/audit/log_continuity.h"
#include "cli/audit/log_source.h"
#include "cli/commands/commands.h"
#include "cli/json_writer.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "verifier/digest.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {
namespace {

struct CheckpointOptions {
  std::string since_file;
  std::string out_file;
  CheckpointChoice checkpoint = CheckpointChoice::kNewest;
};

absl::StatusOr<VerifiedCheckpoint> ReadCheckpoint(const TrustPolicy& policy,
                                                  const std::string& path) {
  const absl::StatusOr<std::string> note = ReadPublicFile(path, limits::kNoteBytesMax);
  if (!note.ok()) return note.status();
  absl::StatusOr<VerifiedCheckpoint> checkpoint = VerifyProvisionalCheckpointNote(policy, *note);
  if (!checkpoint.ok()) return InContext(path, checkpoint.status());
  return checkpoint;
}

void PrintCheckpoint(const Context& context, const TrustPolicy& policy,
                     const VerifiedCheckpoint& verified, bool compared) {
  const Checkpoint& checkpoint = verified.checkpoint;
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("origin");
    json.String(checkpoint.origin());
    json.Key("size");
    json.Number(checkpoint.size());
    json.Key("root");
    json.String(DigestToHex(checkpoint.root()));
    json.Key("quorum_met");
    json.Boolean(verified.quorum_met);
    json.Key("witnesses");
    json.BeginArray();
    for (const WitnessCosignature& one : verified.cosignatures) {
      json.String(policy.witnesses()[one.witness].name);
    }
    json.EndArray();
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return;
  }
  std::printf("%s\n  %llu entries, root %s\n  signed by the log's %s key\n",
              checkpoint.origin().c_str(), static_cast<unsigned long long>(checkpoint.size()),
              DigestToHex(checkpoint.root()).c_str(),
              verified.retired.has_value() ? "retired" : "present");
  for (const WitnessCosignature& one : verified.cosignatures) {
    std::printf("  cosigned by %s, %s\n", policy.witnesses()[one.witness].name.c_str(),
                FormatTime(one.time_seconds * 1000).c_str());
  }
  if (policy.quorum().has_value() && !verified.quorum_met) {
    std::printf("  provisional: too few of your witnesses have cosigned it\n");
  }
  if (compared) std::printf("  goes on from the earlier checkpoint: nothing was rewritten\n");
}

absl::Status FetchCheckpoint(Context& context, const CheckpointOptions& options) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const absl::StatusOr<std::string> note = (*client)->GetCheckpoint(options.checkpoint);
  if (!note.ok()) return note.status();
  const absl::StatusOr<VerifiedCheckpoint> newest =
      VerifyProvisionalCheckpointNote(**policy, *note);
  if (!newest.ok()) return InContext("the registry's checkpoint", newest.status());
  if (!options.since_file.empty()) {
    const absl::StatusOr<VerifiedCheckpoint> earlier = ReadCheckpoint(**policy, options.since_file);
    if (!earlier.ok()) return earlier.status();
    const absl::Status goes_on = CheckLogGoesOn(
        *OpenRegistry(*client), {earlier->checkpoint.size(), earlier->checkpoint.root()},
        {newest->checkpoint.size(), newest->checkpoint.root()},
        absl::StrCat("Keep ", options.since_file));
    if (!goes_on.ok()) return goes_on;
  }
  if (!options.out_file.empty()) {
    // The file that was compared with may be moved on to the newest.
    const absl::Status written =
        WritePublicFile(options.out_file, *note, options.out_file == options.since_file);
    if (!written.ok()) return written;
  }
  if (options.out_file != "-") {
    PrintCheckpoint(context, **policy, *newest, !options.since_file.empty());
  }
  return absl::OkStatus();
}

}  // namespace

void AddCheckpointCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("checkpoint", "Fetch the log's newest checkpoint and verify it")
          ->group("Checking");
  auto options = std::make_shared<CheckpointOptions>();
  command
      ->add_option("--since", options->since_file,
                   "An earlier checkpoint: check that the log goes on from it")
      ->type_name("FILE");
  command
      ->add_option("--out", options->out_file,
                   "Save the checkpoint (a new file, or the one of --since)")
      ->type_name("FILE");
  AddCosignedOption(command, &options->checkpoint);
  command->callback([=] { result->status = FetchCheckpoint(*context, *options); });
}

}  // namespace touchstone::cli
