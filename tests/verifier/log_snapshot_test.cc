// What a checkpoint must be under a policy, and how old it reads.
#include "verifier/log_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"
#include "verifier/base64.h"
#include "verifier/entry.h"
#include "verifier/merkle.h"

namespace touchstone {
namespace {

constexpr uint64_t kHourMs = 3'600'000;

v1::Passport Cosigned(const TestLog& log, const std::vector<std::string>& witnesses) {
  v1::Passport passport = log.Passport(1);
  passport.set_checkpoint(log.Checkpoint(0, witnesses));
  return passport;
}

TEST(LogSnapshot, NeedsTheQuorum) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText({"alpha", "beta"}));
  const auto check = [&](const std::vector<std::string>& witnesses) {
    return CheckPassport(policy, TestLog::PassportFile(Cosigned(log, witnesses)), Observed{},
                         log.now_ms());
  };
  EXPECT_THAT(check({}), IsRefused(RefusalCode::kQuorumNotMet));
  EXPECT_THAT(check({"alpha"}), IsRefused(RefusalCode::kQuorumNotMet));
  EXPECT_THAT(check({"alpha", "gamma"}), IsRefused(RefusalCode::kQuorumNotMet));
  const auto record = check({"alpha", "beta"});
  ASSERT_THAT(record, IsOk());
  EXPECT_TRUE(record->log.quorum_asked);
  ASSERT_EQ(record->log.witnesses.size(), 2u);
  EXPECT_EQ(record->log.witnesses[1].name, "beta");
  EXPECT_TRUE(record->freshness.by_witnesses);
  EXPECT_EQ(record->freshness.as_of_ms, log.WitnessTimeSeconds() * 1000);
}

// A log whose old key was retired at `size`, and replaced by "new log key".
std::string PolicyAfterRotation(const TestLog& log, uint64_t size, const Digest& root) {
  const VerifierKey key = ValueOrDie(VerifierKey::Create(log.origin(), NoteSignatureType::kEd25519,
                                                         NamedKey("new log key").public_key()));
  return absl::StrCat("log ", key.Format(), "\ngenesis ", DigestToHex(log.GenesisDigest()),
                      "\nretired ", log.LogVkey(), " ", size, " ", DigestToBase64(root),
                      "\nquorum none\n");
}

TEST(LogSnapshot, BelievesARetiredKeyUpToItsLastCheckpoint) {
  const TestLog log = WholeLife();
  const auto check = [&](const std::string& policy, uint64_t size) {
    return CheckPassport(PolicyOf(policy), log.PassportFile(1, size), Observed{}, log.now_ms());
  };
  const auto at_the_end = check(PolicyAfterRotation(log, 15, log.Root(15)), 15);
  ASSERT_THAT(at_the_end, IsOk());
  EXPECT_TRUE(at_the_end->log.signed_by_retired_key);
  EXPECT_THAT(check(PolicyAfterRotation(log, 13, log.Root(13)), 15),
              IsRefused(RefusalCode::kRetiredKey));
  EXPECT_THAT(check(PolicyAfterRotation(log, 15, Digest{1}), 15),
              IsRefused(RefusalCode::kRetiredKey));
  // Before the end nothing shows that this is the history that was retired.
  const auto before = check(PolicyAfterRotation(log, 15, log.Root(15)), 13);
  EXPECT_THAT(before, IsRefused(RefusalCode::kRetiredKeyUnproven));
  EXPECT_EQ(OutcomeOf(before.status()), Outcome::kCannotJudge);
}

