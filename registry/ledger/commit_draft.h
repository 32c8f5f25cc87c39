// A commit being made, on one thread and in order: judges each submission by the state that the
// ones before it leave, and gathers what the commit will store. Appending live and replaying in
// recovery both go through here. Not for durability, publishing and answering (commit.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_COMMIT_DRAFT_H_
#define TOUCHSTONE_REGISTRY_LEDGER_COMMIT_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/rows.h"
#include "registry/ledger/submission.h"
#include "registry/ledger/tip.h"
#include "registry/storage/store.h"
#include "registry/storage/write_batch.h"
#include "verifier/chain_head.h"
#include "verifier/claim.h"
#include "verifier/entry.h"
#include "verifier/known_claims.h"
#include "verifier/passport_id.h"

namespace touchstone::ledger {

// An entry of the commit.
struct DraftEntry {
  std::string frame;
  Digest digest = {};
  Digest leaf_key = {};  // of the entry's own leaf in the index; zero for the index root
};

class CommitDraft {
 public:
  // Begins where `tip` ends; all must outlive it.
  CommitDraft(Tip& tip, const storage::Reader& store, Directory& directory, PassportBooks& books)
      : tip_(tip),
        store_(store),
        directory_(directory),
        books_(books),
        first_position_(tip.log.size()) {}

  // Judges `submission`, whose signatures hold, and appends it at time `time_ms` (or that of the
  // newest entry, if that is later; the genesis takes its statement's). Returns its position: where
  // it stands already, if the same submission is in the log or in this draft. After an error
  // nothing has changed: a refusal, or what came from the store.
  absl::StatusOr<uint64_t> Append(const Submission& submission, uint64_t time_ms);

  // Appends the index root, which ends the commit: tip and trees now include it, and nothing can be
  // appended any more.
  absl::Status Seal(uint64_t time_ms);

  // kLogClosed, once the log was closed before this commit.
  absl::Status CheckOpen() const;

  uint64_t first_position() const { return first_position_; }
  // The entries from first_position() on; of a sealed draft the last is the index root.
  const std::vector<DraftEntry>& entries() const { return entries_; }

  // Everything that a sealed draft stores, but for the checkpoint.
  storage::WriteBatch& batch() { return batch_; }

  // Makes what a stored draft changed known to directory and books.
  void Publish();

 private:
  absl::StatusOr<uint64_t> AppendForStewards(const Submission& submission, uint64_t time_ms);
  absl::StatusOr<uint64_t> AppendForParticipant(const Submission& submission, uint64_t time_ms);
  absl::StatusOr<uint64_t> AppendForPassport(const Submission& submission, uint64_t time_ms);
  // Of entry `number` of a chain, which is there.
  absl::StatusOr<uint64_t> PositionOf(const Subject& subject, uint32_t number) const;
  // What only the registry can know of a passport's next entry: that all pieces' earlier events
  // allow what it does to claims (whose numbers are returned), and that its serial is free.
  // `issuer`: of record.
  absl::StatusOr<std::vector<uint32_t>> NumberSteps(const Submission& submission,
                                                    absl::string_view issuer,
                                                    const std::vector<ClaimStep>& steps) const;
  absl::Status CheckSerialFree(const Submission& submission, absl::string_view issuer) const;
  // All events of a claim; of the stored ones the index holds kind, entry and position as the rows
  // have them, else kDataLoss.
  absl::StatusOr<std::vector<KnownClaimEvent>> ClaimEvents(const ClaimSubject& claim) const;
  absl::StatusOr<std::string> IssuerOf(const PassportId& passport) const;
  // For whom the entry of a release is, be it stored or of this draft.
  absl::StatusOr<ReleaseTerms> TermsOf(const KnownClaimEvent& release) const;

  absl::StatusOr<std::string> MakeFrame(const Submission& submission, const ChainHead& head,
                                        uint64_t time_ms) const;
  // Takes an entry in that was judged.
  EntryPlace TakeIn(const Submission& submission, const ChainHead& head, uint64_t time_ms,
                    std::string frame, const std::vector<ClaimStep>& steps = {},
                    const std::vector<uint32_t>& claim_numbers = {});
  // A row that later submissions of this draft may ask for.
  void PutRow(std::string key, std::string value);
  void PutFullTiles();

  uint64_t next_position() const { return first_position_ + entries_.size(); }
  Rows rows() const { return Rows(store_, next_position(), &pending_rows_); }

  // As the submissions so far leave them; null where there is none.
  const StewardsRecord* stewards() const;
  const ParticipantRecord* FindParticipant(absl::string_view id) const;
  const ParticipantState* FindParticipantByKey(const Digest& key_id) const;
  absl::StatusOr<std::shared_ptr<const PassportBook>> FindBook(const PassportId& id) const;

  Tip& tip_;
  const storage::Reader& store_;
  Directory& directory_;
  PassportBooks& books_;
  const uint64_t first_position_;

  uint64_t time_ms_ = 0;  // of the newest entry of the draft
  std::vector<DraftEntry> entries_;
  std::vector<IndexLeaf> leaves_;
  storage::WriteBatch batch_;
  PendingRows pending_rows_;
  std::shared_ptr<const StewardsRecord> changed_stewards_;
  absl::flat_hash_map<std::string, std::shared_ptr<const ParticipantRecord>> changed_participants_;
  absl::flat_hash_map<Digest, std::string> new_keys_;  // to the participant's id
  absl::flat_hash_map<PassportId, std::shared_ptr<const PassportBook>> changed_books_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_COMMIT_DRAFT_H_
