#include "registry/ledger/reload.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/ledger/contradiction.h"
#include "registry/ledger/index_version.h"
#include "registry/ledger/rows.h"
#include "registry/ledger/schema.h"
#include "registry/ledger/submission.h"
#include "registry/limits.h"
#include "verifier/entry.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"

namespace touchstone::ledger {
namespace {

// How many leaves are inserted at a time.
constexpr size_t kInsertedLeaves = size_t{1} << 16;

class Reloading {
 public:
  Reloading(const storage::Reader& store, const Checkpoint& checkpoint,
            std::optional<uint64_t> earlier_size, Tip& tip, Directory& directory)
      : store_(store),
        size_(checkpoint.size()),
        checkpoint_(checkpoint),
        earlier_size_(earlier_size),
        rows_(store, size_),
        tip_(tip),
        directory_(directory) {}

  absl::StatusOr<Rebuilt> Run() {
    absl::Status status = ReloadLog();
    if (status.ok()) status = ReloadIndex();
    if (status.ok()) status = CheckLastCommit();
    if (status.ok()) status = ReloadStewards();
    if (status.ok()) status = ReloadParticipants();
    if (!status.ok()) return status;
    tip_.time_ms = index_root_.time_ms;
    tip_.last_index_root = size_ - 1;
    return Rebuilt{std::move(index_root_frame_), std::move(earlier_index_)};
  }

 private:
  absl::Status ReloadLog();
  absl::Status ReadNewestEntries(std::vector<Digest>& digests);
  absl::Status ReloadIndex();
  absl::Status InsertRest(uint64_t first, uint64_t& before_last, uint64_t& last);
  absl::Status CheckLastCommit();
  absl::Status ReloadStewards();
  absl::Status ReloadParticipants();

  // A subject's chain, proven: the entries are the log's, each is in the index, and none follows.
  struct ChainEntry {
    Submission submission;
    EntryPlace place;
    size_t frame_bytes;
  };
  absl::StatusOr<std::vector<ChainEntry>> ReadChain(IndexKind kind, absl::string_view subject);

