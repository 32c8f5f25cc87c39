// The checks of single events, one for each, and what they share. Parts of
// verifier/statement_fields.h; nobody else needs them.
#ifndef TOUCHSTONE_VERIFIER_EVENT_FIELDS_H_
#define TOUCHSTONE_VERIFIER_EVENT_FIELDS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/claim.h"
#include "verifier/field_checker.h"
#include "verifier/statement_fields.h"

namespace touchstone {

// stewards_fields.cc
void CheckEvent(const v1::Genesis& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::CardKeyEnrolled& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::LogClosed& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::StewardsChanged& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::CardKeyRevoked& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::ParticipantEnrolled& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::ParticipantChanged& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::KeyAdded& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::KeyRevoked& event, FieldChecker& checker, EventParts& parts);

// record_fields.cc
void CheckEvent(const v1::Registration& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::LaboratoryReport& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::CareRecord& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::AssayReport& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Modification& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Appraisal& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Custody& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Correction& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::EntitlementGranted& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::DocumentsAdded& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::DataErased& event, FieldChecker& checker, EventParts& parts);

// ownership_fields.cc
void CheckEvent(const v1::FirstSale& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Claim& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Transfer& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::OfferWithdrawn& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::TransferNotice& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::NoticeObjected& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::NoticeWithdrawn& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::OwnershipMoved& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::Pledged& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::PledgeReleased& event, FieldChecker& checker, EventParts& parts);

// settlement_fields.cc
void CheckEvent(const v1::ClaimResolved& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::IncidentReported& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::IncidentResolved& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::EndOfLife& event, FieldChecker& checker, EventParts& parts);
void CheckEvent(const v1::StoneRemoved& event, FieldChecker& checker, EventParts& parts);

// ---- Shared: event_fields.cc. ----

template <typename Message>
using Repeated = google::protobuf::RepeatedPtrField<Message>;

// A key that the event names.
void CheckKey(absl::string_view name, const std::string& key, FieldChecker& checker,
              EventParts& parts);
// Keys in ascending order, each once; at least one.
void CheckAscendingKeys(absl::string_view name, const Repeated<std::string>& keys, int count_max,
                        FieldChecker& checker, EventParts& parts);

// A reference to a claim, which is in normal form.
std::optional<ClaimSubject> CheckReference(const v1::ClaimReference& reference,
                                           FieldChecker& checker);
void CheckContests(const Repeated<v1::ClaimReference>& contests, FieldChecker& checker,
                   EventParts& parts);
void CheckPredecessors(const Repeated<v1::Predecessor>& predecessors, FieldChecker& checker,
                       EventParts& parts);
// A number that stands for one object of one maker goes with that object: a GTIN with serial is
// never released.
void CheckReleases(const Repeated<v1::ClaimReference>& releases, int count_min,
                   FieldChecker& checker, EventParts& parts);
void CheckCommitments(const Repeated<v1::Commitment>& commitments, FieldChecker& checker);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_EVENT_FIELDS_H_
