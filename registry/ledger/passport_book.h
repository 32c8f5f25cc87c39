// What the registry keeps at hand of a passport: the state that the rules fold, and beside it what
// its file will take, for the quotas. Never changed: a new entry makes a new book.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_BOOK_H_
#define TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "registry/ledger/chain_contents.h"
#include "registry/ledger/submission.h"
#include "verifier/authorization.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/passport_state.h"

namespace touchstone::ledger {

class PassportBook {
 public:
  // The book after one more authorized entry, whose frame has `frame_bytes`. `before` is null for a
  // registration. `participant_by_key` knows who vouches for it.
  static std::shared_ptr<const PassportBook> After(const PassportBook* before,
                                                   const Submission& submission,
                                                   const EntryPlace& place, size_t frame_bytes,
                                                   ParticipantByKey participant_by_key);

  const PassportState& state() const { return state_; }
  const ChainContents& contents() const { return contents_; }
  // The ids of all participants who vouch for an entry, ascending: those whose chains its file
  // holds.
  const std::vector<std::string>& participants() const { return participants_; }
  // Whether a participant has vouched with that key for an entry before `position`. An owner's
  // signature is none, whoever else the key is enrolled for.
  bool HasVouched(const Digest& key_id, uint64_t position) const;

 private:
  explicit PassportBook(PassportState state) : state_(std::move(state)) {}

  PassportState state_;
  ChainContents contents_;
  std::vector<std::string> participants_;
  // By key, ascending: the position of the first entry that it vouches for.
  std::vector<std::pair<Digest, uint64_t>> vouchers_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_BOOK_H_
