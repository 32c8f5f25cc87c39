// A log of more than one tile for tests of audits, and an audit of it from its beginning.
#ifndef TOUCHSTONE_TESTS_CLI_AUDIT_LONG_LOG_H_
#define TOUCHSTONE_TESTS_CLI_AUDIT_LONG_LOG_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "cli/audit/audit.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {

inline void BeginLog(TestLog& log) {
  log.Enrol("maison", {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("9521234"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Commit();
  log.Register(1, "maison");
  log.Commit();
}

// More than one tile; its last statement is a care record of that kind.
inline const TestLog& MakeLongLog(v1::CareRecord::Kind kind) {
  auto& made = *new TestLog;
  BeginLog(made);
  for (int i = 2; made.size() < 290; ++i) {
    made.Register(i, "maison");
    if (i % 100 == 0) made.Commit();
  }
  made.Care(1, "atelier", kind);
  made.Commit();
  made.Commit();  // a heartbeat
  return made;
}

inline const TestLog& LongLog() {
  static const TestLog& log = MakeLongLog(v1::CareRecord::CLEANING);
  return log;
}

inline absl::StatusOr<AuditReport> Audit(const TestLog& log, LogSource& source) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log.PolicyText()));
  return AuditLog(policy, source, nullptr, [](uint64_t, uint64_t) {});
}

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_TESTS_CLI_AUDIT_LONG_LOG_H_
