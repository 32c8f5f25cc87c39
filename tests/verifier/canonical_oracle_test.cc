// The walker against an oracle that shares nothing with it: full protobuf with descriptors. Bytes
// are canonical if they parse, if nothing in them is unknown, and if what they mean serialises to
// them again.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/canonical.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

struct Root {
  const char* name;
  const WireMessage* schema;
};

const Root kRoots[] = {{"Statement", &kStatementSchema},
                       {"Request", &kRequestSchema},
                       {"Envelope", &kEnvelopeSchema},
                       {"Passport", &kPassportSchema},
                       {"Receipt", &kReceiptSchema},
                       {"Chain", &kChainSchema},
                       {"OwnershipChallenge", &kOwnershipChallengeSchema}};

class CanonicalOracle : public testing::TestWithParam<Root> {
 protected:
  CanonicalOracle() {
    std::ifstream in(TOUCHSTONE_DESCRIPTOR_SET, std::ios::binary);
    google::protobuf::FileDescriptorSet files;
    EXPECT_TRUE(files.ParseFromIstream(&in));
    for (const auto& file : files.file()) EXPECT_NE(pool_.BuildFile(file), nullptr);
    type_ = pool_.FindMessageTypeByName(std::string("touchstone.v1.") + GetParam().name);
  }

  void SetUp() override { ASSERT_NE(type_, nullptr); }

  uint64_t Random(uint64_t below) { return random_() % below; }

  std::unique_ptr<Message> NewMessage() {
    return std::unique_ptr<Message>(factory_.GetPrototype(type_)->New());
  }

  std::string RandomText(bool is_utf8) {
    static const char* const kPieces[] = {
        "a", "Z", "0", " ", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x92\x8E", "\x7F"};
    std::string text;
    for (uint64_t n = Random(4) == 0 ? Random(300) : Random(6); n > 0; --n) {
      if (is_utf8) {
        text += kPieces[Random(8)];
      } else {
        text.push_back(static_cast<char>(static_cast<unsigned char>(Random(256))));
      }
    }
    return text;
  }

  uint64_t RandomNumber() { return random_() >> Random(64); }

  void SetRandomValue(Message& message, const FieldDescriptor& field) {
    const Reflection& r = *message.GetReflection();
    const bool repeated = field.is_repeated();
    seen_.insert(field.full_name());
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return repeated ? r.AddBool(&message, &field, Random(2) == 1)
                        : r.SetBool(&message, &field, Random(2) == 1);
      case FieldDescriptor::CPPTYPE_UINT32: {
        const auto value = static_cast<uint32_t>(RandomNumber());
        return repeated ? r.AddUInt32(&message, &field, value)
                        : r.SetUInt32(&message, &field, value);
      }
      case FieldDescriptor::CPPTYPE_UINT64:
        return repeated ? r.AddUInt64(&message, &field, RandomNumber())
                        : r.SetUInt64(&message, &field, RandomNumber());
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto count = static_cast<uint64_t>(field.enum_type()->value_count());
        const auto* value = field.enum_type()->value(static_cast<int>(Random(count)));
        return repeated ? r.AddEnum(&message, &field, value) : r.SetEnum(&message, &field, value);
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = RandomText(field.type() == FieldDescriptor::TYPE_STRING);
        return repeated ? r.AddString(&message, &field, text) : r.SetString(&message, &field, text);
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return FillRandomly(repeated ? *r.AddMessage(&message, &field)
                                     : *r.MutableMessage(&message, &field));
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_DOUBLE:
        break;
    }
    FAIL() << field.full_name();
  }

