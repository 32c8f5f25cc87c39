#include "registry/ledger/news.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/passport_book.h"
#include "registry/ledger/submission.h"
#include "verifier/entry.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {
namespace {

using Leaves = std::vector<schema::LeafRow>;

absl::StatusOr<Submission> ReadSubmission(const Rows& rows, uint64_t position) {
  const absl::StatusOr<std::string> frame = rows.Frame(position);
  if (!frame.ok()) return frame.status();
  const absl::StatusOr<Entry> entry = DecodeEntry(*frame);
  if (!entry.ok()) return entry.status();
  return Submission::Read(entry->payload);
}

// One page being made. Everything at `until_` or later is for the next.
class Page {
 public:
  Page(const Published& state, const PassportId& id, uint64_t from, size_t entries_max)
      : rows_(state.rows()),
        id_(id),
        from_(from),
        entries_max_(entries_max),
        until_(state.size()),
        whole_(state.size()) {}

  absl::Status Read(const PassportBook& book) {
    absl::Status status = ReadOwn();
    for (const OwnClaim& own : book.state().claims()) {
      if (status.ok()) status = ReadClaim(own.claim);
    }
    for (const std::string& participant : book.participants()) {
      if (status.ok()) status = ReadParticipant(book, participant);
    }
    return status;
  }

  NewsPage Finish() && {
    NewsPage page;
    page.until = until_;
    if (until_ == whole_) page.awaited = std::move(awaited_);
    for (auto& [position, news] : by_position_) {
      if (position >= until_) break;
      std::sort(news.kinds.begin(), news.kinds.end());
      news.kinds.erase(std::unique(news.kinds.begin(), news.kinds.end()), news.kinds.end());
      page.news.push_back(std::move(news));
    }
    return page;
  }

 private:
  bool IsAsked(uint64_t position) const { return position >= from_ && position < until_; }

  PieceNews& At(uint64_t position) {
    PieceNews& news = by_position_[position];
    news.position = position;
    return news;
  }

  // No more than entries_max_ of one kind of source: what is beyond is for the next page.
  void CutAfter(size_t taken, uint64_t next_position) {
    if (taken == entries_max_) until_ = std::min(until_, next_position);
  }

  absl::Status ReadOwn() {
    absl::StatusOr<Leaves> leaves = rows_.Leaves(IndexKind::kPassportEntry, id_.bytes());
    if (!leaves.ok()) return leaves.status();
    own_ = *std::move(leaves);
    size_t taken = 0;
    for (uint32_t number = 0; number < own_.size(); ++number) {
      const uint64_t position = own_[number].position;
      if (position < from_) continue;
      CutAfter(taken, position);
      if (!IsAsked(position)) break;
      const absl::StatusOr<Submission> entry = ReadSubmission(rows_, position);
      if (!entry.ok()) return entry.status();
      ++taken;
      PieceNews& news = At(position);
      news.number = number;
      news.kinds = HappeningsOf(entry->statement());
    }
    awaited_.push_back(
        IndexKey(IndexKind::kPassportEntry, id_.bytes(), static_cast<uint32_t>(own_.size())));
    return absl::OkStatus();
  }

  absl::Status ReadClaim(const ClaimSubject& claim) {
    const absl::StatusOr<Leaves> leaves = rows_.Leaves(claim.kind, claim.subject);
    if (!leaves.ok()) return leaves.status();
    bool is_made = false;  // by the piece: what was before that is no news to it
    size_t taken = 0;
    for (uint32_t number = 0; number < leaves->size(); ++number) {
      const schema::LeafRow& leaf = (*leaves)[number];
      if (leaf.claimant == id_) {
        is_made = true;
        continue;
      }
      const std::optional<HappeningKind> kind = HappeningOf(leaf.event);
      if (!is_made || !kind || leaf.position < from_) continue;
      CutAfter(taken, leaf.position);
      if (!IsAsked(leaf.position)) break;
      ++taken;
      PieceNews& news = At(leaf.position);
      news.kinds.push_back(*kind);
      news.claims.push_back({claim, number, leaf.event, leaf.digest});
    }
    awaited_.push_back(IndexKey(claim.kind, claim.subject, static_cast<uint32_t>(leaves->size())));
    return absl::OkStatus();
  }

  absl::Status ReadParticipant(const PassportBook& book, const std::string& participant) {
    const absl::StatusOr<Leaves> leaves = rows_.Leaves(IndexKind::kParticipantEntry, participant);
    if (!leaves.ok()) return leaves.status();
    for (const schema::LeafRow& leaf : *leaves) {
      if (!IsAsked(leaf.position)) continue;
      const absl::StatusOr<Submission> entry = ReadSubmission(rows_, leaf.position);
      if (!entry.ok()) return entry.status();
      if (entry->statement().event() != EventKind::kKeyRevoked) continue;
      const absl::StatusOr<Digest> key_id =
          DigestFromBytes(entry->statement().message().key_revoked().key_id());
      if (!key_id.ok()) return key_id.status();
      if (book.HasVouched(*key_id, leaf.position)) {
        At(leaf.position).kinds = {HappeningKind::kKeyRevoked};
      }
    }
    awaited_.push_back(
        IndexKey(IndexKind::kParticipantEntry, participant, static_cast<uint32_t>(leaves->size())));
    return absl::OkStatus();
  }

  const Rows rows_;
  const PassportId& id_;
  const uint64_t from_;
  const size_t entries_max_;
  uint64_t until_;
  const uint64_t whole_;
  Leaves own_;
  std::map<uint64_t, PieceNews> by_position_;
  std::vector<Digest> awaited_;
};

}  // namespace

absl::StatusOr<NewsPage> ReadNews(const Published& state, const PassportId& id, uint64_t from,
                                  size_t entries_max) {
  const absl::StatusOr<std::shared_ptr<const PassportBook>> book =
      state.shared.books.Load(id, state.size());
  if (!book.ok()) return book.status();
  if (*book == nullptr) {
    return Refuse(RefusalCode::kNoSuchSubject,
                  absl::StrCat("there is no passport ", id.Format(), " in this registry"));
  }
  Page page(state, id, from, entries_max);
  const absl::Status status = page.Read(**book);
  if (!status.ok()) return status;
  return std::move(page).Finish();
}

}  // namespace touchstone::ledger
