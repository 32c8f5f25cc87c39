#include "registry/vault/retention.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace touchstone::vault {
namespace {

constexpr uint64_t kDayMs = uint64_t{24} * 3600 * 1000;
constexpr uint32_t kDaysMax = 36525;  // a hundred years

uint64_t Sooner(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

RetentionRules::RetentionRules() {
  by_kind_[v1::Commitment::PERSONAL_ENGRAVING] = {0, 30};
  by_kind_[v1::Commitment::ORIGINAL_PRICE] = {3653, 365};
  by_kind_[v1::Commitment::APPRAISED_VALUE] = {3653, 365};
  by_kind_[v1::Commitment::RECEIPT] = {3653, 365};
  by_kind_[v1::Commitment::OWNERS_CONTACT] = {1827, 30};
  by_kind_[v1::Commitment::COURT_DOCUMENT] = {10958, 3653};
  by_kind_[v1::Commitment::POLICE_REPORT] = {3653, 3653};
}

absl::Status RetentionRules::Change(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  v1::Commitment::Kind kind;
  std::string name = absl::AsciiStrToUpper(halves.first);
  std::replace(name.begin(), name.end(), '-', '_');
  const std::vector<absl::string_view> numbers = absl::StrSplit(halves.second, '/');
  uint32_t days[2] = {0, 0};
  bool fine = v1::Commitment::Kind_Parse(name, &kind) && kind != v1::Commitment::KIND_UNSPECIFIED &&
              numbers.size() <= 2;
  for (size_t i = 0; fine && i < numbers.size(); ++i) {
    fine = absl::SimpleAtoi(numbers[i], &days[i]) && days[i] <= kDaysMax;
  }
  if (!fine) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text,
        "' is not KIND=DAYS or KIND=DAYS/DAYS: a kind of confidential document (receipt, "
        "owners-contact ...), days after it was stored and days after its owner's time, 0 for "
        "without end, at most ",
        kDaysMax));
  }
  by_kind_[kind].after_storing = days[0];
  if (numbers.size() == 2) by_kind_[kind].after_owners_time = days[1];
  return absl::OkStatus();
}

KeptFor RetentionRules::Of(v1::Commitment::Kind kind) const {
  const auto index = static_cast<size_t>(kind);
  return index < by_kind_.size() ? by_kind_[index] : KeptFor{};
}

uint64_t RetentionRules::KeepUntilMs(const Paper& paper, uint64_t stored_at_ms,
                                     std::optional<uint64_t> owners_time_ended_ms) const {
  if (!paper.part.confidential) return 0;
  const KeptFor kept = Of(static_cast<v1::Commitment::Kind>(paper.part.kind));
  uint64_t until = kept.after_storing == 0 ? 0 : stored_at_ms + kept.after_storing * kDayMs;
  if (owners_time_ended_ms && paper.owners_time != kWithPiece && kept.after_owners_time != 0) {
    until = Sooner(until, *owners_time_ended_ms + kept.after_owners_time * kDayMs);
  }
  return until;
}

}  // namespace touchstone::vault
