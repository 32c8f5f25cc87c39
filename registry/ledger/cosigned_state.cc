#include "registry/ledger/cosigned_state.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/ledger/contradiction.h"
#include "registry/ledger/log_tree.h"
#include "verifier/entry.h"

namespace touchstone::ledger {
namespace {

// The log as it was when it had `size` entries.
absl::StatusOr<LogVersion> LogAt(uint64_t size, const LogVersion& newest, const TileStore& tiles) {
  const auto width = static_cast<uint32_t>(size % limits::kTileHashes);
  std::vector<Digest> digests;
  if (width > 0) {
    const absl::StatusOr<std::string> bytes =
        newest.EntryDigests(size / limits::kTileHashes, width);
    if (!bytes.ok()) return bytes.status();
    for (size_t at = 0; at < bytes->size(); at += kDigestBytes) {
      const absl::StatusOr<Digest> digest =
          DigestFromBytes(absl::string_view(*bytes).substr(at, kDigestBytes));
      if (!digest.ok()) return digest.status();
      digests.push_back(*digest);
    }
  }
  LogTree tree(tiles);
  absl::Status status = tree.Restore(size, digests);
  if (!status.ok()) return status;
  return tree.Version();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Published>> RestoreCosigned(const Shared& shared,
                                                                 RecoveredCosigned cosigned,
                                                                 const LogVersion& newest) {
  const uint64_t size = cosigned.checkpoint.size();
  absl::StatusOr<LogVersion> log = LogAt(size, newest, shared.tiles);
  if (!log.ok()) return log.status();
  const absl::StatusOr<Digest> root_then = newest.RootAt(size);
  if (!root_then.ok()) return root_then.status();
  if (log->root() != cosigned.checkpoint.root() || *root_then != cosigned.checkpoint.root()) {
    return Contradiction(absl::StrCat("its cosigned checkpoint for ", size,
                                      " entries has another root than its log had then"));
  }
  const absl::StatusOr<std::string> frame = Rows(shared.store, size).Frame(size - 1);
  if (!frame.ok()) return frame.status();
  const absl::StatusOr<Digest> logged = log->EntryDigest(size - 1);
  if (!logged.ok()) return logged.status();
  const absl::StatusOr<Entry> entry = DecodeEntry(*frame);
  if (*logged != EntryDigest(*frame) || !entry.ok() || entry->type != EntryType::kIndexRoot) {
    return Contradiction(absl::StrCat("the entry at position ", size - 1,
                                      " is not the index root that was logged there"));
  }
  const absl::StatusOr<IndexRootPayload> payload = DecodeIndexRootPayload(entry->payload);
  if (!payload.ok() || payload->root != cosigned.index.root()) {
    return Contradiction(absl::StrCat("the insertions into the index up to position ", size - 1,
                                      " do not make the index root there"));
  }
  absl::StatusOr<std::unique_ptr<const Published>> state =
      Published::Create(shared, std::move(cosigned.checkpoint), "", *std::move(log),
                        std::move(cosigned.index), entry->time_ms, *frame);
  if (!state.ok()) return state.status();
  return (*state)->WithNote(std::move(cosigned.note), /*is_cosigned=*/true);
}

}  // namespace touchstone::ledger
