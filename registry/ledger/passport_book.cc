#include "registry/ledger/passport_book.h"

#include <algorithm>

namespace touchstone::ledger {

std::shared_ptr<const PassportBook> PassportBook::After(const PassportBook* before,
                                                        const Submission& submission,
                                                        const EntryPlace& place, size_t frame_bytes,
                                                        ParticipantByKey participant_by_key) {
  const ParticipantState* const vouching = VouchingParticipantOf(submission, participant_by_key);
  const std::string id = vouching == nullptr ? "" : vouching->id();
  PassportBook book =
      before != nullptr
          ? *before
          : PassportBook(PassportState::FromRegistration(submission.statement(), place, id));
  if (before != nullptr) book.state_.Apply(submission.statement(), place);
  book.contents_.Add(submission.digest(), frame_bytes);
  auto& ids = book.participants_;
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (vouching != nullptr && (at == ids.end() || *at != id)) ids.insert(at, id);
  return std::make_shared<const PassportBook>(std::move(book));
}

const ParticipantState* VouchingParticipantOf(const Submission& submission,
                                              ParticipantByKey participant_by_key) {
  const ParsedStatement& statement = submission.statement();
  if (statement.event() == EventKind::kClaim || statement.event() == EventKind::kTransfer) {
    return nullptr;
  }
  for (const Digest& signer : submission.signers()) {
    const bool is_claim_key = statement.event() == EventKind::kFirstSale &&
                              signer == statement.named_keys().front().KeyId();
    if (!is_claim_key) return participant_by_key(signer);
  }
  return nullptr;
}

}  // namespace touchstone::ledger
