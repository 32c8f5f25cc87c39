#include "registry/witness/witness_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::witness {
namespace {

using ::testing::HasSubstr;

VerifierKey Key(absl::string_view name, NoteSignatureType type) {
  return ValueOrDie(VerifierKey::Create(name, type, NamedKey(name).public_key()));
}

TEST(WitnessPolicyTest, EveryWitnessHasAUrl) {
  const VerifierKey log = Key("log", NoteSignatureType::kEd25519);
  const std::string start = absl::StrCat("log ", log.Format(), "\n");
  const std::string one =
      absl::StrCat("witness one ", Key("w1", NoteSignatureType::kCosignatureV1).Format());
  const auto policy =
      WitnessPolicy::Parse(absl::StrCat(start, one, " https://w.example/x\nquorum one\n"), log);
  ASSERT_THAT(policy, IsOk());
  EXPECT_EQ(policy->urls().at(0).host, "w.example");

  struct Case {
    std::string text;
    const char* said;
  };
  const std::string other = absl::StrCat("log ", Key("other", NoteSignatureType::kEd25519).Format(),
                                         "\n", one, " http://w\n");
  for (const Case& c : {
           Case{"nonsense", "line 1"},
           Case{start + one + "\nquorum one\n", "'one' has no URL"},
           Case{start + one + " ftp://w\nquorum one\n", "'one': 'ftp://w' is not a URL"},
           Case{start + one + " http://w\nquorum none\n", "its quorum is 'none'"},
           Case{other + "quorum one\n", "this registry's is"},
       }) {
    const auto refused = WitnessPolicy::Parse(c.text, log);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(c.said)) << c.text;
  }
}

}  // namespace
}  // namespace touchstone::witness
