#include "cli/submission.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "cli/terminal_text.h"
#include "verifier/digest.h"
#include "verifier/refusal.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_checkpoint.h"

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

namespace {

// What a refusal means for the person at the keyboard, where the registry's own words do not say.
absl::Status Explained(const absl::Status& status) {
  const std::string refusal = RefusalNameOf(status);
  if (refusal == RefusalCodeName(RefusalCode::kStaleBuildsOn)) {
    return SameRefusal(status,
                       absl::StrCat("who holds the piece has changed since this was made, so it "
                                    "was not logged: look with `touchstone show`, and if it is "
                                    "still right, make it anew (",
                                    status.message(), ")"));
  }
  if (refusal == RefusalCodeName(RefusalCode::kClaimTaken)) {
    return SameRefusal(status, absl::StrCat(status.message(), " (say --contest)"));
  }
  if (refusal.empty() && (status.code() == absl::StatusCode::kUnknown ||
                          status.code() == absl::StatusCode::kDeadlineExceeded)) {
    return absl::Status(status.code(),
                        absl::StrCat(status.message(),
                                     "; whether it was logged is not known: run the same command "
                                     "again, nothing is logged twice"));
  }
  return status;
}

}  // namespace

// With a wrong policy, or before a wrong registry, the receipt would not hold; but then it is
// logged already, in a log that nobody meant.
absl::StatusOr<uint64_t> SizeOfPolicysLog(const TrustPolicy& policy, RegistryClient& client) {
  const absl::StatusOr<std::string> note = client.GetCheckpoint();
  if (!note.ok()) return note.status();
  const absl::StatusOr<VerifiedCheckpoint> verified =
      VerifyProvisionalCheckpointNote(policy, *note);
  if (verified.ok()) return verified->checkpoint.size();
  return InContext("nothing was submitted, because this registry does not keep your policy's log",
                   verified.status());
}

absl::StatusOr<VerifiedReceipt> SubmitAndCheck(Context& context, const Envelope& envelope) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const absl::StatusOr<uint64_t> right_log = SizeOfPolicysLog(**policy, **client);
  if (!right_log.ok()) return right_log.status();
  const absl::StatusOr<std::string> receipt = (*client)->Submit(envelope.bytes());
  if (!receipt.ok()) return Explained(receipt.status());
  absl::StatusOr<VerifiedReceipt> verified = VerifyReceipt(**policy, *receipt, envelope);
  if (!verified.ok()) {
    return InContext("the registry answered with a receipt that does not hold", verified.status());
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

std::optional<PassportId> PassportOf(const VerifiedReceipt& receipt) {
  if (receipt.subject.kind != IndexKind::kPassportEntry) return std::nullopt;
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(receipt.subject.bytes);
  if (!id.ok()) return std::nullopt;
  return *id;
}

std::string DescribeReceipt(const VerifiedReceipt& receipt) {
  return absl::StrCat("entry ", receipt.place.position, ", logged ",
                      FormatTime(receipt.place.time_ms));
}

void AppendReceiptJson(const VerifiedReceipt& receipt, JsonWriter& json) {
  if (const std::optional<PassportId> id = PassportOf(receipt)) {
    json.Key("passport_id");
    json.String(id->Format());
  }
  json.Key("entry");
  json.Number(receipt.place.position);
  json.Key("logged_at");
  json.String(FormatRfc3339(receipt.place.time_ms));
  json.Key("digest");
  json.String(DigestToHex(receipt.place.digest));
  json.Key("provisional");
  json.Boolean(!receipt.quorum_met);
}

void ReportLogged(const Context& context, const std::string& done, const VerifiedReceipt& receipt) {
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("done");
    json.String(done);
    AppendReceiptJson(receipt, json);
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return;
  }
  std::printf("%s: %s.\n", ForTerminal(done).c_str(), DescribeReceipt(receipt).c_str());
  if (!receipt.quorum_met) {
    std::printf("Provisional: the witnesses that your policy asks for have not cosigned it yet.\n");
  }
}

}  // namespace touchstone::cli
