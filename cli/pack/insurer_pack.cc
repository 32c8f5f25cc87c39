#include "cli/pack/insurer_pack.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/document_name.h"
#include "cli/new_opening.h"
#include "cli/pack/pack_summary.h"
#include "cli/pack/zip_file.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/container.h"
#include "verifier/document_part.h"
#include "verifier/entry.h"
#include "verifier/passport_file.h"

namespace touchstone::cli {
namespace {

absl::Status CheckSizes(const PackContents& contents) {
  if (contents.documents.size() > kPackDocumentsMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a pack holds ", kPackDocumentsMax, " documents, and these are ",
                     contents.documents.size(), ": ask for a grant of fewer kinds"));
  }
  size_t bytes = contents.passport->file.size() + 2 * kManifestBytesMax;
  for (const CheckedDocument& document : contents.documents) bytes += document.bytes.size();
  if (bytes <= kPackBytesMax) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("the documents have ", bytes,
                                                   " bytes, and a pack holds ", kPackBytesMax,
                                                   ": ask for a grant of fewer kinds"));
}

}  // namespace

std::string PackDocumentName(size_t number, const DocumentPart& part,
                             absl::string_view media_type) {
  return absl::StrFormat("document-%03d-%s", number, DocumentFileName(part, media_type));
}

absl::StatusOr<uint64_t> CheckpointTimeMs(absl::string_view passport_file) {
  const absl::StatusOr<v1::Passport> passport =
      ReadPassportFile(ContainerType::kPassport, passport_file);
  if (!passport.ok()) return passport.status();
  const absl::StatusOr<Entry> entry = DecodeEntry(passport->index_root().entry());
  if (!entry.ok()) return entry.status();
  return entry->time_ms;
}

absl::StatusOr<Pack> MakePack(const PackContents& contents) {
  if (absl::Status status = CheckSizes(contents); !status.ok()) return status;
  const VerifiedRecord& record = contents.passport->record;
  const absl::StatusOr<uint64_t> time_ms = CheckpointTimeMs(contents.passport->file);
  if (!time_ms.ok()) return time_ms.status();
  PackManifest manifest(record.passport_id);
  manifest.log_origin = record.log.origin;
  manifest.summary_version = kSummaryVersion;
  manifest.absent = contents.absent;
  std::vector<ZipMember> documents;
  for (const CheckedDocument& document : contents.documents) {
    const std::string name = PackDocumentName(manifest.documents.size() + 1,
                                              document.committed.part, document.media_type);
    documents.push_back({name, document.bytes});
    if (document.opening.has_value()) {
      documents.push_back({OpeningPathOf(name), FormatOpening(*document.opening)});
    }
    manifest.documents.push_back(
        {.file = name,
         .opening = document.opening.has_value() ? OpeningPathOf(name) : "",
         .document_sha256 = document.committed.part.digest,
         .kind = DocumentKindText(document.committed.part),
         .entry_number = document.committed.entry_number,
         .media_type = document.media_type,
         .size = document.bytes.size()});
  }
  std::string summary = SummaryText(record, *time_ms, manifest, contents.grant);
  // What people open first comes first.
  std::vector<ZipMember> members = {{kPackSummary, summary},
                                    {kPackManifest, FormatManifest(manifest)},
                                    {kPackPassport, contents.passport->file},
                                    {kPackPolicy, contents.policy_text}};
  if (contents.grant != nullptr) {
    members.push_back({kPackGrant, absl::StrCat(contents.grant->Format(), "\n")});
  }
  for (ZipMember& document : documents) members.push_back(std::move(document));
  absl::StatusOr<std::string> zip = WriteZip(members);
  if (!zip.ok()) return zip.status();
  return Pack{*std::move(zip), std::move(manifest), std::move(summary)};
}

}  // namespace touchstone::cli
