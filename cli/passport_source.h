// Getting hold of passports: from files and from the registry, each verified under the policy
// before anybody looks into it. Not for showing them (cli/passport_text.h).
#ifndef TOUCHSTONE_CLI_PASSPORT_SOURCE_H_
#define TOUCHSTONE_CLI_PASSPORT_SOURCE_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/client/registry_client.h"
#include "cli/context.h"
#include "cli/passport_name.h"
#include "verifier/passport_id.h"
#include "verifier/refusal.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// A passport file whose every check held.
struct HeldPassport {
  std::string file;  // its bytes
  VerifiedRecord record;
};

// Under which of the registry's checkpoints a passport is wanted.
enum class AsOf {
  kNewest,
  kCosigned,
  // The newest, or where the policy's witnesses have yet to cosign that, the last that they have.
  kEither,
};

// The option --cosigned, for commands that fetch: kNewest without it.
void AddCosignedOption(CLI::App* command, CheckpointChoice* choice);
AsOf AsOfChoice(CheckpointChoice choice);

// `status`, where it is that the newest checkpoint is not cosigned yet, with the way out.
absl::Status WithCosignedHint(const absl::Status& status);

// Calls `fetch` for the checkpoint of `as_of`; for kEither, once more for the cosigned one where
// what it returned for the newest is kQuorumNotMet.
template <typename Fetch>
auto FetchAsOf(AsOf as_of, const Fetch& fetch) {
  auto fetched =
      fetch(as_of == AsOf::kCosigned ? CheckpointChoice::kCosigned : CheckpointChoice::kNewest);
  if (as_of != AsOf::kEither || fetched.ok() ||
      RefusalCodeOf(fetched.status()) != RefusalCode::kQuorumNotMet) {
    return fetched;
  }
  auto cosigned = fetch(CheckpointChoice::kCosigned);
  // What a registry without witnesses says of that is not what is wrong here.
  return absl::IsFailedPrecondition(cosigned.status()) ? fetched : cosigned;
}

// The bytes as they come, unverified: from the file, or from the registry. Errors: those of reading
// and of the registry.
absl::StatusOr<std::string> GetPassportBytes(Context& context, const PassportName& name,
                                             CheckpointChoice choice = CheckpointChoice::kNewest);

// Verifies `file`, which came from `name`: under the policy, and that it is the one that was asked
// for. Errors: those of CheckPassport; DataLoss if it is
// another.
absl::StatusOr<HeldPassport> CheckPassportBytes(Context& context, const PassportName& name,
                                                std::string file);

// Both: the file as it is, or what the registry has now.
absl::StatusOr<HeldPassport> GetPassport(Context& context, const PassportName& name,
                                         AsOf as_of = AsOf::kEither);

// `file`, a passport file, with the proof that its log was the one that goes on, where only a log
// key that the policy has retired has signed it: the registry is asked for it. As it is, where it
// needs none. Not yet verified. Errors: those of ReadPassportFile and of the checkpoint; the
// registry's.
absl::StatusOr<std::string> WithRetiredPath(Context& context, const std::string& file);

// As GetPassport; but a file that has outlived its log key is proven with the registry's help.
absl::StatusOr<HeldPassport> GetHeldPassport(Context& context, const PassportFile& name);

// What the registry has now, even where `name` is a file; for a file also that the registry's log
// goes on from the log that the file shows. Errors besides: DataLoss where it does not;
// FailedPrecondition where the file is newer than the last cosigned checkpoint, which is wanted.
absl::StatusOr<HeldPassport> FetchNewestPassport(Context& context, const PassportName& name,
                                                 AsOf as_of = AsOf::kEither);

// The same of a command-line argument, an id or a file.
absl::StatusOr<HeldPassport> FetchNewestPassport(Context& context, const std::string& argument);

// Whether SavePassport may write to `path`: nothing is there, or a passport file of the same piece,
// or `force`. For asking before something is done that cannot be undone.
absl::Status CheckPassportTarget(Context& context, const std::string& path, const PassportId& id,
                                 bool force);

// Writes the file, and says so. Errors: as CheckPassportTarget, and those of WritePublicFile.
absl::Status SavePassport(Context& context, const std::string& path, const HeldPassport& passport,
                          bool force);

// The id that an argument gives, or that of the passport file that it names, verified. Asks no
// registry.
absl::StatusOr<PassportId> PassportIdFromArgument(Context& context, const std::string& argument);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PASSPORT_SOURCE_H_
