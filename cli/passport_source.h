// Getting hold of passports: from files and from the registry, each verified under the policy
// before anybody looks into it. Not for showing them (cli/passport_text.h).
#ifndef TOUCHSTONE_CLI_PASSPORT_SOURCE_H_
#define TOUCHSTONE_CLI_PASSPORT_SOURCE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/passport_name.h"
#include "verifier/passport_id.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// A passport file whose every check held.
struct HeldPassport {
  std::string file;  // its bytes
  VerifiedRecord record;
};

// The bytes as they come, unverified: from the file, or from the registry. Errors: those of reading
// and of the registry.
absl::StatusOr<std::string> GetPassportBytes(Context& context, const PassportName& name);

// Verifies `file`, which came from `name`: under the policy, and that it is the one that was asked
// for. Errors: those of CheckPassport; DataLoss if it is
// another.
absl::StatusOr<HeldPassport> CheckPassportBytes(Context& context, const PassportName& name,
                                                std::string file);

// Both: the file as it is, or what the registry has now.
absl::StatusOr<HeldPassport> GetPassport(Context& context, const PassportName& name);

// What the registry has now, even where `name` is a file; for a file also that the registry's log
// goes on from the log that the file shows. Errors besides: DataLoss where it does not.
absl::StatusOr<HeldPassport> FetchNewestPassport(Context& context, const PassportName& name);

// Whether SavePassport may write to `path`: nothing is there, or a passport file of the same piece,
// or `force`. For asking before something is done that cannot be undone.
absl::Status CheckPassportTarget(Context& context, const std::string& path, const PassportId& id,
                                 bool force);

// Writes the file, and says so. Errors: as CheckPassportTarget, and those of WritePublicFile.
absl::Status SavePassport(Context& context, const std::string& path, const HeldPassport& passport,
                          bool force);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PASSPORT_SOURCE_H_
