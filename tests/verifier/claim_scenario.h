// Disputes, releases and remounts of what piece 1 of Populate() bears, for tests of claims.
#ifndef TOUCHSTONE_TESTS_VERIFIER_CLAIM_SCENARIO_H_
#define TOUCHSTONE_TESTS_VERIFIER_CLAIM_SCENARIO_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_log.h"
#include "tests/verifier/rule_scenario.h"

namespace touchstone {

inline const std::vector<ClaimSubject>& Both() {
  static const auto& both = *new std::vector<ClaimSubject>{InscriptionOfPiece1(), ReportOfPiece1()};
  return both;
}

inline EntryPlace Append(TestLog& log, const Said& said) {
  return log.Say(said.statement, said.signers);
}

// Piece 2, the rival's, contests both claims of piece 1.
inline void Dispute(TestLog& log) { Append(log, Copy(log, 2, {"rival"}, Both())); }

// As many events as claims and contests may have: pieces 2 to 12 contest both claims of piece 1.
inline void Stuff(TestLog& log) {
  log.Enrol("third", {v1::ISSUER}, {"third"});
  for (int i = 2; i < 13; ++i) {
    // No issuer may do more, so that it takes three.
    Append(log, Copy(log, i, {i < 6 ? "rival" : i < 10 ? "third" : "maison"}, Both()));
  }
}

// And piece `right` was found to be the one with the report.
inline void ResolveReport(TestLog& log, int right) {
  Dispute(log);
  log.Resolve(right, "gia", ReportOfPiece1());
}

// A report with the number of piece 1's.
inline Said SameReport(TestLog& log, int passport, bool contest) {
  Said said = Report(log, passport, {"gia"}, "GIA", "2141438001");
  if (contest) {
    *said.statement.mutable_laboratory_report()->add_contests() = ReferenceTo(ReportOfPiece1());
  }
  return said;
}

template <typename Event>
void AddPredecessor(Event& event, int passport, const Digest& digest) {
  v1::Predecessor& predecessor = *event.add_predecessors();
  predecessor.set_passport_id(TestPassportId(passport));
  predecessor.set_digest(std::string(DigestBytes(digest)));
}

// A registration of `passport` that takes over what `releases` of piece 1 released.
inline Said Successor(TestLog& log, int passport, std::vector<Digest> releases,
                      int predecessor = 1) {
  Said said = Copy(log, passport, {"rival"}, {});
  std::sort(releases.begin(), releases.end());
  for (const Digest& digest : releases) {
    AddPredecessor(*said.statement.mutable_registration(), predecessor, digest);
  }
  return said;
}

inline Digest ReleaseBoth(TestLog& log) { return log.RemoveStone(1, {"maison"}, Both()).digest; }

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_CLAIM_SCENARIO_H_
