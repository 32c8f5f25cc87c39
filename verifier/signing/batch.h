// Gathers the envelopes of a batch so that one signature covers them all (docs/FORMAT.md, "Batch
// signature"). Holds no key: the caller signs NoteText(). Never part of a verifier.
#ifndef TOUCHSTONE_VERIFIER_SIGNING_BATCH_H_
#define TOUCHSTONE_VERIFIER_SIGNING_BATCH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/batch_path.h"
#include "verifier/digest.h"

namespace touchstone {

// The finished tree over a batch: about 64 bytes a leaf.
class Batch {
 public:
  // Leaf i is `paes[i]`, a pre-authentication encoding. 1 to limits::kBatchLeavesMax of them;
  // kMalformed for none, kTooLarge for more.
  static absl::StatusOr<Batch> Create(absl::Span<const std::string> paes);
  // The same for leaf hashes SHA-256(00 ‖ PAE), for callers that do not keep the encodings.
  static absl::StatusOr<Batch> FromLeafHashes(std::vector<Digest> leaf_hashes);

  size_t count() const { return levels_.front().size(); }
  const Digest& root() const { return levels_.back().front(); }

  // What is to be signed, for the log that the statements name.
  std::string NoteText(absl::string_view log_origin) const;

  // The path for envelope `index` < count().
  BatchPath PathOf(size_t index) const;

 private:
  explicit Batch(std::vector<std::vector<Digest>> levels);
  std::vector<std::vector<Digest>> levels_;  // leaves first, the root last
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SIGNING_BATCH_H_
