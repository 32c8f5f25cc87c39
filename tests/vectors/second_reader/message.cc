#include "tests/vectors/second_reader/message.h"

#include <set>

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

constexpr uint64_t kVarint = 0;
constexpr uint64_t kLengthDelimited = 2;
constexpr int kNestingMax = 16;
constexpr int kElementsMax = 65536;

}  // namespace

// Reads from one run of bytes, in their order. In the namespace, as Message's friend.
class MessageReader {
 public:
  explicit MessageReader(const std::string& bytes) : bytes_(bytes) {}

  // From where it stands to `end`.
  absl::Status ReadTo(size_t end, const MessageType& type, int depth, Message& into) {
    if (depth > kNestingMax) return Refused("nested too deep");
    uint64_t last = 0;
    std::set<int> oneofs;
    while (at_ < end) {
      uint64_t tag = 0;
      if (absl::Status status = ReadVarint(end, tag); !status.ok()) return status;
      const uint64_t number = tag >> 3;
      const uint64_t wire = tag & 7;
      if (number == 0 || tag > UINT32_MAX) return Refused("an impossible tag");
      if (number < last) return Refused("fields that do not ascend");
      const auto found = type.fields.find(number);
      if (found == type.fields.end()) {
        if (wire == 3 || wire == 4 || wire > 5) return Refused("a wire type that proto3 lacks");
        return CannotJudge("a field that is not known");
      }
      const FieldType& field = found->second;
      const bool is_text = field.type == "string" || field.type == "bytes";
      const bool may_stand_again = field.repeated && (is_text || field.message != nullptr);
      if (number == last && !may_stand_again) return Refused("a field that stands twice");
      if (field.oneof >= 0 && !oneofs.insert(field.oneof).second) {
        return Refused("two members of a oneof");
      }
      last = number;
      if (absl::Status status = ReadField(end, field, wire, depth, into); !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReadField(size_t end, const FieldType& field, uint64_t wire, int depth,
                         Message& into) {
    Message::Values& values = into.fields_[field.name];
    const bool has_presence = field.optional || field.oneof >= 0;
    const bool is_number =
        field.message == nullptr && field.type != "string" && field.type != "bytes";
    if (is_number && !field.repeated) {
      if (wire != kVarint) return Refused("a number of another wire type");
      uint64_t value = 0;
      if (absl::Status status = ReadVarint(end, value); !status.ok()) return status;
      if (value == 0 && !has_presence) return Refused("a zero that should be absent");
      values.numbers.push_back(value);
      return CheckRange(field, value);
    }
    if (wire != kLengthDelimited) return Refused("something of another wire type");
    uint64_t length = 0;
    if (absl::Status status = ReadVarint(end, length); !status.ok()) return status;
    if (length > end - at_) return Refused("a length beyond the end");
    const size_t inner_end = at_ + length;
    if (is_number) return ReadPacked(inner_end, field, values);
    if (field.repeated) {
      if (absl::Status status = CountElement(); !status.ok()) return status;
    }
    if (field.message != nullptr) {
      return ReadTo(inner_end, *field.message, depth + 1, values.messages.emplace_back());
    }
    if (length == 0 && !has_presence && !field.repeated) {
      return Refused("something empty that should be absent");
    }
    values.texts.push_back(bytes_.substr(at_, length));
    at_ = inner_end;
    if (field.type == "string" && !IsUtf8(values.texts.back())) return Refused("not UTF-8");
    return absl::OkStatus();
  }

  absl::Status ReadPacked(size_t end, const FieldType& field, Message::Values& values) {
    if (at_ == end) return Refused("an empty run");
    while (at_ < end) {
      absl::Status status = CountElement();
      uint64_t value = 0;
      if (status.ok()) status = ReadVarint(end, value);
      if (status.ok()) status = CheckRange(field, value);
      if (!status.ok()) return status;
      values.numbers.push_back(value);
    }
    return absl::OkStatus();
  }

  static absl::Status CheckRange(const FieldType& field, uint64_t value) {
    if (field.type == "bool" && value > 1) return Refused("a bool that is neither 0 nor 1");
    if (field.type == "uint32" && value > UINT32_MAX) return Refused("more than a uint32");
    if (field.enum_values == nullptr) return absl::OkStatus();
    // An enum is an int32, which stands sign-extended to 64 bits.
    const auto number = static_cast<int64_t>(value);
    if (number < INT32_MIN || number > INT32_MAX) return Refused("more than an int32");
    if (field.enum_values->count(number) == 0) return CannotJudge("an enum value not known");
    return absl::OkStatus();
  }

  absl::Status ReadVarint(size_t end, uint64_t& value) {
    value = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (at_ == end) return Refused("a number that is cut off");
      const uint64_t byte = static_cast<unsigned char>(bytes_[at_++]);
      if (shift == 63 && byte > 1) return Refused("a number of more than 64 bits");
      value |= (byte & 0x7F) << shift;
      if (byte >= 0x80) continue;
      if (byte == 0 && shift > 0) return Refused("a number that is longer than need be");
      return absl::OkStatus();
    }
  }

  absl::Status CountElement() {
    return ++elements_ > kElementsMax ? Refused("too many elements") : absl::OkStatus();
  }

  const std::string& bytes_;
  size_t at_ = 0;
  int elements_ = 0;
};

absl::StatusOr<Message> Message::Read(const MessageType& type, const std::string& bytes) {
  Message message;
  absl::Status status = MessageReader(bytes).ReadTo(bytes.size(), type, 1, message);
  if (!status.ok()) return status;
  return message;
}

const Message::Values& Message::All(const std::string& name) const {
  static const auto& none = *new Values;
  const auto found = fields_.find(name);
  return found == fields_.end() ? none : found->second;
}

uint64_t Message::Number(const std::string& name) const {
  return All(name).numbers.empty() ? 0 : All(name).numbers.front();
}
std::string Message::Text(const std::string& name) const {
  return All(name).texts.empty() ? "" : All(name).texts.front();
}
const Message& Message::Get(const std::string& name) const {
  static const auto& empty = *new Message;
  return All(name).messages.empty() ? empty : All(name).messages.front();
}
std::vector<uint64_t> Message::Numbers(const std::string& name) const { return All(name).numbers; }
std::vector<std::string> Message::Texts(const std::string& name) const { return All(name).texts; }
std::vector<Message> Message::Messages(const std::string& name) const { return All(name).messages; }

}  // namespace touchstone::second_reader
