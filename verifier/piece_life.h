// What has come upon a piece and is not over: incidents, a notice that it moves without its key, a
// pledge, a stay in a workshop; what services are left; and which entries can still be corrected.
// The part of verifier/passport_state.h that changes with events of those kinds: it says what is,
// and not what may be (verifier/life_rules.h).
#ifndef TOUCHSTONE_VERIFIER_PIECE_LIFE_H_
#define TOUCHSTONE_VERIFIER_PIECE_LIFE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/event_rules.h"
#include "verifier/public_key.h"
#include "verifier/statement.h"

namespace touchstone {

// The key that acts for whoever holds the piece, or may come to. Kept as its bytes, which came out
// of a checked PublicKey: parsing one costs half as much as checking a signature, and most entries
// need the id only.
struct ActingKey {
  static ActingKey Of(const PublicKey& key);

  Digest key_id = {};
  std::array<uint8_t, PublicKey::kEncodedBytes> encoded = {};  // type ‖ key

  friend bool operator==(const ActingKey&, const ActingKey&) = default;
};

struct OpenIncident {
  v1::IncidentReported::Kind kind = v1::IncidentReported::KIND_UNSPECIFIED;
  EntryPlace reported;
  std::string reported_by;  // participant id; empty: whoever held the piece
  bool confirmed = false;   // a suspicion, by a laboratory or an authority

  friend bool operator==(const OpenIncident&, const OpenIncident&) = default;
};

struct PendingNotice {
  v1::TransferNotice::Kind kind = v1::TransferNotice::KIND_UNSPECIFIED;
  EntryPlace given;
  std::string given_by;  // participant id
  ActingKey to;
  bool objected = false;  // to a court's order, which stands all the same

  friend bool operator==(const PendingNotice&, const PendingNotice&) = default;
};

struct Pledge {
  EntryPlace pledged;
  ActingKey pledgee;

  friend bool operator==(const Pledge&, const Pledge&) = default;
};

struct InCustody {
  EntryPlace received;
  std::string participant;  // id

  friend bool operator==(const InCustody&, const InCustody&) = default;
};

struct EntitlementLeft {
  std::string id;
  uint32_t uses = 0;  // how often it may be used; 0: without limit
  uint32_t used = 0;
  std::string valid_until;  // date; empty: for life

  friend bool operator==(const EntitlementLeft&, const EntitlementLeft&) = default;
};

// An entry that a correction may name.
struct OwnEntry {
  Digest digest = {};
  EventKind event = EventKind::kRegistration;
  std::string said_by;           // participant id
  std::string entitlement_used;  // of a care record: its id
  bool corrected = false;

  friend bool operator==(const OwnEntry&, const OwnEntry&) = default;
};

class PieceLife {
 public:
  // After one more authorized entry. `voucher`: the id of the participant who vouches for it; empty
  // where only owners signed.
  void Apply(const ParsedStatement& statement, const EntryPlace& place, absl::string_view voucher);

  const std::vector<OpenIncident>& incidents() const { return incidents_; }  // as reported
  // nullptr if no such incident is open.
  const OpenIncident* FindIncident(absl::string_view digest) const;

  const std::optional<PendingNotice>& notice() const { return notice_; }
  // Whether the present holder has objected to a notice: only an authority gives another.
  bool has_objected() const { return has_objected_; }
  // How often the piece has moved without its key.
  uint32_t moved_after_notice() const { return moved_after_notice_; }

  const std::optional<Pledge>& pledge() const { return pledge_; }
  const std::optional<InCustody>& custody() const { return custody_; }
  // With a dealer, who sells it for its owner.
  bool consigned() const { return consigned_; }
  // The store keeps the claim code for the customer.
  bool kept_by_store() const { return kept_by_store_; }

  const std::vector<EntitlementLeft>& entitlements() const { return entitlements_; }
  const EntitlementLeft* FindEntitlement(absl::string_view id) const;

  // In the order of the entries.
  const std::vector<OwnEntry>& entries() const { return entries_; }
  const OwnEntry* FindEntry(absl::string_view digest) const;

  bool Has(Restraint restraint) const;

  friend bool operator==(const PieceLife&, const PieceLife&) = default;

 private:
  friend class PassportStateCodec;

  void NewHolder();
  void ApplyCorrection(const v1::Correction& correction);
  void ApplyResolution(const v1::IncidentResolved& resolved);

  std::vector<OpenIncident> incidents_;
  std::optional<PendingNotice> notice_;
  bool has_objected_ = false;
  uint32_t moved_after_notice_ = 0;
  std::optional<Pledge> pledge_;
  std::optional<InCustody> custody_;
  bool consigned_ = false;
  bool kept_by_store_ = false;
  std::vector<EntitlementLeft> entitlements_;
  std::vector<OwnEntry> entries_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PIECE_LIFE_H_
