#include "cli/log_continuity.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/merkle.h"

namespace touchstone::cli {

absl::Status CheckLogGoesOn(RegistryClient& client, const LogState& older, const LogState& newer) {
  if (older.size > newer.size) {
    return absl::DataLossError(absl::StrCat(
        "the registry shows a log of ", newer.size, " entries, but it has signed one of ",
        older.size, ": it has lost entries, or hides them. Keep your file and ask its operator"));
  }
  std::vector<Digest> path;
  if (older.size < newer.size) {
    const absl::StatusOr<std::vector<std::string>> hashes =
        client.GetConsistencyPath(older.size, newer.size);
    if (!hashes.ok()) return hashes.status();
    for (const std::string& hash : *hashes) {
      const absl::StatusOr<Digest> digest = DigestFromBytes(hash);
      if (!digest.ok()) return digest.status();
      path.push_back(*digest);
    }
  }
  const absl::Status consistent =
      VerifyConsistency(older.size, older.root, newer.size, newer.root, path);
  if (consistent.ok()) return consistent;
  return absl::DataLossError(absl::StrCat(
      "the registry's log does not go on from the one that your file proves: it shows two "
      "histories. Keep your file and tell its operator and its witnesses (",
      consistent.message(), ")"));
}

}  // namespace touchstone::cli
