#include "verifier/container.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// As in PNG: a byte that is not ASCII, a name, and line ends that text transfers would change.
constexpr size_t kMagicBytes = 8;
constexpr size_t kNameBytes = 4;  // of the magic, before the line ends
constexpr char kVersion = 1;
constexpr size_t kHeaderBytes = kMagicBytes + 1;

struct Kind {
  ContainerType type;
  absl::string_view magic;
  absl::string_view name;  // with its article
};

constexpr Kind kKinds[] = {
    {ContainerType::kPassport, "\x89TSP\r\n\x1a\n", "a passport file"},
    {ContainerType::kCards, "\x89TSC\r\n\x1a\n", "a cards file"},
    {ContainerType::kAbsence, "\x89TSA\r\n\x1a\n", "an absence file"},
};
static_assert(kKinds[0].magic.size() == kMagicBytes);

const Kind& KindOf(ContainerType type) {
  for (const Kind& kind : kKinds) {
    if (kind.type == type) return kind;
  }
  return kKinds[0];  // not reached: every type is there
}
absl::string_view MagicOf(ContainerType type) { return KindOf(type).magic; }
absl::string_view NameOf(ContainerType type) { return KindOf(type).name; }  // "a cards file"

absl::Status CheckSize(ContainerType type, size_t size) {
  if (size <= limits::kPassportFileBytesMax) return absl::OkStatus();
  return Refuse(RefusalCode::kTooLarge,
                absl::StrCat(NameOf(type), " has at most ", limits::kPassportFileBytesMax,
                             " bytes, not ", size));
}

absl::Status WrongMagic(ContainerType type, absl::string_view file) {
  std::string what = absl::StrCat("this is not ", NameOf(type));
  if (const std::optional<ContainerType> other = ContainerTypeOf(file)) {
    absl::StrAppend(&what, " but ", NameOf(*other));
  } else if (absl::StartsWith(file, MagicOf(type).substr(0, kNameBytes))) {
    absl::StrAppend(&what, " any more: it was damaged by a transfer as text; fetch it as binary");
  }
  return Refuse(RefusalCode::kMalformed, what);
}

}  // namespace

std::optional<ContainerType> ContainerTypeOf(absl::string_view file) {
  for (const Kind& kind : kKinds) {
    if (absl::StartsWith(file, kind.magic)) return kind.type;
  }
  return std::nullopt;
}

absl::StatusOr<absl::string_view> OpenContainer(ContainerType type, absl::string_view file) {
  const absl::Status valid = CheckSize(type, file.size());
  if (!valid.ok()) return valid;
  if (!absl::StartsWith(file, MagicOf(type))) return WrongMagic(type, file);
  if (file.size() < kHeaderBytes) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("this is ", NameOf(type), " that is cut off"));
  }
  if (file[kMagicBytes] != kVersion) {
    return Refuse(
        RefusalCode::kUnknownVersion,
        absl::StrCat("this is ", NameOf(type), " of version ",
                     static_cast<int>(static_cast<unsigned char>(file[kMagicBytes])),
                     " of the format, which is not known here; a newer verifier may", " know it"));
  }
  return file.substr(kHeaderBytes);
}

absl::StatusOr<std::string> SealContainer(ContainerType type, absl::string_view message) {
  const absl::Status valid = CheckSize(type, kHeaderBytes + message.size());
  if (!valid.ok()) return valid;
  return absl::StrCat(MagicOf(type), absl::string_view(&kVersion, 1), message);
}

}  // namespace touchstone
