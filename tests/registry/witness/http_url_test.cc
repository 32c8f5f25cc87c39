#include "registry/witness/http_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"

namespace touchstone::witness {
namespace {

TEST(HttpUrlTest, ReadsWhatWitnessesHave) {
  struct Case {
    const char* text;
    HttpUrl url;
    const char* authority;
  };
  const Case cases[] = {
      {"https://witness.example", {true, "witness.example", "443", ""}, "witness.example"},
      {"https://witness.example/", {true, "witness.example", "443", ""}, "witness.example"},
      {"https://witness.example:443/", {true, "witness.example", "443", ""}, "witness.example"},
      {"http://w.example:8080/a/b/", {false, "w.example", "8080", "/a/b"}, "w.example:8080"},
      {"http://127.0.0.1:1/w", {false, "127.0.0.1", "1", "/w"}, "127.0.0.1:1"},
      {"http://[::1]:7/w", {false, "::1", "7", "/w"}, "[::1]:7"},
      {"https://[2001:db8::1]", {true, "2001:db8::1", "443", ""}, "[2001:db8::1]"},
      {"http://h/%20a;b=c", {false, "h", "80", "/%20a;b=c"}, "h"},
  };
  for (const Case& c : cases) {
    const auto url = ParseHttpUrl(c.text);
    ASSERT_THAT(url, IsOk()) << c.text;
    EXPECT_EQ(*url, c.url) << c.text;
    EXPECT_EQ(url->Authority(), c.authority);
  }
}

TEST(HttpUrlTest, RefusesTheRest) {
  for (const std::string text : {"",
                                 "witness.example",
                                 "ftp://h/",
                                 "https://",
                                 "https:///path",
                                 "http://h:",
                                 "http://h:0",
                                 "http://h:65536",
                                 "http://h:08",
                                 "http://h:1x",
                                 "http://user@h/",
                                 "http://h/a?b",
                                 "http://h/a#b",
                                 "http://h/a b",
                                 "http://h/a\r\nX: y",
                                 "http://h\r\n/",
                                 "http://[::1",
                                 "http://[::1]x",
                                 "http://[h]/",
                                 "http://[]/",
                                 "http://h:1:2/",
                                 "http://\xff/"}) {
    EXPECT_EQ(ParseHttpUrl(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseHttpUrl("http://h/" + std::string(4000, 'a')).ok());
  EXPECT_FALSE(ParseHttpUrl("http://" + std::string(300, 'a')).ok());
}

}  // namespace
}  // namespace touchstone::witness
