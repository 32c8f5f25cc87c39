#include "registry/ledger/published.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"

namespace touchstone::ledger {

// What lets checkpoint_fields stand at the start of each.
static_assert(v1::Receipt::kCheckpointFieldNumber == 1 &&
              v1::Passport::kCheckpointFieldNumber == 1);
static_assert(v1::Receipt::kIndexRootFieldNumber == 2 && v1::Passport::kIndexRootFieldNumber == 2);

absl::StatusOr<std::unique_ptr<const Published>> Published::Create(
    const Shared& shared, Checkpoint checkpoint, std::string checkpoint_note, LogVersion log,
    IndexVersion index, uint64_t time_ms, absl::string_view index_root_frame) {
  const absl::StatusOr<std::vector<Digest>> path = log.InclusionPath(log.size() - 1, log.size());
  if (!path.ok()) return path.status();
  v1::Receipt start;
  start.set_checkpoint(checkpoint_note);
  start.mutable_index_root()->set_entry(index_root_frame.data(), index_root_frame.size());
  std::string& bytes = *start.mutable_index_root()->mutable_path();
  for (const Digest& node : *path) absl::StrAppend(&bytes, DigestBytes(node));
  return std::make_unique<const Published>(
      Published{shared, std::move(checkpoint), std::move(checkpoint_note), std::move(log),
                std::move(index), time_ms, start.SerializeAsString()});
}

std::unique_ptr<const Published> Published::WithNote(std::string note, bool is_cosigned) const {
  v1::Receipt start;
  start.ParseFromString(checkpoint_fields);  // Create() wrote it
  start.set_checkpoint(note);
  return std::make_unique<const Published>(Published{shared, checkpoint, std::move(note), log,
                                                     index, time_ms, start.SerializeAsString(),
                                                     is_cosigned});
}

}  // namespace touchstone::ledger
