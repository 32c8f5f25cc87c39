// What passes a piece on, or prepares it.
#include "verifier/event_fields.h"

namespace touchstone {

void CheckEvent(const v1::FirstSale& sale, FieldChecker& checker, EventParts& parts) {
  CheckKey("claim_key", sale.claim_key(), checker, parts);
  checker.Date("sold_on", sale.sold_on(), Presence::kRequired);
  checker.Text("store", sale.store(), 120);
}

void CheckEvent(const v1::Claim& claim, FieldChecker& checker, EventParts& parts) {
  CheckKey("owner_key", claim.owner_key(), checker, parts);
}

void CheckEvent(const v1::Transfer& transfer, FieldChecker& checker, EventParts& parts) {
  checker.Required("kind", transfer.kind() != v1::Transfer::KIND_UNSPECIFIED);
  CheckKey("to_key", transfer.to_key(), checker, parts);
  checker.Date("effective_on", transfer.effective_on(), Presence::kRequired);
}

void CheckEvent(const v1::OfferWithdrawn& withdrawn, FieldChecker& checker, EventParts&) {
  checker.Text("reason", withdrawn.reason(), 500);
}

void CheckEvent(const v1::TransferNotice& notice, FieldChecker& checker, EventParts& parts) {
  checker.Required("kind", notice.kind() != v1::TransferNotice::KIND_UNSPECIFIED);
  CheckKey("to_key", notice.to_key(), checker, parts);
  checker.Text("grounds", notice.grounds(), 500);
  CheckCommitments(notice.commitments(), checker);
}

void CheckEvent(const v1::NoticeObjected& objected, FieldChecker& checker, EventParts&) {
  checker.Text("reason", objected.reason(), 500);
}

void CheckEvent(const v1::NoticeWithdrawn& withdrawn, FieldChecker& checker, EventParts&) {
  checker.Text("reason", withdrawn.reason(), 500);
}

void CheckEvent(const v1::OwnershipMoved& moved, FieldChecker& checker, EventParts&) {
  checker.Date("effective_on", moved.effective_on(), Presence::kRequired);
}

void CheckEvent(const v1::Pledged& pledged, FieldChecker& checker, EventParts& parts) {
  CheckKey("pledgee_key", pledged.pledgee_key(), checker, parts);
  checker.Date("pledged_on", pledged.pledged_on(), Presence::kRequired);
  checker.Date("due_on", pledged.due_on());
  CheckCommitments(pledged.commitments(), checker);
}

void CheckEvent(const v1::PledgeReleased& released, FieldChecker& checker, EventParts&) {
  checker.Date("released_on", released.released_on(), Presence::kRequired);
}

}  // namespace touchstone
