#include "verifier/participant_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rule_replay.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/statement.pb.h"

namespace touchstone {
namespace {

using testing::ElementsAre;

TEST(ParticipantState, KnowsWhenAKeyCounted) {
  TestLog log;
  const uint64_t enrolled = log.Enrol("maison", {v1::ISSUER}, {"first"}).position;
  const uint64_t added = log.AddKey("maison", "second").position;
  log.Register(1, "first");
  const uint64_t compromised = log.size();
  log.Register(2, "first");
  const uint64_t revoked = log.RevokeKey("maison", "first", compromised).position;
  const uint64_t revoked_plainly = log.RevokeKey("maison", "second").position;
  const RuleReplay replay(log);
  const ParticipantState& state = replay.participant("maison");

  const auto standing = [&state](const char* key, uint64_t position) {
    return state.StandingAt(NamedKeyId(key), position);
  };
  EXPECT_EQ(standing("first", 0), KeyStanding::kNotYet);
  EXPECT_EQ(standing("first", enrolled), KeyStanding::kNotYet);
  EXPECT_EQ(standing("first", enrolled + 1), KeyStanding::kValid);
  EXPECT_EQ(standing("first", compromised - 1), KeyStanding::kValid);
  EXPECT_EQ(standing("first", compromised), KeyStanding::kDoubted);
  EXPECT_EQ(standing("first", revoked - 1), KeyStanding::kDoubted);
  EXPECT_EQ(standing("first", revoked), KeyStanding::kRevoked);
  EXPECT_EQ(standing("first", revoked + 1), KeyStanding::kRevoked);
  EXPECT_EQ(standing("second", added), KeyStanding::kNotYet);
  EXPECT_EQ(standing("second", added + 1), KeyStanding::kValid);
  EXPECT_EQ(standing("second", revoked_plainly - 1), KeyStanding::kValid);
  EXPECT_EQ(standing("second", revoked_plainly), KeyStanding::kRevoked);
  EXPECT_EQ(standing("stranger", revoked), KeyStanding::kUnknown);

  EXPECT_EQ(state.keys().size(), 2u);
  EXPECT_EQ(state.head().count(), 4u);
  EXPECT_EQ(state.head().newest().position, revoked_plainly);
}

TEST(ParticipantState, KnowsWhoItWas) {
  TestLog log;
  const uint64_t enrolled = log.Enrol("maison", {v1::ISSUER, v1::WORKSHOP}, {"key"}).position;
  v1::Statement change = log.ParticipantStatement("maison");
  v1::ParticipantDetails& details = *change.mutable_participant_changed()->mutable_details();
  details.set_legal_name("Renamed");
  details.set_country("BE");
  details.add_roles(v1::LABORATORY);
  details.add_laboratory_names("Hoge Raad voor Diamant");
  details.add_gs1_company_prefixes("5412345");
  const uint64_t changed = log.Say(change, {"steward 1", "steward 3"}).position;
  const RuleReplay replay(log);
  const ParticipantState& state = replay.participant("maison");

  EXPECT_EQ(state.DetailsAt(enrolled), nullptr);
  ASSERT_NE(state.DetailsAt(enrolled + 1), nullptr);
  EXPECT_EQ(state.DetailsAt(enrolled + 1)->legal_name, "The maison company");
  EXPECT_THAT(state.DetailsAt(changed)->roles.List(), ElementsAre(Role::kIssuer, Role::kWorkshop));
  EXPECT_EQ(state.DetailsAt(changed + 1), &state.details());
  EXPECT_EQ(state.details().legal_name, "Renamed");
  EXPECT_THAT(state.details().roles.List(), ElementsAre(Role::kLaboratory));
  EXPECT_FALSE(state.details().roles.Has(Role::kIssuer));
  EXPECT_TRUE(state.details().IssuesReportsAs("HRD"));
  EXPECT_FALSE(state.details().IssuesReportsAs("Hoge Raad voor Diamant"));
}

// The roles are written down twice: in the schema, and as ours.
TEST(ParticipantState, KnowsEveryRoleOfTheSchema) {
  TestLog log;
  std::vector<v1::Role> all;
  for (int i = v1::Role_MIN; i <= v1::Role_MAX; ++i) {
    if (i != v1::ROLE_UNSPECIFIED) all.push_back(static_cast<v1::Role>(i));
  }
  log.Enrol("maison", all, {"key"});
  const RuleReplay replay(log);
  const std::vector<Role> roles = replay.participant("maison").details().roles.List();
  ASSERT_EQ(roles.size(), all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(std::string(RoleName(roles[i])), v1::Role_Name(all[i]));
  }
}

}  // namespace
}  // namespace touchstone
