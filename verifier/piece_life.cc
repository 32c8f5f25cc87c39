#include "verifier/piece_life.h"

#include <algorithm>

namespace touchstone {
namespace {

// Whether a correction may name an entry of that kind.
bool IsCorrectable(EventKind event) {
  switch (event) {
    case EventKind::kRegistration:
    case EventKind::kLaboratoryReport:
    case EventKind::kCareRecord:
    case EventKind::kAssayReport:
    case EventKind::kModification:
    case EventKind::kAppraisal:
    case EventKind::kCustody:
    case EventKind::kDocumentsAdded:
      return true;
    default:
      return false;
  }
}

bool IsMissing(const OpenIncident& incident) {
  return incident.kind == v1::IncidentReported::LOST ||
         incident.kind == v1::IncidentReported::STOLEN;
}

bool IsDispute(const OpenIncident& incident) {
  return incident.kind == v1::IncidentReported::OWNERSHIP_DISPUTED;
}

EntitlementLeft LeftOf(const v1::ServiceEntitlement& entitlement) {
  return {entitlement.id(), entitlement.uses(), 0, entitlement.valid_until()};
}

// The element of that digest; nullptr if there is none.
template <typename Range, typename DigestOf>
auto* FindByDigest(Range& range, absl::string_view digest, DigestOf digest_of) {
  const auto found = std::find_if(range.begin(), range.end(), [&](const auto& element) {
    return DigestBytes(digest_of(element)) == digest;
  });
  return found == range.end() ? nullptr : &*found;
}

const Digest& DigestOfIncident(const OpenIncident& incident) { return incident.reported.digest; }
const Digest& DigestOfEntry(const OwnEntry& entry) { return entry.digest; }

}  // namespace

ActingKey ActingKey::Of(const PublicKey& key) {
  ActingKey acting;
  acting.key_id = key.KeyId();
  const absl::string_view encoded = key.encoded();
  std::copy(encoded.begin(), encoded.end(), acting.encoded.begin());
  return acting;
}

const OpenIncident* PieceLife::FindIncident(absl::string_view digest) const {
  return FindByDigest(incidents_, digest, DigestOfIncident);
}

const OwnEntry* PieceLife::FindEntry(absl::string_view digest) const {
  return FindByDigest(entries_, digest, DigestOfEntry);
}

const EntitlementLeft* PieceLife::FindEntitlement(absl::string_view id) const {
  for (const EntitlementLeft& entitlement : entitlements_) {
    if (entitlement.id == id) return &entitlement;
  }
  return nullptr;
}

bool PieceLife::Has(Restraint restraint) const {
  switch (restraint) {
    case Restraint::kMissing:
      return std::any_of(incidents_.begin(), incidents_.end(), IsMissing);
    case Restraint::kDisputed:
      return std::any_of(incidents_.begin(), incidents_.end(), IsDispute);
    case Restraint::kNotice:
      return notice_.has_value();
    case Restraint::kPledged:
      return pledge_.has_value();
  }
  return false;
}

void PieceLife::NewHolder() {
  notice_.reset();
  has_objected_ = false;
  kept_by_store_ = false;
}

void PieceLife::ApplyCorrection(const v1::Correction& correction) {
  OwnEntry* const entry = FindByDigest(entries_, correction.corrects(), DigestOfEntry);
  if (entry == nullptr) return;
  entry->corrected = true;
  if (entry->entitlement_used.empty()) return;
  // A care record that is withdrawn, or that used none after all, gives the use back; a correction
  // that says so again takes it again.
  const bool uses =
      correction.has_care_record() && !correction.care_record().entitlement_used().empty();
  for (EntitlementLeft& entitlement : entitlements_) {
    if (!uses && entitlement.id == entry->entitlement_used) --entitlement.used;
  }
  if (!uses) entry->entitlement_used.clear();
}

void PieceLife::ApplyResolution(const v1::IncidentResolved& resolved) {
  OpenIncident* const incident = FindByDigest(incidents_, resolved.incident(), DigestOfIncident);
  if (incident == nullptr) return;
  if (resolved.outcome() == v1::IncidentResolved::CONFIRMED) {
    incident->confirmed = true;
  } else {
    incidents_.erase(incidents_.begin() + (incident - incidents_.data()));
  }
}

void PieceLife::Apply(const ParsedStatement& statement, const EntryPlace& place,
                      absl::string_view voucher) {
  const v1::Statement& message = statement.message();
  const std::string said_by(voucher);
  if (IsCorrectable(statement.event())) {
    entries_.push_back({place.digest, statement.event(), said_by,
                        message.care_record().entitlement_used(), false});
  }
  switch (message.event_case()) {
    case v1::Statement::kRegistration:
      for (const auto& entitlement : message.registration().piece().entitlements()) {
        entitlements_.push_back(LeftOf(entitlement));
      }
      return;
    case v1::Statement::kEntitlementGranted:
      entitlements_.push_back(LeftOf(message.entitlement_granted().entitlement()));
      return;
    case v1::Statement::kCareRecord:
      for (EntitlementLeft& entitlement : entitlements_) {
        if (entitlement.id == message.care_record().entitlement_used()) ++entitlement.used;
      }
      return;
    case v1::Statement::kCustody:
      if (message.custody().kind() == v1::Custody::RECEIVED) {
        custody_ = InCustody{place, said_by};
      } else {
        custody_.reset();
      }
      return;
    case v1::Statement::kCorrection:
      return ApplyCorrection(message.correction());
    case v1::Statement::kFirstSale:
      kept_by_store_ = message.first_sale().kept_by_store();
      return;
    case v1::Statement::kClaim:
      return NewHolder();
    case v1::Statement::kTransfer:
      consigned_ = message.transfer().kind() == v1::Transfer::CONSIGNMENT;
      return NewHolder();
    case v1::Statement::kTransferNotice:
      notice_ = PendingNotice{message.transfer_notice().kind(), place, said_by,
                              ActingKey::Of(statement.named_keys().front()), false};
      return;
    case v1::Statement::kNoticeObjected:
      has_objected_ = true;
      if (notice_->kind == v1::TransferNotice::COURT_ORDER) {
        notice_->objected = true;
      } else {
        notice_.reset();
      }
      return;
    case v1::Statement::kNoticeWithdrawn:
      notice_.reset();
      return;
    case v1::Statement::kOwnershipMoved:
      ++moved_after_notice_;
      consigned_ = false;
      return NewHolder();
    case v1::Statement::kPledged:
      pledge_ = Pledge{place, ActingKey::Of(statement.named_keys().front())};
      return;
    case v1::Statement::kPledgeReleased:
      pledge_.reset();
      return;
    case v1::Statement::kIncidentReported:
      incidents_.push_back({message.incident_reported().kind(), place, said_by, false});
      return;
    case v1::Statement::kIncidentResolved:
      return ApplyResolution(message.incident_resolved());
    case v1::Statement::kEndOfLife:
      custody_.reset();
      consigned_ = false;
      return NewHolder();  // nobody
    default:
      return;  // the others change nothing here
  }
}

}  // namespace touchstone
