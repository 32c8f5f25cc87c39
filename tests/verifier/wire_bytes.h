// Writes protobuf's wire format byte by byte, so that tests can also write it wrongly.
#ifndef TOUCHSTONE_TESTS_VERIFIER_WIRE_BYTES_H_
#define TOUCHSTONE_TESTS_VERIFIER_WIRE_BYTES_H_

#include <cstdint>
#include <string>

namespace touchstone {

inline std::string Varint(uint64_t value) {
  std::string bytes;
  while (value >= 0x80) {
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80)));
    value >>= 7;
  }
  bytes.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  return bytes;
}

// With one byte more than it needs.
inline std::string LongVarint(uint64_t value) {
  std::string bytes = Varint(value);
  bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | 0x80u);
  bytes.push_back('\0');
  return bytes;
}

inline std::string Tag(uint32_t number, uint32_t wire_type) {
  return Varint(uint64_t{number} << 3 | wire_type);
}

inline std::string NumberField(uint32_t number, uint64_t value) {
  return Tag(number, 0) + Varint(value);
}

inline std::string BytesField(uint32_t number, const std::string& value) {
  return Tag(number, 2) + Varint(value.size()) + value;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_WIRE_BYTES_H_
