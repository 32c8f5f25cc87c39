// What a passport's chain says that its next entry depends on: who holds the piece, whose key acts
// for it, what it claims, how much room is left. Kept compactly, without the piece's description. A
// fold of entries that were authorized; it does not authorize (verifier/authorization.h).
#ifndef TOUCHSTONE_VERIFIER_PASSPORT_STATE_H_
#define TOUCHSTONE_VERIFIER_PASSPORT_STATE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/chain_head.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/public_key.h"
#include "verifier/statement.h"

namespace touchstone {

// with the store -> first_sale -> unclaimed -> claim -> owned -> transfer -> owned; and from each
// of them -> end_of_life -> retired. The numbers are written by Encode(): never change one.
enum class OwnershipPhase : uint8_t {
  kWithStore = 1,
  kUnclaimed = 2,
  kOwned = 3,
  kRetired = 4,
};

// For programs: "with_store", "unclaimed", "owned", "retired".
absl::string_view OwnershipPhaseName(OwnershipPhase phase);

// The key that acts for whoever holds the piece. Kept as its bytes, which came out of a checked
// PublicKey: parsing one costs half as much as checking a signature, and most entries need the id
// only.
struct ActingKey {
  Digest key_id = {};
  std::array<uint8_t, PublicKey::kEncodedBytes> encoded = {};  // type ‖ key

  friend bool operator==(const ActingKey&, const ActingKey&) = default;
};

// What a passport's own entries have done to a claim. Whether it is disputed or lost, only the
// claim's own events tell, which are other pieces' too (verifier/claim_fold.h).
struct OwnClaim {
  ClaimSubject claim;
  bool contested = false;  // at some time, by this passport; it is not contested twice
  bool released = false;   // it may be made anew

  friend bool operator==(const OwnClaim&, const OwnClaim&) = default;
};

class PassportState {
 public:
  // After entry 0. `registration` is an authorized statement of that event, `issuer` the id of the
  // participant who signed it: the issuer of record.
  static PassportState FromRegistration(const ParsedStatement& registration,
                                        const EntryPlace& place, absl::string_view issuer);

  // After one more authorized entry of this passport.
  void Apply(const ParsedStatement& statement, const EntryPlace& place);

  OwnershipPhase phase() const { return phase_; }
  const std::string& issuer_of_record() const { return issuer_of_record_; }

  // The claim key while unclaimed, the present owner's once owned; nothing while with the store,
  // and once retired.
  const std::optional<ActingKey>& acting_key() const { return acting_key_; }

  // What the next ownership event must build on: the digest of the newest ownership entry, or of
  // the registration.
  const Digest& newest_ownership_entry() const { return newest_ownership_entry_; }

  // How many owners the log has seen, the present one included: claims and transfers.
  uint32_t owner_count() const { return owner_count_; }

  // Whether an entry of this passport has named that key (as claim key, owner's or next owner's).
  bool HasNamedKey(const Digest& key_id) const;

  // All that entries of this piece have ever claimed or contested, ascending.
  const std::vector<OwnClaim>& claims() const { return claims_; }
  // nullptr if none of its entries has made that claim.
  const OwnClaim* FindClaim(const ClaimSubject& claim) const;
  // Whether an entry has made it and none has released it since.
  bool Makes(const ClaimSubject& claim) const;

  const ChainHead& head() const { return head_; }

  // For keeping the state: bytes that only this code reads, with a version at their start.
  std::string Encode() const;
  // Errors: kMalformed for anything that Encode() does not write.
  static absl::StatusOr<PassportState> Decode(absl::string_view bytes);

  friend bool operator==(const PassportState&, const PassportState&) = default;

 private:
  PassportState() = default;
  void TakeStep(const ClaimStep& step);

  OwnershipPhase phase_ = OwnershipPhase::kWithStore;
  std::string issuer_of_record_;
  std::optional<ActingKey> acting_key_;
  Digest newest_ownership_entry_ = {};
  uint32_t owner_count_ = 0;
  std::vector<Digest> named_keys_;  // ids, in the order of the entries
  std::vector<OwnClaim> claims_;
  ChainHead head_;
};

// What an entry with `statement` does to claims, ascending; at most one thing to each: it makes
// those that it names and its piece does not make yet (by contesting those that it says it
// contests), releases and resolves what it says. `before` is the passport's state; nullptr for a
// registration (and for what is not about a passport, which does nothing to claims).
std::vector<ClaimStep> ClaimStepsOf(const ParsedStatement& statement, const PassportState* before);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PASSPORT_STATE_H_
