// The messages of proto/touchstone/v1/*.proto, read from their text: what a person with the
// documents would know of them, and no generated code. Not a protobuf compiler: it reads the
// subset of proto3 that these files use.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_SCHEMA_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_SCHEMA_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace touchstone::second_reader {

struct MessageType;

struct FieldType {
  std::string name;
  // "bool", "uint32", "uint64", "string", "bytes"; otherwise one of the two below is set.
  std::string type;
  const MessageType* message = nullptr;
  const std::set<int64_t>* enum_values = nullptr;
  bool repeated = false;
  bool optional = false;  // the keyword
  int oneof = -1;         // which of the message's, from 0
};

struct MessageType {
  std::map<uint64_t, FieldType> fields;  // by number
};

class Schema {
 public:
  // The whole of each file. Ends the program where a file is not of the subset.
  explicit Schema(const std::vector<std::string>& files);
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  // "Statement", "Piece.Category" without the package. Ends the program if there is none.
  const MessageType& Message(const std::string& name) const;

 private:
  friend class SchemaParser;
  std::map<std::string, MessageType> messages_;
  std::map<std::string, std::set<int64_t>> enums_;
};

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_SCHEMA_H_
