#include "registry/ledger/index_nodes.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/index_leaves.h"

namespace touchstone::ledger {

IndexLeafPointers IndexNodes::LeavesOf(const IndexBucket& bucket) const {
  IndexLeafPointers pointers;
  for (const uint32_t slot : bucket.leaves) {
    if (slot == 0) break;
    pointers.push_back(&Leaf(slot));
  }
  return pointers;
}

absl::StatusOr<std::vector<IndexLeaf>> IndexNodes::ReadSpilled(const IndexChild& node,
                                                               size_t depth) const {
  const uint32_t page = node.ref.slot();
  std::vector<IndexLeaf> read(spilled[page].leaves);
  absl::Status status = pages->Read(
      page, absl::MakeSpan(reinterpret_cast<char*>(read.data()), read.size() * kIndexLeafBytes));
  if (!status.ok()) return status;
  const std::vector<const IndexLeaf*> pointers = PointersTo(read);
  if (AscendByKey(read) && IndexRootOf(pointers, depth) == node.hash) return read;
  return absl::DataLossError(
      absl::StrCat("page ", page, " of the index does not hold what was written there"));
}

}  // namespace touchstone::ledger
