#include "registry/service/watcher.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "registry/service/limits.h"
#include "registry/service/status_map.h"

namespace touchstone::service {

absl::StatusOr<Watcher> Watcher::Create(const v1::WatchRequest& request) {
  const auto count = static_cast<size_t>(request.passport_ids_size());
  if (count == 0) return absl::InvalidArgumentError("passport_ids: none; name 1 or more");
  if (count > limits::kWatchedPassportsMax) {
    return absl::InvalidArgumentError(absl::StrCat("passport_ids: ", count, "; at most ",
                                                   limits::kWatchedPassportsMax,
                                                   " on one stream. Open several streams"));
  }
  Watcher watcher;
  std::set<PassportId> seen;
  for (const std::string& bytes : request.passport_ids()) {
    const absl::StatusOr<PassportId> id = PassportId::FromBytes(bytes);
    const size_t at = watcher.passports_.size();
    if (!id.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("passport_ids[", at, "]: ", bytes.size(), " bytes; must be 16"));
    }
    if (!seen.insert(*id).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("passport_ids[", at, "]: ", id->Format(), " is there twice"));
    }
    watcher.unread_.insert(static_cast<uint32_t>(at));
    watcher.passports_.push_back(*id);
  }
  for (const int kind : request.kinds()) {
    const std::optional<HappeningKind> known = HappeningKindOf(static_cast<uint32_t>(kind));
    if (!known) {
      return absl::InvalidArgumentError(
          absl::StrCat("kinds: ", kind,
                       " is none that this registry knows; leave them out to be "
                       "told of all"));
    }
    watcher.kinds_.insert(*known);
  }
  if (request.has_from_position()) watcher.from_ = request.from_position();
  return watcher;
}

void Watcher::TouchAll() {
  for (uint32_t passport = 0; passport < passports_.size(); ++passport) unread_.insert(passport);
}

absl::Status Watcher::Begin(const ledger::View& view) {
  begun_ = true;
  next_position_ = from_.value_or(view.size());
  gathered_ = next_position_;
  if (next_position_ <= view.size()) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("from_position: ", next_position_, "; this log has ", view.size(),
                   " entries. If you were told of more, this registry has lost or hides them: keep "
                   "what you have, and say so"));
}

bool Watcher::IsAskedFor(const ledger::PieceNews& news) const {
  return kinds_.empty() ||
         std::any_of(news.kinds.begin(), news.kinds.end(),
                     [this](HappeningKind kind) { return kinds_.count(kind) != 0; });
}

void Watcher::Enqueue(uint32_t passport, ledger::NewsPage page, Queue& queue) const {
  for (ledger::PieceNews& news : page.news) {
    if (!IsAskedFor(news)) continue;
    queue[news.position].push_back({passport, std::move(news)});
  }
}

absl::Status Watcher::Gather(const ledger::View& view) {
  Queue queue;
  uint64_t until = view.size();
  for (const uint32_t passport : unread_) {
    absl::StatusOr<ledger::NewsPage> page =
        view.News(passports_[passport], gathered_, limits::kWatchPageEntries);
    if (!page.ok()) return page.status();
    until = std::min(until, page->until);
    if (!page->awaited.empty()) awaited_.emplace_back(passport, std::move(page->awaited));
    Enqueue(passport, *std::move(page), queue);
    while (queue.size() > limits::kWatchQueueMax) {
      until = std::min(until, queue.rbegin()->first);
      queue.erase(std::prev(queue.end()));
    }
  }
  queue.erase(queue.lower_bound(until), queue.end());
  queue_ = std::move(queue);
  gathered_ = until;
  // What was cut off is looked for again from there on.
  if (until == view.size()) unread_.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::WatchResponse>> Watcher::Next(const ledger::View& view) {
  if (!begun_) {
    if (absl::Status status = Begin(view); !status.ok()) return status;
  }
  while (queue_.empty() && !unread_.empty()) {
    if (absl::Status status = Gather(view); !status.ok()) return status;
  }
  if (!queue_.empty()) {
    absl::StatusOr<v1::WatchResponse> response = Pop(view);
    if (!response.ok()) return response.status();
    return std::optional<v1::WatchResponse>(*std::move(response));
  }
  gathered_ = view.size();
  next_position_ = gathered_;
  return std::optional<v1::WatchResponse>();
}

absl::StatusOr<v1::WatchResponse> Watcher::Pop(const ledger::View& view) {
  const auto front = queue_.begin();
  v1::WatchResponse response;
  v1::Happening& happening = *response.mutable_happening();
  happening.set_position(front->first);
  bool may_be_seen = false;
  for (const Concern& concern : front->second) {
    const ledger::PieceNews& news = concern.news;
    v1::Concern& told = *happening.add_concerns();
    const absl::string_view id = passports_[concern.passport].bytes();
    told.set_passport_id(id.data(), id.size());
    for (const HappeningKind kind : news.kinds) told.add_kinds(static_cast<v1::WatchKind>(kind));
    if (news.number) told.set_number(*news.number);
    // Only entries of other pieces have these, and those are nobody's business here.
    if (news.claims.empty()) may_be_seen = true;
    for (const ledger::ClaimNews& claim : news.claims) {
      v1::ClaimNews& out = *told.add_claims();
      out.set_kind(static_cast<uint32_t>(claim.claim.kind));
      out.set_subject(claim.claim.subject);
      out.set_number(claim.number);
      out.set_event(static_cast<uint32_t>(claim.event));
      out.set_digest(claim.digest.data(), claim.digest.size());
    }
  }
  if (may_be_seen) {
    absl::StatusOr<std::string> frame = view.EntryFrame(front->first);
    if (!frame.ok()) return frame.status();
    happening.set_entry(*std::move(frame));
  }
  next_position_ = front->first + 1;
  response.set_next_position(next_position_);
  queue_.erase(front);
  return response;
}

v1::WatchResponse Watcher::UpToDate(const ledger::View& view) const {
  v1::WatchResponse response;
  response.set_next_position(view.size());
  response.mutable_up_to_date()->set_checkpoint(view.checkpoint_note());
  return response;
}

}  // namespace touchstone::service
