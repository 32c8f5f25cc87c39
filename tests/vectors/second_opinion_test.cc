// Both readers on damaged files: not only whether they notice, but which of the two answers they
// give, refused or cannot judge, which hangs on the order of the checks.

#include "tests/vectors/second_opinion.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/vectors/example_log.h"
#include "verifier/observed.h"
#include "verifier/policy.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

constexpr uint64_t kNowMs = 1'795'303'600'000;

struct Subject {
  std::string policy_text;
  TrustPolicy policy;
  std::string file;
};

Subject MakeSubject() {
  const ExampleLog example = MakeExampleLog();
  const std::string policy = ExamplePolicy(example);
  return {policy, Must(TrustPolicy::Parse(policy)), TestLog::PassportFile(RingPassport(example))};
}

// Answers whether anybody believed it.
bool Ask(const Subject& subject, const std::string& file) {
  const absl::Status status = CheckPassport(subject.policy, file, Observed{}, kNowMs).status();
  ExpectSecondReaderAgrees(subject.policy_text, file, status);
  return status.ok();
}

TEST(SecondOpinion, OnTheExample) {
  const Subject subject = MakeSubject();
  EXPECT_TRUE(Ask(subject, subject.file));
  EXPECT_FALSE(Ask(subject, ""));
}

TEST(SecondOpinion, OnFlippedBits) {
  const Subject subject = MakeSubject();
  for (size_t i = 0; i < subject.file.size(); i += 7) {
    SCOPED_TRACE(i);
    std::string damaged = subject.file;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
    EXPECT_FALSE(Ask(subject, damaged));
  }
}

// Bytes put in, taken out and doubled: fields that move, lengths that no longer fit.
TEST(SecondOpinion, OnMovedBytes) {
  const Subject subject = MakeSubject();
  std::mt19937 random(1);
  const auto below = [&random](size_t end) { return random() % end; };
  for (int round = 0; round < 1000; ++round) {
    SCOPED_TRACE(round);
    std::string damaged = subject.file;
    const size_t at = below(damaged.size());
    const size_t count = 1 + below(40);
    switch (below(3)) {
      case 0:
        damaged.erase(at, count);
        break;
      case 1:
        damaged.insert(at, damaged.substr(below(damaged.size()), count));
        break;
      case 2:
        damaged.replace(at, 1, 1, static_cast<char>(below(256)));
        break;
    }
    EXPECT_EQ(Ask(subject, damaged), damaged == subject.file);
  }
}

}  // namespace
}  // namespace touchstone
