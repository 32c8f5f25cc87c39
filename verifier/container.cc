#include "verifier/container.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// As in PNG: a byte that is not ASCII, a name, and line ends that text transfers would change.
constexpr absl::string_view kPassportMagic = "\x89TSP\r\n\x1a\n";
constexpr absl::string_view kCardsMagic = "\x89TSC\r\n\x1a\n";
constexpr size_t kMagicBytes = 8;
constexpr size_t kNameBytes = 4;  // of the magic, before the line ends
static_assert(kPassportMagic.size() == kMagicBytes && kCardsMagic.size() == kMagicBytes);
constexpr char kVersion = 1;
constexpr size_t kHeaderBytes = kMagicBytes + 1;

absl::string_view MagicOf(ContainerType type) {
  return type == ContainerType::kPassport ? kPassportMagic : kCardsMagic;
}
absl::string_view NameOf(ContainerType type) {
  return type == ContainerType::kPassport ? "passport file" : "cards file";
}

absl::Status CheckSize(ContainerType type, size_t size) {
  if (size <= limits::kPassportFileBytesMax) return absl::OkStatus();
  return Refuse(RefusalCode::kTooLarge,
                absl::StrCat("a ", NameOf(type), " has at most ", limits::kPassportFileBytesMax,
                             " bytes, not ", size));
}

absl::Status WrongMagic(ContainerType type, absl::string_view file) {
  const ContainerType other =
      type == ContainerType::kPassport ? ContainerType::kCards : ContainerType::kPassport;
  std::string what = absl::StrCat("this is not a ", NameOf(type));
  if (absl::StartsWith(file, MagicOf(other))) {
    absl::StrAppend(&what, " but a ", NameOf(other));
  } else if (absl::StartsWith(file, MagicOf(type).substr(0, kNameBytes))) {
    absl::StrAppend(&what, " any more: it was damaged by a transfer as text; fetch it as binary");
  }
  return Refuse(RefusalCode::kMalformed, what);
}

}  // namespace

absl::StatusOr<absl::string_view> OpenContainer(ContainerType type, absl::string_view file) {
  const absl::Status valid = CheckSize(type, file.size());
  if (!valid.ok()) return valid;
  if (!absl::StartsWith(file, MagicOf(type))) return WrongMagic(type, file);
  if (file.size() < kHeaderBytes) {
    return Refuse(RefusalCode::kMalformed, absl::StrCat("this ", NameOf(type), " is cut off"));
  }
  if (file[kMagicBytes] != kVersion) {
    return Refuse(
        RefusalCode::kUnknownVersion,
        absl::StrCat("this ", NameOf(type), " is of version ",
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
