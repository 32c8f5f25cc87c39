#include "cli/json_members.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone::cli {

absl::Status JsonMembers::Wrong(const TextPosition& at, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(FormatPosition(at), ": ", what));
}

absl::Status JsonMembers::WrongAt(absl::string_view name, absl::string_view what) const {
  const JsonValue* const value = object_.Find(name);
  return Wrong(value == nullptr ? object_.at : value->at, what);
}

absl::StatusOr<const JsonValue*> JsonMembers::Take(absl::string_view name, JsonValue::Kind kind) {
  const JsonValue* const value = object_.Find(name);
  if (value == nullptr) return Wrong(object_.at, absl::StrCat("\"", name, "\" is missing"));
  if (value->kind != kind) {
    return Wrong(value->at, absl::StrCat(name, " is ", JsonKindName(value->kind), " and not ",
                                         JsonKindName(kind)));
  }
  taken_.push_back(value);
  return value;
}

absl::StatusOr<std::string> JsonMembers::Text(absl::string_view name, size_t bytes_max) {
  const absl::StatusOr<const JsonValue*> value = Take(name, JsonValue::Kind::kString);
  if (!value.ok()) return value.status();
  if ((*value)->text.size() <= bytes_max) return (*value)->text;
  return Wrong((*value)->at, absl::StrCat(name, " has more than ", bytes_max, " bytes"));
}

absl::StatusOr<uint64_t> JsonMembers::Number(absl::string_view name, uint64_t max) {
  const absl::StatusOr<const JsonValue*> value = Take(name, JsonValue::Kind::kNumber);
  if (!value.ok()) return value.status();
  uint64_t number = 0;
  if (absl::SimpleAtoi((*value)->text, &number) && number <= max) return number;
  return Wrong((*value)->at, absl::StrCat(name, " is not a whole number up to ", max));
}

absl::StatusOr<bool> JsonMembers::Boolean(absl::string_view name) {
  const absl::StatusOr<const JsonValue*> value = Take(name, JsonValue::Kind::kBoolean);
  if (!value.ok()) return value.status();
  return (*value)->boolean;
}

absl::StatusOr<const std::vector<JsonValue>*> JsonMembers::Objects(absl::string_view name,
                                                                   size_t items_max) {
  const absl::StatusOr<const JsonValue*> value = Take(name, JsonValue::Kind::kArray);
  if (!value.ok()) return value.status();
  const std::vector<JsonValue>& items = (*value)->items;
  if (items.size() > items_max) {
    return Wrong((*value)->at, absl::StrCat(name, " has more than ", items_max, " items"));
  }
  for (const JsonValue& item : items) {
    if (item.kind != JsonValue::Kind::kObject) {
      return Wrong(item.at, absl::StrCat("is ", JsonKindName(item.kind), " and no object"));
    }
  }
  return &items;
}

absl::Status JsonMembers::CheckFormat(absl::string_view format, uint64_t version,
                                      absl::string_view what) {
  const absl::StatusOr<std::string> stated = Text("format", 100);
  if (!stated.ok()) return stated.status();
  if (*stated != format) {
    return WrongAt("format", absl::StrCat("the format is not \"", format, "\""));
  }
  const absl::StatusOr<uint64_t> number = Number("version", UINT32_MAX);
  if (!number.ok()) return number.status();
  if (*number == version) return absl::OkStatus();
  return Refuse(RefusalCode::kUnknownVersion,
                absl::StrCat(what, " of version ", *number, "; this program knows ", version));
}

absl::Status JsonMembers::Finish() const {
  for (const JsonMember& member : object_.members) {
    if (std::find(taken_.begin(), taken_.end(), &member.value) == taken_.end()) {
      return Wrong(member.at, absl::StrCat("\"", member.name, "\" is not known here"));
    }
  }
  return absl::OkStatus();
}

}  // namespace touchstone::cli
