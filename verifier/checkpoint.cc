#include "verifier/checkpoint.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "verifier/decimal.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"

namespace touchstone {

absl::StatusOr<Checkpoint> Checkpoint::Create(absl::string_view origin, uint64_t size,
                                              const Digest& root) {
  if (const absl::Status status = ValidateKeyName(origin); !status.ok()) {
    return InContext("a checkpoint's origin", status);
  }
  if (size > limits::kTreeSizeMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a checkpoint's size ", size, " exceeds ", limits::kTreeSizeMax));
  }
  if (size == 0 && root != EmptyRoot()) {
    return Refuse(RefusalCode::kMalformed,
                  "a checkpoint of an empty log has not the root of the empty tree");
  }
  Checkpoint result;
  result.origin_ = std::string(origin);
  result.size_ = size;
  result.root_ = root;
  return result;
}

absl::StatusOr<Checkpoint> Checkpoint::Parse(absl::string_view text) {
  // At most one piece more than expected, so that a hostile text is not cut into millions.
  const std::vector<absl::string_view> lines = absl::StrSplit(text, absl::MaxSplits('\n', 3));
  if (lines.size() != 4 || !lines[3].empty()) {
    return Refuse(RefusalCode::kMalformed,
                  "a checkpoint has exactly three lines: origin, size and root (this log has no "
                  "extension lines)");
  }
  const absl::StatusOr<uint64_t> size = ParseDecimal(lines[1], limits::kTreeSizeMax);
  if (!size.ok()) return InContext("a checkpoint's size", size.status());
  const absl::StatusOr<Digest> root = DigestFromBase64(lines[2]);
  if (!root.ok()) return InContext("a checkpoint's root", root.status());
  return Create(lines[0], *size, *root);
}

std::string Checkpoint::Format() const {
  return absl::StrCat(origin_, "\n", size_, "\n", DigestToBase64(root_), "\n");
}

}  // namespace touchstone
