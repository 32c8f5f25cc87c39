// What becomes of a statement once its fields are filled in: it is signed with the keys at hand,
// and then either written to a file for others to sign, or submitted and its receipt checked.
#ifndef TOUCHSTONE_CLI_SUBMISSION_H_
#define TOUCHSTONE_CLI_SUBMISSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/context.h"
#include "cli/json_writer.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/envelope.h"
#include "verifier/passport_id.h"
#include "verifier/signing/secret_key.h"
#include "verifier/verify_receipt.h"

namespace touchstone::cli {

// The options that every command has that makes a statement.
struct StatementOptions {
  std::string out_file;     // write the envelope there instead of submitting it
  std::string occurred_at;  // RFC 3339; now if empty
};
void AddStatementOptions(CLI::App* command, StatementOptions* options);

// Of options.occurred_at, milliseconds since 1970. InvalidArgument names what is accepted.
absl::StatusOr<uint64_t> OccurredAtMs(const Context& context, const StatementOptions& options);

// How many entries the log of the policy has at that registry; an error if the registry shows no
// checkpoint of it. To be asked before anything is sent there.
absl::StatusOr<uint64_t> SizeOfPolicysLog(const TrustPolicy& policy, RegistryClient& client);

// Submits and checks the receipt: that the entry with this envelope is in the log and in the index,
// under a checkpoint that the policy's log key signed. Nothing is done before this returned OK; and
// nothing is sent to a registry that cannot show a checkpoint of the policy's log.
absl::StatusOr<VerifiedReceipt> SubmitAndCheck(Context& context, const Envelope& envelope);

// Finishes `statement`, signs it with `keys`, and writes or submits it as `options` say. Returns
// nothing where it was written to a file: then others must sign, and the command has said so.
absl::StatusOr<std::optional<VerifiedReceipt>> SignAndSubmit(
    Context& context, const v1::Statement& statement, absl::Span<const SecretKey* const> keys,
    const StatementOptions& options);

// The same for all keys of `keys`.
absl::StatusOr<std::optional<VerifiedReceipt>> SignAndSubmit(Context& context,
                                                             const v1::Statement& statement,
                                                             const std::vector<SecretKey>& keys,
                                                             const StatementOptions& options);

// The passport that the entry belongs to; nothing for participants and stewards.
std::optional<PassportId> PassportOf(const VerifiedReceipt& receipt);

// "entry 17, logged 2026-11-22 10:00:00 UTC": how commands say where something went.
std::string DescribeReceipt(const VerifiedReceipt& receipt);

// The same as members of an object under way: passport_id (where there is one), entry, logged_at,
// digest, provisional.
void AppendReceiptJson(const VerifiedReceipt& receipt, JsonWriter& json);

// Says that `done` ("Enrolled maison-aurore") is logged, in the form that --json asks for.
void ReportLogged(const Context& context, const std::string& done, const VerifiedReceipt& receipt);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_SUBMISSION_H_
