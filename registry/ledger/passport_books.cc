#include "registry/ledger/passport_books.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/rows.h"
#include "verifier/entry.h"

namespace touchstone::ledger {
namespace {

// The book after the stored entry `frame`, which was authorized when it was appended.
absl::StatusOr<std::shared_ptr<const PassportBook>> FoldFrame(const PassportBook* before,
                                                              const std::string& frame,
                                                              const Directory& directory) {
  absl::StatusOr<Entry> entry = DecodeEntry(frame);
  if (!entry.ok()) return entry.status();
  absl::StatusOr<Submission> submission = Submission::Read(entry->payload);
  if (!submission.ok()) return submission.status();
  // Keeps what the pointers point to alive.
  std::vector<std::shared_ptr<const ParticipantRecord>> signers;
  const auto by_key = [&](const Digest& key_id) -> const ParticipantState* {
    std::shared_ptr<const ParticipantRecord> record = directory.FindByKey(key_id);
    if (record == nullptr) return nullptr;
    signers.push_back(std::move(record));
    return &signers.back()->state;
  };
  const EntryPlace place{entry->position, entry->time_ms, EntryDigest(frame)};
  return PassportBook::After(before, *submission, place, frame.size(), by_key);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const PassportBook>> PassportBooks::Load(const PassportId& id,
                                                                        uint64_t before) {
  const Rows rows(store_, before);
  const std::shared_ptr<const PassportBook> cached = cache_.Find(id).value_or(nullptr);
  const bool too_new = cached != nullptr && cached->state().head().newest().position >= before;
  std::shared_ptr<const PassportBook> book = too_new ? nullptr : cached;
  while (true) {
    const uint32_t number = book == nullptr ? 0 : book->state().head().count();
    absl::StatusOr<std::optional<schema::LeafRow>> next =
        rows.Leaf(IndexKind::kPassportEntry, id.bytes(), number);
    if (!next.ok()) return next.status();
    if (!*next) break;
    absl::StatusOr<std::string> frame = rows.Frame((*next)->position);
    if (!frame.ok()) return frame.status();
    absl::StatusOr<std::shared_ptr<const PassportBook>> after =
        FoldFrame(book.get(), *frame, directory_);
    if (!after.ok()) {
      return absl::DataLossError(absl::StrCat("the stored entry at position ", (*next)->position,
                                              " cannot be read: ", after.status().message()));
    }
    book = *std::move(after);
  }
  if (book != nullptr && book != cached && !too_new) cache_.Put(id, book);
  return book;
}

void PassportBooks::Remember(const PassportId& id, std::shared_ptr<const PassportBook> book) {
  cache_.Put(id, std::move(book));
}

}  // namespace touchstone::ledger
