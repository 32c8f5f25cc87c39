// JSON to message bytes.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/bytes_text.h"
#include "cli/closest_word.h"
#include "cli/message_description.h"
#include "cli/schema.h"

namespace touchstone::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMistakesMax = 10;

// Fills messages from JSON values and goes on after a mistake, so that one run names many.
class Filler {
 public:
  void Fill(const JsonValue& json, const std::string& path, Message& message) {
    if (json.kind != JsonValue::Kind::kObject) {
      return Mistake(json.at, path, Expected("an object", json));
    }
    for (const JsonMember& member : json.members) {
      const FieldDescriptor* field = FindField(*message.GetDescriptor(), member.name);
      const std::string inner = path.empty() ? member.name : absl::StrCat(path, ".", member.name);
      if (field == nullptr) {
        Mistake(member.at, path,
                absl::StrCat("there is no field \"", member.name, "\" here",
                             SuggestField(message, member.name)));
        continue;
      }
      if (member.value.kind == JsonValue::Kind::kNull) continue;
      if (AlreadySet(message, *field, member, inner)) continue;
      if (field->is_repeated()) {
        FillRepeated(member.value, inner, *field, message);
      } else {
        FillField(member.value, inner, *field, message);
      }
    }
  }

  absl::Status Verdict() const {
    if (mistakes_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(mistakes_, "\n"));
  }

 private:
  void Mistake(const TextPosition& at, const std::string& path, absl::string_view what) {
    if (mistakes_.size() >= kMistakesMax) return;
    mistakes_.push_back(
        absl::StrCat(FormatPosition(at), path.empty() ? "" : ", ", path, ": ", what));
  }

  static std::string Expected(absl::string_view what, const JsonValue& json) {
    return absl::StrCat("expected ", what, ", not ", JsonKindName(json.kind));
  }

