#include "cli/audit/log_continuity.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

std::string Describe(const LogState& state) {
  return absl::StrCat(state.size, " entries with the root ", DigestToHex(state.root));
}

absl::Status Alarm(const LogState& older, const LogState& newer, absl::string_view what,
                   absl::string_view evidence) {
  return absl::DataLossError(absl::StrCat(
      what, ". Seen before: ", Describe(older), ". Shown now: ", Describe(newer), ". ", evidence,
      ": evidence that anybody can check. Tell the log's operator, its witnesses and "
      "whoever relies on it"));
}

}  // namespace

absl::Status CheckLogGoesOn(LogSource& source, const LogState& older, const LogState& newer,
                            absl::string_view evidence) {
  if (newer.size < older.size) {
    return Alarm(older, newer,
                 "OLDER CHECKPOINT: the registry shows an older log than it has signed; it has "
                 "lost entries, or hides them",
                 evidence);
  }
  if (older.size == 0) return absl::OkStatus();  // every log goes on from the empty one
  std::vector<Digest> path;
  if (newer.size > older.size) {
    absl::StatusOr<std::vector<Digest>> proof = source.ConsistencyPath(older.size, newer.size);
    if (!proof.ok()) {
      return InContext(absl::StrCat("the proof that the log of ", newer.size,
                                    " entries goes on from the one of ", older.size),
                       proof.status());
    }
    path = *std::move(proof);
  }
  const absl::Status consistent =
      VerifyConsistency(older.size, older.root, newer.size, newer.root, path);
  if (consistent.ok()) return consistent;
  return Alarm(older, newer,
               absl::StrCat("TWO HISTORIES: the registry's log does not go on from what it signed; "
                            "it shows two histories (",
                            consistent.message(), ")"),
               evidence);
}

}  // namespace touchstone::cli
