#include "verifier/cosignature.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/refusal.h"

namespace touchstone {

std::string CosignatureMessage(absl::string_view checkpoint_text, uint64_t time_seconds) {
  return absl::StrCat("cosignature/v1\ntime ", time_seconds, "\n", checkpoint_text);
}

absl::StatusOr<uint64_t> VerifyCosignature(const VerifierKey& witness,
                                           absl::string_view checkpoint_text,
                                           absl::string_view signature) {
  if (signature.size() != kCosignatureBytes) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("the cosignature of ", witness.name(), " has ", signature.size(),
                               " bytes after the key id, not ", kCosignatureBytes));
  }
  const auto time_seconds = LoadBigEndian<uint64_t>(signature);
  if (time_seconds > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return Refuse(RefusalCode::kMalformed, absl::StrCat("the cosignature of ", witness.name(),
                                                        " bears a time beyond 2^63 - 1"));
  }
  const absl::Status status = witness.public_key().Verify(
      CosignatureMessage(checkpoint_text, time_seconds), signature.substr(sizeof(time_seconds)));
  if (!status.ok()) return InContext(absl::StrCat("the cosignature of ", witness.name()), status);
  return time_seconds;
}

}  // namespace touchstone
