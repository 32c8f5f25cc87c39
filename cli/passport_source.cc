#include "cli/passport_source.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/audit/log_continuity.h"
#include "cli/audit/log_source.h"
#include "cli/public_file.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/claim.h"
#include "verifier/container.h"
#include "verifier/limits.h"
#include "verifier/passport_file.h"
#include "verifier/refusal.h"
#include "verifier/verify_checkpoint.h"
#include "verifier/verify_passport.h"

namespace touchstone::cli {
namespace {

// Whether the record is that of the piece that was asked for: a registry may hand out another
// passport, just as genuine.
bool IsAskedFor(const VerifiedRecord& record, const PassportName& name) {
  if (std::holds_alternative<PassportFile>(name)) return true;
  const absl::StatusOr<Sought> sought = SoughtBy(name);
  if (!sought.ok()) return false;
  if (*sought == Sought::Id(record.passport_id)) return true;
  const std::vector<ClaimStatus>& claims = record.completeness.claims;
  return std::any_of(claims.begin(), claims.end(), [&sought](const ClaimStatus& status) {
    return Sought::Claim(status.claim) == *sought &&
           (status.standing == ClaimStanding::kHeld || status.standing == ClaimStanding::kDisputed);
  });
}

}  // namespace

void AddCosignedOption(CLI::App* command, CheckpointChoice* choice) {
  command->add_flag_callback(
      "--cosigned", [choice] { *choice = CheckpointChoice::kCosigned; },
      "As of the last checkpoint that the registry's witnesses have cosigned, instead of the "
      "newest");
}

AsOf AsOfChoice(CheckpointChoice choice) {
  return choice == CheckpointChoice::kCosigned ? AsOf::kCosigned : AsOf::kNewest;
}

absl::Status WithCosignedHint(const absl::Status& status) {
  if (RefusalCodeOf(status) != RefusalCode::kQuorumNotMet) return status;
  return SameRefusal(status, absl::StrCat(status.message(),
                                          ". --cosigned asks for the last checkpoint that "
                                          "witnesses have cosigned"));
}

absl::StatusOr<std::string> GetPassportBytes(Context& context, const PassportName& name,
                                             CheckpointChoice choice) {
  if (const PassportFile* file = std::get_if<PassportFile>(&name)) {
    return ReadPublicFile(file->path, limits::kPassportFileBytesMax);
  }
  const absl::StatusOr<PieceKey> key = PieceKeyOf(name);
  if (!key.ok()) return key.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  absl::StatusOr<std::string> file = (*client)->GetPassport(*key, choice);
  if (!file.ok() && absl::IsNotFound(file.status())) {
    return SameRefusal(
        file.status(),
        absl::StrCat("the registry has no passport for ", DescribePassportName(name),
                     choice == CheckpointChoice::kCosigned
                         ? " as of the last checkpoint that witnesses have cosigned: what was "
                           "registered since is there later, so ask again later"
                         : ""));
  }
  return file;
}

absl::StatusOr<HeldPassport> CheckPassportBytes(Context& context, const PassportName& name,
                                                std::string file) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  absl::StatusOr<VerifiedRecord> record = CheckPassport(**policy, file, {}, context.NowMs());
  if (!record.ok()) return InContext(DescribePassportName(name), record.status());
  if (!IsAskedFor(*record, name)) {
    return absl::DataLossError(
        absl::StrCat("the registry was asked for ", DescribePassportName(name),
                     " and answered with another passport, ", record->passport_id.Format()));
  }
  return HeldPassport{std::move(file), *std::move(record)};
}

absl::StatusOr<HeldPassport> GetPassport(Context& context, const PassportName& name, AsOf as_of) {
  if (std::holds_alternative<PassportFile>(name)) as_of = AsOf::kNewest;  // it is as it is
  return FetchAsOf(as_of, [&](CheckpointChoice choice) -> absl::StatusOr<HeldPassport> {
    absl::StatusOr<std::string> file = GetPassportBytes(context, name, choice);
    if (!file.ok()) return file.status();
    return CheckPassportBytes(context, name, *std::move(file));
  });
}

