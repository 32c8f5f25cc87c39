#include "verifier/seats.h"

#include <algorithm>

namespace touchstone {
namespace {

enum class Holder {
  kNever,   // is not asked
  kMay,     // may sign beside a participant
  kAlone,   // may sign in place of a participant
  kBeside,  // signs beside a participant, where there is a holder
};

Holder HolderInResolution(const ParsedStatement& statement, const PassportState& before) {
  const OpenIncident* const incident =
      before.life().FindIncident(statement.message().incident_resolved().incident());
  if (incident == nullptr) return Holder::kNever;
  switch (incident->kind) {
    case v1::IncidentReported::LOST:
    case v1::IncidentReported::STOLEN:
      return Holder::kMay;
    case v1::IncidentReported::DAMAGED:
      return incident->reported_by.empty() ? Holder::kAlone : Holder::kNever;
    default:
      return Holder::kNever;
  }
}

// The correction of a modification is one itself.
Holder HolderInCorrection(const ParsedStatement& statement, const PassportState& before) {
  const OwnEntry* const entry =
      before.life().FindEntry(statement.message().correction().corrects());
  return entry != nullptr && entry->event == EventKind::kModification ? Holder::kMay
                                                                      : Holder::kNever;
}

Holder HolderInReport(const v1::IncidentReported& incident) {
  switch (incident.kind()) {
    case v1::IncidentReported::LOST:
    case v1::IncidentReported::STOLEN:
    case v1::IncidentReported::DAMAGED:
      return Holder::kAlone;
    default:
      return Holder::kNever;
  }
}

// In statements that a participant says, or the holder may.
Holder HolderIn(const ParsedStatement& statement, const PassportState& before) {
  switch (statement.event()) {
    case EventKind::kCareRecord:
      return statement.message().care_record().entitlement_used().empty() ? Holder::kNever
                                                                          : Holder::kMay;
    case EventKind::kLaboratoryReport:
    case EventKind::kModification:
      return Holder::kMay;
    case EventKind::kCorrection:
      return HolderInCorrection(statement, before);
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      return Holder::kBeside;
    case EventKind::kDocumentsAdded:
    case EventKind::kDataErased:
      return Holder::kAlone;
    case EventKind::kIncidentReported:
      return HolderInReport(statement.message().incident_reported());
    case EventKind::kIncidentResolved:
      return HolderInResolution(statement, before);
    default:
      return Holder::kNever;
  }
}

class SeatList {
 public:
  SeatList(const ParsedStatement& statement, const PassportState& before)
      : statement_(statement), before_(before) {}

  SeatList& AddHolder() {
    if (!before_.acting_key()) return *this;
    seats_.by_holder = true;
    seats_.keys.push_back(
        {before_.acting_key()->key_id,
         before_.phase() == OwnershipPhase::kUnclaimed ? "the claim key" : "the present owner"});
    return *this;
  }
  SeatList& AddNamed(absl::string_view whose) {
    seats_.keys.push_back({statement_.named_keys().front().KeyId(), whose});
    return *this;
  }
  SeatList& Add(const std::optional<Digest>& key_id, absl::string_view whose) {
    if (key_id) seats_.keys.push_back({*key_id, whose});
    return *this;
  }
  Seats AndVoucher() {
    seats_.voucher = true;
    return seats_;
  }
  Seats Only() const { return seats_; }

 private:
  const ParsedStatement& statement_;
  const PassportState& before_;
  Seats seats_;
};

std::optional<Digest> NextByNotice(const PassportState& before) {
  if (!before.life().notice()) return std::nullopt;
  return before.life().notice()->to.key_id;
}

bool HasSigned(const std::optional<Digest>& key_id, absl::Span<const Digest> signers) {
  return key_id && std::find(signers.begin(), signers.end(), *key_id) != signers.end();
}

std::optional<Digest> HolderOf(const PassportState& before) {
  if (!before.acting_key()) return std::nullopt;
  return before.acting_key()->key_id;
}

std::optional<Digest> PledgeeOf(const PassportState& before) {
  if (!before.life().pledge()) return std::nullopt;
  return before.life().pledge()->pledgee.key_id;
}

Seats ByHolderOrParticipant(const ParsedStatement& statement, const PassportState& before,
                            absl::Span<const Digest> signers) {
  const bool holder_signed = HasSigned(HolderOf(before), signers);
  SeatList seats(statement, before);
  switch (HolderIn(statement, before)) {
    case Holder::kNever:
      break;
    case Holder::kMay:
      if (holder_signed) seats.AddHolder();
      break;
    case Holder::kAlone:
      if (holder_signed) return seats.AddHolder().Only();
      break;
    case Holder::kBeside:
      seats.AddHolder();
      break;
  }
  return seats.AndVoucher();
}

}  // namespace

Seats SeatsOf(const ParsedStatement& statement, const PassportState* before,
              absl::Span<const Digest> signers) {
  if (before == nullptr) return {{}, true, false};
  SeatList seats(statement, *before);
  switch (statement.event()) {
    case EventKind::kFirstSale:
      return seats.AddNamed("the claim key").AndVoucher();
    case EventKind::kClaim:
      return seats.AddHolder().AddNamed("the owner").Only();
    case EventKind::kTransfer:
      return seats.AddHolder().AddNamed("the next owner").Only();
    case EventKind::kOfferWithdrawn:
    case EventKind::kNoticeObjected:
      return seats.AddHolder().Only();
    case EventKind::kOwnershipMoved:
      return seats.Add(NextByNotice(*before), "the next owner").AndVoucher();
    case EventKind::kPledged:
      return seats.AddHolder().AddNamed("the pledgee").Only();
    case EventKind::kPledgeReleased:
      // Neither of the two: an authority, since a pledgee's key may be lost.
      if (!HasSigned(HolderOf(*before), signers) && !HasSigned(PledgeeOf(*before), signers)) {
        return seats.AndVoucher();
      }
      return seats.AddHolder().Add(PledgeeOf(*before), "the pledgee").Only();
    default:
      return ByHolderOrParticipant(statement, *before, signers);
  }
}

std::optional<Digest> VoucherKeyOf(const ParsedStatement& statement, const PassportState* before,
                                   absl::Span<const Digest> signers) {
  const Seats seats = SeatsOf(statement, before, signers);
  if (!seats.voucher) return std::nullopt;
  for (const Digest& signer : signers) {
    const bool is_seated =
        std::any_of(seats.keys.begin(), seats.keys.end(),
                    [&signer](const Seat& seat) { return seat.key_id == signer; });
    if (!is_seated) return signer;
  }
  return std::nullopt;
}

}  // namespace touchstone
