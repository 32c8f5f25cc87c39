#include "registry/ledger/concealing_reader.h"

namespace touchstone::ledger {

absl::StatusOr<std::string> ConcealingReader::Get(absl::string_view key) const {
  absl::StatusOr<std::string> value = store_.Get(key);
  if (value.ok()) return value;
  return Conceal(value.status());
}

std::vector<absl::StatusOr<std::string>> ConcealingReader::MultiGet(
    absl::Span<const absl::string_view> keys) const {
  std::vector<absl::StatusOr<std::string>> values = store_.MultiGet(keys);
  for (absl::StatusOr<std::string>& value : values) {
    if (!value.ok()) value = Conceal(value.status());
  }
  return values;
}

absl::StatusOr<storage::ScanEnd> ConcealingReader::Scan(const storage::KeyRange& range,
                                                        uint64_t max_items, Visitor visit) const {
  absl::Status visitors;
  absl::StatusOr<storage::ScanEnd> end = store_.Scan(
      range, max_items, [&visitors, visit](absl::string_view key, absl::string_view value) {
        visitors = visit(key, value);
        return visitors;
      });
  if (end.ok()) return end;
  if (!visitors.ok()) return visitors;
  return Conceal(end.status());
}

absl::Status ConcealingReader::Conceal(const absl::Status& status) const {
  if (absl::IsNotFound(status)) return status;
  if (report_) report_(status);
  if (absl::IsDataLoss(status)) {
    return absl::DataLossError("what the registry has stored here is damaged; tell its operator");
  }
  return absl::UnavailableError("the registry cannot read its store at present");
}

}  // namespace touchstone::ledger
