#include "registry/ledger/index_tree.h"

#include <array>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/index_insertion.h"
#include "registry/ledger/index_leaves.h"

namespace touchstone::ledger {
namespace {

// From so many leaves on, the two halves of the tree are worth a thread each.
constexpr size_t kTwoThreadsLeavesMin = 4096;

// More nodes than a leaf brings with it: one for every bit in which it agrees with another.
constexpr size_t kNodesALeafMax = 256;

absl::Status CheckAscending(absl::Span<const IndexLeaf> leaves) {
  for (size_t i = 1; i < leaves.size(); ++i) {
    if (leaves[i - 1].key < leaves[i].key) continue;
    const std::string key = DigestToHex(leaves[i].key);
    if (leaves[i - 1].key == leaves[i].key) {
      return absl::AlreadyExistsError(
          absl::StrCat("a leaf under the key ", key, " is to be inserted into the index twice"));
    }
    return absl::InvalidArgumentError(
        absl::StrCat("the leaf under the key ", key, " does not stand in the order of the keys"));
  }
  return absl::OkStatus();
}

}  // namespace

IndexTree::IndexTree() : nodes_(std::make_shared<IndexNodes>(nullptr)) {}

absl::Status IndexTree::Insert(absl::Span<const IndexLeaf> leaves) {
  absl::Status status = CheckAscending(leaves);
  if (!status.ok() || leaves.empty()) return status;
  if (!nodes_->inner_numbers.HasRoomFor(leaves.size() * kNodesALeafMax)) {
    return absl::ResourceExhaustedError("the index is as large as it can be");
  }
  std::vector<IndexRef> free;
  versions_.Collect(free);
  Free(free);

  std::vector<uint32_t> slots;
  nodes_->leaf_numbers.Take(leaves.size(), slots,
                            [this](size_t count) { nodes_->leaves.Reserve(count); });
  for (size_t i = 0; i < leaves.size(); ++i) nodes_->leaves[slots[i]].leaf = leaves[i];
  const PlacedLeaves fresh{leaves, slots};

  IndexInsertion here(*nodes_, versions_.next());
  IndexInsertion beside(*nodes_, versions_.next());
  IndexChild root;
  if (leaves.size() >= kTwoThreadsLeavesMin && root_.ref.is_inner()) {
    const IndexInner& inner = nodes_->inners[root_.ref.slot()];
    const IndexChildHashes& hashes = nodes_->hashes[root_.ref.slot()];
    const size_t left =
        CountLeft(leaves, 0, [](const IndexLeaf& leaf) -> const Digest& { return leaf.key; });
    IndexChild new_left;
    std::thread other([&] {
      new_left = beside.Insert({inner.left, hashes.left}, fresh.First(left), 1);
    });
    const IndexChild new_right = here.Insert({inner.right, hashes.right}, fresh.From(left), 1);
    other.join();
    root = here.ReplaceInner(root_.ref, new_left, new_right);
  } else {
    root = here.Insert(root_, fresh, 0);
  }

  free.clear();
  status.Update(here.status());
  status.Update(beside.status());
  if (!status.ok()) {
    Free(here.made());
    Free(beside.made());
    nodes_->leaf_numbers.Give(slots);
    return status;
  }
  versions_.Replace(here.replaced(), free);
  versions_.Replace(beside.replaced(), free);
  Free(free);
  root_ = root;
  size_ += leaves.size();
  return absl::OkStatus();
}

IndexVersion IndexTree::Version() {
  return IndexVersion({nodes_, root_, size_, versions_.Publish()});
}

size_t IndexTree::MemoryBytes() const {
  return nodes_->inner_numbers.in_use() * kIndexInnerBytes +
         nodes_->bucket_numbers.in_use() * sizeof(IndexBucket) +
         nodes_->spilled_numbers.in_use() * sizeof(IndexSpilled) +
         nodes_->leaf_numbers.in_use() * sizeof(IndexLeafSlot);
}

void IndexTree::Free(const std::vector<IndexRef>& refs) {
  std::array<std::vector<uint32_t>, 4> slots;  // by kind
  for (const IndexRef ref : refs) slots[static_cast<size_t>(ref.kind())].push_back(ref.slot());
  const auto of = [&slots](IndexRef::Kind kind) -> const std::vector<uint32_t>& {
    return slots[static_cast<size_t>(kind)];
  };
  nodes_->inner_numbers.Give(of(IndexRef::Kind::kInner));
  nodes_->bucket_numbers.Give(of(IndexRef::Kind::kBucket));
  nodes_->spilled_numbers.Give(of(IndexRef::Kind::kSpilled));
  nodes_->leaf_numbers.Give(of(IndexRef::Kind::kLeaf));
}

}  // namespace touchstone::ledger
