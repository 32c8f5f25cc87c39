// A protobuf message as the second reader has it: read by the rules of docs/FORMAT.md, section 2,
// its fields by their names.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_MESSAGE_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/schema.h"

namespace touchstone::second_reader {

class Message {
 public:
  // Canonical bytes to the last one; otherwise refused, or cannot judge what is only unknown.
  static absl::StatusOr<Message> Read(const MessageType& type, const std::string& bytes);

  bool Has(const std::string& name) const { return fields_.count(name) != 0; }
  // What is absent is 0, empty, a message without fields, no elements.
  uint64_t Number(const std::string& name) const;
  std::string Text(const std::string& name) const;
  const Message& Get(const std::string& name) const;
  std::vector<uint64_t> Numbers(const std::string& name) const;
  std::vector<std::string> Texts(const std::string& name) const;
  std::vector<Message> Messages(const std::string& name) const;

 private:
  struct Values {
    std::vector<uint64_t> numbers;
    std::vector<std::string> texts;
    std::vector<Message> messages;
  };
  friend class MessageReader;
  const Values& All(const std::string& name) const;
  std::map<std::string, Values> fields_;
};

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_MESSAGE_H_
