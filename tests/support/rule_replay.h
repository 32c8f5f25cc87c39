// Replays a TestLog through the rules, one entry after another, as a registry's commit path does:
// read, authorize, check signatures and claims, apply. So tests can ask what the rules say of the
// next statement before it is appended, and compare it with what the verifier says afterwards.
#ifndef TOUCHSTONE_TESTS_SUPPORT_RULE_REPLAY_H_
#define TOUCHSTONE_TESTS_SUPPORT_RULE_REPLAY_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/support/test_log.h"
#include "verifier/authorization.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/envelope.h"
#include "verifier/known_claims.h"
#include "verifier/participant_state.h"
#include "verifier/passport_state.h"
#include "verifier/stewards_state.h"

namespace touchstone {

class RuleReplay {
 public:
  // Aborts if the rules refuse an entry of `log`.
  explicit RuleReplay(const TestLog& log);

  // Whether `envelope` may be the next statement, there and then.
  absl::Status Judge(const Envelope& envelope, const EntryMoment& moment) const;

  const StewardsState& stewards() const { return *stewards_; }
  const ParticipantState& participant(const std::string& id) const { return participants_.at(id); }
  const PassportState& passport(int number) const { return passports_.at(TestPassportId(number)); }

 private:
  const ParticipantState* FindByKey(const Digest& key_id) const;
  // The participant who vouches, for an entry of a passport.
  absl::StatusOr<std::string> Authorize(const ParsedStatement& statement, const Envelope& envelope,
                                        const EntryMoment& moment) const;
  void Apply(const ParsedStatement& statement, const std::string& voucher, const EntryPlace& place);

  std::optional<StewardsState> stewards_;
  std::map<std::string, ParticipantState> participants_;
  std::map<std::string, PassportState> passports_;
  std::map<ClaimSubject, std::vector<KnownClaimEvent>> claims_;
  std::map<Digest, ReleaseTerms> release_terms_;  // by the entry that releases
};

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_SUPPORT_RULE_REPLAY_H_
