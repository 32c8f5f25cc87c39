#include "registry/service/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::service {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Result {
  std::variant<Options, int> parsed;
  std::string out;
  std::string err;

  const Options& options() const { return std::get<Options>(parsed); }
  bool ok() const { return std::holds_alternative<Options>(parsed); }
};

Result Parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "touchstone-registry");
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out, err;
  auto parsed = ParseOptions(static_cast<int>(argv.size()), argv.data(), out, err);
  return {std::move(parsed), out.str(), err.str()};
}

// What every registry needs.
std::vector<std::string> Needed(std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"--origin", "a.example/log", "--data",    "/srv/ts/data",
                                        "--guard",  "/srv/ts/guard", "--log-key", "/srv/ts/key"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

class OptionsTest : public ::testing::Test {
 protected:
  std::string WriteConfig(const std::string& text) {
    const std::string path = scratch_.File("registry.toml");
    std::ofstream(path) << text;
    return path;
  }
  storage::ScratchDirectory scratch_;
};

TEST_F(OptionsTest, HelpIsGroupedAndEndsWithSuccess) {
  const Result result = Parse({"--help"});
  EXPECT_EQ(std::get<int>(result.parsed), 0);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("The log and its files:"), HasSubstr("Network:"),
                    HasSubstr("Limits:"), HasSubstr("--guard PATH"), HasSubstr("Exit status:")));
}

TEST_F(OptionsTest, VersionEndsWithSuccess) {
  const Result result = Parse({"--version"});
  EXPECT_EQ(std::get<int>(result.parsed), 0);
  EXPECT_THAT(result.out, HasSubstr("touchstone-registry "));
}

TEST_F(OptionsTest, DefaultsListenOnThisMachineOnly) {
  const Result result = Parse(Needed());
  ASSERT_TRUE(result.ok()) << result.err;
  EXPECT_EQ(result.options().listen, "127.0.0.1:7420");
  EXPECT_FALSE(result.options().no_reflection);
  EXPECT_TRUE(result.options().serves());
  EXPECT_EQ(result.options().log_level, LogLevel::kInfo);
}

TEST_F(OptionsTest, ConfigurationFileSetsEveryKindOfOption) {
  const std::string config = WriteConfig(
      "origin = \"a.example/log\"\n"
      "data = \"data # 1\"\n"
      "guard = \"../guard\"\n"
      "log-key = \"/etc/log.key\"\n"
      "listen = \"0.0.0.0:0\"\n"
      "insecure = true\n"
      "no-reflection = true\n"
      "bulk-streams = 3\n"
      "log-format = json\n"
      "log-level = \"debug\"\n");
  const Result result = Parse({"--config", config});
  ASSERT_TRUE(result.ok()) << result.err;
  const Options& options = result.options();
  EXPECT_EQ(options.data_directory, scratch_.File("data # 1"));
  EXPECT_EQ(options.guard_file, scratch_.File("../guard"));
  EXPECT_EQ(options.log_key_file, "/etc/log.key");
  EXPECT_EQ(options.listen, "0.0.0.0:0");
  EXPECT_TRUE(options.insecure);
  EXPECT_TRUE(options.no_reflection);
  EXPECT_EQ(options.bulk_streams, 3u);
  EXPECT_EQ(options.log_format, LogFormat::kJson);
  EXPECT_EQ(options.log_level, LogLevel::kDebug);
}

TEST_F(OptionsTest, TheCommandLineWinsOverTheFile) {
  const std::string config = WriteConfig("bulk-streams = 3\nlog-level = error\ndata = \"d\"\n");
  const Result result =
      Parse(Needed({"--config", config, "--bulk-streams", "5", "--log-level=warning"}));
  ASSERT_TRUE(result.ok()) << result.err;
  EXPECT_EQ(result.options().bulk_streams, 5u);
  EXPECT_EQ(result.options().log_level, LogLevel::kWarning);
  EXPECT_EQ(result.options().data_directory, "/srv/ts/data");
}

