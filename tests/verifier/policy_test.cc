#include "verifier/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/published_checkpoint.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/test_keys.h"
#include "verifier/base64.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr absl::string_view kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
constexpr absl::string_view kGenesis =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

std::string Vkey(uint8_t number) { return LogKey("log.example", TestKey(number)).Format(); }

std::string WitnessVkey(uint8_t number) {
  return WitnessKey(absl::StrCat("w", number, ".example"), TestKey(number)).Format();
}

// "log <key 1>"
std::string LogLine() { return absl::StrCat("log ", Vkey(1), "\n"); }

// "witness X10 <key 10>"
std::string WitnessLine(uint8_t number) {
  return absl::StrCat("witness X", number, " ", WitnessVkey(number), "\n");
}

// Refused, with a message that says all of it.
testing::Matcher<const absl::StatusOr<TrustPolicy>&> RefusesNaming(absl::string_view where,
                                                                   absl::string_view what) {
  return AllOf(IsRefused(RefusalCode::kInvalidPolicy),
               testing::ResultOf(
                   [](const absl::StatusOr<TrustPolicy>& policy) {
                     return std::string(policy.status().message());
                   },
                   AllOf(StartsWith(std::string(where)), HasSubstr(std::string(what)))));
}

TEST(Policy, ReadsTheExampleOfTheSpecification) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(absl::StrCat(
      LogLine(), "\n", "witness X1 ", WitnessVkey(11), "\n", "witness X2 ", WitnessVkey(12), "\n",
      "witness X3 ", WitnessVkey(13), "\n", "group X-witnesses 2 X1 X2 X3\n\n", "witness Y1 ",
      WitnessVkey(21), "\n", "witness Y2 ", WitnessVkey(22), "\n", "witness Y3 ", WitnessVkey(23),
      "\n", "group Y-witnesses any Y1 Y2 Y3\n\n", "group X-and-Y all X-witnesses Y-witnesses\n",
      "quorum X-and-Y\n")));
  EXPECT_EQ(policy.origin(), "log.example");
  EXPECT_EQ(policy.log_key(), LogKey("log.example", TestKey(1)));
  ASSERT_EQ(policy.witnesses().size(), 6u);
  EXPECT_EQ(policy.witnesses()[4].name, "Y2");
  EXPECT_EQ(policy.witnesses()[4].key.Format(), WitnessVkey(22));
  ASSERT_TRUE(policy.quorum().has_value());
  const QuorumNode& quorum = *policy.quorum();
  EXPECT_EQ(quorum.name, "X-and-Y");
  EXPECT_EQ(quorum.threshold, 2u);
  ASSERT_EQ(quorum.members.size(), 2u);
  EXPECT_EQ(quorum.members[0].threshold, 2u);
  EXPECT_EQ(quorum.members[1].threshold, 1u);
  ASSERT_EQ(quorum.members[1].members.size(), 3u);
  EXPECT_EQ(quorum.members[1].members[2].witness, 5u);
  EXPECT_EQ(policy.genesis(), std::nullopt);
  EXPECT_EQ(policy.max_age_seconds(), std::nullopt);
}

TEST(Policy, ReadsTheKeysOfPublicWitnesses) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(kPublishedPolicy));
  EXPECT_EQ(policy.witnesses().size(), 5u);
  EXPECT_EQ(policy.quorum()->threshold, 4u);
}

TEST(Policy, ReadsOurOwnLines) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(
      absl::StrCat("# our own\n", "log ", Vkey(1), " https://log.example/\n", "genesis ", kGenesis,
                   "\n", "retired ", Vkey(2), " 1000 ", kRoot, "\n", "retired ", Vkey(3), " 20 ",
                   kRoot, "\n", "max_age 86400\n", "quorum none\n")));
  EXPECT_EQ(policy.log_url(), "https://log.example/");
  ASSERT_TRUE(policy.genesis().has_value());
  EXPECT_EQ(DigestToHex(*policy.genesis()), kGenesis);
  ASSERT_EQ(policy.retired_keys().size(), 2u);
  EXPECT_EQ(policy.retired_keys()[0].key.Format(), Vkey(2));
  EXPECT_EQ(policy.retired_keys()[0].size, 1000u);
  EXPECT_EQ(DigestToBase64(policy.retired_keys()[0].root), kRoot);
  EXPECT_EQ(policy.max_age_seconds(), 86400u);
  EXPECT_EQ(policy.quorum(), std::nullopt);
}

TEST(Policy, BlanksTabsCommentsAndOrderDoNotMatter) {
  EXPECT_THAT(TrustPolicy::Parse(
                  absl::StrCat("quorum none\n \t \n\n  # log x\n#\n\t log \t ", Vkey(1), "\t\n")),
              IsOk());
  // Editors that leave out the last newline are forgiven.
  EXPECT_THAT(TrustPolicy::Parse(absl::StrCat(LogLine(), "quorum none")), IsOk());
}