  static const FieldDescriptor* FindField(const Descriptor& type, const std::string& name) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    return field != nullptr ? field : type.FindFieldByCamelcaseName(name);
  }

  // The same field in both spellings, or two members of a oneof.
  bool AlreadySet(const Message& message, const FieldDescriptor& field, const JsonMember& member,
                  const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    if (const google::protobuf::OneofDescriptor* oneof = field.real_containing_oneof();
        oneof != nullptr && reflection.HasOneof(message, oneof)) {
      const FieldDescriptor* other = reflection.GetOneofFieldDescriptor(message, oneof);
      Mistake(
          member.at, path,
          absl::StrCat("there is \"", other->name(), "\" already, and only one of them may be"));
      return true;
    }
    const bool set = field.is_repeated() ? reflection.FieldSize(message, &field) != 0
                                         : reflection.HasField(message, &field);
    if (set) Mistake(member.at, path, "this field is here a second time");
    return set;
  }

  void FillRepeated(const JsonValue& json, const std::string& path, const FieldDescriptor& field,
                    Message& message) {
    if (json.kind != JsonValue::Kind::kArray) {
      return Mistake(json.at, path, Expected("a list, in [ ]", json));
    }
    for (size_t i = 0; i < json.items.size(); ++i) {
      FillField(json.items[i], absl::StrCat(path, "[", i, "]"), field, message);
    }
  }

  // One value, appended if the field is repeated.
  void FillField(const JsonValue& json, const std::string& path, const FieldDescriptor& field,
                 Message& message) {
    const Reflection& reflection = *message.GetReflection();
    const bool add = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(json, path,
                    *(add ? reflection.AddMessage(&message, &field)
                          : reflection.MutableMessage(&message, &field)));
      case FieldDescriptor::CPPTYPE_STRING:
        return FillText(json, path, field, message);
      case FieldDescriptor::CPPTYPE_ENUM:
        return FillEnum(json, path, field, message);
      case FieldDescriptor::CPPTYPE_BOOL: {
        if (json.kind != JsonValue::Kind::kBoolean) {
          return Mistake(json.at, path, Expected("true or false", json));
        }
        return add ? reflection.AddBool(&message, &field, json.boolean)
                   : reflection.SetBool(&message, &field, json.boolean);
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        uint64_t number = 0;
        if (!Number(json, path, field, UINT32_MAX, number)) return;
        const auto value = static_cast<uint32_t>(number);
        return add ? reflection.AddUInt32(&message, &field, value)
                   : reflection.SetUInt32(&message, &field, value);
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        uint64_t number = 0;
        if (!Number(json, path, field, UINT64_MAX, number)) return;
        return add ? reflection.AddUInt64(&message, &field, number)
                   : reflection.SetUInt64(&message, &field, number);
      }
      // No signed message has fields of these types.
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Mistake(json.at, path, "a field of a type that touchstone does not use");
    }
  }

  bool Number(const JsonValue& json, const std::string& path, const FieldDescriptor& field,
              uint64_t max, uint64_t& number) {
    // As protobuf's own JSON writes 64-bit numbers, a text of digits is read too.
    const bool is_text = json.kind == JsonValue::Kind::kString;
    if (json.kind != JsonValue::Kind::kNumber && !is_text) {
      Mistake(json.at, path, Expected("a whole number", json));
      return false;
    }
    const bool digits = absl::c_all_of(json.text, absl::ascii_isdigit) && !json.text.empty();
    if (!digits) {
      Mistake(json.at, path,
              absl::StrCat("expected a whole number from 0 on, not ", json.text,
                           "; the unit of a field is the end of its name (", field.name(), ")"));
      return false;
    }
    if (!absl::SimpleAtoi(json.text, &number) || number > max) {
      Mistake(json.at, path, absl::StrCat(json.text, " is too large; at most ", max));
      return false;
    }
    return true;
  }

  void FillText(const JsonValue& json, const std::string& path, const FieldDescriptor& field,
                Message& message) {
    if (json.kind != JsonValue::Kind::kString) {
      return Mistake(json.at, path, Expected("a text, in double quotes", json));
    }
    std::string value = json.text;
    if (field.type() == FieldDescriptor::TYPE_BYTES) {
      absl::StatusOr<std::string> bytes = BytesFromText(field.name(), json.text);
      if (!bytes.ok()) return Mistake(json.at, path, bytes.status().message());
      value = *std::move(bytes);
    }
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated()) return reflection.AddString(&message, &field, std::move(value));
    reflection.SetString(&message, &field, std::move(value));
  }

  void FillEnum(const JsonValue& json, const std::string& path, const FieldDescriptor& field,
                Message& message) {
    if (json.kind != JsonValue::Kind::kString) {
      return Mistake(json.at, path, Expected("one of its names, in double quotes", json));
    }
    const EnumDescriptor& type = *field.enum_type();
    const std::string name =
        absl::StrReplaceAll(absl::AsciiStrToUpper(json.text), {{"-", "_"}, {" ", "_"}});
    const EnumValueDescriptor* value = type.FindValueByName(name);
    if (value == nullptr) {
      std::vector<absl::string_view> names;
      for (int i = 0; i < type.value_count(); ++i) {
        if (type.value(i)->number() != 0) names.push_back(type.value(i)->name());
      }
      return Mistake(json.at, path,
                     absl::StrCat("\"", json.text, "\" is none of ", absl::StrJoin(names, ", "),
                                  DidYouMean(name, names)));
    }
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated()) return reflection.AddEnum(&message, &field, value);
    reflection.SetEnum(&message, &field, value);
  }

  std::vector<std::string> mistakes_;
};

}  // namespace

absl::StatusOr<std::string> MessageFromJson(absl::string_view type, const JsonValue& json) {
  absl::StatusOr<std::unique_ptr<Message>> message = NewMessage(type);
  if (!message.ok()) return message.status();
  Filler filler;
  filler.Fill(json, "", **message);
  if (absl::Status status = filler.Verdict(); !status.ok()) return status;
  return (*message)->SerializeAsString();
}

}  // namespace touchstone::cli
