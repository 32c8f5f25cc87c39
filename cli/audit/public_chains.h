// The chains of a log's stewards and participants, entry after entry by the verifier's rules: who
// may sign what from which position on. Everybody can see these entries. Not for passports', which
// are cli/audit/log_replay.h's, nor for where the entries stand in log and index.
#ifndef TOUCHSTONE_CLI_AUDIT_PUBLIC_CHAINS_H_
#define TOUCHSTONE_CLI_AUDIT_PUBLIC_CHAINS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/batch_signature.h"
#include "verifier/chain_head.h"
#include "verifier/digest.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/participant_state.h"
#include "verifier/passport_state.h"
#include "verifier/statement.h"
#include "verifier/stewards_state.h"

namespace touchstone::cli {

// What an entry says, and whose signatures it bears, in their order.
struct SignedStatement {
  Envelope envelope;
  ParsedStatement statement;
  std::vector<Digest> signers;
};

// Of an entry that is no index root, in the log with that origin. Errors: those of parsing;
// kWrongOrigin.
absl::StatusOr<SignedStatement> ReadStatement(const Entry& entry, absl::string_view origin);

class PublicChains {
 public:
  PublicChains();
  ~PublicChains();

  // The next entry of the stewards' chain or of a participant's, with that digest; the statement is
  // the entry's. Checks that it was not said before, its signatures, that it is the next of its
  // chain, and that its signers may say it. After an error nothing more can be said about the log.
  absl::Status Next(const SignedStatement& said, const Entry& entry, const Digest& digest);

  // For entries of passports too: whether the envelope is the first with its digest, which it then
  // is no more; and whether each of its signatures is of a key that may sign it and is genuine.
  // `passport` is the state before it, null if there is none. Errors: kBrokenChain; kUnknownSigner,
  // kBadSignature.
  absl::Status CheckSaidOnce(const Envelope& envelope);
  absl::Status CheckSignatures(const SignedStatement& said, const PassportState* passport);

  // Whether anything may stand at `position`: an index root may end the commit that closes the log.
  absl::Status CheckOpenAt(uint64_t position, bool is_index_root) const;

  // Null before the genesis.
  const StewardsState* stewards() const { return stewards_.has_value() ? &*stewards_ : nullptr; }
  // Whose key it is, or ever was; null if nobody's. Valid as long as this object.
  const ParticipantState* ParticipantOf(const Digest& key_id) const;
  size_t participants() const { return participants_.size(); }
  // Checked, one for each envelope that a batch signature covers too.
  uint64_t signatures() const { return signatures_; }

 private:
  class BatchNotes;

  absl::Status NextOfStewards(const SignedStatement& said, const Entry& entry,
                              const EntryPlace& place);
  absl::Status NextOfParticipant(const SignedStatement& said, const Entry& entry,
                                 const EntryPlace& place);

  std::optional<StewardsState> stewards_;
  std::map<std::string, ParticipantState> participants_;  // stable addresses
  absl::flat_hash_map<Digest, const ParticipantState*> participant_by_key_;
  absl::flat_hash_set<Digest> envelopes_;
  std::unique_ptr<BatchNotes> batch_notes_;
  uint64_t signatures_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_PUBLIC_CHAINS_H_
