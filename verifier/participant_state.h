// What a participant's chain says: who it is, which roles it had and which keys counted for it at
// any position of the log. A fold of entries that were authorized; it does not authorize
// (verifier/authorization.h).
#ifndef TOUCHSTONE_VERIFIER_PARTICIPANT_STATE_H_
#define TOUCHSTONE_VERIFIER_PARTICIPANT_STATE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/gtin.h"
#include "verifier/public_key.h"
#include "verifier/statement.h"

namespace touchstone {

// Numbered as touchstone.v1.Role.
enum class Role : uint8_t {
  kIssuer = 1,
  kLaboratory = 2,
  kWorkshop = 3,
  kAppraiser = 4,
  kInsurer = 5,
  kAuthority = 6,
};

// As the schema calls it, "ISSUER".
absl::string_view RoleName(Role role);

class RoleSet {
 public:
  void Add(Role role) { bits_ = static_cast<uint8_t>(bits_ | Bit(role)); }
  bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }
  // Ascending.
  std::vector<Role> List() const;

 private:
  static uint8_t Bit(Role role) { return static_cast<uint8_t>(1u << static_cast<unsigned>(role)); }
  uint8_t bits_ = 0;
};

struct ParticipantDetails {
  std::string legal_name;
  std::string country;  // ISO 3166-1 alpha-2
  std::string domain;
  std::string registration_number;
  std::string registration_authority;
  RoleSet roles;
  std::vector<std::string> gs1_company_prefixes;         // digits
  std::vector<std::string> laboratory_names;             // as written
  std::vector<std::string> normalised_laboratory_names;  // L() of docs/FORMAT.md, in that order

  // Whether the GTIN is under one of the company prefixes.
  bool MayRegister(const Gtin& gtin) const;
  // Whether reports numbered under this (normalised) name of a laboratory are this participant's.
  bool IssuesReportsAs(absl::string_view normalised_laboratory) const;
};

// What a key of the participant counts for, for an entry at some position.
enum class KeyStanding {
  kUnknown,  // never enrolled here
  kNotYet,   // enrolled only at that position or later
  kValid,
  kDoubted,  // valid, but named by a later revocation as possibly in other hands by then
  kRevoked,
};

struct ParticipantKey {
  PublicKey key;
  Digest key_id = {};
  uint64_t added_at = 0;  // the position of the entry that added it
  std::optional<uint64_t> revoked_at;
  std::optional<uint64_t> compromised_from;
};

// Copies are cheap in the details (shared, never changed) and in the keys (some dozens).
class ParticipantState {
 public:
  // After entry 0 of its chain. `enrolled` is an authorized statement of that event.
  static ParticipantState FromEnrolment(const ParsedStatement& enrolled, const EntryPlace& place);

  // After one more authorized entry of its chain.
  void Apply(const ParsedStatement& statement, const EntryPlace& place);

  const std::string& id() const { return id_; }

  // The key counts for an entry at `position` as after folding the chain up to, and not including,
  // that position.
  KeyStanding StandingAt(const Digest& key_id, uint64_t position) const;

  // In force for an entry at `position`; nullptr if the participant was enrolled only at that
  // position or later.
  const ParticipantDetails* DetailsAt(uint64_t position) const;
  // After the whole chain.
  const ParticipantDetails& details() const { return *details_.back().details; }

  // All keys that were ever enrolled, in that order; those revoked included.
  const std::vector<ParticipantKey>& keys() const { return keys_; }
  // nullptr if it was never enrolled here.
  const ParticipantKey* FindKey(const Digest& key_id) const;

  const ChainHead& head() const { return head_; }

 private:
  ParticipantState() = default;
  struct DetailsFrom {
    uint64_t position = 0;  // of the entry that set them
    std::shared_ptr<const ParticipantDetails> details;
  };
  std::string id_;
  std::vector<DetailsFrom> details_;  // ascending by position, never empty
  std::vector<ParticipantKey> keys_;
  ChainHead head_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PARTICIPANT_STATE_H_
