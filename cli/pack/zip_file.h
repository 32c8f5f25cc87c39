// ZIP archives as insurers' packs need them: a few files in one room, stored, the same bytes each
// time; and read back strictly, within limits, believing no name. Not for what the files mean
// (cli/pack/insurer_pack.h).
#ifndef TOUCHSTONE_CLI_PACK_ZIP_FILE_H_
#define TOUCHSTONE_CLI_PACK_ZIP_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

struct ZipMember {
  std::string name;  // 1 to kZipNameBytesMax of A-Z a-z 0-9 . - _, not beginning with '.' or '-',
                     // nor ending with '.'
  std::string contents;
};

inline constexpr size_t kZipNameBytesMax = 120;

struct ZipLimits {
  size_t members_max = 0;
  size_t member_bytes_max = 0;
  size_t all_bytes_max = 0;  // of all contents together
};

// Whether a member may be called so: no directories, nothing hidden, nothing that a file system
// takes amiss.
bool IsZipName(absl::string_view name);

// In the order given. InvalidArgument: a name that is none, or twice. Internal: libarchive fails.
absl::StatusOr<std::string> WriteZip(const std::vector<ZipMember>& members);

// In the order of the archive. Errors, all of kind kRefused: kTooLarge (more than `limits` allow,
// found before it is unpacked); kMalformed (no ZIP, a checksum that is wrong, a name that is none
// or twice, a link, a directory, an encrypted member, bytes outside of the members, their directory
// and the end record, a comment). Messages name the member.
absl::StatusOr<std::vector<ZipMember>> ReadZip(absl::string_view archive, const ZipLimits& limits);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PACK_ZIP_FILE_H_
