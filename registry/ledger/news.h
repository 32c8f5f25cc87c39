// What has happened to a piece since a position of the log: its own entries, what other pieces'
// entries did to its claims, and revocations of keys that have vouched for it; and by what it can
// be seen that there is more. Read from the rows of the piece, of its claims and of its
// participants: never from the log as a whole. Not for who watches
// (registry/service/watch_streams.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_NEWS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_NEWS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/ledger/published.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/happening.h"
#include "verifier/index_hash.h"
#include "verifier/passport_id.h"

namespace touchstone::ledger {

// What another piece's entry did to a claim that the piece has made.
struct ClaimNews {
  ClaimSubject claim;
  uint32_t number = 0;  // of the event
  IndexEvent event = IndexEvent::kContest;
  Digest digest = {};  // of the entry
};

// What one entry of the log is to the piece.
struct PieceNews {
  uint64_t position = 0;
  std::vector<HappeningKind> kinds;  // ascending
  std::optional<uint32_t> number;    // of the entry, where it is the piece's own
  std::vector<ClaimNews> claims;     // where it is another piece's; else none
};

struct NewsPage {
  std::vector<PieceNews> news;  // ascending by position, each once
  // Where this page ends: everything before it is in it. The state's size on the last.
  uint64_t until = 0;
  // The keys of the index under which the next news will come: the piece's next entry, the next
  // event of each of its claims, the next entry of each participant who vouches for it. Only on the
  // last page.
  std::vector<Digest> awaited;
};

// What stands at `from` or later, of at most `entries_max` (at least 1) entries of the piece and as
// many of others. kNotFound, as a refusal: there is no such passport, as of this state. Others: as
// of the store; kDataLoss.
absl::StatusOr<NewsPage> ReadNews(const Published& state, const PassportId& id, uint64_t from,
                                  size_t entries_max);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_NEWS_H_
