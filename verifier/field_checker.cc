#include "verifier/field_checker.h"

#include <cassert>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr size_t kShownBytesMax = 40;

// As much of an outside text as belongs into an error message.
std::string Shown(absl::string_view value) {
  std::string shown = "\"";
  for (const char c : value.substr(0, kShownBytesMax)) {
    // Printable ASCII only: a message may end in a terminal, and a cut may fall within a character.
    shown.push_back(absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?');
  }
  absl::StrAppend(&shown, value.size() > kShownBytesMax ? "\"..." : "\"");
  return shown;
}

// The offset of the first control character (Unicode category Cc) in valid UTF-8.
std::optional<size_t> FindControlCharacter(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return i;
    // U+0080 to U+009F are C2 80 to C2 9F.
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return i;
    }
  }
  return std::nullopt;
}

// The number that `digits` stand for; nothing if one of them is none.
std::optional<int> ReadDigits(absl::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool IsCalendarDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const std::optional<int> year = ReadDigits(text.substr(0, 4));
  const std::optional<int> month = ReadDigits(text.substr(5, 2));
  const std::optional<int> day = ReadDigits(text.substr(8, 2));
  if (!year || !month || !day) return false;
  if (*year < 1 || *month < 1 || *month > 12 || *day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  const int days = kDays[*month - 1] + (*month == 2 && is_leap ? 1 : 0);
  return *day <= days;
}

bool IsDomainName(absl::string_view name) {
  if (name.size() > limits::kDomainNameBytesMax) return false;
  size_t label_bytes = 0;
  char last = '.';
  for (const char c : name) {
    if (c == '.') {
      if (label_bytes == 0 || last == '-') return false;
      label_bytes = 0;
    } else {
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-') return false;
      if (c == '-' && label_bytes == 0) return false;
      if (++label_bytes > 63) return false;
    }
    last = c;
  }
  return label_bytes > 0 && last != '-';
}

}  // namespace

void FieldChecker::Enter(absl::string_view name, std::optional<int> index) {
  assert(depth_ < levels_.size());
  levels_[depth_++] = Level{name, index};
}

void FieldChecker::Leave() { --depth_; }

std::string FieldChecker::Path(absl::string_view name, std::optional<int> index) const {
  std::string path;
  for (size_t i = 0; i < depth_; ++i) {
    absl::StrAppend(&path, levels_[i].name);
    if (levels_[i].index) absl::StrAppend(&path, "[", *levels_[i].index, "]");
    absl::StrAppend(&path, ".");
  }
  absl::StrAppend(&path, name);
  if (index) absl::StrAppend(&path, "[", *index, "]");
  return path;
}

void FieldChecker::Fail(absl::string_view name, std::optional<int> index, absl::string_view found,
                        absl::string_view accepted) {
  if (!ok()) return;
  status_ = Refuse(RefusalCode::kInvalidField,
                   absl::StrCat(Path(name, index), " ", found, "; accepted ", accepted));
}

void FieldChecker::Fail(absl::string_view name, std::optional<int> index,
                        const absl::Status& status) {
  if (!ok()) return;
  RefusalCode code = RefusalCodeOf(status).value_or(RefusalCode::kInvalidField);
  if (code == RefusalCode::kMalformed || code == RefusalCode::kTooLarge) {
    code = RefusalCode::kInvalidField;
  }
  status_ = Refuse(code, absl::StrCat(Path(name, index), ": ", status.message()));
}

bool FieldChecker::IsStated(absl::string_view name, bool is_stated, Presence presence,
                            std::optional<int> index) {
  if (!ok()) return false;
  if (!is_stated && presence == Presence::kRequired) {
    status_ = Refuse(RefusalCode::kInvalidField,
                     absl::StrCat(Path(name, index), " is not stated; it is required"));
  }
  return is_stated;
}

void FieldChecker::Required(absl::string_view name, bool is_stated) {
  IsStated(name, is_stated, Presence::kRequired);
}

void FieldChecker::Text(absl::string_view name, absl::string_view value, size_t bytes_max,
                        Presence presence, std::optional<int> index) {
  if (!IsStated(name, !value.empty(), presence, index)) return;
  if (value.size() > bytes_max) {
    Fail(name, index, absl::StrCat("has ", value.size(), " bytes"),
         absl::StrCat("are at most ", bytes_max));
  } else if (const std::optional<size_t> at = FindControlCharacter(value)) {
    Fail(name, index, absl::StrCat("holds a control character at byte ", *at),
         "is text without control characters");
  }
}

void FieldChecker::Date(absl::string_view name, absl::string_view value, Presence presence) {
  if (!IsStated(name, !value.empty(), presence) || IsCalendarDate(value)) return;
  Fail(name, std::nullopt, absl::StrCat("is ", Shown(value)),
       "are dates of the calendar in the form \"2026-11-22\"");
}

void FieldChecker::Country(absl::string_view name, absl::string_view value, Presence presence) {
  if (!IsStated(name, !value.empty(), presence)) return;
  if (value.size() == 2 && absl::ascii_isupper(static_cast<unsigned char>(value[0])) &&
      absl::ascii_isupper(static_cast<unsigned char>(value[1]))) {
    return;
  }
  Fail(name, std::nullopt, absl::StrCat("is ", Shown(value)),
       "are the two capital letters of ISO 3166-1, such as \"FR\"");
}

void FieldChecker::DomainName(absl::string_view name, absl::string_view value) {
  if (!IsStated(name, !value.empty(), Presence::kOptional) || IsDomainName(value)) return;
  Fail(name, std::nullopt, absl::StrCat("is ", Shown(value)),
       "are DNS names of letters, digits and hyphens, at most 253 bytes");
}

void FieldChecker::Bytes(absl::string_view name, absl::string_view value, size_t size,
                         Presence presence) {
  if (!IsStated(name, !value.empty(), presence) || value.size() == size) return;
  Fail(name, std::nullopt, absl::StrCat("has ", value.size(), " bytes"),
       absl::StrCat("are exactly ", size));
}

void FieldChecker::Number(absl::string_view name, uint64_t value, uint64_t min, uint64_t max,
                          Presence presence) {
  if (!IsStated(name, value != 0, presence) || (value >= min && value <= max)) return;
  Fail(name, std::nullopt, absl::StrCat("is ", value), absl::StrCat("are ", min, " to ", max));
}

void FieldChecker::Count(absl::string_view name, int count, int max, int min) {
  if (count >= min && count <= max) return;
  Fail(name, std::nullopt, absl::StrCat("has ", count, " elements"),
       absl::StrCat("are ", min, " to ", max));
}

std::optional<PublicKey> FieldChecker::Key(absl::string_view name, absl::string_view value,
                                           std::optional<int> index) {
  if (!IsStated(name, !value.empty(), Presence::kRequired, index)) return std::nullopt;
  absl::StatusOr<PublicKey> key = PublicKey::Parse(value);
  if (!key.ok()) {
    Fail(name, index, key.status());
    return std::nullopt;
  }
  return *key;
}

}  // namespace touchstone
