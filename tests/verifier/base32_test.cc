#include "verifier/base32.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

// RFC 4648, section 10, without the padding.
TEST(Base32, AgreesWithTheRfc) {
  const std::pair<absl::string_view, absl::string_view> kVectors[] = {
      {"", ""},
      {"f", "MY"},
      {"fo", "MZXQ"},
      {"foo", "MZXW6"},
      {"foob", "MZXW6YQ"},
      {"fooba", "MZXW6YTB"},
      {"foobar", "MZXW6YTBOI"},
  };
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(Base32Encode(bytes), text);
    EXPECT_EQ(ValueOrDie(Base32Decode(text)), bytes);
  }
}

TEST(Base32, RoundTripsEveryByteAtEveryPlace) {
  for (size_t size = 1; size <= 11; ++size) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string bytes(size, '\x5A');
      bytes[size - 1] = static_cast<char>(byte);
      EXPECT_EQ(ValueOrDie(Base32Decode(Base32Encode(bytes))), bytes);
    }
  }
}

TEST(Base32, EachByteStringHasOneText) {
  for (const absl::string_view text :
       {"my", "My",  "MY======", "MZ",   "M",   "MZX", "MZXW6Y", "MZXR", "MZXW7",  "MZXW6YR", "M1",
        "M0", "MY ", " MY",      "MY\n", "M-Y", "M=",  "A",      "AAA",  "AAAAAA", "\xC3\xA9"}) {
    EXPECT_THAT(Base32Decode(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

}  // namespace
}  // namespace touchstone
