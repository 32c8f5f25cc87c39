// One who watches pieces: what to tell next. It keeps its place in the log and the places of a few
// news that come next, and reads everything else when its turn comes: however slowly somebody
// reads, nothing is kept for him. No gRPC here (watch_streams.h), and nothing that decides what is
// news (registry/ledger/news.h).

#ifndef TOUCHSTONE_REGISTRY_SERVICE_WATCHER_H_
#define TOUCHSTONE_REGISTRY_SERVICE_WATCHER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/ledger/news.h"
#include "registry/ledger/view.h"
#include "touchstone/v1/registry_service.pb.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::service {

// Not thread-safe.
class Watcher {
 public:
  // kInvalidArgument: no passports or too many, one that is none or comes twice, an unknown kind.
  static absl::StatusOr<Watcher> Create(const v1::WatchRequest& request);

  // There may be news of that passport: an index in the request. At the beginning of all.
  void Touch(uint32_t passport) { unread_.insert(passport); }
  void TouchAll();

  // The next thing to tell, as of `view`, which is never older than the one before; or nothing:
  // then all that stands in it has been told. Every passport of which there is news in `view` and
  // not in the one before must have been touched.
  //   kNotFound, as a refusal: one of the passports is not registered.   kOutOfRange: the log is
  //   shorter than what was told before.   Others: as the view's.
  absl::StatusOr<std::optional<v1::WatchResponse>> Next(const ledger::View& view);

  // "Nothing more stands in `view`": after Next() has returned nothing for it.
  v1::WatchResponse UpToDate(const ledger::View& view) const;

  // Everything before it has been told.
  uint64_t next_position() const { return next_position_; }

  // The keys that passports which were read since the last call wait for now.
  using Awaited = std::vector<std::pair<uint32_t, std::vector<Digest>>>;
  Awaited TakeAwaited() { return std::exchange(awaited_, {}); }

 private:
  struct Concern {
    uint32_t passport;
    ledger::PieceNews news;
  };
  using Queue = std::map<uint64_t, std::vector<Concern>>;

  Watcher() = default;
  absl::Status Begin(const ledger::View& view);
  absl::Status Gather(const ledger::View& view);
  void Enqueue(uint32_t passport, ledger::NewsPage page, Queue& queue) const;
  bool IsAskedFor(const ledger::PieceNews& news) const;
  absl::StatusOr<v1::WatchResponse> Pop(const ledger::View& view);

  std::vector<PassportId> passports_;
  std::optional<uint64_t> from_;
  std::set<HappeningKind> kinds_;  // none: all

  bool begun_ = false;
  uint64_t next_position_ = 0;
  Queue queue_;                // what was found in [next_position_, gathered_)
  uint64_t gathered_ = 0;      // the end of what was looked through
  std::set<uint32_t> unread_;  // passports of which there may be news from gathered_ on
  Awaited awaited_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_WATCHER_H_
