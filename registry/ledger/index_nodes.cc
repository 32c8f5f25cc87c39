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

absl::StatusOr<std::vector<IndexLeaf>> IndexNodes::ReadPage(IndexRef spilled_ref) const {
  const uint32_t page = spilled_ref.slot();
  std::vector<IndexLeaf> read(spilled[page].leaves);
  const absl::Status status = pages->Read(
      page, absl::MakeSpan(reinterpret_cast<char*>(read.data()), read.size() * kIndexLeafBytes));
  if (!status.ok()) return Unreadable(status);
  if (!AscendByKey(read)) return WrongPage(spilled_ref);
  return read;
}

absl::Status IndexNodes::WrongPage(IndexRef spilled_ref) const {
  return Unreadable(absl::DataLossError(
      absl::StrCat("scratch page ", spilled_ref.slot(), " does not hold what was written there")));
}

absl::Status IndexNodes::Unreadable(const absl::Status& status) const {
  if (on_page_error) on_page_error(status);
  return absl::UnavailableError("the registry cannot read its index at present");
}

size_t IndexNodes::MemoryBytes() const {
  return BytesOf([this](IndexRef::Kind kind) { return numbers(kind).in_use(); });
}

void IndexNodes::Free(const std::vector<IndexRef>& refs) {
  std::array<std::vector<uint32_t>, IndexRef::kKinds> slots;
  for (const IndexRef ref : refs) slots[static_cast<size_t>(ref.kind())].push_back(ref.slot());
  for (size_t kind = 0; kind < IndexRef::kKinds; ++kind) numbers_by_kind[kind].Give(slots[kind]);
}

}  // namespace touchstone::ledger
