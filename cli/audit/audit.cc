#include "cli/audit/audit.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "cli/audit/log_continuity.h"
#include "cli/audit/public_chains.h"
#include "cli/audit/tile_check.h"
#include "verifier/entry.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

absl::StatusOr<Digest> GenesisOf(const TrustPolicy& policy) {
  if (policy.genesis().has_value()) return *policy.genesis();
  return Refuse(RefusalCode::kNoGenesis,
                "the trust policy has no genesis line, so nobody can say which log this is");
}

// A retired key's checkpoint counts if it leads up to the retirement.
absl::Status CheckRetirement(LogSource& source, const VerifiedCheckpoint& verified) {
  std::vector<Digest> path;
  const uint64_t size = verified.checkpoint.size();
  if (verified.retired.has_value() && 0 < size && size < verified.retired->size) {
    absl::StatusOr<std::vector<Digest>> proof =
        source.ConsistencyPath(size, verified.retired->size);
    // Without a proof it cannot be judged, and that is what the check says.
    if (proof.ok()) path = *std::move(proof);
  }
  return CheckRetiredConsistency(verified, path);
}

// The source's cosigned checkpoint, in place of `newest`, which witnesses have yet to cosign: what
// is newer is audited the next time, but must go on from it. `unmet` where the source has none.
absl::StatusOr<VerifiedCheckpoint> ReadCosigned(const TrustPolicy& policy, LogSource& source,
                                                const Checkpoint& newest,
                                                const absl::Status& unmet) {
  const absl::StatusOr<std::string> note = source.CosignedCheckpoint();
  if (absl::IsFailedPrecondition(note.status())) return unmet;
  if (!note.ok()) return note.status();
  absl::StatusOr<VerifiedCheckpoint> cosigned = VerifyCheckpointNote(policy, *note);
  if (!cosigned.ok()) return cosigned.status();
  const Checkpoint& older = cosigned->checkpoint;
  // One that was cosigned since `newest` was asked for is newer, and the log's all the same.
  if (older.size() == 0 || older.size() >= newest.size()) return cosigned;
  const absl::StatusOr<std::vector<Digest>> path =
      source.ConsistencyPath(older.size(), newest.size());
  if (!path.ok()) return path.status();
  const absl::Status goes_on =
      VerifyConsistency(older.size(), older.root(), newest.size(), newest.root(), *path);
  if (goes_on.ok()) return cosigned;
  return absl::DataLossError(absl::StrCat(
      "TWO HISTORIES: the registry's newest checkpoint, for ", newest.size(),
      " entries, does not go on from the one that its witnesses have cosigned, for ", older.size(),
      " (", goes_on.message(), "). Keep both, and tell its operator and its witnesses"));
}

// Keeps what the log's key has signed, and compares it with the newest that was seen before, by an
// audit that came to its end or not.
absl::Status SeeCheckpoint(const TrustPolicy& policy, LogSource& source, StateDirectory& state,
                           const VerifiedCheckpoint& signed_by_log, absl::string_view note) {
  absl::Status status = state.KeepCheckpoint(policy, signed_by_log, note);
  if (!status.ok()) return status;
  const LogState now = {signed_by_log.checkpoint.size(), signed_by_log.checkpoint.root()};
  if (const std::optional<LogState>& newest = state.newest(); newest.has_value()) {
    status = CheckLogGoesOn(source, *newest, now,
                            absl::StrCat("Keep both signed notes, (", state.CheckpointPath(*newest),
                                         ") and (", state.CheckpointPath(now), ")"));
    if (!status.ok()) return status;
  }
  return state.SetNewest(now);
}

