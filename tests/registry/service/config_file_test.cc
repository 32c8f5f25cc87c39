#include "registry/service/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace touchstone::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::tuple<int, std::string, std::string>> Parsed(absl::string_view text) {
  const auto lines = ParseConfig(text);
  EXPECT_TRUE(lines.ok()) << lines.status();
  std::vector<std::tuple<int, std::string, std::string>> parsed;
  if (!lines.ok()) return parsed;
  for (const ConfigLine& line : *lines) parsed.emplace_back(line.number, line.key, line.value);
  return parsed;
}

TEST(ConfigFile, ReadsKeysAndValuesOfEveryForm) {
  EXPECT_THAT(Parsed("# a comment\n"
                     "\n"
                     "bulk-streams = 8\n"
                     "  origin=\"a b # no comment\" # a comment\n"
                     "data = 'C:\\data'\n"
                     "guard = \"say \\\"g\\\" \\\\\"\r\n"
                     "insecure = true"),
              ElementsAre(std::make_tuple(3, "bulk-streams", "8"),
                          std::make_tuple(4, "origin", "a b # no comment"),
                          std::make_tuple(5, "data", "C:\\data"),
                          std::make_tuple(6, "guard", "say \"g\" \\"),
                          std::make_tuple(7, "insecure", "true")));
  EXPECT_THAT(Parsed(""), ElementsAre());
}

struct Mistake {
  const char* text;
  const char* message;
};

class ConfigFileMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ConfigFileMistake, IsNamedWithItsLine) {
  const auto lines = ParseConfig(GetParam().text);
  ASSERT_FALSE(lines.ok());
  EXPECT_THAT(std::string(lines.status().message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfigFileMistake,
    ::testing::Values(Mistake{"a = 1\n[server]\n", "line 2: there are no [sections]"},
                      Mistake{"listen", "line 1: 'listen' has no '='"},
                      Mistake{"--listen = x", "line 1: '--listen' is no name of an option"},
                      Mistake{"lis ten = x", "line 1: 'lis ten' is no name of an option"},
                      Mistake{" = x", "line 1: '' is no name of an option"},
                      Mistake{"listen =", "line 1: a key without a value"},
                      Mistake{"listen = # x", "line 1: a key without a value"},
                      Mistake{"listen = \"x", "line 1: a string that does not end with \""},
                      Mistake{"listen = \"x\\", "line 1: a string that does not end with \""},
                      Mistake{"listen = \"\\n\"", "line 1: a string knows the escapes"},
                      Mistake{"data = my data", "line 1: 'data' after the value of data"},
                      Mistake{"data = \"my\" data", "line 1: 'data' after the value of data"},
                      Mistake{"a = 1\nb = 2\na = 3\n", "line 3: a is set twice"}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

}  // namespace
}  // namespace touchstone::service
