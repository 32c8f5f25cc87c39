// What must be true of a registry after anything: what it has acknowledged is there, and what it
// has signed is a prefix of what it signs now. Each adds failures to the test that calls it.
#ifndef TOUCHSTONE_TESTS_END_TO_END_STILL_THERE_H_
#define TOUCHSTONE_TESTS_END_TO_END_STILL_THERE_H_

#include <cstdint>
#include <map>
#include <vector>

#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "verifier/digest.h"

namespace touchstone::end_to_end {

// Submits every envelope again: the receipts prove the same entries, each at its own position.
void ExpectAllStillThere(const Site& site, const std::vector<Acknowledged>& acknowledged);

// Every passport verifies, and holds all that was acknowledged of it.
void ExpectPassportsHold(const Site& site, const std::vector<Acknowledged>& acknowledged);

// The newest checkpoint goes on from each of these (size to root).
void ExpectOneHistory(const Site& site, const std::map<uint64_t, Digest>& checkpoints);

}  // namespace touchstone::end_to_end

#endif  // TOUCHSTONE_TESTS_END_TO_END_STILL_THERE_H_
