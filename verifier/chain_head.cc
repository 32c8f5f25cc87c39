#include "verifier/chain_head.h"

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {

absl::Status ChainHead::CheckNext(uint32_t number, const Digest& previous, uint64_t position,
                                  uint64_t time_ms) const {
  if (number != count_) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("the entry has number ", number, " where ", count_, " comes next"));
  }
  if (previous != newest_.digest) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("the entry names ", DigestToHex(previous),
                               " as the one before it, which is ", DigestToHex(newest_.digest)));
  }
  if (count_ == 0) return absl::OkStatus();
  if (position <= newest_.position) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("the entry is at position ", position, ", and the one before it at ",
                               newest_.position));
  }
  if (time_ms < newest_.time_ms) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("the entry's time is ", time_ms,
                               " ms, and that of the one before it ", newest_.time_ms, " ms"));
  }
  return absl::OkStatus();
}

}  // namespace touchstone
