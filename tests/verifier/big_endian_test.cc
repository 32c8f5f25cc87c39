#include "verifier/big_endian.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace touchstone {
namespace {

TEST(BigEndian, MostSignificantByteComesFirst) {
  std::string bytes;
  AppendBigEndian<uint8_t>(bytes, 0x01);
  AppendBigEndian<uint16_t>(bytes, 0x0203);
  AppendBigEndian<uint32_t>(bytes, 0x04050607);
  AppendBigEndian<uint64_t>(bytes, 0xF8F9FAFBFCFDFEFF);
  EXPECT_EQ(bytes, "\x01\x02\x03\x04\x05\x06\x07\xF8\xF9\xFA\xFB\xFC\xFD\xFE\xFF");
}

TEST(BigEndian, ReadsFromTheFront) {
  const absl::string_view bytes = "\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8rest";
  EXPECT_EQ(LoadBigEndian<uint8_t>(bytes), 0xF1u);
  EXPECT_EQ(LoadBigEndian<uint16_t>(bytes), 0xF1F2u);
  EXPECT_EQ(LoadBigEndian<uint32_t>(bytes), 0xF1F2F3F4u);
  EXPECT_EQ(LoadBigEndian<uint64_t>(bytes), 0xF1F2F3F4F5F6F7F8u);
}

}  // namespace
}  // namespace touchstone
