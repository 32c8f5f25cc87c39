// Asks the second reader about files that a test has put to the verifier. For every test of
// whole files: where the two answer differently, one of them, or docs/FORMAT.md, is wrong.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_OPINION_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_OPINION_H_

#include <string>

#include "absl/status/status.h"
#include "verifier/verdict.h"

namespace touchstone {

// Fails the running test unless the second reader says of `file` (a passport, cards, or an absence)
// under the policy with the text `policy` what the verifier does: it holds, is refused, or cannot
// be judged.
void ExpectSecondReaderAgrees(const std::string& policy, const std::string& file,
                              const absl::Status& verifier);

// The same of a card's token with a cards file. `outcome`: the verifier's.
void ExpectSecondReaderAgreesOnCard(const std::string& policy, const std::string& cards_file,
                                    const std::string& token, Outcome outcome);

// What the second reader makes of the piece's life so far, in one line, e.g.
// "owned, owners 2, incident 2 by insurer, notice 1 by maison, entitlement cleaning 1 of 3"; kinds
// are numbers of the schema. Empty if it does not believe the passport.
std::string LifeBySecondReader(const std::string& policy, const std::string& file);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_OPINION_H_