absl::StatusOr<std::string> WithRetiredPath(Context& context, const std::string& file) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  absl::StatusOr<v1::Passport> passport = ReadPassportFile(ContainerType::kPassport, file);
  if (!passport.ok()) return passport.status();
  const absl::StatusOr<VerifiedCheckpoint> verified =
      VerifyProvisionalCheckpointNote(**policy, passport->checkpoint());
  if (!verified.ok()) return verified.status();
  if (CheckRetiredConsistency(*verified, {}).ok()) return file;
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const absl::StatusOr<std::vector<std::string>> path =
      (*client)->GetConsistencyPath(verified->checkpoint.size(), verified->retired->size);
  if (!path.ok()) return path.status();
  passport->set_retired_path(absl::StrJoin(*path, ""));
  return SealContainer(ContainerType::kPassport, passport->SerializeAsString());
}

absl::StatusOr<HeldPassport> GetHeldPassport(Context& context, const PassportFile& name) {
  absl::StatusOr<HeldPassport> held = GetPassport(context, name);
  if (held.ok() || RefusalCodeOf(held.status()) != RefusalCode::kRetiredKeyUnproven) return held;
  const absl::StatusOr<std::string> file = GetPassportBytes(context, name);
  if (!file.ok()) return file.status();
  absl::StatusOr<std::string> proven = WithRetiredPath(context, *file);
  if (!proven.ok()) return proven.status();
  return CheckPassportBytes(context, name, *std::move(proven));
}

absl::StatusOr<HeldPassport> FetchNewestPassport(Context& context, const PassportName& name,
                                                 AsOf as_of) {
  const PassportFile* const named_file = std::get_if<PassportFile>(&name);
  if (named_file == nullptr) return GetPassport(context, name, as_of);
  absl::StatusOr<HeldPassport> held = GetHeldPassport(context, *named_file);
  if (!held.ok()) return held;
  absl::StatusOr<HeldPassport> newest = GetPassport(context, held->record.passport_id, as_of);
  if (!newest.ok()) return newest.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const LogState then{held->record.log.size, held->record.log.root};
  const LogState now{newest->record.log.size, newest->record.log.root};
  // The file may be of a checkpoint that no witness had seen when it was fetched.
  const bool ahead = as_of == AsOf::kCosigned && then.size > now.size;
  const absl::Status goes_on =
      CheckLogGoesOn(*OpenRegistry(*client), ahead ? now : then, ahead ? then : now,
                     absl::StrCat("Keep ", DescribePassportName(name)));
  if (!goes_on.ok()) return goes_on;
  if (!ahead) return newest;
  return absl::FailedPreconditionError(absl::StrCat(
      "the file shows the log with ", then.size, " entries, and witnesses have cosigned the first ",
      now.size, " of them so far: there is nothing newer; ask again later"));
}

absl::StatusOr<HeldPassport> FetchNewestPassport(Context& context, const std::string& argument) {
  const absl::StatusOr<PassportName> name = PassportNameFromArgument(argument);
  if (!name.ok()) return name.status();
  return FetchNewestPassport(context, *name);
}

absl::Status CheckPassportTarget(Context& context, const std::string& path, const PassportId& id,
                                 bool force) {
  if (force || path == "-" || access(path.c_str(), F_OK) != 0) return absl::OkStatus();
  const absl::StatusOr<HeldPassport> there = GetHeldPassport(context, PassportFile{path});
  if (there.ok() && there->record.passport_id == id) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat(path,
                   " is there already and is not a passport of this piece; choose another "
                   "name, or say --force to replace it"));
}

absl::Status SavePassport(Context& context, const std::string& path, const HeldPassport& passport,
                          bool force) {
  absl::Status status = CheckPassportTarget(context, path, passport.record.passport_id, force);
  if (status.ok()) status = WritePublicFile(path, passport.file, /*replace=*/true);
  if (status.ok() && path != "-") {
    std::fprintf(stderr, "Saved %s (%zu bytes, verified).\n", path.c_str(), passport.file.size());
  }
  return status;
}

absl::StatusOr<PassportId> PassportIdFromArgument(Context& context, const std::string& argument) {
  const absl::StatusOr<PassportName> name = PassportNameFromArgument(argument);
  if (!name.ok()) return name.status();
  if (const PassportId* id = std::get_if<PassportId>(&*name)) return *id;
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, *name);
  if (!passport.ok()) return passport.status();
  return passport->record.passport_id;
}

}  // namespace touchstone::cli
