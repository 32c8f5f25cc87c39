#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/choice_option.h"
#include "cli/config_file.h"
#include "cli/exit_status.h"
#include "cli/parse_error.h"
#include "cli/passport_name.h"
#include "tests/cli/temporary_directory.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/statement.pb.h"

namespace touchstone::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// ---- Configuration files. ----

TEST(ConfigFileTest, ReadsStringsWordsAndArrays) {
  const absl::StatusOr<std::vector<ConfigLine>> lines = ParseConfig(
      "# a comment\n"
      "\n"
      "registry = \"127.0.0.1:7420\"  # behind it\n"
      "  policy='a # b \\ c'\r\n"
      "timeout = 2.5\n"
      "json = true#x\n"
      "key = [ \"a.key\", 'b.key', c.key, ]\n"
      "empty = \"\"\n"
      "escaped = \"a \\\"b\\\" \\\\\"");
  ASSERT_THAT(lines, IsOk());
  ASSERT_EQ(lines->size(), 7u);
  EXPECT_EQ((*lines)[0].number, 3);
  EXPECT_THAT((*lines)[0].values, ElementsAre("127.0.0.1:7420"));
  EXPECT_THAT((*lines)[1].values, ElementsAre("a # b \\ c"));
  EXPECT_THAT((*lines)[2].values, ElementsAre("2.5"));
  EXPECT_THAT((*lines)[3].values, ElementsAre("true"));
  EXPECT_THAT((*lines)[4].values, ElementsAre("a.key", "b.key", "c.key"));
  EXPECT_THAT((*lines)[5].values, ElementsAre(""));
  EXPECT_THAT((*lines)[6].values, ElementsAre("a \"b\" \\"));
}

TEST(ConfigFileTest, NamesTheLineOfAMistake) {
  for (const char* line :
       {"registry", "= 3", "-registry = 3", "\"registry\" = 3", "registry =", "registry = \"a",
        "registry = 'a", "registry = \"a\\n\"", "registry = a b", "registry = \"a\" \"b\"",
        "[section]", "key = [\"a\", \"b\"", "key = [\"a\" \"b\"]", "key = ]", "policy = x"}) {
    const absl::Status status = ParseConfig(std::string("policy = \"p\"\n") + line + "\n").status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << line;
    EXPECT_THAT(std::string(status.message()), HasSubstr("line 2: ")) << line;
  }
}

class ConfigReaderTest : public testing::Test {
 protected:
  ConfigReaderTest() {
    app_.add_option("--policy", policy_)->type_name("FILE");
    app_.add_option("--key", keys_)->type_name("FILE");
    app_.add_option("--origin", origin_);
    app_.set_config("--config");
    app_.config_formatter(std::make_shared<ConfigReader>(&app_));
    app_.allow_config_extras(CLI::config_extras_mode::error);
  }

  void Parse(const std::string& config, const std::string& more = "") {
    const std::string file = directory_.Write("touchstone.toml", config);
    app_.parse("--config " + file + " " + more);
  }

  CLI::App app_;
  TemporaryDirectory directory_;
  std::string policy_;
  std::string origin_;
  std::vector<std::string> keys_;
};

TEST_F(ConfigReaderTest, TakesPathsRelativeToTheFile) {
  Parse("policy = \"trust.txt\"\nkey = [\"a\", \"/b\"]\norigin = \"x/y\"\n");
  EXPECT_EQ(policy_, directory_.Path("trust.txt"));
  EXPECT_THAT(keys_, ElementsAre(directory_.Path("a"), "/b"));
  EXPECT_EQ(origin_, "x/y");  // no path
}

TEST_F(ConfigReaderTest, TheCommandLineWins) {
  Parse("policy = \"trust.txt\"\nkey = \"a\"\n", "--key here --policy other");
  EXPECT_EQ(policy_, "other");
  EXPECT_THAT(keys_, ElementsAre("here"));
}

TEST_F(ConfigReaderTest, NamesUnknownOptions) {
  for (const char* line : {"polcy = 1", "config = 1", "help = true"}) {
    try {
      Parse(std::string("\n") + line);
      ADD_FAILURE() << line;
    } catch (const CLI::ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr("touchstone.toml: line 2: there is no option")) << line;
    }
  }
}

// ---- Mistakes on the command line. ----

class ParseErrorTest : public testing::Test {
 protected:
  ParseErrorTest() : app_("", "touchstone") {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_option("--policy", policy_);
    CLI::App* care = app_.add_subcommand("care");
    care->require_subcommand(1);
    CLI::App* add = care->add_subcommand("add");
    add->add_option("PASSPORT", passport_)->required();
    add->add_option("--kind", kind_)
        ->transform(IsOneOf(EnumChoices<v1::CareRecord::Kind>(
            v1::CareRecord::Kind_MAX, v1::CareRecord::Kind_IsValid, v1::CareRecord::Kind_Name)));
  }

  std::string Mistake(const std::string& arguments) {
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      return DescribeParseError(app_, error);
    }
    return "none";
  }

  CLI::App app_;
  std::string policy_;
  std::string passport_;
  v1::CareRecord::Kind kind_ = v1::CareRecord::KIND_UNSPECIFIED;
};

