#include "verifier/refusal.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace touchstone {
namespace {

constexpr absl::string_view kPayloadUrl = "touchstone.v1/refusal";

struct Row {
  RefusalCode code;
  absl::string_view name;
  absl::StatusCode status_code;
  RefusalKind kind;
  absl::string_view meaning;
};

constexpr Row kRows[] = {
#define TOUCHSTONE_REFUSAL_ROW(code, name, status_code, kind, meaning) \
  {RefusalCode::code, name, absl::StatusCode::status_code, RefusalKind::kind, meaning},
    TOUCHSTONE_REFUSAL_TABLE(TOUCHSTONE_REFUSAL_ROW)
#undef TOUCHSTONE_REFUSAL_ROW
};

// The enum and the rows come from the same table, in the same order.
const Row& RowOf(RefusalCode code) { return kRows[static_cast<size_t>(code)]; }

}  // namespace

absl::string_view RefusalCodeName(RefusalCode code) { return RowOf(code).name; }

absl::string_view RefusalMeaning(RefusalCode code) { return RowOf(code).meaning; }

RefusalKind RefusalKindOf(RefusalCode code) { return RowOf(code).kind; }

std::optional<RefusalCode> RefusalCodeFromName(absl::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.code;
  }
  return std::nullopt;
}

absl::Status Refuse(RefusalCode code, absl::string_view message) {
  const Row& row = RowOf(code);
  absl::Status status(row.status_code, message);
  status.SetPayload(kPayloadUrl, absl::Cord(row.name));
  return status;
}

std::optional<RefusalCode> RefusalCodeOf(const absl::Status& status) {
  const absl::optional<absl::Cord> name = status.GetPayload(kPayloadUrl);
  if (!name.has_value()) return std::nullopt;
  return RefusalCodeFromName(std::string(*name));
}

absl::Status InContext(absl::string_view where, const absl::Status& status) {
  if (status.ok()) return status;
  absl::Status result(status.code(), absl::StrCat(where, ": ", status.message()));
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

}  // namespace touchstone
