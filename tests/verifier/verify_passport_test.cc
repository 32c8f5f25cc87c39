#include "verifier/verify_passport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(VerifyPassport, HoldsForAWholeLife) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison key"});
  log.Enrol("gia", {v1::LABORATORY}, {"gia key"},
            [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier key"});
  log.Register(1, "maison key");
  log.Commit();
  log.Report(1, "gia key", "GIA", "7");
  log.Care(1, "atelier key");
  log.FirstSale(1, "maison key", "claim");
  log.Claim(1, "claim", "owner 1");
  log.Transfer(1, "owner 1", "owner 2");
  log.Commit();
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log.PolicyText()));
  const auto record = CheckPassport(policy, log.PassportFile(1), Observed{}, log.now_ms());
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->timeline.size(), 6u);
}

}  // namespace
}  // namespace touchstone
