#include "cli/message_description.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/unknown_field_set.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/bytes_text.h"
#include "cli/schema.h"
#include "cli/text_position.h"

namespace touchstone::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMistakesMax = 10;

class MistakeCollector : public google::protobuf::io::ErrorCollector {
 public:
  // Counts lines and columns from 0; the column is where protobuf noticed, mostly the token after.
  void AddError(int line, int column, const std::string& message) override {
    if (mistakes_.size() >= kMistakesMax) return;
    const TextPosition at = {static_cast<uint64_t>(line) + 1, static_cast<uint64_t>(column) + 1};
    mistakes_.push_back(absl::StrCat(FormatPosition(at), ": ", message, Suggestion(message)));
  }

  absl::Status Verdict() const {
    return absl::InvalidArgumentError(mistakes_.empty() ? "this is not protobuf's text form"
                                                        : absl::StrJoin(mistakes_, "\n"));
  }

 private:
  // For protobuf's own words about an unknown field.
  static std::string Suggestion(absl::string_view message) {
    if (!absl::ConsumePrefix(&message, "Message type \"touchstone.v1.")) return "";
    const std::vector<absl::string_view> parts = absl::StrSplit(message, '"');
    if (parts.size() != 4 || parts[1] != " has no field named ") return "";
    const absl::StatusOr<std::unique_ptr<Message>> type = NewMessage(parts[0]);
    if (!type.ok()) return "";
    return SuggestField(**type, parts[2]);
  }

  std::vector<std::string> mistakes_;
};

// Index of the item, or -1 for a singular field.
absl::Status WriteValue(const Message& message, const FieldDescriptor& field, int index,
                        JsonWriter& json);

absl::Status WriteMessage(const Message& message, JsonWriter& json) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ", message.GetDescriptor()->name(),
                     " holds a field that this program does not know; a newer touchstone may"));
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  json.BeginObject();
  for (const FieldDescriptor* field : fields) {
    json.Key(field->name());
    if (!field->is_repeated()) {
      if (absl::Status status = WriteValue(message, *field, -1, json); !status.ok()) return status;
      continue;
    }
    json.BeginArray();
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (absl::Status status = WriteValue(message, *field, i, json); !status.ok()) return status;
    }
    json.EndArray();
  }
  json.EndObject();
  return absl::OkStatus();
}

absl::Status WriteValue(const Message& message, const FieldDescriptor& field, int index,
                        JsonWriter& json) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteMessage(one ? reflection.GetMessage(message, &field)
                              : reflection.GetRepeatedMessage(message, &field, index),
                          json);
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = one ? reflection.GetString(message, &field)
                                   : reflection.GetRepeatedString(message, &field, index);
      json.String(field.type() == FieldDescriptor::TYPE_BYTES ? BytesToText(field.name(), text)
                                                              : text);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const google::protobuf::EnumValueDescriptor* value =
          one ? reflection.GetEnum(message, &field)
              : reflection.GetRepeatedEnum(message, &field, index);
      json.String(value->name());
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      json.Boolean(one ? reflection.GetBool(message, &field)
                       : reflection.GetRepeatedBool(message, &field, index));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_UINT32:
      json.Number(one ? reflection.GetUInt32(message, &field)
                      : reflection.GetRepeatedUInt32(message, &field, index));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_UINT64:
      json.Number(one ? reflection.GetUInt64(message, &field)
                      : reflection.GetRepeatedUInt64(message, &field, index));
      return absl::OkStatus();
    // No public message has fields of these types.
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      break;
  }
  return absl::UnimplementedError(
      absl::StrCat("the field ", field.name(), " is of a type that touchstone does not use"));
}

}  // namespace

absl::StatusOr<std::string> MessageFromDescription(absl::string_view type, absl::string_view text) {
  absl::string_view begin = text;
  absl::ConsumePrefix(&begin, "\xEF\xBB\xBF");
  const absl::string_view first = absl::StripLeadingAsciiWhitespace(begin).substr(0, 1);
  if (first != "{" && first != "[") {
    return MessageFromTextProto(type, begin);
  }
  absl::StatusOr<JsonValue> json = ParseJson(text);
  if (!json.ok()) return json.status();
  return MessageFromJson(type, *json);
}

absl::StatusOr<std::string> MessageFromTextProto(absl::string_view type, absl::string_view text) {
  if (text.size() > kJsonBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("the description has ", text.size(),
                                                   " bytes; at most ", kJsonBytesMax, " are read"));
  }
  absl::StatusOr<std::unique_ptr<Message>> message = NewMessage(type);
  if (!message.ok()) return message.status();
  MistakeCollector mistakes;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&mistakes);
  parser.SetRecursionLimit(kJsonDepthMax);
  google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  if (!parser.Parse(&input, message->get())) return mistakes.Verdict();
  return (*message)->SerializeAsString();
}

absl::Status AppendMessageJson(absl::string_view type, absl::string_view bytes, JsonWriter& json) {
  absl::StatusOr<std::unique_ptr<Message>> message = NewMessage(type);
  if (!message.ok()) return message.status();
  if (bytes.size() > INT32_MAX ||
      !(*message)->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(absl::StrCat("these bytes are no ", type));
  }
  return WriteMessage(**message, json);
}

absl::StatusOr<std::string> MessageToJson(absl::string_view type, absl::string_view bytes,
                                          JsonWriter::Layout layout) {
  JsonWriter json(layout);
  if (absl::Status status = AppendMessageJson(type, bytes, json); !status.ok()) return status;
  return std::move(json).Finish();
}

}  // namespace touchstone::cli
