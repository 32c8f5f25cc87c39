#include "verifier/passport_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/rule_replay.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TestLog LogWithPiece() {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  return log;
}

PassportState StateOf(const TestLog& log) { return RuleReplay(log).passport(1); }

TEST(PassportState, FollowsThePieceFromHandToHand) {
  TestLog log = LogWithPiece();
  const EntryPlace registered = log.Register(1, "maison");
  PassportState state = StateOf(log);
  EXPECT_EQ(state.phase(), OwnershipPhase::kWithStore);
  EXPECT_EQ(state.issuer_of_record(), "maison");
  EXPECT_FALSE(state.acting_key().has_value());
  EXPECT_EQ(state.newest_ownership_entry(), registered.digest);
  EXPECT_EQ(state.owner_count(), 0u);
  EXPECT_EQ(state.claims().size(), 2u);

  const EntryPlace care = log.Care(1, "atelier");
  state = StateOf(log);
  EXPECT_EQ(state.newest_ownership_entry(), registered.digest);
  EXPECT_EQ(state.head().newest().digest, care.digest);
  EXPECT_EQ(state.head().count(), 2u);

  const EntryPlace sold = log.FirstSale(1, "maison", "claim key");
  state = StateOf(log);
  EXPECT_EQ(state.phase(), OwnershipPhase::kUnclaimed);
  EXPECT_EQ(state.acting_key()->key_id, NamedKeyId("claim key"));
  EXPECT_EQ(state.newest_ownership_entry(), sold.digest);
  EXPECT_EQ(state.owner_count(), 0u);

  log.Claim(1, "claim key", "owner 1");
  state = StateOf(log);
  EXPECT_EQ(state.phase(), OwnershipPhase::kOwned);
  EXPECT_EQ(state.acting_key()->key_id, NamedKeyId("owner 1"));
  EXPECT_EQ(state.owner_count(), 1u);

  const EntryPlace given = log.Transfer(1, "owner 1", "owner 2", v1::Transfer::GIFT);
  state = StateOf(log);
  EXPECT_EQ(state.phase(), OwnershipPhase::kOwned);
  EXPECT_EQ(state.owner_count(), 2u);
  EXPECT_EQ(state.newest_ownership_entry(), given.digest);
  for (const char* key : {"claim key", "owner 1", "owner 2"}) {
    EXPECT_TRUE(state.HasNamedKey(NamedKeyId(key))) << key;
  }
  EXPECT_FALSE(state.HasNamedKey(NamedKeyId("maison")));
}

TEST(PassportState, HoldsAClaimOnce) {
  TestLog log = LogWithPiece();
  log.Register(1, "maison");
  log.Report(1, "maison", "IGI", "LG 1");
  log.Report(1, "maison", "International Gemological Institute", "lg-1");
  log.Report(1, "maison", "GIA", "2141438001");
  const PassportState state = StateOf(log);
  EXPECT_EQ(state.claims().size(), 3u);
  EXPECT_TRUE(state.Makes({IndexKind::kReportNumberClaim, std::string("IGI\0LG1", 7)}));
  EXPECT_FALSE(state.Makes({IndexKind::kInscriptionClaim, std::string("IGI\0LG1", 7)}));
}

// At every step, what is kept is what was.
TEST(PassportState, ComesBackFromItsBytes) {
  TestLog log = LogWithPiece();
  log.Register(1, "maison");
  const auto expect_kept = [&log] {
    const PassportState state = StateOf(log);
    const auto decoded = PassportState::Decode(state.Encode());
    ASSERT_THAT(decoded, IsOk());
    EXPECT_EQ(*decoded, state);
    EXPECT_EQ(decoded->Encode(), state.Encode());
  };
  expect_kept();
  log.FirstSale(1, "maison", "claim key");
  expect_kept();
  log.Claim(1, "claim key", "owner 1");
  expect_kept();
  log.Report(1, "maison", "HRD", "9");
  log.Transfer(1, "owner 1", "owner 2");
  expect_kept();
  EXPECT_LT(StateOf(log).Encode().size(), 1000u);
}

TEST(PassportState, RefusesBytesThatAreNoState) {
  TestLog log = LogWithPiece();
  log.Register(1, "maison");
  log.FirstSale(1, "maison", "claim key");
  const std::string bytes = StateOf(log).Encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(PassportState::Decode(absl::string_view(bytes).substr(0, size)).ok()) << size;
  }
  EXPECT_THAT(PassportState::Decode(bytes + "x"), IsRefused(RefusalCode::kMalformed));
  // Whatever else is read is a state that reads back the same.
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    const auto decoded = PassportState::Decode(flipped);
    if (decoded.ok()) {
      EXPECT_EQ(decoded->Encode(), flipped) << i;
    }
  }
  for (const char phase : {'\0', '\5', '\x1'}) {
    std::string changed = bytes;
    changed[1] = phase;
    EXPECT_THAT(PassportState::Decode(changed), IsRefused(RefusalCode::kMalformed)) << int{phase};
  }
}

}  // namespace
}  // namespace touchstone
