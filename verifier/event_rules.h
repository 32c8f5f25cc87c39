// The one table of events: what each is called and about, in which states of its passport it is
// allowed, what stops it, and how much room is kept for it (docs/FORMAT.md, section 9). Who must
// sign it is in verifier/seats.h and verifier/vouching_role.h; what it changes, in
// verifier/passport_state.h.
#ifndef TOUCHSTONE_VERIFIER_EVENT_RULES_H_
#define TOUCHSTONE_VERIFIER_EVENT_RULES_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "absl/strings/string_view.h"
#include "verifier/index_hash.h"

namespace touchstone {

// Numbered as the fields of touchstone.v1.Statement.
enum class EventKind : uint8_t {
  kGenesis = 16,
  kCardKeyEnrolled = 17,
  kLogClosed = 18,
  kStewardsChanged = 19,
  kCardKeyRevoked = 20,
  kParticipantEnrolled = 32,
  kParticipantChanged = 33,
  kKeyAdded = 34,
  kKeyRevoked = 35,
  kRegistration = 48,
  kLaboratoryReport = 49,
  kCareRecord = 50,
  kAssayReport = 51,
  kModification = 52,
  kAppraisal = 53,
  kCustody = 54,
  kCorrection = 55,
  kEntitlementGranted = 56,
  kDocumentsAdded = 57,
  kDataErased = 58,
  kFirstSale = 64,
  kClaim = 65,
  kTransfer = 66,
  kOfferWithdrawn = 67,
  kTransferNotice = 68,
  kNoticeObjected = 69,
  kNoticeWithdrawn = 70,
  kOwnershipMoved = 71,
  kPledged = 72,
  kPledgeReleased = 73,
  kClaimResolved = 80,
  kIncidentReported = 81,
  kIncidentResolved = 82,
  kEndOfLife = 96,
  kStoneRemoved = 97,
};

// In whose hands a piece is, as the log has it: with the store -> first_sale -> unclaimed -> claim
// -> owned -> transfer -> owned; and from each of them -> end_of_life -> retired.
enum class OwnershipPhase : uint8_t {
  kWithStore = 1,
  kUnclaimed = 2,
  kOwned = 3,
  kRetired = 4,
};

// For programs: "with_store", "unclaimed", "owned", "retired".
absl::string_view OwnershipPhaseName(OwnershipPhase phase);

// What can lie on a piece, whoever holds it.
enum class Restraint : uint8_t {
  kMissing = 0,   // reported lost or stolen
  kDisputed = 1,  // its ownership is
  kNotice = 2,    // it is announced that it moves without its key
  kPledged = 3,
};

// For programs: "missing", "disputed", "notice", "pledged".
absl::string_view RestraintName(Restraint restraint);

// A set of restraints, or of phases.
template <typename Enum>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<Enum> members) {
    for (const Enum member : members) Add(member);
  }

  constexpr bool Has(Enum member) const { return (bits_ & Bit(member)) != 0; }
  constexpr void Add(Enum member) { bits_ |= Bit(member); }

 private:
  static constexpr unsigned Bit(Enum member) { return 1u << static_cast<unsigned>(member); }

  unsigned bits_ = 0;
};

// How many of a passport's entries an event may be among, so that a piece can still change hands
// when its records are full, be reported stolen when whoever holds it has filled it with what
// holders may say, and a dispute about it end.
enum class Room : uint8_t {
  kRecord,
  kOwnership,     // what holders agree on
  kIntervention,  // incidents, and what others say of who holds it
  kSettlement,
};

// At most how many entries a passport has after one of that room (limits.h).
size_t EntriesMaxFor(Room room);

struct EventRule {
  EventKind event;
  absl::string_view name;  // as the field is called, "first_sale"
  IndexKind subject;       // kPassportEntry, kParticipantEntry or kStewardsEntry
  bool builds_on;          // whether it names the newest ownership entry
  Room room;
  EnumSet<OwnershipPhase>
      phases;  // of a passport: in which it is allowed; none for the registration
  EnumSet<Restraint> stopped_by;  // any of which stops it
};

// nullptr if there is no such event.
const EventRule* FindEventRule(uint8_t event);
const EventRule& RuleOf(EventKind event);

inline absl::string_view EventName(EventKind event) { return RuleOf(event).name; }

// Whether the event passes a piece on or prepares it, and so carries builds_on.
inline bool IsOwnershipEvent(EventKind event) { return RuleOf(event).builds_on; }

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_EVENT_RULES_H_