// The source's checkpoint. What the log's key has signed is kept, and compared with what was seen
// before, even where witnesses are missing.
absl::StatusOr<VerifiedCheckpoint> ReadCheckpoint(const TrustPolicy& policy, LogSource& source,
                                                  StateDirectory* state) {
  const absl::StatusOr<std::string> note = source.Checkpoint();
  if (!note.ok()) return note.status();
  const absl::StatusOr<VerifiedCheckpoint> signed_by_log =
      VerifyProvisionalCheckpointNote(policy, *note);
  if (!signed_by_log.ok()) return signed_by_log.status();
  if (state != nullptr) {
    const absl::Status seen = SeeCheckpoint(policy, source, *state, *signed_by_log, *note);
    if (!seen.ok()) return seen;
  }
  absl::StatusOr<VerifiedCheckpoint> verified = VerifyCheckpointNote(policy, *note);
  if (RefusalCodeOf(verified.status()) == RefusalCode::kQuorumNotMet) {
    verified = ReadCosigned(policy, source, signed_by_log->checkpoint, verified.status());
  }
  if (!verified.ok()) return verified.status();
  const absl::Status retired = CheckRetirement(source, *verified);
  if (!retired.ok()) return retired;
  return verified;
}

// Gives `visit` the digests behind those that `tiles` has, bundle after bundle, checks them against
// the tiles, and the whole against the checkpoint.
absl::Status WalkTiles(
    LogSource& source, TileCheck& tiles, const Checkpoint& checkpoint,
    const AuditProgress& progress,
    absl::FunctionRef<absl::Status(const TileName&, absl::Span<const Digest>)> visit) {
  progress(tiles.size(), checkpoint.size());
  while (tiles.size() < checkpoint.size()) {
    const uint64_t index = tiles.size() / limits::kTileHashes;
    const uint32_t width = static_cast<uint32_t>(
        std::min<uint64_t>(limits::kTileHashes, checkpoint.size() - index * limits::kTileHashes));
    const absl::StatusOr<std::vector<Digest>> digests = ReadDigests(source, index, width);
    if (!digests.ok()) return digests.status();
    const absl::Span<const Digest> next =
        absl::MakeConstSpan(*digests).subspan(tiles.size() % limits::kTileHashes);
    absl::Status status = visit({std::nullopt, index, width}, next);
    if (status.ok()) status = tiles.Append(next);
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

// Whether the log may end where the commits that were checked do.
absl::Status CheckEndsCommit(const CommitAudit& commits, uint64_t size) {
  if (commits.at_end_of_commit()) return absl::OkStatus();
  return Refuse(RefusalCode::kBrokenChain,
                absl::StrCat("no index root is shown at position ", size - 1,
                             ", where the log of the checkpoint ends"));
}

// ---- By what is public. ----

absl::Status AuditPublic(LogSource& source, const Checkpoint& checkpoint, const Digest& genesis,
                         StateDirectory* state, const AuditProgress& progress,
                         AuditReport* report) {
  PublicChains chains;
  IndexReplica index;
  TileCheck tiles(&source);
  CheckedCommits before;
  if (state != nullptr && state->state().has_value()) {
    before = state->state()->checked;
    absl::Status status = state->LoadLeaves(index);
    if (status.ok()) status = state->LoadChains(chains);
    if (status.ok()) status = tiles.Resume(state->state()->tree);
    if (!status.ok()) return status;
  }
  CommitAudit commits(&source, checkpoint.origin(), genesis, checkpoint.size(), before, &chains,
                      &index);
  absl::Status status =
      WalkTiles(source, tiles, checkpoint, progress,
                [&](const TileName&, absl::Span<const Digest> digests) -> absl::Status {
                  for (const Digest& digest : digests) {
                    absl::Status next = commits.Next(digest);
                    if (next.ok() && state != nullptr && commits.at_end_of_commit()) {
                      next = state->AppendCommit(commits.leaves(), commits.chain_frames());
                    }
                    if (!next.ok()) return next;
                  }
                  return absl::OkStatus();
                });
  if (status.ok()) status = CheckEndsCommit(commits, checkpoint.size());
  if (!status.ok()) return status;
  report->checked = commits.checked();
  if (state == nullptr) return absl::OkStatus();
  return state->Save(tiles.tree(), commits.checked());
}

// ---- With the contents of all entries. ----

// Whether exactly what the entries of a commit call for was inserted.
absl::Status CompareInsertions(const LogReplay& replay, const CommitAudit& commits) {
  std::vector<std::string> expected;
  for (const auto& [key, value] : replay.insertions()) {
    expected.push_back(absl::StrCat(DigestBytes(key), DigestBytes(value)));
  }
  std::sort(expected.begin(), expected.end());
  const absl::string_view found = commits.leaves();
  for (size_t i = 0; i < expected.size() || i * kIndexLeafBytes < found.size(); ++i) {
    const absl::string_view leaf = i * kIndexLeafBytes < found.size()
                                       ? found.substr(i * kIndexLeafBytes, kIndexLeafBytes)
                                       : absl::string_view();
    if (i < expected.size() && leaf == expected[i]) continue;
    const auto describe = [](absl::string_view bytes) {
      if (bytes.empty()) return std::string("none");
      return absl::StrCat(absl::BytesToHexString(bytes.substr(0, kDigestBytes)), " = ",
                          absl::BytesToHexString(bytes.substr(kDigestBytes)));
    };
    return Refuse(
        RefusalCode::kBadIndexProof,
        absl::StrCat("commit ", commits.checked().commits - 1,
                     ", which ends in the index root at position ",
                     commits.checked().index_root_position, ": its leaf ", i,
                     ", in ascending order, is ", describe(leaf), "; the entries call for ",
                     describe(i < expected.size() ? expected[i] : "")));
  }
  return absl::OkStatus();
}

absl::Status ReplayBundle(LogSource& source, const TileName& name, absl::Span<const Digest> digests,
                          LogReplay& replay, CommitAudit& commits) {
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
    absl::Status status = replay.Next((*frames)[i]);
    if (status.ok()) status = commits.Next(digests[i]);
    if (status.ok() && commits.at_end_of_commit()) status = CompareInsertions(replay, commits);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status AuditContents(LogSource& source, const Checkpoint& checkpoint, const Digest& genesis,
                           const AuditProgress& progress, AuditReport* report) {
  LogReplay replay(checkpoint.origin(), genesis);
  TileCheck tiles(&source);
  PublicChains chains;
  // The replay has the index; a second one would be the same.
  CommitAudit commits(&source, checkpoint.origin(), genesis, checkpoint.size(), CheckedCommits(),
                      &chains, /*index=*/nullptr);
  absl::Status status = WalkTiles(source, tiles, checkpoint, progress,
                                  [&](const TileName& name, absl::Span<const Digest> digests) {
                                    return ReplayBundle(source, name, digests, replay, commits);
                                  });
  if (status.ok()) status = CheckEndsCommit(commits, checkpoint.size());
  if (!status.ok()) return status;
  report->checked = commits.checked();
  report->replay = replay.totals();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AuditReport> AuditLog(const TrustPolicy& policy, LogSource& source,
                                     StateDirectory* state, const AuditProgress& progress) {
  const absl::StatusOr<Digest> genesis = GenesisOf(policy);
  if (!genesis.ok()) return genesis.status();
  absl::StatusOr<VerifiedCheckpoint> verified = ReadCheckpoint(policy, source, state);
  if (!verified.ok()) return verified.status();
  const Checkpoint checkpoint = verified->checkpoint;
  AuditReport report = {*std::move(verified), {}, 0, std::nullopt};
  if (state != nullptr && state->state().has_value()) {
    report.audited_before = state->state()->tree.size();
    report.checked = state->state()->checked;
    if (report.audited_before == checkpoint.size()) return report;  // the same: it goes on from it
  }
  const absl::Status status =
      source.HasFrames() && state == nullptr
          ? AuditContents(source, checkpoint, *genesis, progress, &report)
          : AuditPublic(source, checkpoint, *genesis, state, progress, &report);
  if (!status.ok()) return status;
  return report;
}

}  // namespace touchstone::cli
