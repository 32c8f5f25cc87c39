// touchstone_wire_schema_gen <descriptor set> <output>: writes the tables that verifier/canonical.h
// walks by (verifier/wire_schema.h), for the messages that must be canonical and all that they
// contain. The same descriptors always give the same bytes.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "verifier/limits.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr const char* kRoots[] = {
    "Statement", "Request", "Envelope", "Passport",     "Receipt",
    "Chain",     "Absence", "Grant",    "VaultRequest", "OwnershipChallenge"};

// The walker keeps the oneofs that it has seen in a word of 32 bits.
constexpr int kOneofsMax = 32;

// What a schema may not have stops the build: the walker has no rule for it.
[[noreturn]] void Fail(const std::string& what) {
  std::cerr << "touchstone_wire_schema_gen: " << what << "\n";
  std::exit(1);
}

// "touchstone.v1.Piece.Category" -> "Piece_Category".
std::string Identifier(const std::string& full_name) {
  const std::string package = "touchstone.v1.";
  if (full_name.rfind(package, 0) != 0) Fail(full_name + " is not in the package touchstone.v1");
  std::string name = full_name.substr(package.size());
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::string KindOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return "kBool";
    case FieldDescriptor::TYPE_UINT32:
      return "kUint32";
    case FieldDescriptor::TYPE_UINT64:
      return "kUint64";
    case FieldDescriptor::TYPE_ENUM:
      return "kEnum";
    case FieldDescriptor::TYPE_STRING:
      return "kString";
    case FieldDescriptor::TYPE_BYTES:
      return "kBytes";
    case FieldDescriptor::TYPE_MESSAGE:
      if (field.is_map())
        Fail(field.full_name() + " is a map, whose order on the wire is not fixed");
      return "kMessage";
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_GROUP:
    case FieldDescriptor::TYPE_SFIXED32:
    case FieldDescriptor::TYPE_SFIXED64:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SINT64:
      break;
  }
  Fail(field.full_name() + " is of type " + field.type_name() +
       "; canonical messages use bool, uint32, uint64, enum, string, bytes and message only");
}

class SchemaWriter {
 public:
  // Members before what contains them, so that a table only names tables above it. That this works
  // out is also what shows that no message contains itself.
  void AddMessage(const Descriptor& message, size_t depth) {
    if (depth > touchstone::limits::kCanonicalNestingMax) {
      Fail(message.full_name() + " nests more than " +
           std::to_string(touchstone::limits::kCanonicalNestingMax) + " deep, or contains itself");
    }
    if (message.file()->syntax() != google::protobuf::FileDescriptor::SYNTAX_PROTO3) {
      Fail(message.file()->name() + " is not proto3");
    }
    if (message.oneof_decl_count() > kOneofsMax) Fail(message.full_name() + " has too many oneofs");
    std::vector<const FieldDescriptor*> fields;
    for (int i = 0; i < message.field_count(); ++i) fields.push_back(message.field(i));
    std::sort(fields.begin(), fields.end(), [](const FieldDescriptor* a, const FieldDescriptor* b) {
      return a->number() < b->number();
    });
    for (const FieldDescriptor* field : fields) {
      if (field->message_type() != nullptr) AddMessage(*field->message_type(), depth + 1);
      if (field->enum_type() != nullptr) AddEnum(*field->enum_type());
    }
    if (!done_.insert(message.full_name()).second) return;
    WriteMessage(message, fields);
  }

  // Gives the tables of a message the name by which the verifier knows it.
  void AddRoot(const Descriptor& message) {
    roots_ << "const WireMessage k" << message.name() << "Schema = kMessage_"
           << Identifier(message.full_name()) << ";\n";
  }

  std::string Text() const {
    return "// Made by touchstone_wire_schema_gen of the .proto files; not for editing.\n\n"
           "namespace {\n\n" +
           tables_.str() + "}  // namespace\n\n" + roots_.str();
  }

 private:
  void AddEnum(const EnumDescriptor& type) {
    if (!done_.insert(type.full_name()).second) return;
    std::map<int, std::string> values;
    for (int i = 0; i < type.value_count(); ++i) {
      values.emplace(type.value(i)->number(), type.value(i)->name());
    }
    const std::string name = Identifier(type.full_name());
    tables_ << "constexpr int32_t kEnum_" << name << "[] = {";
    for (const auto& [number, text] : values) tables_ << number << ", ";
    tables_ << "};\nconstexpr absl::string_view kEnumNames_" << name << "[] = {\n";
    for (const auto& [number, text] : values) tables_ << "    \"" << text << "\",\n";
    tables_ << "};\n\n";
  }

  void WriteMessage(const Descriptor& message, const std::vector<const FieldDescriptor*>& fields) {
    const std::string name = Identifier(message.full_name());
    if (!fields.empty()) {
      tables_ << "constexpr WireField kFields_" << name << "[] = {\n";
      for (const FieldDescriptor* field : fields) WriteField(*field);
      tables_ << "};\n";
    }
    tables_ << "constexpr WireMessage kMessage_" << name << " = {\"" << message.name() << "\", "
            << (fields.empty() ? "{}" : "kFields_" + name) << "};\n\n";
  }

  void WriteField(const FieldDescriptor& field) {
    const bool is_number = field.is_packable();
    if (field.is_repeated() && is_number && !field.is_packed()) {
      Fail(field.full_name() + " is repeated and not packed");
    }
    const google::protobuf::OneofDescriptor* oneof = field.real_containing_oneof();
    tables_ << "    {.number = " << field.number() << ", .kind = WireKind::" << KindOf(field);
    if (field.is_repeated()) tables_ << ", .repeated = true";
    if (field.has_presence()) tables_ << ", .explicit_presence = true";
    if (oneof != nullptr) tables_ << ", .oneof = " << oneof->index();
    tables_ << ", .name = \"" << field.name() << "\"";
    if (field.message_type() != nullptr) {
      tables_ << ", .message = &kMessage_" << Identifier(field.message_type()->full_name());
    }
    if (field.enum_type() != nullptr) {
      const std::string name = Identifier(field.enum_type()->full_name());
      tables_ << ", .enum_values = kEnum_" << name << ", .enum_names = kEnumNames_" << name;
    }
    tables_ << "},\n";
  }

  std::set<std::string> done_;
  std::ostringstream tables_;
  std::ostringstream roots_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) Fail("usage: touchstone_wire_schema_gen <descriptor set> <output>");
  std::ifstream in(argv[1], std::ios::binary);
  google::protobuf::FileDescriptorSet files;
  if (!in || !files.ParseFromIstream(&in)) {
    Fail(std::string("cannot read a descriptor set from ") + argv[1]);
  }
  google::protobuf::DescriptorPool pool;
  for (const google::protobuf::FileDescriptorProto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) Fail("cannot use " + file.name());
  }
  SchemaWriter writer;
  for (const char* root : kRoots) {
    const Descriptor* message = pool.FindMessageTypeByName(std::string("touchstone.v1.") + root);
    if (message == nullptr) Fail(std::string("there is no message touchstone.v1.") + root);
    writer.AddMessage(*message, 1);
    writer.AddRoot(*message);
  }
  std::ofstream out(argv[2], std::ios::binary | std::ios::trunc);
  out << writer.Text();
  out.close();
  if (!out) Fail(std::string("cannot write ") + argv[2]);
  return 0;
}
