#include "cli/audit/audit.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "cli/audit/tile_check.h"
#include "verifier/entry.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr uint32_t kPublicEntriesPage = 1000;

absl::StatusOr<Digest> GenesisOf(const TrustPolicy& policy) {
  if (policy.genesis().has_value()) return *policy.genesis();
  return Refuse(RefusalCode::kNoGenesis,
                "the trust policy has no genesis line, so nobody can say which log this is");
}

absl::StatusOr<VerifiedCheckpoint> ReadCheckpoint(const TrustPolicy& policy, LogSource& source) {
  const absl::StatusOr<std::string> note = source.Checkpoint();
  if (!note.ok()) return note.status();
  return VerifyCheckpointNote(policy, *note);
}

// Gives `visit` the digests of bundle after bundle, checks them against the tiles, and the whole
// against the checkpoint.
absl::Status WalkTiles(
    LogSource& source, const Checkpoint& checkpoint, const AuditProgress& progress,
    absl::FunctionRef<absl::Status(const TileName&, absl::Span<const Digest>)> visit) {
  TileCheck tiles(&source);
  while (tiles.size() < checkpoint.size()) {
    const uint64_t index = tiles.size() / limits::kTileHashes;
    const uint32_t width = static_cast<uint32_t>(
        std::min<uint64_t>(limits::kTileHashes, checkpoint.size() - tiles.size()));
    const absl::StatusOr<std::vector<Digest>> digests = ReadDigests(source, index, width);
    if (!digests.ok()) return digests.status();
    absl::Status status = visit({std::nullopt, index, width}, *digests);
    if (status.ok()) status = tiles.Append(*digests);
    if (!status.ok()) return status;
    progress(tiles.size(), checkpoint.size());
  }
  const absl::Status status = tiles.Finish();
  if (!status.ok()) return status;
  if (tiles.Root() == checkpoint.root()) return absl::OkStatus();
  return Refuse(RefusalCode::kBadInclusionProof,
                absl::StrCat("the checkpoint of ", checkpoint.size(), " entries has the root ",
                             DigestToHex(checkpoint.root()), "; the entries make ",
                             DigestToHex(tiles.Root())));
}

