#include "verifier/node_memo.h"

#include <cstddef>
#include <cstdint>

#include "verifier/big_endian.h"
#include "verifier/limits.h"

namespace touchstone {

NodeMemo::NodeMemo(HashFunction hash) : hash_(hash), pairs_(limits::kNodeMemoPairs) {}

Digest NodeMemo::Hash(const Digest& left, const Digest& right) {
  // Nodes are hashes, so any of their bits will do. (A file can make them collide by its siblings,
  // and then only takes as long as without a memo.)
  const size_t place =
      LoadBigEndian<uint16_t>(DigestBytes(left)) ^ LoadBigEndian<uint16_t>(DigestBytes(right));
  Pair& pair = pairs_[place % pairs_.size()];
  if (!pair.used || pair.left != left || pair.right != right) {
    pair = {left, right, hash_(left, right), true};
  }
  return pair.hash;
}

}  // namespace touchstone
