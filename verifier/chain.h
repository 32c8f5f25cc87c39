// The chain check of docs/FORMAT.md, section 7: that entries are all there are of one subject, in
// their order, in the log. Not for whether their statements were allowed
// (verifier/chain_fold.h).
#ifndef TOUCHSTONE_VERIFIER_CHAIN_H_
#define TOUCHSTONE_VERIFIER_CHAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/chain_head.h"
#include "verifier/envelope.h"
#include "verifier/index_hash.h"
#include "verifier/log_snapshot.h"
#include "verifier/statement.h"

namespace touchstone {

// An entry with everything that is needed to judge it, read once.
struct ChainEntry {
  uint32_t number = 0;
  EntryPlace place;
  Envelope envelope;
  ParsedStatement statement;
};

struct CheckedChain {
  Subject subject;
  std::vector<ChainEntry> entries;  // at least one; entries[n] has number n
};

// Errors, naming the entry: those of LogSnapshot::Read, Envelope::Parse and ParsedStatement::Parse;
// kBrokenChain (no entry, a gap, another subject, an index root, a statement that is logged
// twice); kBadIndexProof (there are more entries, or fewer). How many there may be is the file's
// limit, and the quota of the rules.
absl::StatusOr<CheckedChain> CheckChain(LogSnapshot& log, IndexKind kind, const v1::Chain& chain);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CHAIN_H_
