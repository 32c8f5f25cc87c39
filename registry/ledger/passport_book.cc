#include "registry/ledger/passport_book.h"

#include <algorithm>
#include <iterator>

namespace touchstone::ledger {

std::shared_ptr<const PassportBook> PassportBook::After(const PassportBook* before,
                                                        const Submission& submission,
                                                        const EntryPlace& place, size_t frame_bytes,
                                                        ParticipantByKey participant_by_key) {
  const std::vector<std::string> signers = SigningParticipants(submission, participant_by_key);
  PassportBook book =
      before != nullptr
          ? *before
          // A registration has one signer, the issuer of record.
          : PassportBook(PassportState::FromRegistration(submission.statement(), place,
                                                         signers.empty() ? "" : signers.front()));
  if (before != nullptr) book.state_.Apply(submission.statement(), place);
  book.frames_bytes_ += frame_bytes;
  std::vector<std::string> participants;
  std::set_union(book.participants_.begin(), book.participants_.end(), signers.begin(),
                 signers.end(), std::back_inserter(participants));
  book.participants_ = std::move(participants);
  return std::make_shared<const PassportBook>(std::move(book));
}

std::vector<std::string> SigningParticipants(const Submission& submission,
                                             ParticipantByKey participant_by_key) {
  std::vector<std::string> ids;
  for (const Digest& signer : submission.signers()) {
    const ParticipantState* participant = participant_by_key(signer);
    if (participant != nullptr) ids.push_back(participant->id());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace touchstone::ledger
