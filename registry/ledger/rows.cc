#include "registry/ledger/rows.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/limits.h"

namespace touchstone::ledger {
namespace {

// Far more than the quotas let any subject have.
constexpr uint64_t kLeavesMax = 4096;
static_assert(kLeavesMax > limits::kPassportEntriesMax);
static_assert(kLeavesMax > limits::kParticipantEntriesMax);
static_assert(kLeavesMax > limits::kStewardsEntriesMax);

absl::Status MissingEntry(uint64_t position) {
  return absl::DataLossError(absl::StrCat("the entry at position ", position, " is missing"));
}

}  // namespace

absl::StatusOr<std::optional<std::string>> Rows::Find(const std::string& key) const {
  if (pending_ != nullptr) {
    const auto found = pending_->find(key);
    if (found != pending_->end()) return found->second;
  }
  absl::StatusOr<std::string> value = store_.Get(key);
  if (value.ok()) return *std::move(value);
  if (absl::IsNotFound(value.status())) return std::nullopt;
  return value.status();
}

absl::StatusOr<std::optional<schema::LeafRow>> Rows::Leaf(IndexKind kind, absl::string_view subject,
                                                          uint32_t number) const {
  absl::StatusOr<std::optional<std::string>> value = Find(schema::LeafKey(kind, subject, number));
  if (!value.ok()) return value.status();
  if (!*value) return std::nullopt;
  absl::StatusOr<schema::LeafRow> row = schema::DecodeLeafRow(**value);
  if (!row.ok()) return row.status();
  if (row->position >= before_) return std::nullopt;
  return *std::move(row);
}

absl::StatusOr<std::optional<schema::SerialRow>> Rows::Serial(absl::string_view issuer,
                                                              absl::string_view serial) const {
  absl::StatusOr<std::optional<std::string>> value = Find(schema::SerialKey(issuer, serial));
  if (!value.ok()) return value.status();
  if (!*value) return std::nullopt;
  absl::StatusOr<schema::SerialRow> row = schema::DecodeSerialRow(**value);
  if (!row.ok()) return row.status();
  if (row->position >= before_) return std::nullopt;
  return *std::move(row);
}

absl::StatusOr<std::vector<KnownClaimEvent>> Rows::ClaimEvents(const ClaimSubject& claim) const {
  std::vector<KnownClaimEvent> events;
  while (true) {
    const absl::StatusOr<std::optional<schema::LeafRow>> row =
        Leaf(claim.kind, claim.subject, static_cast<uint32_t>(events.size()));
    if (!row.ok()) return row.status();
    if (!*row) return events;
    if (!(*row)->claimant || events.size() == limits::kClaimEventsMax) {
      return absl::DataLossError("an event of a claim in the store is damaged");
    }
    events.push_back({(*row)->event, (*row)->digest, (*row)->position, *(*row)->claimant});
  }
}

absl::StatusOr<std::vector<schema::LeafRow>> Rows::Leaves(IndexKind kind,
                                                          absl::string_view subject) const {
  std::vector<schema::LeafRow> rows;
  const absl::StatusOr<storage::ScanEnd> end =
      store_.Scan(schema::LeavesOf(kind, subject), kLeavesMax,
                  [this, &rows](absl::string_view, absl::string_view value) {
                    absl::StatusOr<schema::LeafRow> row = schema::DecodeLeafRow(value);
                    if (!row.ok()) return row.status();
                    if (row->position < before_) rows.push_back(*std::move(row));
                    return absl::OkStatus();
                  });
  if (!end.ok()) return end.status();
  return rows;
}

absl::StatusOr<std::string> Rows::Insertions(uint64_t index_root_position) const {
  absl::StatusOr<std::string> leaves = store_.Get(schema::InsertionsKey(index_root_position));
  if (absl::IsNotFound(leaves.status())) {
    return absl::DataLossError(absl::StrCat("what the commit up to position ", index_root_position,
                                            " inserted into the index is missing"));
  }
  if (!leaves.ok()) return leaves;
  absl::Status status = schema::InsertionsIn(*leaves).status();
  if (!status.ok()) return status;
  return leaves;
}

absl::StatusOr<std::vector<std::string>> Rows::Frames(
    const std::vector<uint64_t>& positions) const {
  std::vector<std::string> keys;
  for (const uint64_t position : positions) keys.push_back(schema::EntryKey(position));
  const std::vector<absl::string_view> views(keys.begin(), keys.end());
  std::vector<std::string> frames;
  std::vector<absl::StatusOr<std::string>> values = store_.MultiGet(views);
  for (size_t i = 0; i < values.size(); ++i) {
    if (absl::IsNotFound(values[i].status())) return MissingEntry(positions[i]);
    if (!values[i].ok()) return values[i].status();
    frames.push_back(*std::move(values[i]));
  }
  return frames;
}

absl::StatusOr<std::string> Rows::Frame(uint64_t position) const {
  absl::StatusOr<std::string> frame = store_.Get(schema::EntryKey(position));
  if (absl::IsNotFound(frame.status())) return MissingEntry(position);
  return frame;
}

}  // namespace touchstone::ledger
