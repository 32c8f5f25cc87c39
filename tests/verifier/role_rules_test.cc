// Who may say what (docs/FORMAT.md, section 9): every event, by everybody.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/verifier/life_scenario.h"

namespace touchstone {
namespace {

const char* const kEverybody[] = {"maison",    "rival",   "gia",   "igi",       "atelier",
                                  "appraiser", "insurer", "court", "steward 1", "stranger"};

bool IsParticipant(const std::string& key) { return key != "steward 1" && key != "stranger"; }

// Every event that one participant says, by everybody.
std::vector<Scenario> RoleMatrix() {
  std::vector<Scenario> scenarios;
  const auto add = [&scenarios](const std::string& event, const std::set<std::string>& allowed,
                                const std::function<Said(TestLog&, const std::string&)>& say) {
    for (const std::string signer : kEverybody) {
      std::optional<RefusalCode> refused = RefusalCode::kWrongRole;
      if (!IsParticipant(signer)) refused = RefusalCode::kUnknownSigner;
      if (allowed.count(signer) > 0) refused = kAllowed;
      std::string name = absl::StrCat(event, "_by_", signer);
      std::replace(name.begin(), name.end(), ' ', '_');
      scenarios.push_back(
          {std::move(name), [say, signer](TestLog& log) { return say(log, signer); }, refused});
    }
  };
  add("registration", {"maison", "rival"},
      [](TestLog& log, const std::string& by) { return Registration(log, 2, {by}); });
  add("report", {"maison", "gia"},
      [](TestLog& log, const std::string& by) { return Report(log, 1, {by}); });
  add("care", {"maison", "rival", "atelier"},
      [](TestLog& log, const std::string& by) { return Care(log, 1, {by}); });
  const auto disputed = [](TestLog& log) {
    const Said copy = Copy(log, 2, {"rival"}, {InscriptionOfPiece1(), ReportOfPiece1()});
    log.Say(copy.statement, copy.signers);
  };
  add("resolution_of_an_inscription", {"gia", "court"},
      [disputed](TestLog& log, const std::string& by) {
        disputed(log);
        return Resolution(log, 1, {by}, InscriptionOfPiece1());
      });
  add("resolution_of_a_report", {"gia", "court"}, [disputed](TestLog& log, const std::string& by) {
    disputed(log);
    return Resolution(log, 2, {by}, ReportOfPiece1());
  });
  add("resolution_of_a_gtin", {"court"}, [](TestLog& log, const std::string& by) {
    const auto same = [](v1::Piece& piece) {
      piece.set_gtin14("03612345678904");
      piece.set_serial("S-1");
    };
    const Said first = Registration(log, 3, {"maison"}, same);
    log.Say(first.statement, first.signers);
    const ClaimSubject claim{IndexKind::kGtinSerialClaim, "03612345678904S-1"};
    Said second = Registration(log, 4, {"maison"}, same);
    *second.statement.mutable_registration()->add_contests() = ReferenceTo(claim);
    log.Say(second.statement, second.signers);
    return Resolution(log, 4, {by}, claim);
  });
  const auto end = [](TestLog& log, KeyNames signers) {
    return EndOfLife(log, 1, std::move(signers), v1::EndOfLife::DISMANTLED);
  };
  const auto remove = [](TestLog& log, KeyNames signers) {
    return StoneRemoved(log, 1, std::move(signers), {InscriptionOfPiece1()});
  };
  add("end_of_life_with_store", {"maison"},
      [end](TestLog& log, const std::string& by) { return end(log, {by}); });
  add("stone_removed_with_store", {"maison"},
      [remove](TestLog& log, const std::string& by) { return remove(log, {by}); });
  const std::set<std::string> workshops = {"maison", "rival", "atelier"};
  add("end_of_life_unclaimed", workshops, [end](TestLog& log, const std::string& by) {
    Sell(log);
    return end(log, {by, "claim key"});
  });
  add("stone_removed_unclaimed", workshops, [remove](TestLog& log, const std::string& by) {
    Sell(log);
    return remove(log, {by, "claim key"});
  });
  add("end_of_life_owned", workshops, [end](TestLog& log, const std::string& by) {
    GiveToOwner(log);
    return end(log, {by, "owner 1"});
  });
  add("stone_removed_owned", workshops, [remove](TestLog& log, const std::string& by) {
    GiveToOwner(log);
    return remove(log, {by, "owner 1"});
  });
  add("first_sale", {"maison"}, [](TestLog& log, const std::string& by) {
    return FirstSale(log, 1, {by, "claim key"}, "claim key");
  });
  return scenarios;
}

// Claims and transfers, with everybody in the place of one of the two who must sign.
std::vector<Scenario> OwnersMatrix() {
  std::vector<Scenario> scenarios;
  for (const std::string signer : kEverybody) {
    std::string who = signer;
    std::replace(who.begin(), who.end(), ' ', '_');
    const auto refused = RefusalCode::kMissingSignature;
    const std::string voucher = signer == "maison" ? "rival" : "maison";
    scenarios.push_back({"claim_by_" + who + "_for_claim_key",
                         [signer](TestLog& log) {
                           Sell(log);
                           return Claim(log, 1, {signer, "owner 1"}, "owner 1");
                         },
                         refused});
    scenarios.push_back({"claim_by_" + who + "_for_owner",
                         [signer](TestLog& log) {
                           Sell(log);
                           return Claim(log, 1, {"claim key", signer}, "owner 1");
                         },
                         refused});
    scenarios.push_back({"end_of_life_by_" + who + "_for_owner",
                         [signer, voucher](TestLog& log) {
                           GiveToOwner(log);
                           return EndOfLife(log, 1, {signer, voucher}, v1::EndOfLife::DESTROYED);
                         },
                         refused});
    scenarios.push_back({"stone_removed_by_" + who + "_for_claim_key",
                         [signer, voucher](TestLog& log) {
                           Sell(log);
                           return StoneRemoved(log, 1, {signer, voucher}, {ReportOfPiece1()});
                         },
                         refused});
    scenarios.push_back({"transfer_by_" + who + "_for_owner",
                         [signer](TestLog& log) {
                           GiveToOwner(log);
                           return Transfer(log, 1, {signer, "owner 2"}, "owner 2");
                         },
                         refused});
    scenarios.push_back({"transfer_by_" + who + "_for_next_owner",
                         [signer](TestLog& log) {
                           GiveToOwner(log);
                           return Transfer(log, 1, {"owner 1", signer}, "owner 2");
                         },
                         refused});
  }
  return scenarios;
}

// Each event of stewards and participants, by k stewards, too few, too many, and others.
std::vector<Scenario> StewardsMatrix() {
  struct Event {
    std::string name;
    std::function<Said(TestLog&, KeyNames)> say;
    std::optional<int> shown_by;
  };
  const std::vector<Event> events = {
      {"card_key",
       [](TestLog& log, KeyNames signers) {
         v1::Statement statement = log.StewardsStatement();
         statement.mutable_card_key_enrolled()->set_key(NamedKeyBytes("card"));
         return Said{statement, std::move(signers)};
       },
       std::nullopt},
      {"closing",
       [](TestLog& log, KeyNames signers) {
         v1::Statement statement = log.StewardsStatement();
         statement.mutable_log_closed()->set_reason("moved");
         return Said{statement, std::move(signers)};
       },
       std::nullopt},
      {"stewards_changed",
       [](TestLog& log, KeyNames signers) {
         return StewardsChange(log, {"steward 1", "steward 4"}, 1, std::move(signers));
       },
       std::nullopt},
      {"card_key_revoked",
       [](TestLog& log, KeyNames signers) {
         log.EnrolCardKey("card");
         return CardKeyRevocation(log, "card", std::move(signers));
       },
       std::nullopt},
      {"key_added",
       [](TestLog& log, KeyNames signers) {
         return AddKey(log, "maison", "maison new", std::move(signers));
       },
       1},
      {"key_revoked",
       [](TestLog& log, KeyNames signers) {
         return Revoke(log, "maison", "maison", std::move(signers));
       },
       1},
      {"changed",
       [](TestLog& log, KeyNames signers) {
         return Change(log, "maison", v1::ISSUER, std::move(signers));
       },
       1},
  };
  const std::vector<std::tuple<std::string, KeyNames, std::optional<RefusalCode>>> signers = {
      {"two_stewards", {"steward 1", "steward 2"}, kAllowed},
      {"two_other_stewards", {"steward 2", "steward 3"}, kAllowed},
      {"one_steward", {"steward 1"}, RefusalCode::kMissingSignature},
      {"three_stewards", {"steward 1", "steward 2", "steward 3"}, RefusalCode::kSurplusSignature},
      {"a_steward_and_an_issuer", {"steward 1", "maison"}, RefusalCode::kUnknownSigner},
      {"a_steward_and_a_stranger", {"steward 1", "stranger"}, RefusalCode::kUnknownSigner},
      {"the_issuer_itself", {"maison"}, RefusalCode::kUnknownSigner},
      {"a_court", {"court"}, RefusalCode::kUnknownSigner},
  };
  std::vector<Scenario> scenarios;
  for (const Event& event : events) {
    for (const auto& [name, keys, refused] : signers) {
      scenarios.push_back({event.name + "_by_" + name,
                           [say = event.say, keys = keys](TestLog& log) { return say(log, keys); },
                           refused, event.shown_by});
    }
  }
  return scenarios;
}

INSTANTIATE_TEST_SUITE_P(Roles, Rules, testing::ValuesIn(RoleMatrix()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Owners, Rules, testing::ValuesIn(OwnersMatrix()), ScenarioName);
INSTANTIATE_TEST_SUITE_P(Stewards, Rules, testing::ValuesIn(StewardsMatrix()), ScenarioName);

}  // namespace
}  // namespace touchstone
