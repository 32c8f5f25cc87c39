// The stewards and all participants as the newest published state of the log has them, in memory:
// few and small, and needed for every signature. Pieces are not here (passport_books.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_DIRECTORY_H_
#define TOUCHSTONE_REGISTRY_LEDGER_DIRECTORY_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/chain_contents.h"
#include "verifier/digest.h"
#include "verifier/participant_state.h"
#include "verifier/stewards_state.h"

namespace touchstone::ledger {

// Never changed: a new entry makes a new record. What a participant's state says of a position
// stays so when entries are added, so a newer record than a view's answers for that view too.
struct StewardsRecord {
  StewardsState state;
  ChainContents contents;
};
struct ParticipantRecord {
  ParticipantState state;
  ChainContents contents;
};

// Any thread may read; one changes it.
class Directory {
 public:
  // Null before the genesis.
  std::shared_ptr<const StewardsRecord> Stewards() const;
  // Null if there is none.
  std::shared_ptr<const ParticipantRecord> Find(absl::string_view participant_id) const;
  // Whose key that is, or ever was.
  std::shared_ptr<const ParticipantRecord> FindByKey(const Digest& key_id) const;

  // At most `limit` participants, ascending by id, those after `after` only (all, if empty).
  std::vector<std::shared_ptr<const ParticipantRecord>> After(absl::string_view after,
                                                              size_t limit) const;

  void Set(std::shared_ptr<const StewardsRecord> stewards);
  // Adds the participant or replaces it.
  void Set(std::shared_ptr<const ParticipantRecord> participant);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const StewardsRecord> stewards_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<std::string, std::shared_ptr<const ParticipantRecord>> participants_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Digest, std::string> ids_by_key_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_DIRECTORY_H_
