#include "verifier/canonical.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/utf8.h"

namespace touchstone {
namespace {

// The wire types of the protobuf encoding.
enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

// What is being read at one level of nesting.
struct Level {
  const WireMessage* schema = nullptr;
  const char* end = nullptr;
  size_t field = 0;          // index into schema->fields: those before it cannot come any more
  uint32_t last_number = 0;  // of the field read last; 0 before the first
  uint32_t last_index = 0;   // which element of it, where it is repeated
  uint32_t oneofs_seen = 0;  // bit i: a member of oneof i was there
};

class Walker {
 public:
  Walker(const WireMessage& schema, absl::string_view bytes)
      : begin_(bytes.data()), at_(bytes.data()) {
    levels_[0] = {.schema = &schema, .end = bytes.data() + bytes.size()};
    depth_ = 1;
  }

  absl::Status Walk() {
    while (true) {
      while (at_ == level().end) {
        if (--depth_ == 0) return absl::OkStatus();
      }
      absl::Status status = ReadField();
      if (!status.ok()) return status;
    }
  }

 private:
  Level& level() { return levels_[depth_ - 1]; }

  absl::Status ReadField() {
    Level& here = level();
    uint64_t tag = 0;
    absl::Status status = ReadVarint("a field's tag", tag);
    if (!status.ok()) return status;
    const uint64_t number = tag >> 3;
    const uint32_t wire_type = static_cast<uint32_t>(tag & 7);
    if (tag > std::numeric_limits<uint32_t>::max() || number == 0) {
      return Malformed(absl::StrCat("a tag of ", tag, " is impossible"));
    }
    if (number < here.last_number) {
      return NotCanonical(absl::StrCat("field ", number, " stands after field ", here.last_number,
                                       "; fields must ascend by number"));
    }
    const absl::Span<const WireField> fields = here.schema->fields;
    while (here.field < fields.size() && fields[here.field].number < number) ++here.field;
    if (here.field == fields.size() || fields[here.field].number != number) {
      return UnknownField(number, wire_type);
    }
    const WireField& field = fields[here.field];
    status = EnterField(field);
    if (!status.ok()) return status;
    return ReadValue(field, wire_type);
  }

  // Presence: how often, and which of a oneof.
  absl::Status EnterField(const WireField& field) {
    Level& here = level();
    in_field_ = true;
    const bool again = field.number == here.last_number;
    here.last_index = again ? here.last_index + 1 : 0;
    here.last_number = field.number;
    if (again && !field.repeated) return NotCanonical("stands twice");
    if (field.oneof >= 0) {
      const uint32_t bit = uint32_t{1} << field.oneof;
      if ((here.oneofs_seen & bit) != 0) {
        return NotCanonical("a member of the same oneof stands before it");
      }
      here.oneofs_seen |= bit;
    }
    return absl::OkStatus();
  }

  absl::Status ReadValue(const WireField& field, uint32_t wire_type) {
    if (field.kind == WireKind::kMessage) return EnterMessage(field, wire_type);
    if (field.kind == WireKind::kString || field.kind == WireKind::kBytes) {
      return ReadText(field, wire_type);
    }
    return field.repeated ? ReadPacked(field, wire_type) : ReadNumber(field, wire_type);
  }

  absl::Status ReadNumber(const WireField& field, uint32_t wire_type) {
    if (wire_type != kVarint) return WrongWireType(wire_type, kVarint);
    uint64_t value = 0;
    absl::Status status = ReadVarint("the value", value);
    if (!status.ok()) return status;
    if (value == 0 && !field.explicit_presence) return NotCanonical("is there, and zero");
    status = CheckNumber(field, value);
    in_field_ = !status.ok();
    return status;
  }

  absl::Status ReadPacked(const WireField& field, uint32_t wire_type) {
    Level& here = level();
    if (here.last_index != 0) return NotCanonical("is packed in more than one run");
    if (wire_type == kVarint) return NotCanonical("is not packed");
    uint64_t length = 0;
    absl::Status status = ReadLength(wire_type, length);
    if (!status.ok()) return status;
    if (length == 0) return NotCanonical("is there, and empty");
    // A number must end within the run, not only within the message.
    const char* const message_end = here.end;
    here.end = at_ + length;
    while (at_ != here.end) {
      uint64_t value = 0;
      status = CountElement();
      if (status.ok()) status = ReadVarint("an element", value);
      if (status.ok()) status = CheckNumber(field, value);
      if (!status.ok()) return status;
      ++here.last_index;
    }
    here.end = message_end;
    in_field_ = false;
    return absl::OkStatus();
  }

  absl::Status ReadText(const WireField& field, uint32_t wire_type) {
    uint64_t length = 0;
    absl::Status status = ReadLength(wire_type, length);
    if (!status.ok()) return status;
    if (length == 0 && !field.explicit_presence && !field.repeated) {
      return NotCanonical("is there, and empty");
    }
    if (field.repeated) {
      status = CountElement();
      if (!status.ok()) return status;
    }
    const absl::string_view value(at_, length);
    if (field.kind == WireKind::kString) {
      status = ValidateUtf8(value);
      if (!status.ok()) return NotCanonical(absl::StrCat("is not UTF-8: ", status.message()));
    }
    at_ += length;
    in_field_ = false;
    return absl::OkStatus();
  }

