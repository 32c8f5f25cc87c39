// A statement, read from its bytes and checked for everything that can be checked without knowing
// anything else: canonical bytes, pairing of event and subject, every field's limits, every key a
// valid point, every claim in normal form. Not for who signed it (verifier/envelope.h) and whether
// they may say it (verifier/authorization.h).
#ifndef TOUCHSTONE_VERIFIER_STATEMENT_H_
#define TOUCHSTONE_VERIFIER_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/event_rules.h"
#include "verifier/index_hash.h"
#include "verifier/public_key.h"

namespace touchstone {

// The rules that this code implements (docs/FORMAT.md).
inline constexpr uint32_t kRulesVersion = 1;
inline constexpr size_t kNonceBytes = 16;

// What a statement is about, as the index names it.
struct Subject {
  IndexKind kind = IndexKind::kStewardsEntry;  // kPassportEntry, kParticipantEntry, kStewardsEntry
  std::string bytes;  // 16 bytes of passport id; a participant id; empty for the stewards

  friend bool operator==(const Subject& a, const Subject& b) {
    return a.kind == b.kind && a.bytes == b.bytes;
  }
  friend bool operator<(const Subject& a, const Subject& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.bytes < b.bytes;
  }
};

class ParsedStatement {
 public:
  // Errors: those of CheckCanonical; kUnknownRules; kInvalidStatement (no subject, no event, a
  // subject that the event is not about, builds_on missing or out of place); kInvalidField, naming
  // the field's path, what it holds and what is accepted; kInvalidKey and kUnknownKeyAlgorithm for
  // keys in it.
  static absl::StatusOr<ParsedStatement> Parse(absl::string_view statement);

  ParsedStatement(ParsedStatement&&) = default;
  ParsedStatement& operator=(ParsedStatement&&) = default;

  // All fields, each within its limits.
  const v1::Statement& message() const { return message_; }

  const std::string& log_origin() const { return message_.log_origin(); }
  const Subject& subject() const { return subject_; }
  EventKind event() const { return event_; }
  uint64_t occurred_at_ms() const { return message_.occurred_at_ms(); }
  // Present exactly in ownership events.
  const std::optional<Digest>& builds_on() const { return builds_on_; }

  // The keys that the event names, in the order of the field: the stewards' (genesis,
  // stewards_changed), the card's, the participant's, the claim key, the owner's, the next owner's
  // (transfer, transfer_notice), the pledgee's. Empty for other events.
  const std::vector<PublicKey>& named_keys() const { return named_keys_; }

  // What the statement claims for its piece (docs/FORMAT.md, "Claims"), ascending and without
  // equals, whether or not the piece holds it already.
  const std::vector<ClaimSubject>& claims() const { return claims_; }

  // Claims that are referred to, ascending and without equals: those of claims() that are contested
  // (registration, laboratory_report, modification, correction), those that are released
  // (end_of_life, stone_removed, correction), and the one that is resolved (claim_resolved).
  const std::vector<ClaimSubject>& contests() const { return contests_; }
  const std::vector<ClaimSubject>& releases() const { return releases_; }
  const std::optional<ClaimSubject>& resolves() const { return resolves_; }

  // Of a laboratory report: the claim on the number of the one that it replaces.
  const std::optional<ClaimSubject>& supersedes() const { return supersedes_; }

  // Where the claims that are made anew were before, ascending by digest and without equals.
  const std::vector<Predecessor>& predecessors() const { return predecessors_; }
  // Of end_of_life and stone_removed: the ids of the only passports that may claim what is
  // released; none if anybody may. Ascending and without equals.
  const std::vector<std::string>& successors() const { return successors_; }
  // And the id of the only issuer of record whose passports may; empty if any's.
  const std::string& successor_issuer() const { return successor_issuer_; }

 private:
  ParsedStatement() = default;
  v1::Statement message_;
  Subject subject_;
  EventKind event_ = EventKind::kGenesis;
  std::optional<Digest> builds_on_;
  std::vector<PublicKey> named_keys_;
  std::vector<ClaimSubject> claims_;
  std::vector<ClaimSubject> contests_;
  std::vector<ClaimSubject> releases_;
  std::optional<ClaimSubject> resolves_;
  std::optional<ClaimSubject> supersedes_;
  std::vector<Predecessor> predecessors_;
  std::vector<std::string> successors_;
  std::string successor_issuer_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_STATEMENT_H_
