#include "verifier/wire_json.h"

#include <algorithm>
#include <cstdint>

#include "absl/types/span.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

// Reads the fields of bytes that are known to be canonical; on others it ends early.
class FieldReader {
 public:
  FieldReader(const WireMessage& schema, absl::string_view bytes)
      : fields_(schema.fields), rest_(bytes) {}

  // Goes to the next field; false at the end.
  bool Next() {
    if (rest_.empty()) return false;
    const uint64_t number = Varint(rest_) >> 3;
    while (!fields_.empty() && fields_.front().number < number) fields_.remove_prefix(1);
    if (fields_.empty() || fields_.front().number != number) return false;
    const bool is_varint = !field().repeated && IsNumber(field().kind);
    if (is_varint) {
      number_ = Varint(rest_);
    } else {
      const uint64_t length = Varint(rest_);
      const uint64_t size = std::min<uint64_t>(length, rest_.size());
      bytes_ = rest_.substr(0, size);
      rest_.remove_prefix(size);
    }
    return true;
  }

  // Whether the field after this one is another element of it.
  bool NextIsSameField() const {
    absl::string_view ahead = rest_;
    return !ahead.empty() && Varint(ahead) >> 3 == field().number;
  }

  const WireField& field() const { return fields_.front(); }
  uint64_t number() const { return number_; }
  absl::string_view bytes() const { return bytes_; }

  static bool IsNumber(WireKind kind) {
    return kind == WireKind::kBool || kind == WireKind::kUint32 || kind == WireKind::kUint64 ||
           kind == WireKind::kEnum;
  }

  static uint64_t Varint(absl::string_view& bytes) {
    uint64_t value = 0;
    for (unsigned shift = 0; !bytes.empty() && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

 private:
  absl::Span<const WireField> fields_;
  absl::string_view rest_;
  uint64_t number_ = 0;
  absl::string_view bytes_;
};

void WriteNumber(const WireField& field, uint64_t number, JsonWriter& json) {
  if (field.kind == WireKind::kBool) {
    json.Boolean(number != 0);
  } else if (field.kind == WireKind::kUint64) {
    json.BigNumber(number);
  } else if (field.kind == WireKind::kEnum) {
    const auto value =
        std::find(field.enum_values.begin(), field.enum_values.end(), static_cast<int32_t>(number));
    if (value == field.enum_values.end()) {
      json.BigNumber(number);
    } else {
      json.Text(field.enum_names[static_cast<size_t>(value - field.enum_values.begin())]);
    }
  } else {
    json.Number(static_cast<uint32_t>(number));
  }
}

void WriteBytes(const WireField& field, absl::string_view bytes, JsonWriter& json) {
  if (field.kind == WireKind::kMessage) {
    WriteMessageJson(*field.message, bytes, json);
  } else if (field.kind == WireKind::kBytes) {
    json.Text(HexEncode(bytes));
  } else {
    json.Text(bytes);
  }
}

}  // namespace

void WriteMessageJson(const WireMessage& schema, absl::string_view bytes, JsonWriter& json) {
  json.BeginObject();
  FieldReader reader(schema, bytes);
  bool in_array = false;
  while (reader.Next()) {
    const WireField& field = reader.field();
    if (!in_array) json.Name(field.name);
    if (!field.repeated) {
      if (FieldReader::IsNumber(field.kind)) {
        WriteNumber(field, reader.number(), json);
      } else {
        WriteBytes(field, reader.bytes(), json);
      }
      continue;
    }
    if (!in_array) json.BeginArray();
    if (FieldReader::IsNumber(field.kind)) {
      absl::string_view packed = reader.bytes();
      while (!packed.empty()) WriteNumber(field, FieldReader::Varint(packed), json);
    } else {
      WriteBytes(field, reader.bytes(), json);
    }
    in_array = reader.NextIsSameField();
    if (!in_array) json.EndArray();
  }
  json.EndObject();
}

absl::string_view FindSubmessage(const WireMessage& schema, absl::string_view bytes,
                                 absl::string_view name, const WireMessage** submessage) {
  *submessage = nullptr;
  FieldReader reader(schema, bytes);
  while (reader.Next()) {
    if (reader.field().name != name || reader.field().kind != WireKind::kMessage) continue;
    *submessage = reader.field().message;
    return reader.bytes();
  }
  return {};
}

}  // namespace touchstone
