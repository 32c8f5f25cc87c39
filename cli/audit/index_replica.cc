#include "cli/audit/index_replica.h"

#include "verifier/index_hash.h"

namespace touchstone::cli {
namespace {

// How many bits two keys share before they part; 256 if they are the same.
size_t SharedBits(const Digest& a, const Digest& b) {
  size_t byte = 0;
  while (byte < a.size() && a[byte] == b[byte]) ++byte;
  if (byte == a.size()) return 8 * a.size();
  size_t bit = 8 * byte;
  while (IndexKeyBit(a, bit) == IndexKeyBit(b, bit)) ++bit;
  return bit;
}

size_t SideOf(const Digest& key, size_t depth) { return IndexKeyBit(key, depth) ? 1 : 0; }

}  // namespace

const Digest& IndexReplica::KeyBelow(Ref ref) const {
  const int32_t leaf = ref > 0 ? forks_[static_cast<size_t>(ref - 1)].leaf : -ref - 1;
  return leaves_[static_cast<size_t>(leaf)].key;
}

absl::Status IndexReplica::Insert(const Digest& key, const Digest& value) {
  if (leaves_.size() >= kLeavesMax) {
    return absl::ResourceExhaustedError("the index has more leaves than this audit can hold");
  }
  // The leaf nearest to the key, by all bits that the tree looks at, shares the most with it.
  Ref nearest = root_;
  while (nearest > 0) {
    const Fork& fork = forks_[static_cast<size_t>(nearest - 1)];
    nearest = fork.children[SideOf(key, fork.depth)];
  }
  const size_t shared = nearest == 0 ? 0 : SharedBits(key, KeyBelow(nearest));
  if (nearest != 0 && shared == 8 * kDigestBytes) {
    return absl::AlreadyExistsError("the index has a leaf under this key");
  }
  leaves_.push_back({key, IndexLeafHash(key, value)});
  const Ref leaf = -static_cast<Ref>(leaves_.size());
  if (nearest == 0) {
    root_ = leaf;
    return absl::OkStatus();
  }
  // Everything above where they part has one leaf more below it.
  Ref* slot = &root_;
  while (*slot > 0) {
    Fork& fork = forks_[static_cast<size_t>(*slot - 1)];
    fork.changed = true;  // what is just below the new fork too: it is hashed up to another depth
    if (fork.depth > shared) break;
    slot = &fork.children[SideOf(key, fork.depth)];
  }
  const Ref below = *slot;
  // A deque's elements stay where they are when it grows.
  forks_.emplace_back();
  Fork& fork = forks_.back();
  *slot = static_cast<Ref>(forks_.size());
  fork.depth = static_cast<uint16_t>(shared);
  fork.leaf = -leaf - 1;
  fork.children[SideOf(key, shared)] = leaf;
  fork.children[1 - SideOf(key, shared)] = below;
  return absl::OkStatus();
}

Digest IndexReplica::HashAt(Ref ref, size_t depth) {
  if (ref == 0) return kEmptyIndexNode;
  // A lone leaf rises to where it is alone.
  if (ref < 0) return leaves_[static_cast<size_t>(-ref - 1)].hash;
  Fork& fork = forks_[static_cast<size_t>(ref - 1)];
  if (!fork.changed) return fork.hash;
  // At most 256 levels deep.
  const Digest left = HashAt(fork.children[0], fork.depth + size_t{1});
  const Digest right = HashAt(fork.children[1], fork.depth + size_t{1});
  fork.hash = IndexNodeHash(left, right);
  // Nodes do not rise: up to where it is referred to from, each has an empty sibling.
  const Digest& key = KeyBelow(ref);
  for (size_t level = fork.depth; level > depth; --level) {
    fork.hash = IndexKeyBit(key, level - 1) ? IndexNodeHash(kEmptyIndexNode, fork.hash)
                                            : IndexNodeHash(fork.hash, kEmptyIndexNode);
  }
  fork.changed = false;
  return fork.hash;
}

Digest IndexReplica::Root() { return HashAt(root_, 0); }

}  // namespace touchstone::cli
