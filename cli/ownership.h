// What first sale, claim and transfer have in common: they build on the newest state of a piece,
// and hand it from one key to the next. Not for what each of them says (cli/commands/).
#ifndef TOUCHSTONE_CLI_OWNERSHIP_H_
#define TOUCHSTONE_CLI_OWNERSHIP_H_

#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/passport_source.h"
#include "cli/submission.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/public_key.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

// A statement for that passport that builds on its newest ownership entry; its event is still
// missing.
v1::Statement NewOwnershipStatement(const VerifiedRecord& record, uint64_t occurred_at_ms);

// The key that acts for whoever holds the piece: the claim key, then the owner's. Nothing while it
// is with the store.
std::optional<PublicKey> ActingKeyOf(const VerifiedRecord& record);

// kWrongPhase, saying what can be done instead, unless the piece is in `phase`.
absl::Status RequirePhase(const VerifiedRecord& record, OwnershipPhase phase);

// kUnknownSigner unless `key` is the acting key; `option` is how the user gave it.
absl::Status RequireActingKey(const VerifiedRecord& record, const PublicKey& key,
                              absl::string_view option);

// The next holder's key, as the options NAME (a key file, or a public key whose secret half is
// somewhere else) or NAME-out (make one) say; at a first sale also --claim-code-out (make a code
// that stands for one).
struct NextKeyOptions {
  std::string name;  // "--claim-key"
  std::string key;
  std::string key_out;
  bool plain = false;
  bool may_be_code = false;
  std::string code_out;
};
// `name` without dashes, "claim-key"; `what` for the help, "the claim key".
void AddNextKeyOptions(CLI::App* command, const std::string& name, const std::string& what,
                       NextKeyOptions* options);

// The same for a first sale: --claim-code-out too.
void AddClaimCodeOutOption(CLI::App* command, NextKeyOptions* options);

// Of the key file that NAME-out makes: "claim key of 0ABC-…".
std::string NextKeyLabel(const NextKeyOptions& options, const PassportId& id);

// InvalidArgument unless exactly one of them was given. Asks for nothing and makes nothing.
absl::Status CheckNextKeyOptions(const NextKeyOptions& options);

// The public half, where it exists already: not for NAME-out, and not for --claim-code-out unless
// its file is there, which is then the page of this piece (or an error). So a sale that was cut
// short goes on with the code that it began with.
absl::StatusOr<std::optional<PublicKey>> ExistingNextKey(const NextKeyOptions& options);
// The same for NAME-out, where its file is there already: a key file with exactly the label that
// this command gives, which names the piece, was made by it in an earlier try. AlreadyExists for
// any other file, and for a key that the piece was with before: it takes none again. `holder_key`
// is the file of the key that hands over, which is not to be the next one.
absl::StatusOr<std::optional<PublicKey>> ExistingMadeKey(const NextKeyOptions& options,
                                                         const VerifiedRecord& record,
                                                         const std::string& holder_key);
absl::StatusOr<std::optional<PublicKey>> ExistingClaimCodeKey(const NextKeyOptions& options,
                                                              const VerifiedRecord& record);

// The key, opened or made (or opened where NAME-out's file is there, which ExistingMadeKey must
// have taken before); only its public half if that is all that was given.
struct NextKey {
  PublicKey public_key;
  std::optional<SecretKey> secret;
};
absl::StatusOr<NextKey> OpenNextKey(const Context& context, const NextKeyOptions& options,
                                    const std::string& label);

// The same for --claim-code-out: from the page that is there, or a new one.
absl::StatusOr<NextKey> OpenClaimCodeKey(const NextKeyOptions& options,
                                         const VerifiedRecord& record);

// Signs with the holder's key and, where it is here, with the next one's; writes or submits as
// `options` say. InvalidArgument if the next one's is not here and no --out was given.
absl::StatusOr<std::optional<VerifiedReceipt>> HandOver(
    Context& context, const v1::Statement& statement, const SecretKey& holder, const NextKey& next,
    const NextKeyOptions& next_options, const StatementOptions& options);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_OWNERSHIP_H_
