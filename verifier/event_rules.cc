#include "verifier/event_rules.h"

#include <array>
#include <cstdlib>
#include <iterator>

#include "verifier/limits.h"

namespace touchstone {
namespace {

using Phases = EnumSet<OwnershipPhase>;
using Restraints = EnumSet<Restraint>;

constexpr IndexKind kStewards = IndexKind::kStewardsEntry;
constexpr IndexKind kParticipant = IndexKind::kParticipantEntry;
constexpr IndexKind kPassport = IndexKind::kPassportEntry;

constexpr Phases kWithStore{OwnershipPhase::kWithStore};
constexpr Phases kUnclaimed{OwnershipPhase::kUnclaimed};
constexpr Phases kOwned{OwnershipPhase::kOwned};
constexpr Phases kSold{OwnershipPhase::kUnclaimed, OwnershipPhase::kOwned};
constexpr Phases kLiving{OwnershipPhase::kWithStore, OwnershipPhase::kUnclaimed,
                         OwnershipPhase::kOwned};
constexpr Phases kAlways{OwnershipPhase::kWithStore, OwnershipPhase::kUnclaimed,
                         OwnershipPhase::kOwned, OwnershipPhase::kRetired};

constexpr Restraints kNothing{};
constexpr Restraints kMissing{Restraint::kMissing};
constexpr Restraints kMissingOrDisputed{Restraint::kMissing, Restraint::kDisputed};
constexpr Restraints kNotice{Restraint::kNotice};
constexpr Restraints kMissingOrNotice{Restraint::kMissing, Restraint::kDisputed,
                                      Restraint::kNotice};
constexpr Restraints kAny{Restraint::kMissing, Restraint::kDisputed, Restraint::kNotice,
                          Restraint::kPledged};

// clang-format off
constexpr EventRule kRules[] = {
    {EventKind::kGenesis,             "genesis",              kStewards,    false, Room::kRecord,      {},         kNothing},
    {EventKind::kCardKeyEnrolled,     "card_key_enrolled",    kStewards,    false, Room::kRecord,      {},         kNothing},
    {EventKind::kLogClosed,           "log_closed",           kStewards,    false, Room::kRecord,      {},         kNothing},
    {EventKind::kStewardsChanged,     "stewards_changed",     kStewards,    false, Room::kRecord,      {},         kNothing},
    {EventKind::kCardKeyRevoked,      "card_key_revoked",     kStewards,    false, Room::kRecord,      {},         kNothing},
    {EventKind::kParticipantEnrolled, "participant_enrolled", kParticipant, false, Room::kRecord,      {},         kNothing},
    {EventKind::kParticipantChanged,  "participant_changed",  kParticipant, false, Room::kRecord,      {},         kNothing},
    {EventKind::kKeyAdded,            "key_added",            kParticipant, false, Room::kRecord,      {},         kNothing},
    {EventKind::kKeyRevoked,          "key_revoked",          kParticipant, false, Room::kRecord,      {},         kNothing},
    {EventKind::kRegistration,        "registration",         kPassport,    false, Room::kRecord,      {},         kNothing},
    {EventKind::kLaboratoryReport,    "laboratory_report",    kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kCareRecord,          "care_record",          kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kAssayReport,         "assay_report",         kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kModification,        "modification",         kPassport,    false, Room::kRecord,      kLiving,    kMissing},
    {EventKind::kAppraisal,           "appraisal",            kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kCustody,             "custody",              kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kCorrection,          "correction",           kPassport,    false, Room::kRecord,      kAlways,    kNothing},
    {EventKind::kEntitlementGranted,  "entitlement_granted",  kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kDocumentsAdded,      "documents_added",      kPassport,    false, Room::kRecord,      kLiving,    kNothing},
    {EventKind::kDataErased,          "data_erased",          kPassport,    false, Room::kSettlement,  kAlways,    kNothing},
    {EventKind::kFirstSale,           "first_sale",           kPassport,    true,  Room::kOwnership,   kWithStore, kMissingOrDisputed},
    {EventKind::kClaim,               "claim",                kPassport,    true,  Room::kOwnership,   kUnclaimed, kMissingOrNotice},
    {EventKind::kTransfer,            "transfer",             kPassport,    true,  Room::kOwnership,   kOwned,     kAny},
    {EventKind::kOfferWithdrawn,      "offer_withdrawn",      kPassport,    true,  Room::kOwnership,   kSold,      kNothing},
    {EventKind::kTransferNotice,      "transfer_notice",      kPassport,    true,  Room::kIntervention,kSold,      kNotice},
    {EventKind::kNoticeObjected,      "notice_objected",      kPassport,    true,  Room::kIntervention,kSold,      kNothing},
    {EventKind::kNoticeWithdrawn,     "notice_withdrawn",     kPassport,    true,  Room::kIntervention,kSold,      kNothing},
    {EventKind::kOwnershipMoved,      "ownership_moved",      kPassport,    true,  Room::kIntervention,kSold,      kNothing},
    {EventKind::kPledged,             "pledged",              kPassport,    true,  Room::kOwnership,   kOwned,     kAny},
    {EventKind::kPledgeReleased,      "pledge_released",      kPassport,    true,  Room::kIntervention,kOwned,     kNothing},
    {EventKind::kClaimResolved,       "claim_resolved",       kPassport,    false, Room::kSettlement,  kAlways,    kNothing},
    {EventKind::kIncidentReported,    "incident_reported",    kPassport,    false, Room::kIntervention,kLiving,    kNothing},
    {EventKind::kIncidentResolved,    "incident_resolved",    kPassport,    false, Room::kSettlement,  kAlways,    kNothing},
    {EventKind::kEndOfLife,           "end_of_life",          kPassport,    false, Room::kSettlement,  kLiving,    kAny},
    {EventKind::kStoneRemoved,        "stone_removed",        kPassport,    false, Room::kSettlement,  kLiving,    kAny},
};
// clang-format on

// By event: its row in the table above, or the number of rows if there is none.
constexpr std::array<uint8_t, 256> kRowOf = [] {
  std::array<uint8_t, 256> rows = {};
  for (uint8_t& row : rows) row = std::size(kRules);
  for (size_t i = 0; i < std::size(kRules); ++i) {
    rows[static_cast<uint8_t>(kRules[i].event)] = static_cast<uint8_t>(i);
  }
  return rows;
}();

}  // namespace

absl::string_view OwnershipPhaseName(OwnershipPhase phase) {
  switch (phase) {
    case OwnershipPhase::kWithStore:
      return "with_store";
    case OwnershipPhase::kUnclaimed:
      return "unclaimed";
    case OwnershipPhase::kOwned:
      return "owned";
    case OwnershipPhase::kRetired:
      return "retired";
  }
  return "";
}

absl::string_view RestraintName(Restraint restraint) {
  switch (restraint) {
    case Restraint::kMissing:
      return "missing";
    case Restraint::kDisputed:
      return "disputed";
    case Restraint::kNotice:
      return "notice";
    case Restraint::kPledged:
      return "pledged";
  }
  return "";
}

size_t EntriesMaxFor(Room room) {
  switch (room) {
    case Room::kRecord:
      return limits::kPassportRecordEntriesMax;
    case Room::kOwnership:
      return limits::kPassportOwnershipEntriesMax;
    case Room::kIntervention:
      return limits::kPassportInterventionEntriesMax;
    case Room::kSettlement:
      break;
  }
  return limits::kPassportEntriesMax;
}

const EventRule* FindEventRule(uint8_t event) {
  const size_t row = kRowOf[event];
  return row == std::size(kRules) ? nullptr : &kRules[row];
}

const EventRule& RuleOf(EventKind event) {
  const EventRule* const rule = FindEventRule(static_cast<uint8_t>(event));
  // Every event has its row; a test holds the table to the schema.
  if (rule == nullptr) std::abort();
  return *rule;
}

}  // namespace touchstone
