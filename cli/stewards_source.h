// What the stewards' chain says now (who they are, which card keys count, whether the log is
// closed), from the registry, verified under the policy. Not for saying anything as a steward.
#ifndef TOUCHSTONE_CLI_STEWARDS_SOURCE_H_
#define TOUCHSTONE_CLI_STEWARDS_SOURCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/passport_source.h"
#include "verifier/digest.h"
#include "verifier/verify_cards.h"

namespace touchstone::cli {

// `file`, if it is not null, receives the cards file. Errors: those of CheckCards and of the
// registry.
absl::StatusOr<VerifiedCards> FetchStewards(Context& context, AsOf as_of,
                                            std::string* file = nullptr);

// A key as people name one that there is already: its id in 64 hexadecimal digits, or the key in
// either form of PublicKeyFromArgument().
absl::StatusOr<Digest> KeyIdFromArgument(const std::string& argument);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_STEWARDS_SOURCE_H_
