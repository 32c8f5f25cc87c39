// The note that one signature over a whole batch of envelopes is made over, and checking such a
// signature for one of them (docs/FORMAT.md, "Batch signature"). Not for making batches
// (verifier/signing/batch.h).
#ifndef TOUCHSTONE_VERIFIER_BATCH_SIGNATURE_H_
#define TOUCHSTONE_VERIFIER_BATCH_SIGNATURE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "verifier/batch_path.h"
#include "verifier/digest.h"
#include "verifier/public_key.h"

namespace touchstone {

// "touchstone batch v1\norigin <log origin>\ncount <n>\nroot <base64>\n".
std::string BatchNoteText(absl::string_view log_origin, uint64_t count, const Digest& root);

// What is remembered about batch signatures that held, so that the rows of an import do not each
// pay for the same check. Implementations forget as they like, and are safe to call from several
// threads if their callers are.
class VerifiedBatchNotes {
 public:
  virtual ~VerifiedBatchNotes() = default;

  // Whether Add was called with `check`, which names key, signature and note all three.
  virtual bool Contains(const Digest& check) = 0;
  virtual void Add(const Digest& check) = 0;
};

// OK if `sig` is `key`'s over the note of the batch for `log_origin` whose leaf at path.index() is
// `pae`; kBadSignature otherwise. `verified` may be null; if not, it is asked before the signature
// is checked and told when it held.
absl::Status VerifyBatchSignature(absl::string_view pae, const BatchPath& path,
                                  absl::string_view sig, const PublicKey& key,
                                  absl::string_view log_origin, VerifiedBatchNotes* verified);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_BATCH_SIGNATURE_H_
