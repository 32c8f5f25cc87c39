// What a passport's chain says that its next entry depends on: who holds the piece, whose key acts
// for it, what it claims, how much room is left. Kept compactly, without the piece's description. A
// fold of entries that were authorized; it does not authorize (verifier/authorization.h).
#ifndef TOUCHSTONE_VERIFIER_PASSPORT_STATE_H_
#define TOUCHSTONE_VERIFIER_PASSPORT_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/chain_head.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/event_rules.h"
#include "verifier/piece_life.h"
#include "verifier/statement.h"

namespace touchstone {

// What a passport's own entries have done to a claim. Whether it is disputed or lost, only the
// claim's own events tell, which are other pieces' too (verifier/claim_fold.h).
struct OwnClaim {
  ClaimSubject claim;
  bool contested = false;   // at some time, by this passport; it is not contested twice
  bool released = false;    // it may be made anew
  bool superseded = false;  // a report number: a later report replaces this one

  friend bool operator==(const OwnClaim&, const OwnClaim&) = default;
};

class PassportState {
 public:
  // After entry 0. `registration` is an authorized statement of that event, `issuer` the id of the
  // participant who signed it: the issuer of record.
  static PassportState FromRegistration(const ParsedStatement& registration,
                                        const EntryPlace& place, absl::string_view issuer);

  // After one more authorized entry of this passport. `voucher`: the id of the participant who
  // vouches for it; empty where only owners signed.
  void Apply(const ParsedStatement& statement, const EntryPlace& place, absl::string_view voucher);

  OwnershipPhase phase() const { return phase_; }
  const std::string& issuer_of_record() const { return issuer_of_record_; }

  // The claim key while unclaimed, the present owner's once owned; nothing while with the store,
  // and once retired.
  const std::optional<ActingKey>& acting_key() const { return acting_key_; }

  // What the next ownership event must build on: the digest of the newest ownership entry, or of
  // the registration.
  const Digest& newest_ownership_entry() const { return newest_ownership_entry_; }

  // How many owners the log has seen, the present one included. A dealer with whom the piece is on
  // consignment is none, and its owner, to whom it returns, no other.
  uint32_t owner_count() const { return owner_count_; }

  // Whether an entry of this passport has named that key (as claim key, owner's, next owner's or
  // pledgee's).
  bool HasNamedKey(const Digest& key_id) const;

  // All that entries of this piece have ever claimed or contested, ascending.
  const std::vector<OwnClaim>& claims() const { return claims_; }
  // nullptr if none of its entries has made that claim.
  const OwnClaim* FindClaim(const ClaimSubject& claim) const;
  // Whether an entry has made it and none has released it since.
  bool Makes(const ClaimSubject& claim) const;

  // What GTIN and serial the piece was registered with: a digest that only pieces with the same
  // share.
  const Digest& identity() const { return identity_; }
  static Digest IdentityOf(const v1::Piece& piece);

  const PieceLife& life() const { return life_; }

  // How many entries that participant has vouched for; with an empty id, the present holder has
  // signed alone, transfers apart.
  uint32_t EntriesBy(absl::string_view participant) const;

  const ChainHead& head() const { return head_; }

  // For keeping the state: bytes that only this code reads, with a version at their start.
  std::string Encode() const;
  // Errors: kMalformed for anything that Encode() does not write.
  static absl::StatusOr<PassportState> Decode(absl::string_view bytes);

  friend bool operator==(const PassportState&, const PassportState&) = default;

 private:
  friend class PassportStateCodec;

  PassportState() = default;
  void TakeStep(const ClaimStep& step);
  void Count(absl::string_view voucher);
  void ApplyOwnership(const ParsedStatement& statement, const EntryPlace& place);
  void SetHolder(const ActingKey& key, bool is_new_owner);

  OwnershipPhase phase_ = OwnershipPhase::kWithStore;
  std::string issuer_of_record_;
  std::optional<ActingKey> acting_key_;
  Digest newest_ownership_entry_ = {};
  uint32_t owner_count_ = 0;
  std::vector<Digest> named_keys_;  // ids, in the order of the entries
  std::vector<OwnClaim> claims_;
  Digest identity_ = {};
  PieceLife life_;
  std::vector<std::pair<std::string, uint32_t>> entries_by_;  // ascending by participant
  ChainHead head_;
};

// What an entry with `statement` does to claims, ascending; at most one thing to each: it makes
// those that it names and its piece does not make yet (by contesting those that it says it
// contests), releases and resolves what it says. `before` is the passport's state; nullptr for a
// registration (and for what is not about a passport, which does nothing to claims).
std::vector<ClaimStep> ClaimStepsOf(const ParsedStatement& statement, const PassportState* before);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PASSPORT_STATE_H_
