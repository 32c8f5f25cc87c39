// Makes an insurer's pack (docs/FORMAT.md, section 16): one ZIP with the passport, the documents
// that the owner let see, their openings, and a page for people. The same input makes the same
// bytes. Not for fetching what goes in (cli/commands/insurer_pack.cc), nor for checking
// (cli/pack/pack_check.h).
#ifndef TOUCHSTONE_CLI_PACK_INSURER_PACK_H_
#define TOUCHSTONE_CLI_PACK_INSURER_PACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/pack/pack_manifest.h"
#include "cli/passport_source.h"
#include "cli/vault_session.h"
#include "verifier/document_part.h"
#include "verifier/grant.h"

namespace touchstone::cli {

struct PackContents {
  const HeldPassport* passport = nullptr;
  std::string policy_text;
  const SignedGrant* grant = nullptr;  // may be null
  std::vector<CheckedDocument> documents;
  std::vector<AbsentDocument> absent;
};

struct Pack {
  std::string zip;
  PackManifest manifest;
  std::string summary;
};

// ResourceExhausted for more than a pack holds.
absl::StatusOr<Pack> MakePack(const PackContents& contents);

// What the pack's document of that number, from 1, is called: so that people read them in the order
// of the passport, and a name says what its document is; the digest in it keeps names of several
// apart. Nobody chooses it.
std::string PackDocumentName(size_t number, const DocumentPart& part, absl::string_view media_type);

// The registry's time of the checkpoint of a passport file that was verified.
absl::StatusOr<uint64_t> CheckpointTimeMs(absl::string_view passport_file);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PACK_INSURER_PACK_H_