TEST_F(OptionsTest, GuardWithinDataIsRefusedHoweverItIsSpelled) {
  std::filesystem::create_directory(scratch_.File("data"));
  std::filesystem::create_directory_symlink(scratch_.File("data"), scratch_.File("link"));
  const std::string data = scratch_.File("data");
  for (const std::string& guard : {data + "/guard", data + "/a/b/../guard", data + "/../data/guard",
                                   scratch_.File("link/guard"), data}) {
    const Result result =
        Parse({"--origin", "a", "--data", data, "--log-key", "k", "--guard", guard});
    EXPECT_FALSE(result.ok()) << guard;
    EXPECT_THAT(result.err, HasSubstr("lies in the data directory")) << guard;
  }
  EXPECT_TRUE(Parse({"--origin", "a", "--data", data, "--log-key", "k", "--guard",
                     scratch_.File("data-guard")})
                  .ok());
}

TEST_F(OptionsTest, LoopbackNeedsNoTls) {
  for (const char* listen : {"127.0.0.1:0", "127.3.2.1:1", "localhost:1", "[::1]:1"}) {
    EXPECT_TRUE(Parse(Needed({"--listen", listen})).ok()) << listen;
  }
  for (const char* listen :
       {"0.0.0.0:1", "[::]:1", "127.evil.example:1", "127.0.0.1.example:1", "10.0.0.1:1"}) {
    const Result result = Parse(Needed({"--listen", listen}));
    EXPECT_FALSE(result.ok()) << listen;
    EXPECT_THAT(result.err, HasSubstr("can be reached from other machines")) << listen;
    EXPECT_TRUE(Parse(Needed({"--listen", listen, "--insecure"})).ok()) << listen;
    EXPECT_TRUE(Parse(Needed({"--listen", listen, "--tls-cert", "c", "--tls-key", "k"})).ok());
  }
}

struct Mistake {
  std::string name;
  std::vector<std::string> arguments;
  std::vector<std::string> said;  // all of these
};

class OptionMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(OptionMistake, NamesTheOptionTheValueAndWhatIsAccepted) {
  const Result result = Parse(GetParam().arguments);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(std::get<int>(result.parsed), kExitWrongOptions);
  EXPECT_EQ(result.out, "");
  for (const std::string& said : GetParam().said) EXPECT_THAT(result.err, HasSubstr(said));
}

INSTANTIATE_TEST_SUITE_P(
    All, OptionMistake,
    ::testing::Values(
        Mistake{"Level",
                Needed({"--log-level", "loud"}),
                {"--log-level", "'loud'", "debug, error, info, warning"}},
        Mistake{"Format", Needed({"--log-format", "xml"}), {"--log-format", "'xml'", "json, text"}},
        Mistake{"NumberTooLarge",
                Needed({"--bulk-streams", "5000"}),
                {"--bulk-streams", "'5000'", "1 to 1024"}},
        Mistake{
            "NumberZero", Needed({"--reads-at-once", "0"}), {"--reads-at-once", "'0'", "1 to 256"}},
        Mistake{"NumberNegative",
                Needed({"--drain-seconds=-1"}),
                {"--drain-seconds", "'-1'", "0 to 3600"}},
        Mistake{"NumberWithUnit",
                Needed({"--block-cache-mib", "64MiB"}),
                {"--block-cache-mib", "'64MiB'", "8 to"}},
        Mistake{"Port",
                Needed({"--listen", "127.0.0.1:70000"}),
                {"--listen", "'127.0.0.1:70000'", "HOST:PORT", "65535"}},
        Mistake{"NoPort", Needed({"--listen", "localhost"}), {"--listen", "HOST:PORT"}},
        Mistake{"BareV6", Needed({"--listen", "::1:7420"}), {"--listen", "brackets"}},
        Mistake{"Unknown", Needed({"--lissten", "x"}), {"--lissten"}},
        Mistake{"EmptyPath", Needed({"--genesis", ""}), {"--genesis", "empty"}},
        Mistake{"NoData", {"--origin", "a", "--guard", "g", "--log-key", "k"}, {"--data"}},
        Mistake{"NoGuard", {"--origin", "a", "--data", "d", "--log-key", "k"}, {"--guard"}},
        Mistake{"NoOrigin", {"--guard", "g", "--data", "d", "--log-key", "k"}, {"--origin"}},
        Mistake{"NoKey", {"--guard", "g", "--data", "d", "--origin", "a"}, {"--log-key"}},
        Mistake{"CertWithoutKey", Needed({"--tls-cert", "c"}), {"--tls-cert", "--tls-key"}},
        Mistake{"ClientCaWithoutTls", Needed({"--client-ca", "c"}), {"--client-ca", "--tls-cert"}},
        Mistake{"TlsAndInsecure",
                Needed({"--tls-cert", "c", "--tls-key", "k", "--insecure"}),
                {"--insecure", "--tls-cert"}},
        Mistake{"TwoModes",
                Needed({"--export", "e", "--restore-guard", "c"}),
                {"--export", "--restore-guard"}},
        Mistake{"TooMuchBulk",
                Needed({"--bulk-streams", "9", "--stream-window", "1024"}),
                {"--bulk-streams", "--stream-window", "8192"}},
        Mistake{"NoSuchConfig", Needed({"--config", "/no/such/file"}), {"/no/such/file"}}),
    [](const auto& test) { return test.param.name; });

