#include "registry/ledger/passport_book.h"

#include <algorithm>
#include <optional>

#include "verifier/seats.h"

namespace touchstone::ledger {
namespace {

using FirstVouched = std::pair<Digest, uint64_t>;

bool IsBefore(const FirstVouched& vouched, const Digest& key_id) { return vouched.first < key_id; }

}  // namespace

std::shared_ptr<const PassportBook> PassportBook::After(const PassportBook* before,
                                                        const Submission& submission,
                                                        const EntryPlace& place, size_t frame_bytes,
                                                        ParticipantByKey participant_by_key) {
  const std::optional<Digest> key_id = VoucherKeyOf(
      submission.statement(), before == nullptr ? nullptr : &before->state_, submission.signers());
  // Null where only owners sign.
  const ParticipantState* const vouching = key_id ? participant_by_key(*key_id) : nullptr;
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
  if (vouching != nullptr) {
    auto& keys = book.vouchers_;
    const auto first = std::lower_bound(keys.begin(), keys.end(), *key_id, IsBefore);
    if (first == keys.end() || first->first != *key_id) {
      keys.insert(first, {*key_id, place.position});
    }
  }
  return std::make_shared<const PassportBook>(std::move(book));
}

bool PassportBook::HasVouched(const Digest& key_id, uint64_t position) const {
  const auto at = std::lower_bound(vouchers_.begin(), vouchers_.end(), key_id, IsBefore);
  return at != vouchers_.end() && at->first == key_id && at->second < position;
}

}  // namespace touchstone::ledger
