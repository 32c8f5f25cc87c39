#include "cli/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/json_writer.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(JsonReaderTest, ReadsEveryKindOfValue) {
  const JsonValue json = ValueOrDie(
      ParseJson(R"( {"a": [1, -2.50e+3, true, false, null], "b": {}, "c": "x", "d": []} )"));
  ASSERT_EQ(json.kind, JsonValue::Kind::kObject);
  const JsonValue& a = *json.Find("a");
  ASSERT_EQ(a.items.size(), 5u);
  EXPECT_EQ(a.items[0].text, "1");
  EXPECT_EQ(a.items[1].text, "-2.50e+3");
  EXPECT_TRUE(a.items[2].boolean);
  EXPECT_FALSE(a.items[3].boolean);
  EXPECT_EQ(a.items[4].kind, JsonValue::Kind::kNull);
  EXPECT_TRUE(json.Find("b")->members.empty());
  EXPECT_EQ(json.Find("c")->text, "x");
  EXPECT_EQ(json.Find("e"), nullptr);
}

TEST(JsonReaderTest, KnowsWhereThingsStand) {
  const JsonValue json = ValueOrDie(ParseJson("{\n  \"é\": \"ü\",  \"b\":\n 7}"));
  EXPECT_EQ(FormatPosition(json.members[0].at), "line 2, column 3");
  EXPECT_EQ(FormatPosition(json.members[0].value.at), "line 2, column 8");
  EXPECT_EQ(FormatPosition(json.members[1].at), "line 2, column 14");
  EXPECT_EQ(FormatPosition(json.members[1].value.at), "line 3, column 2");
}

TEST(JsonReaderTest, PositionsGoOnFromWhereTheTextStands) {
  EXPECT_THAT(std::string(ParseJson("{]", {17, 5}).status().message()),
              StartsWith("line 17, column 6: "));
}

TEST(JsonReaderTest, UnderstandsEscapes) {
  EXPECT_EQ(ValueOrDie(ParseJson(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\udc8e")")).text,
            "\"\\/\b\f\n\r\tAé€💎");
}

TEST(JsonReaderTest, SkipsAByteOrderMark) {
  EXPECT_EQ(ValueOrDie(ParseJson("\xEF\xBB\xBF[]")).kind, JsonValue::Kind::kArray);
}

struct Mistake {
  const char* json;
  const char* message;
};

class JsonMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(JsonMistakeTest, IsNamedWithItsPlace) {
  const absl::Status status = ParseJson(GetParam().json).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << GetParam().json;
  EXPECT_THAT(std::string(status.message()), StartsWith(GetParam().message)) << GetParam().json;
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonMistakeTest,
    ::testing::Values(
        Mistake{"", "line 1, column 1: expected a value"},
        Mistake{"{", "line 1, column 2: expected a name"},
        Mistake{"{\"a\" 1}", "line 1, column 6: expected ':'"},
        Mistake{"{\"a\": 1 \"b\": 2}", "line 1, column 9: expected ','"},
        Mistake{"{\"a\": 1,}", "line 1, column 9: a comma stands before"},
        Mistake{"[1,]", "line 1, column 4: a comma stands before"},
        Mistake{"[1", "line 1, column 3: the text ends inside an array"},
        Mistake{"{\"a\":1", "line 1, column 7: the text ends inside an object"},
        Mistake{"{\"a\":\n1, \"a\": 2}", "line 2, column 4: \"a\" is here a second time"},
        Mistake{"[01]", "line 1, column 4: a number has no leading zeros"},
        Mistake{"[1.]", "line 1, column 4: expected a digit"},
        Mistake{"[.5]", "line 1, column 2: expected a value"},
        Mistake{"[+5]", "line 1, column 2: expected a value"},
        Mistake{"[1e]", "line 1, column 4: expected a digit"},
        Mistake{"[NaN]", "line 1, column 2: expected a value"},
        Mistake{"[ring]", "line 1, column 2: expected a value; text stands in double quotes"},
        Mistake{"['a']", "line 1, column 2: expected a value; text stands in double quotes"},
        Mistake{"[nul]", "line 1, column 2: expected a value"},
        Mistake{"\"a\nb\"", "line 1, column 3: a string ends on its line"},
        Mistake{"\"a", "line 1, column 3: the text ends inside a string"},
        Mistake{"\"\\x\"", "line 1, column 3: a backslash begins no escape"},
        Mistake{"\"\\u12\"", "line 1, column 6: expected \\u"},
        Mistake{"\"\\ud800\"", "line 1, column 8: half of a surrogate pair"},
        Mistake{"\"\\ud800\\u0041\"", "line 1, column 14: half of a surrogate pair"},
        Mistake{"\"\\udc00\"", "line 1, column 8: half of a surrogate pair"},
        Mistake{"\"\\u0000\"", "line 1, column 8: \\u0000"},
        Mistake{"\"\xff\"", "line 1, column 1: not UTF-8"},
        Mistake{"[] []", "line 1, column 4: there is something behind the end"},
        Mistake{"// no", "line 1, column 1: expected a value"}),
    [](const auto& mistake) { return absl::StrCat("Mistake", mistake.index); });

TEST(JsonReaderTest, DepthIsBounded) {
  const auto nested = [](int levels) {
    return absl::StrCat(std::string(static_cast<size_t>(levels), '['), "1",
                        std::string(static_cast<size_t>(levels), ']'));
  };
  EXPECT_THAT(ParseJson(nested(kJsonDepthMax)), IsOk());
  EXPECT_THAT(std::string(ParseJson(nested(kJsonDepthMax + 1)).status().message()),
              HasSubstr("nested deeper"));
  EXPECT_FALSE(ParseJson(std::string(kJsonBytesMax, '[')).ok());
}

TEST(JsonReaderTest, SizeIsBounded) {
  EXPECT_THAT(ParseJson(absl::StrCat("1", std::string(kJsonBytesMax - 1, ' '))), IsOk());
  EXPECT_FALSE(ParseJson(absl::StrCat("1", std::string(kJsonBytesMax, ' '))).ok());
}

TEST(JsonWriterTest, WritesOneLine) {
  JsonWriter json(JsonWriter::Layout::kOneLine);
  json.BeginObject();
  json.Key("a");
  json.BeginArray();
  json.Number(1);
  json.Boolean(true);
  json.Null();
  json.EndArray();
  json.Key("b");
  json.BeginObject();
  json.EndObject();
  json.EndObject();
  EXPECT_EQ(std::move(json).Finish(), R"({"a": [1, true, null], "b": {}})");
}

TEST(JsonWriterTest, WritesIndentedLines) {
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("a");
  json.BeginArray();
  json.String("x");
  json.String("y");
  json.EndArray();
  json.Key("b");
  json.BeginArray();
  json.EndArray();
  json.EndObject();
  EXPECT_EQ(std::move(json).Finish(),
            "{\n  \"a\": [\n    \"x\",\n    \"y\"\n  ],\n  \"b\": []\n}\n");
}

TEST(JsonWriterTest, WhatItQuotesIsReadBack) {
  std::string text = "é💎\"\\/\x7f";
  for (char c = 1; c < 0x20; ++c) text.push_back(c);
  EXPECT_EQ(ValueOrDie(ParseJson(QuoteJson(text))).text, text);
}

}  // namespace
}  // namespace touchstone::cli
