// Asks the second reader about files that a test has put to the verifier. For every test of
// whole files: where the two answer differently, one of them, or docs/FORMAT.md, is wrong.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_OPINION_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_OPINION_H_

#include <string>

#include "absl/status/status.h"

namespace touchstone {

// Fails the running test unless the second reader says of `file` (a passport, cards, or an absence)
// under the policy with the text `policy` what the verifier does: it holds, is refused, or cannot
// be judged.
void ExpectSecondReaderAgrees(const std::string& policy, const std::string& file,
                              const absl::Status& verifier);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_OPINION_H_
