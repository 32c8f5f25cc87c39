// A log in which a piece has lived a whole life, for tests of what a passport shows.
#ifndef TOUCHSTONE_TESTS_VERIFIER_WHOLE_LIFE_H_
#define TOUCHSTONE_TESTS_VERIFIER_WHOLE_LIFE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/support/test_log.h"
#include "tests/vectors/second_opinion.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/policy.h"
#include "verifier/verify_passport.h"

namespace touchstone {

inline TrustPolicy PolicyOf(const std::string& text) {
  return ValueOrDie(TrustPolicy::Parse(text));
}

// Piece 1 has been registered, reported on, cared for, sold, claimed and resold, at the positions
// 5, 8, 9, 10, 11 and 13; piece 2 has been registered at 6. Index roots are at 7, 12 and 14.
inline TestLog WholeLife() {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Enrol("gia", {v1::LABORATORY}, {"gia"},
            [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Register(1, "maison");
  log.Register(2, "maison");
  log.Commit();
  log.Report(1, "gia", "GIA", "55501");
  log.Care(1, "atelier");
  log.FirstSale(1, "maison", "claim key");
  log.Claim(1, "claim key", "owner 1");
  log.Commit();
  log.Transfer(1, "owner 1", "owner 2");
  log.Commit();
  return log;
}

inline absl::StatusOr<VerifiedRecord> Check(const TestLog& log, const v1::Passport& passport) {
  const std::string policy = log.PolicyText();
  const std::string file = TestLog::PassportFile(passport);
  absl::StatusOr<VerifiedRecord> record =
      CheckPassport(PolicyOf(policy), file, Observed{}, log.now_ms());
  ExpectSecondReaderAgrees(policy, file, record.status());
  return record;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_WHOLE_LIFE_H_