TEST(Policy, NamesAreOpaqueBytes) {
  // K, and the Kelvin sign, which case folding would take for k; and bytes that are no UTF-8.
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(absl::StrCat(
      LogLine(), "witness K ", WitnessVkey(11), "\nwitness \xE2\x84\xAA ", WitnessVkey(12),
      "\nwitness \xFF ", WitnessVkey(13), "\ngroup k all K \xE2\x84\xAA \xFF\nquorum k\n")));
  EXPECT_EQ(policy.quorum()->members.size(), 3u);
}

TEST(Policy, AQuorumMayBeOneWitness) {
  const TrustPolicy policy =
      ValueOrDie(TrustPolicy::Parse(absl::StrCat(LogLine(), WitnessLine(11), "quorum X11\n")));
  EXPECT_EQ(policy.quorum()->witness, 0u);
}

TEST(Policy, NamesTheLineOfAMistake) {
  const std::string log = LogLine();
  const std::string two = WitnessLine(11) + WitnessLine(12);
  const struct {
    std::string text;
    absl::string_view where, what;
  } kMistakes[] = {
      {"", "the trust policy", "no log line"},
      {log, "the trust policy", "no quorum line"},
      {"quorum none\n", "the trust policy", "no log line"},
      {log + "quorums none\n", "line 2 ", "none of log, witness"},
      {log + "Quorum none\n", "line 2 ", "none of log, witness"},
      {log + "quorum none\nquorum none\n", "line 3 ", "second quorum"},
      {log + "quorum\n", "line 2 ", "expected: quorum"},
      {log + "quorum none none\n", "line 2 ", "expected: quorum"},
      {log + "quorum X11\n" + two, "line 2 ", "'X11' names no witness or group of the lines above"},
      {"log\n", "line 1 ", "expected: log"},
      {"log x\n", "line 1 ", "name+id+key"},
      {"log " + Vkey(1) + " a b\n", "line 1 ", "expected: log"},
      {"log " + WitnessVkey(1) + "\n", "line 1 ", "type 0x04 where 0x01 is needed"},
      {log + "log " + Vkey(2) + "\n", "line 2 ", "second log"},
      {log + "witness X1 " + Vkey(2) + "\n", "line 2 ", "type 0x01 where 0x04 is needed"},
      {log + "witness X1\n", "line 2 ", "expected: witness"},
      {log + "witness none " + WitnessVkey(2) + "\n", "line 2 ", "'none' cannot name"},
      {log + two + WitnessLine(11), "line 4 ", "'X11' is taken"},
      {log + two + "witness other " + WitnessVkey(11) + "\n", "line 4 ", "in the policy already"},
      {log + "witness log " + WitnessVkey(1) + "\n", "line 2 ", "in the policy already"},
      {log + two + "group g 1\n", "line 4 ", "expected: group"},
      {log + two + "group g 0 X11 X12\n", "line 4 ", "1 to 2"},
      {log + two + "group g 3 X11 X12\n", "line 4 ", "1 to 2"},
      {log + two + "group g 01 X11 X12\n", "line 4 ", "1 to 2"},
      {log + two + "group g some X11 X12\n", "line 4 ", "1 to 2"},
      {log + two + "group g any X11 X13\n", "line 4 ", "'X13' names no"},
      {log + two + "group g any g\n", "line 4 ", "'g' names no"},
      {log + two + "group g any none\n", "line 4 ", "'none' names no"},
      {log + two + "group none any X11\n", "line 4 ", "'none' cannot name"},
      {log + two + "group X11 any X12\n", "line 4 ", "'X11' is taken"},
      {log + two + "group g any X11 X11\n", "line 4 ", "'X11' is a member"},
      {log + two + "group g any X11\ngroup h any X11\n", "line 5 ", "'X11' is a member"},
      {log + "genesis\n", "line 2 ", "expected: genesis"},
      {log + "genesis 00\n", "line 2 ", "64 characters"},
      {log + absl::StrCat("genesis ", kGenesis, "\ngenesis ", kGenesis, "\n"), "line 3 ",
       "second genesis"},
      {log + "retired " + Vkey(2) + " 10\n", "line 2 ", "expected: retired"},
      {log + absl::StrCat("retired ", Vkey(2), " 010 ", kRoot, "\n"), "line 2 ", "leading zero"},
      {log + absl::StrCat("retired ", Vkey(2), " 10 ", kGenesis, "\n"), "line 2 ", "base64"},
      {log + absl::StrCat("retired ", Vkey(1), " 10 ", kRoot, "\n"), "line 2 ",
       "in the policy already"},
      {log + absl::StrCat("retired ", LogKey("other.example", TestKey(2)).Format(), " 10 ", kRoot,
                          "\nquorum none\n"),
       "the trust policy retires", "other.example"},
      {log + "max_age\n", "line 2 ", "expected: max_age"},
      {log + "max_age 0\n", "line 2 ", "nothing would ever be fresh"},
      {log + "max_age 1h\n", "line 2 ", "digits"},
      {log + "max_age 99999999999\n", "line 2 ", "largest"},
      {log + "max_age 1\nmax_age 1\n", "line 3 ", "second max_age"},
      {"log " + Vkey(1) + "\r\nquorum none\r\n", "line 1 ", "Unix line ends"},
      {log + "# a\x01\n", "line 2 ", "0x01"},
      {log + "# a\x7F\n", "line 2 ", "0x7f"},
  };
  for (const auto& mistake : kMistakes) {
    EXPECT_THAT(TrustPolicy::Parse(mistake.text), RefusesNaming(mistake.where, mistake.what))
        << mistake.text;
  }
}

