#include "registry/ledger/submission.h"

namespace touchstone::ledger {

absl::StatusOr<Submission> Submission::Read(absl::string_view envelope) {
  absl::StatusOr<Envelope> parsed = Envelope::Parse(PayloadType::kStatement, envelope);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(parsed->payload());
  if (!statement.ok()) return statement.status();
  return Submission(*std::move(parsed), *std::move(statement));
}

Submission::Submission(Envelope envelope, ParsedStatement statement)
    : envelope_(std::move(envelope)),
      statement_(std::move(statement)),
      digest_(envelope_.digest()) {
  for (const EnvelopeSignature& signature : envelope_.signatures()) {
    signers_.push_back(signature.keyid);
  }
}

}  // namespace touchstone::ledger
