#include "cli/submission.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"

namespace touchstone::cli {

void AddStatementOptions(CLI::App* command, StatementOptions* options) {
  command
      ->add_option("--out", options->out_file,
                   "Write the signed envelope to this file instead of submitting it (for others "
                   "to sign; then touchstone combine, touchstone submit)")
      ->type_name("FILE");
  command
      ->add_option("--occurred-at", options->occurred_at,
                   "When it happened, as 2026-11-22T10:00:00Z (default: now)")
      ->type_name("TIME");
}

absl::StatusOr<uint64_t> OccurredAtMs(const Context& context, const StatementOptions& options) {
  if (options.occurred_at.empty()) return context.NowMs();
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, options.occurred_at, &time, &error) ||
      time < absl::UnixEpoch()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--occurred-at '", options.occurred_at,
                     "' is not a time like 2026-11-22T10:00:00Z or 2026-11-22T11:00:00+01:00"));
  }
  return static_cast<uint64_t>(absl::ToUnixMillis(time));
}

absl::StatusOr<VerifiedReceipt> SubmitAndCheck(Context& context, const Envelope& envelope) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const absl::StatusOr<std::string> receipt = (*client)->Submit(envelope.bytes());
  if (!receipt.ok()) return receipt.status();
  absl::StatusOr<VerifiedReceipt> verified = VerifyReceipt(**policy, envelope, *receipt);
  if (!verified.ok()) {
    return absl::Status(verified.status().code(),
                        absl::StrCat("the registry answered with a receipt that does not hold: ",
                                     verified.status().message(),
                                     "; keep the answer's circumstances and ask its operator"));
  }
  return verified;
}

absl::StatusOr<std::optional<VerifiedReceipt>> SignAndSubmit(
    Context& context, const v1::Statement& statement, absl::Span<const SecretKey* const> keys,
    const StatementOptions& options) {
  const absl::StatusOr<std::string> payload = FinishStatement(statement);
  if (!payload.ok()) return payload.status();
  const absl::StatusOr<Envelope> envelope = SignEnvelope(PayloadType::kStatement, *payload, keys);
  if (!envelope.ok()) return envelope.status();
  if (!options.out_file.empty()) {
    const absl::Status written = WritePublicFile(options.out_file, envelope->bytes(), false);
    if (!written.ok()) return written;
    if (options.out_file != "-") {
      std::fprintf(stderr,
                   "Written to %s with %zu signature(s). Others sign it with `touchstone sign`, "
                   "then `touchstone submit` sends it.\n",
                   options.out_file.c_str(), envelope->signatures().size());
    }
    return std::nullopt;
  }
  absl::StatusOr<VerifiedReceipt> receipt = SubmitAndCheck(context, *envelope);
  if (!receipt.ok()) return receipt.status();
  return std::optional<VerifiedReceipt>(*std::move(receipt));
}

absl::StatusOr<std::optional<VerifiedReceipt>> SignAndSubmit(Context& context,
                                                             const v1::Statement& statement,
                                                             const std::vector<SecretKey>& keys,
                                                             const StatementOptions& options) {
  std::vector<const SecretKey*> pointers;
  for (const SecretKey& key : keys) pointers.push_back(&key);
  return SignAndSubmit(context, statement, pointers, options);
}

std::string DescribeReceipt(const VerifiedReceipt& receipt) {
  return absl::StrCat(
      "entry ", receipt.entry.position, ", logged ",
      absl::FormatTime(absl::RFC3339_sec,
                       absl::FromUnixMillis(static_cast<int64_t>(receipt.entry.time_ms)),
                       absl::UTCTimeZone()));
}

}  // namespace touchstone::cli
