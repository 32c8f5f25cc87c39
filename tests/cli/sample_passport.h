// Passports of a log in memory, for tests of what the commands make of them.
#ifndef TOUCHSTONE_TESTS_CLI_SAMPLE_PASSPORT_H_
#define TOUCHSTONE_TESTS_CLI_SAMPLE_PASSPORT_H_

#include <string>

#include "cli/passport_source.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/policy.h"
#include "verifier/verify_passport.h"

namespace touchstone::cli {

// With an issuer, a workshop, a card key, and passport 1.
inline TestLog SampleLog() {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison key"});
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier key"});
  log.EnrolCardKey("card key");
  log.Register(1, "maison key");
  log.Commit();
  return log;
}

inline TrustPolicy SamplePolicy(const TestLog& log, absl::string_view more = "") {
  return ValueOrDie(TrustPolicy::Parse(log.PolicyText({}, more)));
}

inline HeldPassport Held(const TestLog& log, int passport = 1) {
  std::string file = log.PassportFile(passport);
  VerifiedRecord record =
      ValueOrDie(CheckPassport(SamplePolicy(log), file, Observed{}, log.now_ms()));
  return {std::move(file), std::move(record)};
}

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_TESTS_CLI_SAMPLE_PASSPORT_H_
