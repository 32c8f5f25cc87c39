#include "verifier/utf8.h"

#include <gtest/gtest.h>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(Utf8, AcceptsTheEdgesOfEveryLength) {
  for (const absl::string_view text :
       {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "Ognuno, \xC3\xA8 subito sera"}) {
    EXPECT_THAT(ValidateUtf8(text), IsOk()) << text;
  }
  EXPECT_THAT(ValidateUtf8(absl::string_view("\0", 1)), IsOk());
}

TEST(Utf8, RefusesWhatRfc3629Forbids) {
  for (const absl::string_view text : {
           "\x80",
           "\xBF",  // continuation alone
           "\xC0\x80",
           "\xC1\xBF",
           "\xE0\x80\x80",
           "\xE0\x9F\xBF",  // overlong
           "\xF0\x80\x80\x80",
           "\xF0\x8F\xBF\xBF",  // overlong
           "\xED\xA0\x80",
           "\xED\xBF\xBF",  // surrogates
           "\xF4\x90\x80\x80",
           "\xF5\x80\x80\x80",
           "\xF8\x88\x80\x80\x80",
           "\xFE",
           "\xFF",
           "\xC2",
           "\xE2\x80",
           "\xF0\x90\x80",  // cut off
           "\xC2x",
           "\xE2\x80x",
           "\xE2x\x80",
           "\xF0\x90\x80x",
       }) {
    EXPECT_THAT(ValidateUtf8(text), IsRefused(RefusalCode::kMalformed))
        << testing::PrintToString(text);
  }
}

TEST(Utf8, NamesTheOffset) {
  EXPECT_EQ(ValidateUtf8("ab\xC3\xA8\xFF").message(), "not UTF-8 at byte 4");
}

TEST(Utf8, FindsEveryUnicodeSpace) {
  for (const absl::string_view space :
       {"\t", "\n", "\v", "\f", "\r", " ", "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80",
        "\xE2\x80\x85", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
        "\xE2\x81\x9F", "\xE3\x80\x80"}) {
    EXPECT_TRUE(ContainsUnicodeSpace(std::string("a") + std::string(space) + "b"));
  }
  // U+200B, zero width space, lacks the property; so does U+2014, the dash of signature lines.
  for (const absl::string_view other : {"", "ab", "\xE2\x80\x8B", "\xE2\x80\x94", "\xC3\xA0"}) {
    EXPECT_FALSE(ContainsUnicodeSpace(other));
  }
}

}  // namespace
}  // namespace touchstone