TEST(Policy, DoesNotTakeNewAlgorithmsForMistakes) {
  const std::string vkey =
      absl::StrCat("w.example+00000000+", Base64Encode("\x06" + std::string(1312, 'k')));
  const absl::StatusOr<TrustPolicy> policy =
      TrustPolicy::Parse(absl::StrCat(LogLine(), "witness w ", vkey, "\nquorum none\n"));
  EXPECT_THAT(policy, IsRefused(RefusalCode::kUnknownKeyAlgorithm));
  EXPECT_THAT(std::string(policy.status().message()), StartsWith("line 2 "));
}

TEST(Policy, HoldsItsLimits) {
  std::string text = LogLine();
  for (size_t i = 0; i < limits::kPolicyWitnessesMax; ++i) {
    text += WitnessLine(static_cast<uint8_t>(10 + i));
  }
  for (size_t i = 0; i < limits::kPolicyGroupsMax; ++i) {
    absl::StrAppend(&text, "group g", i, " any ", i == 0 ? "X10" : absl::StrCat("g", i - 1), "\n");
  }
  EXPECT_THAT(TrustPolicy::Parse(text + "quorum g31\n"), IsOk());
  EXPECT_THAT(TrustPolicy::Parse(text + WitnessLine(100)), RefusesNaming("line 66 ", "more than"));
  EXPECT_THAT(TrustPolicy::Parse(text + "group h any X11\n"),
              RefusesNaming("line 66 ", "more than"));
  EXPECT_THAT(TrustPolicy::Parse(std::string(limits::kPolicyBytesMax + 1, '\n')),
              IsRefused(RefusalCode::kTooLarge));
}

// The quorum by its definition: met by a set of witnesses, yes or no.
bool IsMet(const QuorumNode& node, const std::vector<bool>& cosigned) {
  if (node.witness.has_value()) return cosigned[*node.witness];
  const auto met = std::count_if(node.members.begin(), node.members.end(),
                                 [&](const QuorumNode& member) { return IsMet(member, cosigned); });
  return static_cast<size_t>(met) >= node.threshold;
}

QuorumNode RandomQuorum(std::mt19937& random, size_t depth, size_t& witnesses) {
  QuorumNode node;
  if (depth == 0 || random() % 4 == 0) {
    node.witness = witnesses++;
    return node;
  }
  const size_t members = 1 + random() % 4;
  for (size_t i = 0; i < members; ++i) {
    node.members.push_back(RandomQuorum(random, depth - 1, witnesses));
  }
  node.threshold = 1 + random() % members;
  return node;
}

// The newest time is the largest t for which those that cosigned at t or later are a quorum.
TEST(QuorumTime, IsTheNewestTimeForWhichTheQuorumIsMet) {
  std::mt19937 random(7);
  size_t met_count = 0;
  for (int round = 0; round < 3000; ++round) {
    size_t witness_count = 0;
    const QuorumNode quorum = RandomQuorum(random, 3, witness_count);
    std::vector<std::optional<uint64_t>> times(witness_count);
    for (auto& time : times) {
      if (random() % 3 != 0) time = random() % 10;
    }
    std::optional<uint64_t> expected;
    for (uint64_t t = 0; t < 10; ++t) {
      std::vector<bool> cosigned;
      for (const auto& time : times) cosigned.push_back(time.has_value() && *time >= t);
      if (IsMet(quorum, cosigned)) expected = t;
    }
    EXPECT_EQ(QuorumTime(quorum, times), expected) << "round " << round;
    met_count += expected.has_value();
  }
  EXPECT_GT(met_count, 500u);
  EXPECT_LT(met_count, 2500u);
}

}  // namespace
}  // namespace touchstone
