// Scenarios of who says what, each judged twice: as the registry does before it appends the
// statement, and by the verifier when a registry appended it all the same. Both must answer alike.
#ifndef TOUCHSTONE_TESTS_VERIFIER_RULE_SCENARIO_H_
#define TOUCHSTONE_TESTS_VERIFIER_RULE_SCENARIO_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/test_log.h"
#include "verifier/claim.h"
#include "verifier/refusal.h"

namespace touchstone {

struct Said {
  v1::Statement statement;
  KeyNames signers;
};

struct Scenario {
  std::string name;
  // Prepares the log and returns the statement that is judged.
  std::function<Said(TestLog&)> last;
  std::optional<RefusalCode> refused;  // nothing if it is allowed
  // Which passport file shows it, where that is not the statement's own subject.
  std::optional<int> shown_by = std::nullopt;
};

void PrintTo(const Scenario& scenario, std::ostream* out);

inline constexpr auto kAllowed = std::nullopt;
inline const KeyNames kStewards = {"steward 1", "steward 2"};

// One participant of each role, called as its only key; and piece 1, registered by the maison.
void Populate(TestLog& log);

// Appended and allowed: the piece is sold, with "claim key"; and claimed, by "owner 1".
void Sell(TestLog& log);
void GiveToOwner(TestLog& log);

// The statements, not appended yet.
Said Registration(TestLog& log, int passport, KeyNames signers,
                  const std::function<void(v1::Piece&)>& edit = nullptr);
Said Report(TestLog& log, int passport, KeyNames signers, const std::string& laboratory = "GIA",
            const std::string& number = "55501");
Said Care(TestLog& log, int passport, KeyNames signers);
Said Resolution(TestLog& log, int passport, KeyNames signers, const ClaimSubject& claim);
Said StoneRemoved(TestLog& log, int passport, KeyNames signers,
                  const std::vector<ClaimSubject>& releases);
Said EndOfLife(TestLog& log, int passport, KeyNames signers, v1::EndOfLife::Kind kind,
               const std::vector<ClaimSubject>& releases = {});

// What SamplePiece(1) claims.
ClaimSubject InscriptionOfPiece1();
ClaimSubject ReportOfPiece1();

// A registration of `passport` that bears what piece 1 bears, and contests those claims.
Said Copy(TestLog& log, int passport, KeyNames signers, const std::vector<ClaimSubject>& contests);
Said FirstSale(TestLog& log, int passport, KeyNames signers, const std::string& claim_key);
Said Claim(TestLog& log, int passport, KeyNames signers, const std::string& owner_key);
Said Transfer(TestLog& log, int passport, KeyNames signers, const std::string& to_key);
Said AddKey(TestLog& log, const std::string& id, const std::string& key, KeyNames signers);
Said Revoke(TestLog& log, const std::string& id, const std::string& key, KeyNames signers,
            std::optional<uint64_t> compromised_from = std::nullopt);
Said Change(TestLog& log, const std::string& id, v1::Role role, KeyNames signers);

class Rules : public testing::TestWithParam<Scenario> {};

std::string ScenarioName(const testing::TestParamInfo<Scenario>& info);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_RULE_SCENARIO_H_
