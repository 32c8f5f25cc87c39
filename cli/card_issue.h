// Making the token of a passport card, as the holder of a card key does. Not for drawing its QR
// code (cli/qr_picture.h) nor for checking one (verifier/verify_cards.h).
#ifndef TOUCHSTONE_CLI_CARD_ISSUE_H_
#define TOUCHSTONE_CLI_CARD_ISSUE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "cli/passport_source.h"
#include "verifier/policy.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

// The link for the card of that piece, issued on `day` (2020-01-01 to 2199-06-06), to the resolver
// scheme://host[:port][/stem]. It verifies: PermissionDenied if the key is not enrolled as a card
// key as of the passport. InvalidArgument for a day or a resolver that is none.
absl::StatusOr<std::string> IssueCardLink(const TrustPolicy& policy, const HeldPassport& passport,
                                          const SecretKey& card_key, absl::CivilDay day,
                                          absl::string_view resolver, uint64_t now_ms);

// Where QR codes lead to if nothing else was said: https:// and the host in the log's origin.
std::string DefaultResolver(absl::string_view log_origin);

// The cards file that a passport file contains: the same checkpoint and stewards' chain.
absl::StatusOr<std::string> CardsOfPassport(const HeldPassport& passport);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CARD_ISSUE_H_
