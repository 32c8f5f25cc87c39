// An envelope with a statement, read from its bytes: what is judged and appended. Its signatures
// have not been checked by reading it (admission.h does), nor whether it may be said.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_SUBMISSION_H_
#define TOUCHSTONE_REGISTRY_LEDGER_SUBMISSION_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/envelope.h"
#include "verifier/statement.h"

namespace touchstone::ledger {

class Submission {
 public:
  // Errors: those of Envelope::Parse and ParsedStatement::Parse.
  static absl::StatusOr<Submission> Read(absl::string_view envelope);

  const Envelope& envelope() const { return envelope_; }
  const ParsedStatement& statement() const { return statement_; }
  // Of the envelope: what makes two submissions the same.
  const Digest& digest() const { return digest_; }
  // Key ids, strictly ascending.
  const std::vector<Digest>& signers() const { return signers_; }

 private:
  Submission(Envelope envelope, ParsedStatement statement);

  Envelope envelope_;
  ParsedStatement statement_;
  Digest digest_;
  std::vector<Digest> signers_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_SUBMISSION_H_