TEST(LogSnapshot, BelievesARetiredKeysEarlierCheckpointsWithTheirPath) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(PolicyAfterRotation(log, 15, log.Root(15)));
  std::vector<Digest> leaves;
  for (uint64_t i = 0; i < 15; ++i) {
    const Digest digest = EntryDigest(log.Frame(i));
    leaves.push_back(LeafHash(DigestBytes(digest)));
  }
  std::string path;
  for (const Digest& node : ReferenceConsistencyProof(13, leaves)) {
    path.append(DigestBytes(node).data(), kDigestBytes);
  }
  const auto check = [&](const std::string& retired_path) {
    v1::Passport passport = log.Passport(1, 13);
    passport.set_retired_path(retired_path);
    return CheckPassport(policy, TestLog::PassportFile(passport), Observed{}, log.now_ms());
  };
  const auto proven = check(path);
  ASSERT_THAT(proven, IsOk());
  EXPECT_TRUE(proven->log.signed_by_retired_key);

  std::string forged = path;
  forged[40] ^= 1;
  EXPECT_THAT(check(forged), IsRefused(RefusalCode::kBadConsistencyProof));
  EXPECT_THAT(check(path.substr(1)), IsRefused(RefusalCode::kBadConsistencyProof));
  EXPECT_THAT(check(std::string(65 * 32, 'x')), IsRefused(RefusalCode::kBadConsistencyProof));
  // Where the key is not retired, nobody looks at it.
  v1::Passport passport = log.Passport(1, 13);
  passport.set_retired_path(path);
  EXPECT_THAT(CheckPassport(PolicyOf(log.PolicyText()), TestLog::PassportFile(passport), Observed{},
                            log.now_ms()),
              IsOk());
}

Freshness FreshnessAt(const TestLog& log, const std::string& more, uint64_t now_ms) {
  const auto record =
      CheckPassport(PolicyOf(log.PolicyText({}, more)), log.PassportFile(1), Observed{}, now_ms);
  EXPECT_THAT(record, IsOk());
  return record->freshness;
}

TEST(LogSnapshot, TellsItsAge) {
  const TestLog log = WholeLife();
  const uint64_t as_of = log.now_ms() - 1000;  // the index root's
  const std::string hour = "max_age 3600\n";

  Freshness freshness = FreshnessAt(log, hour, as_of + kHourMs);
  EXPECT_EQ(freshness.kind, FreshnessKind::kWithinMaxAge);
  EXPECT_EQ(freshness.as_of_ms, as_of);
  EXPECT_EQ(freshness.age_ms, kHourMs);
  EXPECT_EQ(freshness.max_age_ms, kHourMs);
  EXPECT_FALSE(freshness.by_witnesses);

  EXPECT_EQ(FreshnessAt(log, hour, as_of + kHourMs + 1).kind, FreshnessKind::kStale);
  EXPECT_EQ(FreshnessAt(log, "", as_of + 1000 * kHourMs).kind, FreshnessKind::kNoMaxAge);
}

TEST(LogSnapshot, AClockBehindTheLogIsNoProofOfFreshness) {
  const TestLog log = WholeLife();
  const uint64_t as_of = log.now_ms() - 1000;
  const Freshness little = FreshnessAt(log, "max_age 3600\n", as_of - 5 * 60'000);
  EXPECT_EQ(little.kind, FreshnessKind::kWithinMaxAge);
  EXPECT_EQ(little.age_ms, 0u);
  EXPECT_EQ(FreshnessAt(log, "max_age 3600\n", as_of - 5 * 60'000 - 1).kind,
            FreshnessKind::kClockBehind);
  EXPECT_EQ(FreshnessAt(log, "", 0).kind, FreshnessKind::kClockBehind);
}

TEST(LogSnapshot, AClosedLogIsFinalAndNeverStale) {
  TestLog log = WholeLife();
  log.Close("passports2.example/log");
  log.Commit();
  const Freshness freshness = FreshnessAt(log, "max_age 60\n", log.now_ms() + 10'000 * kHourMs);
  EXPECT_EQ(freshness.kind, FreshnessKind::kFinal);
  EXPECT_EQ(freshness.continued_at, "passports2.example/log");
}

TEST(LogSnapshot, StaleOrDisagreeingClocksAreReservations) {
  const TestLog log = WholeLife();
  const auto verdict = [&](uint64_t now_ms) {
    return VerifyPassport(PolicyOf(log.PolicyText({}, "max_age 3600\n")), log.PassportFile(1),
                          Observed{}, now_ms);
  };
  EXPECT_TRUE(IsWithoutReservation(verdict(log.now_ms())));
  EXPECT_FALSE(IsWithoutReservation(verdict(log.now_ms() + 2 * kHourMs)));
  EXPECT_FALSE(IsWithoutReservation(verdict(0)));
  EXPECT_FALSE(IsWithoutReservation(Verdict::FromStatus(Refuse(RefusalCode::kMalformed, "x"))));
}

}  // namespace
}  // namespace touchstone