TEST_F(ParseErrorTest, NamesTheNearestRightWord) {
  EXPECT_THAT(Mistake("cere add x"),
              HasSubstr("no command 'touchstone cere'; did you mean \"care\""));
  EXPECT_THAT(Mistake("care ad x"), HasSubstr("no command 'touchstone care ad'"));
  EXPECT_THAT(Mistake("care add x --polcy y"),
              HasSubstr("care add has no option --polcy; did you mean \"--policy\""));
  EXPECT_THAT(Mistake("care add x --knd=y"), HasSubstr("no option --knd; did you mean \"--kind\""));
  EXPECT_THAT(Mistake("care add x y"), HasSubstr("what to do with 'y'"));
  EXPECT_THAT(Mistake("care add"), HasSubstr("PASSPORT is required"));
  EXPECT_THAT(Mistake("care add x --kind polish"),
              HasSubstr("'polish' is not one of cleaning|inspection|polishing|"));
  EXPECT_THAT(Mistake("care add x --kind polish"), HasSubstr("did you mean \"polishing\""));
}

TEST_F(ParseErrorTest, ShowsWhatThereIsWhereNothingWasAskedFor) {
  EXPECT_THAT(Mistake(""), HasSubstr("Usage: touchstone"));
  EXPECT_THAT(Mistake("care"), HasSubstr("Usage: touchstone care"));
}

TEST_F(ParseErrorTest, ChoicesAreReadInAnySpelling) {
  for (const char* word : {"prong-retipping", "PRONG_RETIPPING", "Prong-Retipping"}) {
    EXPECT_EQ(Mistake(std::string("care add x --kind ") + word), "none");
    EXPECT_EQ(kind_, v1::CareRecord::PRONG_RETIPPING);
  }
  EXPECT_NE(Mistake("care add x --kind 3"), "none");  // not the number of an enum value
}

// ---- What names a passport. ----

TEST(PassportNameTest, KnowsFilesFromIds) {
  const TemporaryDirectory directory;
  const std::string file = directory.Write("ring.passport", "");
  EXPECT_EQ(std::get<PassportFile>(ValueOrDie(PassportNameFromArgument(file))).path, file);
  EXPECT_TRUE(std::holds_alternative<PassportFile>(ValueOrDie(PassportNameFromArgument("-"))));
  const std::string text = ValueOrDie(PassportId::FromBytes(std::string(16, 'x'))).Format();
  EXPECT_EQ(std::get<PassportId>(ValueOrDie(PassportNameFromArgument(text))).Format(), text);

  std::string mistyped = text;
  mistyped[0] = mistyped[0] == '1' ? '2' : '1';
  EXPECT_THAT(std::string(PassportNameFromArgument(mistyped).status().message()),
              HasSubstr("a symbol was mistyped"));
  EXPECT_THAT(std::string(PassportNameFromArgument("no.passport").status().message()),
              HasSubstr("there is no file"));
  EXPECT_FALSE(PassportNameFromArgument("").ok());
}

TEST(PassportNameTest, WantsExactlyOneWay) {
  PassportNameOptions options;
  EXPECT_FALSE(PassportNameFromOptions(options).ok());
  options.inscription = "GIA 1";
  EXPECT_TRUE(std::holds_alternative<ByInscription>(ValueOrDie(PassportNameFromOptions(options))));
  options.gtin = "9521234100478";
  EXPECT_FALSE(PassportNameFromOptions(options).ok());
  options.inscription.clear();
  EXPECT_FALSE(PassportNameFromOptions(options).ok());  // a GTIN without its serial
  options.serial = "A";
  EXPECT_TRUE(std::holds_alternative<ByGtinSerial>(ValueOrDie(PassportNameFromOptions(options))));
  PassportNameOptions report;
  report.report_number = "1";
  EXPECT_FALSE(PassportNameFromOptions(report).ok());
  report.laboratory = "GIA";
  EXPECT_TRUE(std::holds_alternative<ByReport>(ValueOrDie(PassportNameFromOptions(report))));
}

// ---- What programs exit with. ----

TEST(ExitStatusTest, TellsOneNoFromAnother) {
  EXPECT_EQ(ExitStatusFor(absl::OkStatus()), kExitOk);
  EXPECT_EQ(ExitStatusFor(Refuse(RefusalCode::kBadSignature, "")), kExitRefused);
  EXPECT_EQ(ExitStatusFor(Refuse(RefusalCode::kUnknownField, "")), kExitCannotJudge);
  EXPECT_EQ(ExitStatusFor(absl::InvalidArgumentError("")), kExitUsage);
  EXPECT_EQ(ExitStatusFor(absl::NotFoundError("")), kExitUsage);
  EXPECT_EQ(ExitStatusFor(absl::UnavailableError("")), kExitUnavailable);
  EXPECT_EQ(ExitStatusFor(absl::UnknownError("")), kExitUnavailable);
  EXPECT_EQ(ExitStatusFor(absl::DataLossError("")), kExitRefused);
}

}  // namespace
}  // namespace touchstone::cli
