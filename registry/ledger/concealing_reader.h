// Reads a store for people who must not see its errors: what goes wrong is told to the operator,
// with its paths and numbers, and answered in words that can go to a client. Not for writing.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_CONCEALING_READER_H_
#define TOUCHSTONE_REGISTRY_LEDGER_CONCEALING_READER_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/store.h"

namespace touchstone::ledger {

class ConcealingReader final : public storage::Reader {
 public:
  // `report` may be empty, and is called from any thread. `store` must outlive it.
  ConcealingReader(const storage::Reader& store, std::function<void(const absl::Status&)> report)
      : store_(store), report_(std::move(report)) {}

  // Errors besides kNotFound, and what a visitor returned, become kDataLoss or kUnavailable.
  absl::StatusOr<std::string> Get(absl::string_view key) const override;
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override;
  absl::StatusOr<storage::ScanEnd> Scan(const storage::KeyRange& range, uint64_t max_items,
                                        Visitor visit) const override;

 private:
  absl::Status Conceal(const absl::Status& status) const;

  const storage::Reader& store_;
  const std::function<void(const absl::Status&)> report_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_CONCEALING_READER_H_
