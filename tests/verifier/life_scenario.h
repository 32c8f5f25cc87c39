// What is said of a piece in its life, each as a statement about piece 1 of Populate() that is not
// appended yet; and the states in which it may find the piece.
#ifndef TOUCHSTONE_TESTS_VERIFIER_LIFE_SCENARIO_H_
#define TOUCHSTONE_TESTS_VERIFIER_LIFE_SCENARIO_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/support/test_log.h"
#include "tests/verifier/claim_scenario.h"
#include "tests/verifier/rule_scenario.h"

namespace touchstone {

inline constexpr uint64_t kThirtyDaysMs = uint64_t{30} * 24 * 3600 * 1000;

// Records.
Said CareWith(TestLog& log, KeyNames signers, const std::string& entitlement,
              const std::string& performed_on = "2027-02-28");
Said ReportSuperseding(TestLog& log, KeyNames signers, const std::string& number,
                       const std::string& supersedes);
Said AssayReport(TestLog& log, KeyNames signers);
Said Modification(TestLog& log, KeyNames signers,
                  const std::function<void(v1::Piece&)>& edit = nullptr);
Said Appraisal(TestLog& log, KeyNames signers);
Said Received(TestLog& log, KeyNames signers);
Said Returned(TestLog& log, KeyNames signers);
// Withdraws what it corrects, unless `edit` replaces it.
Said Correction(TestLog& log, KeyNames signers, const Digest& corrects,
                const std::function<void(v1::Correction&)>& edit = nullptr);
Said Grant(TestLog& log, KeyNames signers, const std::string& id, uint32_t uses = 0,
           const std::string& valid_until = "");
Said Documents(TestLog& log, KeyNames signers);
Said DataErasure(TestLog& log, KeyNames signers);

// Ownership.
Said TransferAs(TestLog& log, v1::Transfer::Kind kind, KeyNames signers, const std::string& to_key,
                uint64_t offer_expires_at_ms = 0);
Said OfferWithdrawal(TestLog& log, KeyNames signers);
Said Notice(TestLog& log, v1::TransferNotice::Kind kind, KeyNames signers,
            const std::string& to_key = "heir");
Said Objection(TestLog& log, KeyNames signers);
Said NoticeWithdrawal(TestLog& log, KeyNames signers);
Said Move(TestLog& log, KeyNames signers);
Said PledgeTo(TestLog& log, KeyNames signers, const std::string& pledgee_key = "pledgee");
Said PledgeRelease(TestLog& log, KeyNames signers);

// Incidents.
Said Incident(TestLog& log, v1::IncidentReported::Kind kind, KeyNames signers);
Said IncidentOutcome(TestLog& log, const Digest& incident, v1::IncidentResolved::Outcome outcome,
                     KeyNames signers);

// The stewards'.
Said StewardsChange(TestLog& log, KeyNames stewards, uint32_t threshold,
                    KeyNames signers = kStewards);
Said CardKeyEnrolment(TestLog& log, const std::string& key, KeyNames signers = kStewards);
Said CardKeyRevocation(TestLog& log, const std::string& key, KeyNames signers = kStewards);

// Appended and allowed, in the state that Populate, Sell or GiveToOwner left.
void Steal(TestLog& log);             // reported by the insurer
void DisputeOwnership(TestLog& log);  // by the insurer
void GiveNotice(TestLog& log);        // INHERITANCE to "heir", by the maison
void PledgePiece(TestLog& log);       // to "pledgee", by "owner 1"
void DestroyPiece(TestLog& log);      // sold and claimed before; the last entry
void WaitForNotice(TestLog& log);     // as long as TestLog's genesis says

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_LIFE_SCENARIO_H_
