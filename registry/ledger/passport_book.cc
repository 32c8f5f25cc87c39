#include "registry/ledger/passport_book.h"

#include <algorithm>
#include <optional>

#include "verifier/seats.h"

namespace touchstone::ledger {
namespace {

// The participant who vouches for an authorized entry. Null where only owners sign.
const ParticipantState* VouchingParticipantOf(const Submission& submission,
                                              const PassportState* before,
                                              ParticipantByKey participant_by_key) {
  const std::optional<Digest> key_id =
      VoucherKeyOf(submission.statement(), before, submission.signers());
  return key_id ? participant_by_key(*key_id) : nullptr;
}

}  // namespace

std::shared_ptr<const PassportBook> PassportBook::After(const PassportBook* before,
                                                        const Submission& submission,
                                                        const EntryPlace& place, size_t frame_bytes,
                                                        ParticipantByKey participant_by_key) {
  const ParticipantState* const vouching = VouchingParticipantOf(
      submission, before == nullptr ? nullptr : &before->state_, participant_by_key);
  const std::string id = vouching == nullptr ? "" : vouching->id();
  PassportBook book =
      before != nullptr
          ? *before
          : PassportBook(PassportState::FromRegistration(submission.statement(), place, id));
  if (before != nullptr) book.state_.Apply(submission.statement(), place, id);
  book.contents_.Add(submission.digest(), frame_bytes);
  auto& ids = book.participants_;
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (vouching != nullptr && (at == ids.end() || *at != id)) ids.insert(at, id);
  return std::make_shared<const PassportBook>(std::move(book));
}

}  // namespace touchstone::ledger
