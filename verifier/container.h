// The first nine bytes of passport, cards and absence files: what they are, and in which version of
// the format (docs/FORMAT.md, section 7). Not for the message behind them.
#ifndef TOUCHSTONE_VERIFIER_CONTAINER_H_
#define TOUCHSTONE_VERIFIER_CONTAINER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone {

enum class ContainerType {
  kPassport,  // .passport
  kCards,     // the enrolled card keys, for checking card tokens with no network
  kAbsence,   // that no piece bears what was looked for
};

// What `file` says that it is; nothing where that is none of them.
std::optional<ContainerType> ContainerTypeOf(absl::string_view file);

// The bytes of the message in `file`, valid while `file` is; not yet checked to be canonical.
// Errors: kTooLarge (limits::kPassportFileBytesMax); kMalformed, which says so where the file is
// of the other type, or was damaged by a transfer as text; kUnknownVersion.
absl::StatusOr<absl::string_view> OpenContainer(ContainerType type, absl::string_view file);

// The file around `message`. kTooLarge.
absl::StatusOr<std::string> SealContainer(ContainerType type, absl::string_view message);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CONTAINER_H_
