// Remembers what pairs of nodes hash to. All inclusion paths of a file lead to one root, and all
// its index proofs to another, so most of what they hash near the root, they hash again and again.
// Not a proof of anything: an answer is the hash of the very bytes that were asked for.
#ifndef TOUCHSTONE_VERIFIER_NODE_MEMO_H_
#define TOUCHSTONE_VERIFIER_NODE_MEMO_H_

#include <vector>

#include "verifier/digest.h"

namespace touchstone {

// Bounded (limits::kNodeMemoPairs), whatever is asked: of pairs that share a place, the newest is
// remembered. Not for several threads at once.
class NodeMemo {
 public:
  using HashFunction = Digest (*)(const Digest& left, const Digest& right);

  // `hash`: NodeHash (verifier/merkle.h) or IndexNodeHash (verifier/index_hash.h).
  explicit NodeMemo(HashFunction hash);

  // hash(left, right).
  Digest Hash(const Digest& left, const Digest& right);

 private:
  struct Pair {
    Digest left = {};
    Digest right = {};
    Digest hash = {};
    bool used = false;
  };

  HashFunction hash_;
  std::vector<Pair> pairs_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_NODE_MEMO_H_
