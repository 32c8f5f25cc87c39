#include "registry/ledger/index_tree.h"

#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/index_insertion.h"
#include "registry/ledger/index_leaves.h"
#include "registry/ledger/index_loader.h"
#include "registry/ledger/index_spiller.h"

namespace touchstone::ledger {
namespace {

// From so many leaves on, the two halves of the tree are worth a thread each.
constexpr size_t kTwoThreadsLeavesMin = 512;

// More nodes than a leaf brings with it: one for every bit in which it agrees with another.
constexpr size_t kNodesALeafMax = 256;

// What is spilled beyond what must be, so that not every commit spills; little, so that none waits
// long for it.
constexpr size_t kSpilledAheadBytes = size_t{64} << 10;

// After a page could not be written, the next try comes when the tree has grown by this part.
constexpr size_t kSpillAgainPart = 128;

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

IndexTree::IndexTree(IndexTreeOptions options)
    : memory_bytes_max_(options.pages == nullptr ? SIZE_MAX : options.memory_bytes_max),
      nodes_(std::make_shared<IndexNodes>(options.pages, std::move(options.on_page_error))) {}

absl::Status IndexTree::Insert(absl::Span<const IndexLeaf> leaves) {
  absl::Status status = CheckAscending(leaves);
  if (!status.ok() || leaves.empty()) return status;
  if (!nodes_->numbers(IndexRef::Kind::kInner).HasRoomFor(leaves.size() * kNodesALeafMax)) {
    return absl::ResourceExhaustedError("the index is as large as it can be");
  }
  std::vector<IndexRef> free;
  versions_.Collect(free);
  nodes_->Free(free);

  std::vector<uint32_t> slots;
  nodes_->numbers(IndexRef::Kind::kLeaf).Take(leaves.size(), slots, [this](size_t count) {
    nodes_->leaves.Reserve(count);
  });
  for (size_t i = 0; i < leaves.size(); ++i) nodes_->leaves[slots[i]].leaf = leaves[i];
  const PlacedLeaves fresh{leaves, slots};

  IndexInsertion here(*nodes_, versions_.next());
  IndexInsertion beside(*nodes_, versions_.next());
  IndexChild root;
  if (leaves.size() >= kTwoThreadsLeavesMin && root_.ref.is_inner()) {
    const IndexInner& inner = nodes_->inners[root_.ref.slot()];
    const size_t left =
        CountLeft(leaves, 0, [](const IndexLeaf& leaf) -> const Digest& { return leaf.key; });
    IndexChild new_left;
    std::thread other([&] { new_left = beside.Insert(inner.left, fresh.First(left), 1); });
    const IndexChild new_right = here.Insert(inner.right, fresh.From(left), 1);
    other.join();
    here.NoteReplaced(root_.ref);
    root = here.JoinInner(new_left, new_right);
  } else {
    root = here.Insert(root_, fresh, 0);
  }

  free.clear();
  status.Update(here.status());
  status.Update(beside.status());
  if (!status.ok()) {
    nodes_->Free(here.made());
    nodes_->Free(beside.made());
    nodes_->numbers(IndexRef::Kind::kLeaf).Give(slots);
    return status;
  }
  versions_.Replace(here.replaced(), free);
  versions_.Replace(beside.replaced(), free);
  nodes_->Free(free);
  root_ = root;
  size_ += leaves.size();
  SpillBeyondBound();
  return absl::OkStatus();
}

absl::Status IndexTree::Load(absl::FunctionRef<absl::Status(LeafVisitor)> scan) {
  IndexLoader loader(*nodes_, versions_.next(), memory_bytes_max_);
  do {
    absl::Status status = scan([&loader](const IndexLeaf& leaf) { loader.Add(leaf); });
    if (status.ok()) status = loader.EndPass();
    if (!status.ok()) return status;
  } while (!loader.done());
  root_ = loader.Finish();
  size_ = loader.size();
  SpillBeyondBound();
  return absl::OkStatus();
}

IndexVersion IndexTree::Version() {
  return IndexVersion({nodes_, root_, size_, versions_.Publish()});
}

size_t IndexTree::MemoryBytes() const { return nodes_->MemoryBytes(); }

void IndexTree::SpillBeyondBound() {
  const size_t bytes =
      nodes_->MemoryBytes() - BytesOf([this](IndexRef::Kind kind) { return versions_.kept(kind); });
  if (bytes <= memory_bytes_max_ || size_ < spill_again_at_) return;
  const size_t excess = bytes - memory_bytes_max_ + kSpilledAheadBytes;
  IndexInsertion insertion(*nodes_, versions_.next());
  IndexSpiller spiller(*nodes_, insertion);
  root_ = spiller.Spill(root_, 0, kZeroDigest, excess / sizeof(IndexLeafSlot) + 1, spill_cursor_);
  if (spiller.failed()) spill_again_at_ = size_ + size_ / kSpillAgainPart + 1;
  std::vector<IndexRef> free;
  versions_.Replace(insertion.replaced(), free);
  nodes_->Free(free);
}

}  // namespace touchstone::ledger
