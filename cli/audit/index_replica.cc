#include "cli/audit/index_replica.h"

#include "verifier/index_hash.h"

namespace touchstone::cli {

IndexReplica::Ref IndexReplica::NewInner() {
  inner_.emplace_back();
  return static_cast<Ref>(inner_.size());
}

absl::Status IndexReplica::Insert(const Digest& key, const Digest& value) {
  if (leaves_.size() >= size_t{INT32_MAX} - 1) {
    return absl::ResourceExhaustedError("the index has more leaves than this audit can hold");
  }
  // Where the reference to the subtree stands: an inner node's child, or the root (inner -1).
  // Indexes and not pointers, since the vectors grow.
  int32_t parent = -1;
  size_t side = 0;
  size_t depth = 0;
  const auto slot = [&]() -> Ref& {
    return parent < 0 ? root_ : inner_[static_cast<size_t>(parent)].children[side];
  };
  const auto descend = [&] {
    parent = slot() - 1;
    inner_[static_cast<size_t>(parent)].changed = true;
    side = IndexKeyBit(key, depth) ? 1 : 0;
    ++depth;
  };
  while (slot() > 0) descend();

  const Ref found = slot();
  if (found < 0) {
    const Digest& other = leaves_[static_cast<size_t>(-found - 1)].key;
    if (other == key) return absl::AlreadyExistsError("the index has a leaf under this key");
    // Both share the prefix down to here, and perhaps further: nodes down to where they part.
    const Digest other_key = other;
    while (IndexKeyBit(key, depth) == IndexKeyBit(other_key, depth)) {
      const Ref inner = NewInner();
      slot() = inner;
      descend();
    }
    const Ref fork = NewInner();
    slot() = fork;
    const size_t at = depth;
    descend();
    inner_[static_cast<size_t>(parent)].children[IndexKeyBit(other_key, at) ? 1 : 0] = found;
  }
  leaves_.push_back({key, IndexLeafHash(key, value)});
  slot() = -static_cast<Ref>(leaves_.size());
  return absl::OkStatus();
}

Digest IndexReplica::HashOf(Ref ref) {
  if (ref == 0) return kEmptyIndexNode;
  if (ref < 0) return leaves_[static_cast<size_t>(-ref - 1)].hash;
  const size_t at = static_cast<size_t>(ref - 1);
  if (inner_[at].changed) {
    // At most 256 levels deep.
    const Digest left = HashOf(inner_[at].children[0]);
    const Digest right = HashOf(inner_[at].children[1]);
    inner_[at].hash = IndexNodeHash(left, right);
    inner_[at].changed = false;
  }
  return inner_[at].hash;
}

Digest IndexReplica::Root() { return HashOf(root_); }

}  // namespace touchstone::cli
