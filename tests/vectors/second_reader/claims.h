// The life of a claim, from one passport: docs/FORMAT.md, step 6 of section 7 and section 8.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_CLAIMS_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_CLAIMS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/chains.h"
#include "tests/vectors/second_reader/piece.h"

namespace touchstone::second_reader {

// "held", "disputed", "lost", "released".
using Standings = std::map<Claim, std::string>;

// `chains` are the ClaimChain messages of the file.
absl::StatusOr<Standings> CheckClaims(const Log& log, const Piece& piece,
                                      const std::vector<Message>& chains);

// That the events of `chain`, all of them other pieces', leave what it names to nobody. How many
// they are.
absl::StatusOr<size_t> CheckNobodys(const Log& log, const Message& chain);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_CLAIMS_H_
