#include "registry/ledger/index_versions.h"

#include <utility>

namespace touchstone::ledger {

std::unique_ptr<const IndexLease> IndexVersions::Publish() {
  auto ended = std::make_shared<std::atomic<bool>>(false);
  living_.push_back({next_++, ended, {}});
  return std::make_unique<const IndexLease>(std::move(ended));
}

void IndexVersions::Replace(const std::vector<ReplacedNode>& nodes, std::vector<IndexRef>& free) {
  Living* const newest = living_.empty() ? nullptr : &living_.back();
  for (const ReplacedNode& node : nodes) Keep(newest, node, free);
}

void IndexVersions::Collect(std::vector<IndexRef>& free) {
  for (size_t i = living_.size(); i-- > 0;) {
    if (!living_[i].ended->load(std::memory_order_acquire)) continue;
    const std::vector<ReplacedNode> replaced = std::move(living_[i].replaced);
    living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(i));
    Living* const before = i == 0 ? nullptr : &living_[i - 1];
    for (const ReplacedNode& node : replaced) {
      --kept_[static_cast<size_t>(node.ref.kind())];
      Keep(before, node, free);
    }
  }
}

void IndexVersions::Keep(Living* living, const ReplacedNode& node, std::vector<IndexRef>& free) {
  if (living == nullptr || living->version < node.birth) {
    free.push_back(node.ref);
    return;
  }
  living->replaced.push_back(node);
  ++kept_[static_cast<size_t>(node.ref.kind())];
}

}  // namespace touchstone::ledger
