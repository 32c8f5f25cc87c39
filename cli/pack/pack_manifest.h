// The manifest of an insurer's pack (docs/FORMAT.md, section 16): which documents are in it, to
// which entries they belong, and which are not and why. Its bytes; not for whether it is true
// (cli/pack/pack_check.h).
#ifndef TOUCHSTONE_CLI_PACK_PACK_MANIFEST_H_
#define TOUCHSTONE_CLI_PACK_PACK_MANIFEST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {

// What is in every pack. Documents and their openings have names of their own.
inline constexpr char kPackPassport[] = "passport.passport";
inline constexpr char kPackPolicy[] = "trust-policy.txt";
inline constexpr char kPackManifest[] = "manifest.json";
inline constexpr char kPackSummary[] = "SUMMARY.txt";
inline constexpr char kPackGrant[] = "grant.txt";  // only where it was made under a grant

inline constexpr size_t kPackDocumentsMax = 256;
inline constexpr size_t kPackBytesMax = size_t{512} << 20;  // all members together
inline constexpr size_t kManifestBytesMax = size_t{1} << 20;

struct PackDocument {
  std::string file;     // the member with its bytes
  std::string opening;  // the member with its opening; empty: it is public
  Digest document_sha256 = {};
  std::string kind;           // as DocumentKindText
  uint32_t entry_number = 0;  // of the entry that commits to it
  std::string media_type;
  uint64_t size = 0;
};

struct AbsentDocument {
  Digest document_sha256 = {};
  std::string kind;
  uint32_t entry_number = 0;
  std::string why;  // "not_granted", "never_stored", "erased", "retention_ended", "unknown"
};

struct PackManifest {
  explicit PackManifest(const PassportId& id) : passport(id) {}

  PassportId passport;
  std::string log_origin;
  uint32_t summary_version = 0;  // of the text in kPackSummary
  std::vector<PackDocument> documents;
  std::vector<AbsentDocument> absent;
};

// JSON, ended by a line end.
std::string FormatManifest(const PackManifest& manifest);

// Errors: InvalidArgument, with line and column; kUnknownVersion.
absl::StatusOr<PackManifest> ParseManifest(absl::string_view text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PACK_PACK_MANIFEST_H_
