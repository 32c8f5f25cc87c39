// What is shown of a message against full protobuf, which shares no code and no tables with it: the
// JSON parses, and says of every field what reflection says.
#include "verifier/wire_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/canonical.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::ListValue;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Struct;
using google::protobuf::Value;

Struct Expected(const Message& message);

Value ExpectedValue(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool repeated = field.is_repeated();
  Value value;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      value.set_bool_value(r.GetBool(message, &field));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      value.set_number_value(r.GetUInt32(message, &field));
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      value.set_string_value(std::to_string(r.GetUInt64(message, &field)));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      value.set_string_value(
          (repeated ? r.GetRepeatedEnum(message, &field, index) : r.GetEnum(message, &field))
              ->name());
      break;
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          repeated ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
      value.set_string_value(field.type() == FieldDescriptor::TYPE_BYTES ? HexEncode(text) : text);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      *value.mutable_struct_value() = Expected(
          repeated ? r.GetRepeatedMessage(message, &field, index) : r.GetMessage(message, &field));
      break;
    default:
      ADD_FAILURE() << field.full_name();
  }
  return value;
}

Struct Expected(const Message& message) {
  const Reflection& r = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  r.ListFields(message, &fields);
  Struct expected;
  for (const FieldDescriptor* field : fields) {
    Value& value = (*expected.mutable_fields())[field->name()];
    if (!field->is_repeated()) {
      value = ExpectedValue(message, *field, 0);
      continue;
    }
    ListValue& list = *value.mutable_list_value();
    for (int i = 0; i < r.FieldSize(message, field); ++i) {
      *list.add_values() = ExpectedValue(message, *field, i);
    }
  }
  return expected;
}

// One of every kind of field, repeated and not, nested, present and empty.
constexpr char kEnrolment[] = R"(
  log_origin: "passports.example/log" rules_version: 1 nonce: "\000\377 0123456789ab"
  subject { participant_id: "maison" } occurred_at_ms: 18446744073709551615
  participant_enrolled {
    details { legal_name: "\"Maison\" \\ \303\251t\303\251 \001\t" country: "FR" roles: ISSUER roles: AUTHORITY
              gs1_company_prefixes: "361234" gs1_company_prefixes: "7612" }
    keys: "abc" keys: "" })";
constexpr char kRegistration[] = R"(
  subject { stewards {} }
  registration {
    piece { serial: "R-1" category: RING ring_size {} total_mass_mg: 4210
      components { quantity: 4294967295 metal { metal: GOLD hallmark { common_control_mark: true } } }
      components {}
      components { gemstone { treatments { code: HEATING } treatments { note: "x" } } }
      inscriptions { text: "GIA 1" kind: LAB_REPORT } }
    commitments { sha256: "\001" } })";
constexpr char kRevocation[] = R"(
  subject { passport_id: "" } key_revoked { reason: LOST compromised_from: 0 })";

class WireJson : public testing::TestWithParam<const char*> {};

TEST_P(WireJson, SaysWhatTheMessageSays) {
  std::ifstream in(TOUCHSTONE_DESCRIPTOR_SET, std::ios::binary);
  google::protobuf::FileDescriptorSet files;
  ASSERT_TRUE(files.ParseFromIstream(&in));
  google::protobuf::DescriptorPool pool;
  for (const auto& file : files.file()) ASSERT_NE(pool.BuildFile(file), nullptr);
  google::protobuf::DynamicMessageFactory factory(&pool);
  const std::unique_ptr<Message> message(
      factory.GetPrototype(pool.FindMessageTypeByName("touchstone.v1.Statement"))->New());
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(GetParam(), message.get()));
  const std::string bytes = message->SerializeAsString();
  ASSERT_THAT(CheckCanonical(kStatementSchema, bytes), IsOk());

  JsonWriter json;
  WriteMessageJson(kStatementSchema, bytes, json);
  const std::string text = std::move(json).Finish();
  Struct shown;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &shown).ok()) << text;
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(shown, Expected(*message)))
      << text;

  // It is only ever called with canonical bytes; with others it must still end.
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x55);
    JsonWriter other;
    WriteMessageJson(kStatementSchema, flipped, other);
    EXPECT_FALSE(std::move(other).Finish().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(All, WireJson, testing::Values(kEnrolment, kRegistration, kRevocation));

}  // namespace
}  // namespace touchstone
