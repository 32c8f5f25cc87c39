// The limits of every field of every event (proto/touchstone/v1/statement.proto). Not for who may
// say it, nor for what depends on anything outside the statement.
#ifndef TOUCHSTONE_VERIFIER_STATEMENT_FIELDS_H_
#define TOUCHSTONE_VERIFIER_STATEMENT_FIELDS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/claim.h"
#include "verifier/public_key.h"

namespace touchstone {

// What a statement's event names, beside its fields.
struct EventParts {
  std::vector<PublicKey> named_keys;  // in the order of the fields
  std::vector<ClaimSubject> claims;   // in the order of the fields, no two equal
  // These are ascending by what the schema says, no two equal.
  std::vector<ClaimSubject> contests;  // each one of `claims`
  std::vector<ClaimSubject> releases;
  std::optional<ClaimSubject> resolves;
  std::optional<ClaimSubject> supersedes;
  std::vector<Predecessor> predecessors;
  std::vector<std::string> successors;
  std::string successor_issuer;
};

// Checks the event of `statement`, which has one, and fills `parts`. kInvalidField, naming the path
// from the event on ("registration.piece.serial"); kUnknownKeyAlgorithm.
absl::Status CheckEventFields(const v1::Statement& statement, EventParts& parts);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_STATEMENT_FIELDS_H_
