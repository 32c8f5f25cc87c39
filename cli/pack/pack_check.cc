#include "cli/pack/pack_check.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/committed_document.h"
#include "cli/grant_giver.h"
#include "cli/new_opening.h"
#include "cli/opening_file.h"
#include "cli/pack/insurer_pack.h"
#include "cli/pack/pack_summary.h"
#include "cli/pack/zip_file.h"
#include "verifier/document_part.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/verify_passport.h"

namespace touchstone::cli {
namespace {

// Five files of its own, and two a document.
constexpr ZipLimits kLimits = {.members_max = 5 + 2 * kPackDocumentsMax,
                               .member_bytes_max = limits::kDocumentBytesMax,
                               .all_bytes_max = kPackBytesMax};
static_assert(limits::kPassportFileBytesMax <= limits::kDocumentBytesMax);

absl::Status Malformed(absl::string_view what) { return Refuse(RefusalCode::kMalformed, what); }

// The members, each of which must be asked for.
class Members {
 public:
  explicit Members(const std::vector<ZipMember>& members) : members_(members) {}

  // nullptr if it is not there; a second asking is a mistake of the manifest's.
  const std::string* Find(absl::string_view name) const {
    for (const ZipMember& member : members_) {
      if (member.name == name) return &member.contents;
    }
    return nullptr;
  }

  absl::StatusOr<const std::string*> Take(absl::string_view name, size_t bytes_max) {
    const std::string* const contents = Find(name);
    if (contents == nullptr) {
      return Malformed(absl::StrCat("the pack lacks ", name));
    }
    if (contents->size() > bytes_max) {
      return Refuse(RefusalCode::kTooLarge,
                    absl::StrCat(name, " has more than ", bytes_max, " bytes"));
    }
    if (!taken_.insert(std::string(name)).second) {
      return Malformed(absl::StrCat("the manifest names ", name, " twice"));
    }
    return contents;
  }

  absl::Status CheckAllTaken() const {
    for (const ZipMember& member : members_) {
      if (taken_.count(member.name) == 0) {
        return Malformed(
            absl::StrCat("the pack holds ", member.name, ", which its manifest does not name"));
      }
    }
    return absl::OkStatus();
  }

