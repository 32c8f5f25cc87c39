#include "cli/json_reader.h"

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "verifier/utf8.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

void AppendUtf8(uint32_t code_point, std::string& out) {
  const auto byte = [&out](uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0 | code_point >> 6);
    byte(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    byte(0xE0 | code_point >> 12);
    byte(0x80 | (code_point >> 6 & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  } else {
    byte(0xF0 | code_point >> 18);
    byte(0x80 | (code_point >> 12 & 0x3F));
    byte(0x80 | (code_point >> 6 & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  }
}

class Parser {
 public:
  Parser(absl::string_view text, TextPosition start) : text_(text), position_(start) {}

  absl::StatusOr<JsonValue> ParseDocument() {
    SkipBlanks();
    JsonValue value;
    if (absl::Status status = ParseValue(0, value); !status.ok()) return status;
    SkipBlanks();
    if (offset_ != text_.size()) return Wrong("there is something behind the end of the value");
    return value;
  }

 private:
  // Where offset_ is. The way from the last question on is counted only once.
  TextPosition Here() {
    for (; counted_ < offset_; ++counted_) {
      const unsigned char c = static_cast<unsigned char>(text_[counted_]);
      if (c == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if ((c & 0xC0) != 0x80) {
        ++position_.column;
      }
    }
    return position_;
  }

  absl::Status Wrong(absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat(FormatPosition(Here()), ": ", what));
  }

  bool AtEnd() const { return offset_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[offset_]; }

  bool Take(char c) {
    if (AtEnd() || text_[offset_] != c) return false;
    ++offset_;
    return true;
  }

  bool TakeWord(absl::string_view word) {
    if (!absl::StartsWith(text_.substr(offset_), word)) return false;
    offset_ += word.size();
    return true;
  }

  void SkipBlanks() {
    while (!AtEnd() && (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r')) {
      ++offset_;
    }
  }

  absl::Status ParseValue(int depth, JsonValue& value) {
    value.at = Here();
    if (depth > kJsonDepthMax) {
      return Wrong(absl::StrCat("nested deeper than ", kJsonDepthMax, " levels"));
    }
    switch (Peek()) {
      case '{':
        return ParseObject(depth, value);
      case '[':
        return ParseArray(depth, value);
      case '"':
        value.kind = JsonValue::Kind::kString;
        return ParseString(value.text);
      case 't':
      case 'f':
      case 'n':
        return ParseWord(value);
      default:
        return ParseNumber(value);
    }
  }

  absl::Status ParseWord(JsonValue& value) {
    const bool is_true = TakeWord("true");
    if (is_true || TakeWord("false")) {
      value.kind = JsonValue::Kind::kBoolean;
      value.boolean = is_true;
      return absl::OkStatus();
    }
    if (TakeWord("null")) return absl::OkStatus();
    return Wrong("expected a value; text stands in double quotes");
  }

  absl::Status ParseObject(int depth, JsonValue& value) {
    value.kind = JsonValue::Kind::kObject;
    ++offset_;
    SkipBlanks();
    if (Take('}')) return absl::OkStatus();
    absl::flat_hash_set<std::string> names;
    while (true) {
      SkipBlanks();
      JsonMember& member = value.members.emplace_back();
      member.at = Here();
      if (Peek() != '"') {
        return Wrong(Peek() == '}' ? "a comma stands before the closing '}'"
                                   : "expected a name in double quotes");
      }
      if (absl::Status status = ParseString(member.name); !status.ok()) return status;
      if (!names.insert(member.name).second) {
        return absl::InvalidArgumentError(absl::StrCat(FormatPosition(member.at), ": \"",
                                                       member.name, "\" is here a second time"));
      }
      SkipBlanks();
      if (!Take(':')) return Wrong(absl::StrCat("expected ':' behind \"", member.name, "\""));
      SkipBlanks();
      if (absl::Status status = ParseValue(depth + 1, member.value); !status.ok()) return status;
      SkipBlanks();
      if (Take('}')) return absl::OkStatus();
      if (!Take(',')) {
        return Wrong(AtEnd() ? "the text ends inside an object" : "expected ',' or '}'");
      }
    }
  }

  absl::Status ParseArray(int depth, JsonValue& value) {
    value.kind = JsonValue::Kind::kArray;
    ++offset_;
    SkipBlanks();
    if (Take(']')) return absl::OkStatus();
    while (true) {
      SkipBlanks();
      if (Peek() == ']') return Wrong("a comma stands before the closing ']'");
      if (absl::Status status = ParseValue(depth + 1, value.items.emplace_back()); !status.ok()) {
        return status;
      }
      SkipBlanks();
      if (Take(']')) return absl::OkStatus();
      if (!Take(',')) {
        return Wrong(AtEnd() ? "the text ends inside an array" : "expected ',' or ']'");
      }
    }
  }

  size_t TakeDigits() {
    size_t count = 0;
    for (; absl::ascii_isdigit(static_cast<unsigned char>(Peek())); ++offset_) ++count;
    return count;
  }

  absl::Status ParseNumber(JsonValue& value) {
    value.kind = JsonValue::Kind::kNumber;
    const size_t begin = offset_;
    Take('-');
    const bool leading_zero = Peek() == '0';
    const size_t digits = TakeDigits();
    if (digits == 0) {
      return Wrong(AtEnd() ? "expected a value" : "expected a value; text stands in double quotes");
    }
    if (leading_zero && digits > 1) return Wrong("a number has no leading zeros");
    if (Take('.') && TakeDigits() == 0) return Wrong("expected a digit behind the point");
    if (Peek() == 'e' || Peek() == 'E') {
      ++offset_;
      if (!Take('+')) Take('-');
      if (TakeDigits() == 0) return Wrong("expected a digit in the exponent");
    }
    value.text = std::string(text_.substr(begin, offset_ - begin));
    return absl::OkStatus();
  }

  absl::Status ParseString(std::string& out) {
    ++offset_;
    while (true) {
      const size_t begin = offset_;
      while (!AtEnd() && Peek() != '"' && Peek() != '\\' &&
             static_cast<unsigned char>(Peek()) >= 0x20) {
        ++offset_;
      }
      out.append(text_.data() + begin, offset_ - begin);
      if (AtEnd()) return Wrong("the text ends inside a string");
      if (Take('"')) return absl::OkStatus();
      if (Peek() != '\\') return Wrong("a string ends on its line; write \\n for a line break");
      if (absl::Status status = ParseEscape(out); !status.ok()) return status;
    }
  }

  absl::Status ParseEscape(std::string& out) {
    constexpr absl::string_view kEscapes = "\"\\/bfnrt";
    constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++offset_;
    const size_t index = AtEnd() ? absl::string_view::npos : kEscapes.find(Peek());
    if (index != absl::string_view::npos) {
      out.push_back(kMeanings[index]);
      ++offset_;
      return absl::OkStatus();
    }
    if (Peek() != 'u') return Wrong("a backslash begins no escape that JSON knows");
    uint32_t unit = 0;
    if (absl::Status status = ParseUnit(unit); !status.ok()) return status;
    if (unit >= 0xD800 && unit < 0xDC00) {
      uint32_t low = 0;
      if (!Take('\\')) return Wrong("half of a surrogate pair");
      if (absl::Status status = ParseUnit(low); !status.ok()) return status;
      if (low < 0xDC00 || low >= 0xE000) return Wrong("half of a surrogate pair");
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xDC00 && unit < 0xE000) {
      return Wrong("half of a surrogate pair");
    }
    if (unit == 0) return Wrong("\\u0000 has no place in text");
    AppendUtf8(unit, out);
    return absl::OkStatus();
  }

  // "uXXXX"
  absl::Status ParseUnit(uint32_t& unit) {
    if (!Take('u')) return Wrong("expected \\u and four hexadecimal digits");
    unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = Peek();
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) {
        return Wrong("expected \\u and four hexadecimal digits");
      }
      const uint32_t digit = static_cast<uint32_t>(
          absl::ascii_isdigit(static_cast<unsigned char>(c))
              ? c - '0'
              : absl::ascii_tolower(static_cast<unsigned char>(c)) - 'a' + 10);
      unit = unit << 4 | digit;
      ++offset_;
    }
    return absl::OkStatus();
  }

  absl::string_view text_;
  size_t offset_ = 0;
  size_t counted_ = 0;
  TextPosition position_;
};

}  // namespace

const JsonValue* JsonValue::Find(absl::string_view name) const {
  for (const JsonMember& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

absl::string_view JsonKindName(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBoolean:
      return "true or false";
    case JsonValue::Kind::kNumber:
      return "a number";
    case JsonValue::Kind::kString:
      return "a text";
    case JsonValue::Kind::kArray:
      return "a list";
    case JsonValue::Kind::kObject:
      return "an object";
  }
  return "";
}

absl::StatusOr<JsonValue> ParseJson(absl::string_view text, TextPosition start) {
  if (text.size() > kJsonBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(FormatPosition(start), ": the JSON text has ",
                                                   text.size(), " bytes; at most ", kJsonBytesMax,
                                                   " are read"));
  }
  absl::ConsumePrefix(&text, kByteOrderMark);
  if (absl::Status status = ValidateUtf8(text); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(FormatPosition(start), ": not UTF-8: ", status.message()));
  }
  return Parser(text, start).ParseDocument();
}

}  // namespace touchstone::cli