  void FillRandomly(Message& message) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (Random(3) != 0) continue;
      for (uint64_t n = field.is_repeated() ? Random(4) : 1; n > 0; --n) {
        SetRandomValue(message, field);
      }
    }
  }

  static bool AllKnown(const Message& message) {
    const Reflection& r = *message.GetReflection();
    if (!r.GetUnknownFields(message).empty()) return false;
    std::vector<const FieldDescriptor*> fields;
    r.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const int count = field->is_repeated() ? r.FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
          const int value = field->is_repeated() ? r.GetRepeatedEnumValue(message, field, i)
                                                 : r.GetEnumValue(message, field);
          if (field->enum_type()->FindValueByNumber(value) == nullptr) return false;
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          const Message& member = field->is_repeated() ? r.GetRepeatedMessage(message, field, i)
                                                       : r.GetMessage(message, field);
          if (!AllKnown(member)) return false;
        }
      }
    }
    return true;
  }

  bool IsCanonical(const std::string& bytes) {
    const std::unique_ptr<Message> message = NewMessage();
    return message->ParseFromString(bytes) && AllKnown(*message) &&
           message->SerializeAsString() == bytes;
  }

  std::string Mutate(std::string bytes) {
    for (uint64_t n = 1 + Random(2); n > 0 && !bytes.empty(); --n) {
      const size_t at = Random(bytes.size());
      const size_t length = 1 + Random(std::min<uint64_t>(bytes.size() - at, 12));
      const auto byte = static_cast<char>(static_cast<unsigned char>(Random(256)));
      switch (Random(7)) {
        case 0:
          bytes[at] = byte;
          break;
        case 1:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << Random(8)));
          break;
        case 2:
          bytes.insert(at, 1, byte);
          break;
        case 3:
          bytes.erase(at, length);
          break;
        case 4:
          bytes.insert(Random(bytes.size()), bytes.substr(at, length));
          break;
        case 5:
          bytes.resize(at);
          break;
        case 6:
          bytes[at] = static_cast<char>(bytes[at] + 1);
          break;
      }
    }
    return bytes;
  }

  static void CollectFields(const Descriptor& type, std::set<std::string>& names) {
    for (int i = 0; i < type.field_count(); ++i) {
      names.insert(type.field(i)->full_name());
      if (type.field(i)->message_type() != nullptr) {
        CollectFields(*type.field(i)->message_type(), names);
      }
    }
  }

  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  const Descriptor* type_ = nullptr;
  std::mt19937_64 random_{20260101};
  std::set<std::string> seen_;
};

TEST_P(CanonicalOracle, AcceptsWhateverProtobufSerialises) {
  std::set<std::string> fields;
  CollectFields(*type_, fields);
  for (int i = 0; i < 3000 || (seen_ != fields && i < 30000); ++i) {
    const std::unique_ptr<Message> message = NewMessage();
    FillRandomly(*message);
    const std::string bytes = message->SerializeAsString();
    ASSERT_THAT(CheckCanonical(*GetParam().schema, bytes), IsOk()) << HexEncode(bytes);
  }
  EXPECT_EQ(seen_, fields) << "some fields were never tried";
}

TEST_P(CanonicalOracle, AgreesAboutMutatedBytes) {
  // Protobuf writes a line about every string that is not UTF-8.
  const google::protobuf::LogSilencer silencer;
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::unique_ptr<Message> message = NewMessage();
    FillRandomly(*message);
    const std::string bytes = message->SerializeAsString();
    for (int j = 0; j < 20; ++j) {
      const std::string mutated = Mutate(bytes);
      const bool canonical = IsCanonical(mutated);
      (canonical ? accepted : refused)++;
      const absl::Status status = CheckCanonical(*GetParam().schema, mutated);
      ASSERT_EQ(status.ok(), canonical) << HexEncode(mutated) << "\n" << status.message();
      ASSERT_TRUE(status.ok() || RefusalCodeOf(status).has_value());
    }
  }
  EXPECT_GT(accepted, 500);
  EXPECT_GT(refused, 500);
}

std::string RootName(const testing::TestParamInfo<Root>& root) { return root.param.name; }

INSTANTIATE_TEST_SUITE_P(All, CanonicalOracle, testing::ValuesIn(kRoots), RootName);

}  // namespace
}  // namespace touchstone