absl::Status ReplayBundle(LogSource& source, const TileName& name, absl::Span<const Digest> digests,
                          LogReplay& replay) {
  const absl::StatusOr<std::string> bytes = source.Frames(name);
  if (!bytes.ok()) return bytes.status();
  const auto frames = DecodeEntryBundle(*bytes, name.width);
  if (!frames.ok()) {
    return InContext(absl::StrCat("frames of ", FormatTilePath(name)), frames.status());
  }
  for (size_t i = 0; i < frames->size(); ++i) {
    if (EntryDigest((*frames)[i]) != digests[i]) {
      return Refuse(RefusalCode::kBadInclusionProof,
                    absl::StrCat("entry ", replay.size(), ": its frame has the digest ",
                                 DigestToHex(EntryDigest((*frames)[i])), "; the log has ",
                                 DigestToHex(digests[i])));
    }
    const absl::Status status = replay.Next((*frames)[i]);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The public entries, one after another.
class PublicEntriesCheck {
 public:
  PublicEntriesCheck(const Digest& genesis, std::vector<Digest> digests)
      : genesis_(genesis), digests_(std::move(digests)) {}

  absl::Status Next(absl::string_view frame) {
    const absl::StatusOr<Entry> entry = DecodeEntry(frame);
    if (!entry.ok()) return entry.status();
    const std::string where = absl::StrCat("public entry ", entry->position);
    if (entry->position >= digests_.size()) return absl::OkStatus();  // behind the checkpoint
    if (entry->position < next_position_ || entry->time_ms < last_time_ms_) {
      return Refuse(RefusalCode::kBrokenChain, absl::StrCat(where, ": out of order"));
    }
    const Digest digest = EntryDigest(frame);
    if (digest != digests_[entry->position] || (entry->position == 0 && digest != genesis_)) {
      return Refuse(RefusalCode::kBadInclusionProof,
                    absl::StrCat(where, ": the log has another entry there"));
    }
    if (entry->type == EntryType::kIndexRoot) {
      const absl::StatusOr<IndexRootPayload> payload = DecodeIndexRootPayload(entry->payload);
      if (!payload.ok()) return InContext(where, payload.status());
      if (payload->previous_index_root != last_index_root_) {
        return Refuse(RefusalCode::kBrokenChain,
                      absl::StrCat(where, ": the index root before it was left out"));
      }
      last_index_root_ = entry->position;
    }
    next_position_ = entry->position + 1;
    last_time_ms_ = entry->time_ms;
    ++count_;
    return absl::OkStatus();
  }

  absl::Status Finish() const {
    if (last_index_root_ + 1 == digests_.size()) return absl::OkStatus();
    return Refuse(RefusalCode::kBrokenChain,
                  "the registry did not show the index root under its checkpoint");
  }

  uint64_t next_position() const { return next_position_; }
  uint64_t size() const { return digests_.size(); }
  uint64_t count() const { return count_; }

 private:
  const Digest genesis_;
  const std::vector<Digest> digests_;
  uint64_t next_position_ = 0;
  uint64_t last_time_ms_ = 0;
  uint64_t last_index_root_ = IndexRootPayload::kNone;
  uint64_t count_ = 0;
};

absl::StatusOr<uint64_t> CheckPublicEntries(RegistryClient& client, PublicEntriesCheck check) {
  while (check.next_position() < check.size()) {
    const uint64_t from = check.next_position();
    const absl::StatusOr<PublicEntries> page = client.GetPublicEntries(from, kPublicEntriesPage);
    if (!page.ok()) return page.status();
    for (const std::string& frame : page->entries) {
      const absl::Status status = check.Next(frame);
      if (!status.ok()) return status;
    }
    if (check.next_position() == from) break;
  }
  const absl::Status status = check.Finish();
  if (!status.ok()) return status;
  return check.count();
}

}  // namespace

absl::StatusOr<AuditReport> AuditExport(const TrustPolicy& policy, LogSource& source,
                                        const AuditProgress& progress) {
  const absl::StatusOr<Digest> genesis = GenesisOf(policy);
  if (!genesis.ok()) return genesis.status();
  absl::StatusOr<VerifiedCheckpoint> checkpoint = ReadCheckpoint(policy, source);
  if (!checkpoint.ok()) return checkpoint.status();
  LogReplay replay(policy.origin(), *genesis);
  absl::Status status = WalkTiles(source, checkpoint->checkpoint, progress,
                                  [&](const TileName& name, absl::Span<const Digest> digests) {
                                    return ReplayBundle(source, name, digests, replay);
                                  });
  if (status.ok()) status = replay.Finish();
  if (!status.ok()) return status;
  return AuditReport{*std::move(checkpoint), replay.totals(), 0};
}

absl::StatusOr<AuditReport> AuditRegistry(const TrustPolicy& policy, RegistryClient& client,
                                          const AuditProgress& progress) {
  const absl::StatusOr<Digest> genesis = GenesisOf(policy);
  if (!genesis.ok()) return genesis.status();
  const std::unique_ptr<LogSource> source = OpenRegistry(&client);
  absl::StatusOr<VerifiedCheckpoint> checkpoint = ReadCheckpoint(policy, *source);
  if (!checkpoint.ok()) return checkpoint.status();
  std::vector<Digest> all;
  const absl::Status status = WalkTiles(*source, checkpoint->checkpoint, progress,
                                        [&](const TileName&, absl::Span<const Digest> digests) {
                                          all.insert(all.end(), digests.begin(), digests.end());
                                          return absl::OkStatus();
                                        });
  if (!status.ok()) return status;
  const absl::StatusOr<uint64_t> count =
      CheckPublicEntries(client, PublicEntriesCheck(*genesis, std::move(all)));
  if (!count.ok()) return count.status();
  return AuditReport{*std::move(checkpoint), std::nullopt, *count};
}

}  // namespace touchstone::cli