struct ConfigMistake {
  std::string name;
  std::string text;
  std::vector<std::string> said;
};

class ConfigMistakeTest : public ::testing::TestWithParam<ConfigMistake> {};

TEST_P(ConfigMistakeTest, NamesFileAndLine) {
  storage::ScratchDirectory scratch;
  const std::string config = scratch.File("registry.toml");
  std::ofstream(config) << "# first line\n" << GetParam().text << "\n";
  const Result result = Parse(Needed({"--config", config}));
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.err, HasSubstr(config));
  for (const std::string& said : GetParam().said) EXPECT_THAT(result.err, HasSubstr(said));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfigMistakeTest,
    ::testing::Values(
        ConfigMistake{"UnknownKey", "lissten = x", {":2:", "'lissten'", "listen, "}},
        ConfigMistake{"NotForFiles", "export = x", {":2:", "'export'"}},
        ConfigMistake{"ConfigInConfig", "config = x", {":2:", "'config'"}},
        ConfigMistake{"WrongNumber", "bulk-streams = many", {":2:", "'many'", "1 to 1024"}},
        ConfigMistake{"WrongChoice", "log-level = loud", {":2:", "'loud'", "debug, error"}},
        ConfigMistake{"WrongFlag", "insecure = maybe", {":2:", "'maybe'", "true, false"}},
        ConfigMistake{"Section", "[server]", {"line 2", "sections"}},
        ConfigMistake{"Twice", "bulk-streams = 1\nbulk-streams = 2", {"line 3", "twice"}}),
    [](const auto& test) { return test.param.name; });

TEST_F(OptionsTest, TheVaultsKeysLieOutsideOfWhatIsCopied) {
  const Result good = Parse(Needed({"--vault", "/srv/ts/vault", "--vault-keys", "/srv/keys"}));
  ASSERT_TRUE(good.ok()) << good.err;
  EXPECT_EQ(good.options().vault_directory, "/srv/ts/vault");
  EXPECT_THAT(Parse(Needed({"--vault", "/srv/ts/vault"})).err, HasSubstr("--vault-keys"));
  EXPECT_THAT(Parse(Needed({"--vault-keys", "/srv/keys"})).err, HasSubstr("--vault"));
  EXPECT_THAT(Parse(Needed({"--vault", "/srv/ts/vault/", "--vault-keys", "/srv/ts/vault/k"})).err,
              HasSubstr("lies in"));
  for (const char* within : {"/srv/ts/vault", "/srv/ts/vault/keys", "/srv/ts/data/keys"}) {
    EXPECT_THAT(Parse(Needed({"--vault", "/srv/ts/vault", "--vault-keys", within})).err,
                HasSubstr("lies in"));
  }
}

}  // namespace
}  // namespace touchstone::service
