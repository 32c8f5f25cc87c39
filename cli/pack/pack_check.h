// Checks an insurer's pack, offline: believes nothing in it but what the checker's own policy
// proves. Not for how fresh or free of reservations the passport in it is, which is asked as of any
// other passport (cli/offline_check.h).
#ifndef TOUCHSTONE_CLI_PACK_PACK_CHECK_H_
#define TOUCHSTONE_CLI_PACK_PACK_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/pack/pack_manifest.h"
#include "verifier/grant.h"
#include "verifier/policy.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

struct CheckedPack {
  std::string passport_file;
  VerifiedRecord record;
  PackManifest manifest;
  std::optional<SignedGrant> grant;
  bool grant_expired = false;  // since: it counted when the pack was made
  std::string policy_text;     // by which it was made; it decides nothing
  std::string summary;         // as it follows from what is proven
  // Whether SUMMARY.txt is that text; nothing where another version of this program wrote it.
  std::optional<bool> summary_holds;
};

// Errors: those of ReadZip and CheckPassport; kMalformed, for what is missing, surplus or no pack;
// kWrongDocument, for a document that is not what the passport commits to, or that nothing is said
// of; those of SignedGrant, and kNotYourDocument for one that the grant does not cover.
absl::StatusOr<CheckedPack> CheckPack(const TrustPolicy& policy, absl::string_view zip,
                                      uint64_t now_ms);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PACK_PACK_CHECK_H_
