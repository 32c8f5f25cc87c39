// The trust policy: the one file that says which log, which witnesses, and how many of them, a
// verifier believes. C2SP tlog-policy (`log`, `witness`, `group`, `quorum`) with the lines
// `genesis`, `retired` and `max_age` of docs/FORMAT.md. Not for checking a checkpoint against it:
// that is verifier/verify_checkpoint.h.
#ifndef TOUCHSTONE_VERIFIER_POLICY_H_
#define TOUCHSTONE_VERIFIER_POLICY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "verifier/digest.h"
#include "verifier/signed_note.h"

namespace touchstone {

// A log key that counts up to a tree of `size` leaves with `root`, and no further.
struct RetiredKey {
  VerifierKey key;
  uint64_t size = 0;
  Digest root = {};
};

// A witness under the name that the policy's groups call it by.
struct PolicyWitness {
  std::string name;
  VerifierKey key;
  std::string url;  // empty if none is given
};

// The quorum: a tree whose leaves are witnesses and whose inner nodes ask for k of their members.
struct QuorumNode {
  std::string name;
  // A leaf: index into TrustPolicy::witnesses(). Nothing for a group.
  std::optional<size_t> witness;
  // A group: 1 <= threshold <= members.size().
  size_t threshold = 0;
  std::vector<QuorumNode> members;
};

class TrustPolicy {
 public:
  // Errors: kInvalidPolicy, naming the line; kTooLarge; kUnknownKeyAlgorithm for a key of a type
  // that this verifier does not know. Exactly one `log` and one `quorum` line; retired keys bear
  // the log's name; no key twice; names as tlog-policy has them.
  static absl::StatusOr<TrustPolicy> Parse(absl::string_view text);

  // The log's identity: the name of its key.
  const std::string& origin() const { return log_key_.name(); }
  const VerifierKey& log_key() const { return log_key_; }
  const std::string& log_url() const { return log_url_; }

  // SHA-256 of the frame of entry 0. Nothing if the policy has no `genesis` line: then it can judge
  // checkpoints, but no passport.
  const std::optional<Digest>& genesis() const { return genesis_; }

  const std::vector<RetiredKey>& retired_keys() const { return retired_; }
  const std::vector<PolicyWitness>& witnesses() const { return witnesses_; }

  // Nothing for `quorum none`.
  const std::optional<QuorumNode>& quorum() const { return quorum_; }

  // How old the newest proof of freshness may be; nothing if the policy does not say.
  std::optional<uint64_t> max_age_seconds() const { return max_age_seconds_; }

 private:
  friend class PolicyParser;
  explicit TrustPolicy(const VerifierKey& log_key) : log_key_(log_key) {}
  VerifierKey log_key_;
  std::string log_url_;
  std::optional<Digest> genesis_;
  std::vector<RetiredKey> retired_;
  std::vector<PolicyWitness> witnesses_;
  std::optional<QuorumNode> quorum_;
  std::optional<uint64_t> max_age_seconds_;
};

// The newest time (seconds) for which the quorum can be shown: that of a witness is its own, that
// of a group asking for k is the k-th newest of its members'. `times[i]` is the time at which
// witness i cosigned, or nothing. Nothing if the quorum is not met.
std::optional<uint64_t> QuorumTime(const QuorumNode& quorum,
                                   absl::Span<const std::optional<uint64_t>> times);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_POLICY_H_
