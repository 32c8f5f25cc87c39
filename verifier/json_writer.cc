#include "verifier/json_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "verifier/utf8.h"

namespace touchstone {
namespace {

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) {
    absl::StrAppendFormat(&out, "\\u%04x", byte);
  } else {
    out.push_back(c);
  }
}

}  // namespace

std::string JsonQuote(absl::string_view text) {
  const bool is_utf8 = ValidateUtf8(text).ok();
  std::string out = "\"";
  for (const char c : text) {
    if (!is_utf8 && static_cast<unsigned char>(c) >= 0x80) {
      out.append("\\ufffd");
    } else {
      AppendEscaped(out, c);
    }
  }
  out.push_back('"');
  return out;
}

void JsonWriter::BeforeValue() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

void JsonWriter::Open(char bracket) {
  BeforeValue();
  out_.push_back(bracket);
  needs_comma_ = false;
}

void JsonWriter::Close(char bracket) {
  out_.push_back(bracket);
  needs_comma_ = true;
}

void JsonWriter::Name(absl::string_view name) {
  BeforeValue();
  absl::StrAppend(&out_, JsonQuote(name), ":");
  needs_comma_ = false;
}

void JsonWriter::Text(absl::string_view text) {
  BeforeValue();
  absl::StrAppend(&out_, JsonQuote(text));
}

void JsonWriter::Number(uint32_t number) {
  BeforeValue();
  absl::StrAppend(&out_, number);
}

void JsonWriter::BigNumber(uint64_t number) {
  BeforeValue();
  absl::StrAppend(&out_, "\"", number, "\"");
}

void JsonWriter::Boolean(bool value) {
  BeforeValue();
  out_.append(value ? "true" : "false");
}

void JsonWriter::TextMember(absl::string_view name, absl::string_view text) {
  Name(name);
  Text(text);
}

void JsonWriter::NumberMember(absl::string_view name, uint32_t number) {
  Name(name);
  Number(number);
}

void JsonWriter::BigNumberMember(absl::string_view name, uint64_t number) {
  Name(name);
  BigNumber(number);
}

void JsonWriter::BooleanMember(absl::string_view name, bool value) {
  Name(name);
  Boolean(value);
}

}  // namespace touchstone