  absl::Status EnterMessage(const WireField& field, uint32_t wire_type) {
    uint64_t length = 0;
    absl::Status status = ReadLength(wire_type, length);
    if (!status.ok()) return status;
    if (field.repeated) {
      status = CountElement();
      if (!status.ok()) return status;
    }
    if (depth_ == levels_.size()) {
      return At(RefusalCode::kTooLarge,
                absl::StrCat("messages nest more than ", levels_.size(), " deep"));
    }
    levels_[depth_++] = {.schema = field.message, .end = at_ + length};
    in_field_ = false;
    return absl::OkStatus();
  }

  absl::Status CheckNumber(const WireField& field, uint64_t value) {
    if (field.kind == WireKind::kEnum) return CheckEnum(field, value);
    if (field.kind == WireKind::kBool && value > 1) {
      return NotCanonical(absl::StrCat(value, " is not a bool: 0 or 1"));
    }
    if (field.kind == WireKind::kUint32 && value > std::numeric_limits<uint32_t>::max()) {
      return NotCanonical(absl::StrCat(value, " is more than a uint32 holds"));
    }
    return absl::OkStatus();
  }

  absl::Status CheckEnum(const WireField& field, uint64_t value) {
    // Enums are int32 on the wire: negative ones sign-extended to 64 bits.
    const int64_t number = static_cast<int64_t>(value);
    if (number < std::numeric_limits<int32_t>::min() ||
        number > std::numeric_limits<int32_t>::max()) {
      return NotCanonical(absl::StrCat(value, " is more than an enum holds"));
    }
    if (!std::binary_search(field.enum_values.begin(), field.enum_values.end(),
                            static_cast<int32_t>(number))) {
      return At(RefusalCode::kUnknownEnumValue,
                absl::StrCat("the value ", number, " is not known here; a newer verifier may"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadLength(uint32_t wire_type, uint64_t& length) {
    if (wire_type != kLengthDelimited) return WrongWireType(wire_type, kLengthDelimited);
    absl::Status status = ReadVarint("the length", length);
    if (!status.ok()) return status;
    const uint64_t rest = static_cast<uint64_t>(level().end - at_);
    if (length > rest) {
      return Malformed(absl::StrCat("a length of ", length, ", but only ", rest, " bytes follow"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadVarint(absl::string_view what, uint64_t& value) {
    const char* const end = level().end;
    value = 0;
    for (int shift = 0;; shift += 7) {
      if (at_ == end) return Malformed(absl::StrCat(what, " is cut off"));
      const uint64_t byte = static_cast<unsigned char>(*at_++);
      // The tenth byte has room for one bit.
      if (shift == 63 && byte > 1) return Malformed(absl::StrCat(what, " is over 64 bits"));
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) {
        if (byte == 0 && shift != 0) {
          return NotCanonical(absl::StrCat(what, " is not in its shortest form"));
        }
        return absl::OkStatus();
      }
    }
  }

  absl::Status CountElement() {
    if (++elements_ > limits::kCanonicalElementsMax) {
      return At(RefusalCode::kTooLarge, absl::StrCat("more than ", limits::kCanonicalElementsMax,
                                                     " repeated elements in all"));
    }
    return absl::OkStatus();
  }

  absl::Status UnknownField(uint64_t number, uint32_t wire_type) {
    if (wire_type != kVarint && wire_type != kFixed64 && wire_type != kLengthDelimited &&
        wire_type != kFixed32) {
      return Malformed(absl::StrCat("field ", number, " has wire type ", wire_type,
                                    ", which proto3 does not have"));
    }
    return At(RefusalCode::kUnknownField,
              absl::StrCat("field ", number, " is not known here; a newer verifier may"));
  }

  absl::Status WrongWireType(uint32_t got, uint32_t want) {
    return NotCanonical(absl::StrCat("has wire type ", got, " instead of ", want));
  }
  absl::Status Malformed(absl::string_view what) { return At(RefusalCode::kMalformed, what); }
  absl::Status NotCanonical(absl::string_view what) { return At(RefusalCode::kNotCanonical, what); }

  // "registration.piece.components[3].gemstone (byte 812): what"; at the outermost level the path
  // begins with the message's name.
  absl::Status At(RefusalCode code, absl::string_view what) const {
    std::string path;
    const size_t named = in_field_ ? depth_ : depth_ - 1;
    for (size_t i = 0; i < named; ++i) {
      const Level& outer = levels_[i];
      const WireField& field = outer.schema->fields[outer.field];
      absl::StrAppend(&path, path.empty() ? "" : ".", field.name);
      if (field.repeated) absl::StrAppend(&path, "[", outer.last_index, "]");
    }
    if (path.empty()) path = std::string(levels_[0].schema->name);
    return Refuse(code, absl::StrCat(path, " (before byte ", at_ - begin_, "): ", what));
  }

  const char* const begin_;
  const char* at_;
  std::array<Level, limits::kCanonicalNestingMax> levels_;
  size_t depth_;
  size_t elements_ = 0;
  // Whether what is being read belongs to the innermost level's present field, and not yet to any.
  bool in_field_ = false;
};

}  // namespace

absl::Status CheckCanonical(const WireMessage& schema, absl::string_view bytes) {
  return Walker(schema, bytes).Walk();
}

}  // namespace touchstone
