#include "cli/audit/checkpoint_continuity.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

std::string Describe(const StateDirectory& state, uint64_t size, const Digest& root) {
  return absl::StrCat(size, " entries with the root ", DigestToHex(root),
                      " (signed: ", state.CheckpointPath(size, root), ")");
}

absl::Status Alarm(const StateDirectory& state, const Checkpoint& now, absl::string_view what,
                   absl::string_view why) {
  const MerkleFrontier& before = state.state()->tree;
  return absl::DataLossError(absl::StrCat(
      what, ". Seen before: ", Describe(state, before.size(), before.Root()),
      ". Shown now: ", Describe(state, now.size(), now.root()),
      ". Keep both files: with them anybody can check it. Tell the log's operator, its witnesses "
      "and whoever relies on it",
      why.empty() ? "" : absl::StrCat(" (", why, ")")));
}

}  // namespace

absl::Status CheckGoesOn(LogSource& source, const StateDirectory& state, const Checkpoint& now) {
  const MerkleFrontier& before = state.state()->tree;
  if (now.size() < before.size()) {
    return Alarm(state, now,
                 "OLDER CHECKPOINT: the registry shows an older log than it has signed; it has "
                 "lost entries, or hides them",
                 "");
  }
  std::vector<Digest> path;
  if (now.size() > before.size()) {
    absl::StatusOr<std::vector<Digest>> proof = source.ConsistencyPath(before.size(), now.size());
    if (!proof.ok()) {
      return InContext(
          absl::StrCat("the proof that the log of ", now.size(), " entries goes on from the ",
                       before.size(), " that were audited before"),
          proof.status());
    }
    path = *std::move(proof);
  }
  const absl::Status consistent =
      VerifyConsistency(before.size(), before.Root(), now.size(), now.root(), path);
  if (consistent.ok()) return consistent;
  return Alarm(state, now, "TWO HISTORIES: the registry's log does not go on from what it signed",
               consistent.message());
}

}  // namespace touchstone::cli