  const storage::Reader& store_;
  const uint64_t size_;
  const Checkpoint& checkpoint_;
  const std::optional<uint64_t> earlier_size_;
  const Rows rows_;
  Tip& tip_;
  Directory& directory_;
  std::optional<LogVersion> log_;
  std::optional<IndexVersion> index_;
  std::optional<IndexVersion> earlier_index_;
  std::string index_root_frame_;
  Entry index_root_;
  IndexRootPayload payload_;
};

absl::Status Reloading::ReloadLog() {
  std::vector<Digest> newest;
  absl::Status status = ReadNewestEntries(newest);
  if (status.ok()) status = tip_.log.Restore(size_, newest);
  if (!status.ok()) return status;
  absl::StatusOr<LogVersion> log = tip_.log.Version();
  if (!log.ok()) return log.status();
  if (log->root() != checkpoint_.root()) {
    return Contradiction(absl::StrCat("its newest entries and tiles make a tree with root ",
                                      DigestToBase64(log->root()), ", its checkpoint for ", size_,
                                      " entries has root ", DigestToBase64(checkpoint_.root())));
  }
  log_ = *std::move(log);
  const absl::StatusOr<Entry> last = DecodeEntry(index_root_frame_);
  if (!last.ok() || last->type != EntryType::kIndexRoot) {
    return Contradiction("it does not end in an index root");
  }
  index_root_ = *last;
  const absl::StatusOr<IndexRootPayload> payload = DecodeIndexRootPayload(last->payload);
  if (!payload.ok()) return Contradiction("its last index root cannot be read");
  payload_ = *payload;
  return absl::OkStatus();
}

// The digests of the entries behind the last full tile; and that the entries end where they should.
absl::Status Reloading::ReadNewestEntries(std::vector<Digest>& digests) {
  const uint64_t first_digest = size_ - size_ % limits::kTileHashes;
  uint64_t next = std::min(first_digest, size_ - 1);  // the last entry is wanted in any case
  const absl::StatusOr<storage::ScanEnd> end = store_.Scan(
      schema::EntriesFrom(next), UINT64_MAX, [&](absl::string_view key, absl::string_view frame) {
        const uint64_t position = schema::PositionInKey(key);
        if (position >= size_) {
          return Contradiction(absl::StrCat("there is an entry at position ", position,
                                            ", and its checkpoint is for ", size_));
        }
        if (position != next++) {
          return Contradiction(absl::StrCat("the entry at position ", next - 1, " is missing"));
        }
        if (position >= first_digest) digests.push_back(EntryDigest(frame));
        if (position == size_ - 1) index_root_frame_ = std::string(frame);
        return absl::OkStatus();
      });
  if (!end.ok()) return end.status();
  if (next == size_) return absl::OkStatus();
  return Contradiction(absl::StrCat("the entry at position ", next, " is missing"));
}

absl::Status Reloading::ReloadIndex() {
  uint64_t before_last = IndexRootPayload::kNone;
  uint64_t last = IndexRootPayload::kNone;
  // What the earlier tree has is loaded at once, the rest inserted into it.
  const uint64_t loaded = earlier_size_.value_or(size_);
  const auto scan = [&](IndexTree::LeafVisitor visit) -> absl::Status {
    return store_
        .Scan(schema::InsertionsBefore(loaded), UINT64_MAX,
              [&](absl::string_view key, absl::string_view value) {
                const auto leaves = schema::InsertionsIn(value);
                if (!leaves.ok()) return leaves.status();
                before_last = std::exchange(last, schema::PositionInKey(key));
                for (const IndexLeaf& leaf : *leaves) visit(leaf);
                return absl::OkStatus();
              })
        .status();
  };
  absl::Status status = tip_.index.Load(scan);
  if (status.ok() && earlier_size_) earlier_index_ = tip_.index.Version();
  if (status.ok()) status = InsertRest(loaded, before_last, last);
  if (absl::IsAlreadyExists(status)) return Contradiction(status.message());
  if (!status.ok()) return status;
  if (last != size_ - 1 || before_last != payload_.previous_index_root) {
    return Contradiction(
        absl::StrCat("its last insertions into the index are those up to position ", last,
                     ", its last index root stands at ", size_ - 1));
  }
  if (tip_.index.root() != payload_.root) {
    return Contradiction(absl::StrCat("all insertions into the index make the root ",
                                      DigestToHex(tip_.index.root()), ", its index root says ",
                                      DigestToHex(payload_.root)));
  }
  index_ = tip_.index.Version();
  return absl::OkStatus();
}

// Inserts the leaves of the commits whose index roots stand at `first` and later, many at a time;
// `last` and `before_last` are then where the last two of all stand.
absl::Status Reloading::InsertRest(uint64_t first, uint64_t& before_last, uint64_t& last) {
  std::vector<IndexLeaf> gathered;
  const auto insert = [&] {
    std::sort(gathered.begin(), gathered.end(),
              [](const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; });
    absl::Status status = tip_.index.Insert(gathered);
    gathered.clear();
    return status;
  };
  const absl::StatusOr<storage::ScanEnd> end =
      store_.Scan(schema::InsertionsFrom(first), UINT64_MAX,
                  [&](absl::string_view key, absl::string_view value) -> absl::Status {
                    const auto leaves = schema::InsertionsIn(value);
                    if (!leaves.ok()) return leaves.status();
                    before_last = std::exchange(last, schema::PositionInKey(key));
                    gathered.insert(gathered.end(), leaves->begin(), leaves->end());
                    return gathered.size() < kInsertedLeaves ? absl::OkStatus() : insert();
                  });
  if (!end.ok()) return end.status();
  return insert();
}

absl::Status Reloading::CheckLastCommit() {
  const absl::StatusOr<std::string> inserted = rows_.Insertions(size_ - 1);
  if (!inserted.ok()) return inserted.status();
  const absl::StatusOr<absl::Span<const IndexLeaf>> leaves = schema::InsertionsIn(*inserted);
  if (!leaves.ok()) return leaves.status();
  const uint64_t first = payload_.previous_index_root == IndexRootPayload::kNone
                             ? 0
                             : payload_.previous_index_root + 1;
  if (first + 1 == size_) return absl::OkStatus();  // an index root alone
  return store_
      .Scan(schema::EntriesFrom(first), size_ - 1 - first,
            [&](absl::string_view key, absl::string_view frame) {
              const uint64_t position = schema::PositionInKey(key);
              const auto unfit = [position](absl::string_view what) {
                return Contradiction(absl::StrCat("the entry at position ", position,
                                                  ", of the last commit, ", what));
              };
              const absl::StatusOr<Entry> entry = DecodeEntry(frame);
              if (!entry.ok()) return unfit(entry.status().message());
              const absl::StatusOr<Submission> submission = Submission::Read(entry->payload);
              if (!submission.ok()) return unfit(submission.status().message());
              const Digest digest = EntryDigest(frame);
              const absl::StatusOr<Digest> logged = log_->EntryDigest(position);
              if (!logged.ok()) return logged.status();
              if (*logged != digest) return unfit("is not the one that was logged");
              const Subject& subject = submission->statement().subject();
              const Digest leaf_key = IndexKey(subject.kind, subject.bytes, entry->number);
              const auto leaf = std::lower_bound(
                  leaves->begin(), leaves->end(), leaf_key,
                  [](const IndexLeaf& a, const Digest& wanted) { return a.key < wanted; });
              if (leaf == leaves->end() || leaf->key != leaf_key ||
                  leaf->value != IndexValue(IndexEvent::kEntry, digest, position)) {
                return unfit("is not among what that inserted into the index");
              }
              return absl::OkStatus();
            })
      .status();
}

absl::StatusOr<std::vector<Reloading::ChainEntry>> Reloading::ReadChain(IndexKind kind,
                                                                        absl::string_view subject) {
  const absl::StatusOr<std::vector<schema::LeafRow>> leaves = rows_.Leaves(kind, subject);
  if (!leaves.ok()) return leaves.status();
  std::vector<uint64_t> positions;
  for (const schema::LeafRow& leaf : *leaves) positions.push_back(leaf.position);
  const absl::StatusOr<std::vector<std::string>> frames = rows_.Frames(positions);
  if (!frames.ok()) return frames.status();
  std::vector<ChainEntry> chain;
  for (size_t i = 0; i < frames->size(); ++i) {
    const auto unfit = [&](absl::string_view what) {
      return Contradiction(absl::StrCat("the entry at position ", positions[i], ": ", what));
    };
    const Digest digest = EntryDigest((*frames)[i]);
    const absl::StatusOr<Digest> logged = log_->EntryDigest(positions[i]);
    if (!logged.ok()) return logged.status();
    if (*logged != digest) return unfit("it is not the one that was logged");
    const Digest key = IndexKey(kind, subject, static_cast<uint32_t>(i));
    const absl::StatusOr<IndexProof> proof = index_->Prove(key);
    if (!proof.ok()) return proof.status();
    const Digest value = IndexValue(IndexEvent::kEntry, digest, positions[i]);
    absl::Status status = VerifyIndexPresent(index_->root(), key, value, *proof);
    if (!status.ok()) return unfit(absl::StrCat("the index does not have it: ", status.message()));
    const absl::StatusOr<Entry> entry = DecodeEntry((*frames)[i]);
    if (!entry.ok()) return unfit(entry.status().message());
    absl::StatusOr<Submission> submission = Submission::Read(entry->payload);
    if (!submission.ok()) return unfit(submission.status().message());
    chain.push_back({*std::move(submission), EntryPlace{entry->position, entry->time_ms, digest},
                     (*frames)[i].size()});
  }
  const Digest next = IndexKey(kind, subject, static_cast<uint32_t>(chain.size()));
  const absl::StatusOr<IndexProof> proof = index_->Prove(next);
  if (!proof.ok()) return proof.status();
  absl::Status status = VerifyIndexAbsent(index_->root(), next, *proof);
  if (status.ok() && !chain.empty()) return chain;
  return Contradiction(absl::StrCat(
      "the lookups have ", chain.size(), " entries of ",
      kind == IndexKind::kStewardsEntry ? "the stewards" : absl::StrCat("\"", subject, "\""),
      ", the index has others"));
}

absl::Status Reloading::ReloadStewards() {
  const absl::StatusOr<std::vector<ChainEntry>> chain = ReadChain(IndexKind::kStewardsEntry, "");
  if (!chain.ok()) return chain.status();
  std::optional<StewardsRecord> record;
  for (const ChainEntry& entry : *chain) {
    const ParsedStatement& statement = entry.submission.statement();
    if (record) {
      record->state.Apply(statement, entry.place);
    } else {
      record = StewardsRecord{StewardsState::FromGenesis(statement, entry.place), {}};
    }
    record->contents.Add(entry.submission.digest(), entry.frame_bytes);
  }
  directory_.Set(std::make_shared<const StewardsRecord>(*std::move(record)));
  return absl::OkStatus();
}

absl::Status Reloading::ReloadParticipants() {
  std::vector<std::string> ids;
  const absl::StatusOr<storage::ScanEnd> end =
      store_.Scan(schema::LeavesOfKind(IndexKind::kParticipantEntry), UINT64_MAX,
                  [&ids](absl::string_view key, absl::string_view) {
                    const absl::string_view id = schema::SubjectInKey(key);
                    if (ids.empty() || ids.back() != id) ids.emplace_back(id);
                    return absl::OkStatus();
                  });
  if (!end.ok()) return end.status();
  for (const std::string& id : ids) {
    const absl::StatusOr<std::vector<ChainEntry>> chain =
        ReadChain(IndexKind::kParticipantEntry, id);
    if (!chain.ok()) return chain.status();
    std::optional<ParticipantRecord> record;
    for (const ChainEntry& entry : *chain) {
      const ParsedStatement& statement = entry.submission.statement();
      if (record) {
        record->state.Apply(statement, entry.place);
      } else {
        record = ParticipantRecord{ParticipantState::FromEnrolment(statement, entry.place), {}};
      }
      record->contents.Add(entry.submission.digest(), entry.frame_bytes);
    }
    directory_.Set(std::make_shared<const ParticipantRecord>(*std::move(record)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Rebuilt> Reload(const storage::Reader& store, const Checkpoint& checkpoint,
                               std::optional<uint64_t> earlier_size, Tip& tip,
                               Directory& directory) {
  return Reloading(store, checkpoint, earlier_size, tip, directory).Run();
}

}  // namespace touchstone::ledger
