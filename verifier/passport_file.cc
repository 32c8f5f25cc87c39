#include "verifier/passport_file.h"

#include "absl/strings/str_cat.h"
#include "verifier/canonical.h"
#include "verifier/chain.h"
#include "verifier/chain_fold.h"
#include "verifier/refusal.h"
#include "verifier/wire_schema.h"

namespace touchstone {

absl::StatusOr<v1::Passport> ReadPassportFile(ContainerType type, absl::string_view file) {
  const absl::StatusOr<absl::string_view> message = OpenContainer(type, file);
  if (!message.ok()) return message.status();
  if (absl::Status status = CheckCanonical(kPassportSchema, *message); !status.ok()) {
    return status;
  }
  v1::Passport passport;
  if (!passport.ParseFromArray(message->data(), static_cast<int>(message->size()))) {
    return Refuse(RefusalCode::kMalformed, "the file holds no protobuf message");
  }
  return passport;
}

absl::StatusOr<StewardsState> CheckStewards(const TrustPolicy& policy, LogSnapshot& log,
                                            const v1::Chain& chain) {
  const absl::StatusOr<CheckedChain> checked = CheckChain(log, IndexKind::kStewardsEntry, chain);
  if (!checked.ok()) return InContext("stewards", checked.status());
  absl::StatusOr<StewardsState> state = FoldStewards(policy, *checked);
  if (!state.ok()) return InContext("stewards", state.status());
  // The closing statement is the last of its commit, whose index root is the last entry of all.
  if (state->closing() && state->closing()->place.position != log.size() - 2) {
    return Refuse(RefusalCode::kLogClosed,
                  absl::StrCat("the log was closed at position ", state->closing()->place.position,
                               " and goes on to ", log.size(), " entries"));
  }
  return state;
}

}  // namespace touchstone
