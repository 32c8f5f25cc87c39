#include "cli/json_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace touchstone::cli {

std::string QuoteJson(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned char>(c));
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
  return out;
}

void JsonWriter::NewLine() {
  out_.push_back('\n');
  out_.append(2 * has_values_.size(), ' ');
}

void JsonWriter::BeforeValue() {
  if (std::exchange(after_key_, false)) return;
  if (has_values_.empty()) return;
  if (has_values_.back()) out_ += layout_ == Layout::kPretty ? "," : ", ";
  has_values_.back() = true;
  if (layout_ == Layout::kPretty) NewLine();
}

void JsonWriter::Open(char bracket) {
  BeforeValue();
  out_.push_back(bracket);
  has_values_.push_back(false);
}

void JsonWriter::Close(char bracket) {
  const bool had_values = has_values_.back();
  has_values_.pop_back();
  if (had_values && layout_ == Layout::kPretty) NewLine();
  out_.push_back(bracket);
}

void JsonWriter::BeginObject() { Open('{'); }
void JsonWriter::EndObject() { Close('}'); }
void JsonWriter::BeginArray() { Open('['); }
void JsonWriter::EndArray() { Close(']'); }

void JsonWriter::Key(absl::string_view name) {
  BeforeValue();
  absl::StrAppend(&out_, QuoteJson(name), ": ");
  after_key_ = true;
}

void JsonWriter::String(absl::string_view text) { Raw(QuoteJson(text)); }
void JsonWriter::Number(uint64_t number) { Raw(absl::StrCat(number)); }
void JsonWriter::Boolean(bool value) { Raw(value ? "true" : "false"); }
void JsonWriter::Null() { Raw("null"); }

void JsonWriter::Raw(absl::string_view json) {
  BeforeValue();
  absl::StrAppend(&out_, json);
}

std::string JsonWriter::Finish() && {
  if (layout_ == Layout::kPretty) out_.push_back('\n');
  return std::move(out_);
}

}  // namespace touchstone::cli