 private:
  const std::vector<ZipMember>& members_;
  std::set<std::string> taken_;
};

absl::StatusOr<PackManifest> TakeManifest(Members& members, const VerifiedRecord& record) {
  const absl::StatusOr<const std::string*> text = members.Take(kPackManifest, kManifestBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<PackManifest> manifest = ParseManifest(**text);
  if (!manifest.ok()) {
    if (RefusalCodeOf(manifest.status()).has_value()) return manifest.status();
    return Malformed(absl::StrCat(kPackManifest, ": ", manifest.status().message()));
  }
  if (manifest->passport != record.passport_id || manifest->log_origin != record.log.origin) {
    return Malformed("the manifest is about another piece than the passport in the pack");
  }
  return manifest;
}

// `time_ms` is the checkpoint's: what the passport says was so then.
absl::StatusOr<std::optional<SignedGrant>> TakeGrant(Members& members, const VerifiedRecord& record,
                                                     uint64_t time_ms) {
  if (members.Find(kPackGrant) == nullptr) return std::optional<SignedGrant>();
  const absl::StatusOr<const std::string*> text =
      members.Take(kPackGrant, 2 * limits::kEnvelopeBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<SignedGrant> grant = SignedGrant::ParseText(**text);
  if (!grant.ok()) return InContext(kPackGrant, grant.status());
  const absl::Status given = CheckGivenByOwner(*grant, record);
  if (!given.ok()) return InContext(kPackGrant, given);
  if (time_ms >= grant->grant().expires_at_ms()) {
    return Refuse(RefusalCode::kGrantExpired, "the grant in the pack had expired when it was made");
  }
  return std::optional<SignedGrant>(*std::move(grant));
}

absl::Status CheckRow(absl::string_view what, const CommittedDocument& committed,
                      absl::string_view kind, uint32_t entry_number) {
  if (DocumentKindText(committed.part) == kind && committed.entry_number == entry_number) {
    return absl::OkStatus();
  }
  return Malformed(absl::StrCat("the manifest says that ", what, " is a ", kind, " of entry ",
                                entry_number, ", and by the passport it is a ",
                                DocumentKindText(committed.part), " of entry ",
                                committed.entry_number));
}

// A name of the packer's own could say of a document what it is not.
absl::Status CheckNames(const PackDocument& document, size_t number, const DocumentPart& part) {
  const std::string name = PackDocumentName(number, part, document.media_type);
  if (document.file == name &&
      (document.opening.empty() || document.opening == OpeningPathOf(name))) {
    return absl::OkStatus();
  }
  return Malformed(absl::StrCat("the manifest calls its document ", number, " ", document.file,
                                ", which by the passport is ", name));
}

absl::Status CheckDocument(Members& members, const VerifiedRecord& record,
                           const PackDocument& document, size_t number,
                           const std::optional<SignedGrant>& grant) {
  const absl::StatusOr<const std::string*> bytes =
      members.Take(document.file, limits::kDocumentBytesMax);
  if (!bytes.ok()) return bytes.status();
  std::optional<DocumentOpening> opening;
  if (!document.opening.empty()) {
    const absl::StatusOr<const std::string*> text =
        members.Take(document.opening, kOpeningBytesMax);
    if (!text.ok()) return text.status();
    absl::StatusOr<DocumentOpening> parsed = ParseOpening(**text);
    if (!parsed.ok()) {
      return Malformed(absl::StrCat(document.opening, ": ", parsed.status().message()));
    }
    opening = *std::move(parsed);
  }
  const absl::StatusOr<CommittedDocument> committed =
      MatchDocument(record, **bytes, opening.has_value() ? &*opening : nullptr);
  if (!committed.ok()) return InContext(document.file, committed.status());
  if (committed->part.digest != document.document_sha256 || document.size != (*bytes)->size()) {
    return Malformed(
        absl::StrCat("the manifest says something else of ", document.file, " than it is"));
  }
  if (committed->part.confidential && grant.has_value() && !grant->Covers(committed->part)) {
    return Refuse(RefusalCode::kNotYourDocument,
                  absl::StrCat("the grant in the pack does not let see ", document.file));
  }
  const absl::Status named = CheckNames(document, number, committed->part);
  if (!named.ok()) return named;
  return CheckRow(document.file, *committed, document.kind, document.entry_number);
}

// Every document that the passport commits to is in the pack, or named as one that is not.
absl::Status CheckComplete(const VerifiedRecord& record, const PackManifest& manifest) {
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  std::set<Digest> named;
  for (const PackDocument& document : manifest.documents) named.insert(document.document_sha256);
  for (const AbsentDocument& absent : manifest.absent) {
    const std::string digest = DigestToHex(absent.document_sha256);
    const CommittedDocument* const committed = FindDocument(documents, absent.document_sha256);
    if (committed == nullptr || !named.insert(absent.document_sha256).second) {
      return Malformed(absl::StrCat("the manifest names ", digest,
                                    " twice, or the passport does not commit to it"));
    }
    const absl::Status row = CheckRow(digest, *committed, absent.kind, absent.entry_number);
    if (!row.ok()) return row;
  }
  for (const CommittedDocument& document : documents) {
    if (named.count(document.part.digest) == 0) {
      return Refuse(
          RefusalCode::kWrongDocument,
          absl::StrCat("the passport commits to a ", DocumentKindText(document.part), " (",
                       DigestToHex(document.part.digest), ") of which the pack says nothing"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CheckedPack> CheckPack(const TrustPolicy& policy, absl::string_view zip,
                                      uint64_t now_ms) {
  const absl::StatusOr<std::vector<ZipMember>> read = ReadZip(zip, kLimits);
  if (!read.ok()) return read.status();
  Members members(*read);
  const absl::StatusOr<const std::string*> passport =
      members.Take(kPackPassport, limits::kPassportFileBytesMax);
  if (!passport.ok()) return passport.status();
  absl::StatusOr<VerifiedRecord> record = CheckPassport(policy, **passport, {}, now_ms);
  if (!record.ok()) return InContext(kPackPassport, record.status());
  absl::StatusOr<PackManifest> manifest = TakeManifest(members, *record);
  if (!manifest.ok()) return manifest.status();
  const absl::StatusOr<uint64_t> time_ms = CheckpointTimeMs(**passport);
  if (!time_ms.ok()) return time_ms.status();
  absl::StatusOr<std::optional<SignedGrant>> grant = TakeGrant(members, *record, *time_ms);
  if (!grant.ok()) return grant.status();
  size_t number = 0;
  for (const PackDocument& document : manifest->documents) {
    const absl::Status holds = CheckDocument(members, *record, document, ++number, *grant);
    if (!holds.ok()) return holds;
  }
  if (absl::Status status = CheckComplete(*record, *manifest); !status.ok()) return status;
  const absl::StatusOr<const std::string*> policy_text =
      members.Take(kPackPolicy, limits::kPolicyBytesMax);
  if (!policy_text.ok()) return policy_text.status();
  const absl::StatusOr<const std::string*> summary = members.Take(kPackSummary, kManifestBytesMax);
  if (!summary.ok()) return summary.status();
  if (absl::Status status = members.CheckAllTaken(); !status.ok()) return status;
  std::string proven =
      SummaryText(*record, *time_ms, *manifest, grant->has_value() ? &**grant : nullptr);
  std::optional<bool> summary_holds;
  if (manifest->summary_version == kSummaryVersion) summary_holds = **summary == proven;
  const bool expired = grant->has_value() && !(*grant)->CheckTime(now_ms).ok();
  return CheckedPack{.passport_file = **passport,
                     .record = *std::move(record),
                     .manifest = *std::move(manifest),
                     .grant = *std::move(grant),
                     .grant_expired = expired,
                     .policy_text = **policy_text,
                     .summary = std::move(proven),
                     .summary_holds = summary_holds};
}

}  // namespace touchstone::cli
