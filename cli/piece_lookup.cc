#include "cli/piece_lookup.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

absl::Status NotBelieved(const absl::Status& status) {
  if (!RefusalCodeOf(status).has_value()) return status;
  return SameRefusal(status, absl::StrCat("what the registry answered does not hold, and says "
                                          "nothing: ",
                                          status.message()));
}

}  // namespace

absl::StatusOr<LookedUp> LookUpPiece(Context& context, const PassportName& name) {
  const absl::StatusOr<Sought> sought = SoughtBy(name);
  if (!sought.ok()) return sought.status();
  const absl::StatusOr<PieceKey> key = PieceKeyOf(name);
  if (!key.ok()) return key.status();
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  absl::StatusOr<FoundPiece> found = (*client)->Lookup(*key);
  if (!found.ok()) return found.status();
  if (found->present) {
    absl::StatusOr<HeldPassport> passport =
        CheckPassportBytes(context, name, std::move(found->file));
    if (!passport.ok()) return NotBelieved(passport.status());
    return LookedUp(*std::move(passport));
  }
  absl::StatusOr<ProvenAbsence> absence = CheckAbsence(**policy, found->file, context.NowMs());
  if (!absence.ok()) return NotBelieved(absence.status());
  if (absence->sought != *sought) {
    return absl::DataLossError(absl::StrCat("the registry was asked for ", DescribeSought(*sought),
                                            " and proved that there is no ",
                                            DescribeSought(absence->sought)));
  }
  return LookedUp(HeldAbsence{std::move(found->file), *std::move(absence)});
}

}  // namespace touchstone::cli
