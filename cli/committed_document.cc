#include "cli/committed_document.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "verifier/event_rules.h"
#include "verifier/refusal.h"
#include "verifier/time_text.h"

namespace touchstone::cli {
namespace {

constexpr size_t kDigestPrefixMin = 8;

void MarkErased(const v1::DataErased& erased, uint32_t number,
                std::vector<CommittedDocument>& documents) {
  const auto& named = erased.commitments_sha256();
  for (CommittedDocument& document : documents) {
    if (!document.part.confidential || document.erased_by.has_value()) continue;
    if (named.empty() ||
        std::find(named.begin(), named.end(), DigestBytes(document.part.digest)) != named.end()) {
      document.erased_by = number;
    }
  }
}

absl::Status NoSuch(absl::string_view what) { return Refuse(RefusalCode::kWrongDocument, what); }

}  // namespace

std::vector<CommittedDocument> CommittedDocuments(const VerifiedRecord& record) {
  std::vector<CommittedDocument> documents;
  for (const TimelineEntry& entry : record.timeline) {
    v1::Statement statement;
    if (!statement.ParseFromString(entry.statement)) continue;  // it was parsed before
    if (entry.event == EventKind::kDataErased) {
      MarkErased(statement.data_erased(), entry.number, documents);
    }
    for (DocumentPart& part : DocumentPartsOf(statement)) {
      documents.push_back({.part = std::move(part), .entry_number = entry.number});
    }
  }
  return documents;
}

const CommittedDocument* FindDocument(const std::vector<CommittedDocument>& documents,
                                      const Digest& digest) {
  const auto found =
      std::find_if(documents.begin(), documents.end(),
                   [&digest](const CommittedDocument& one) { return one.part.digest == digest; });
  return found == documents.end() ? nullptr : &*found;
}

absl::StatusOr<Digest> DigestFromArgument(const std::vector<CommittedDocument>& documents,
                                          absl::string_view argument) {
  const std::string wanted = absl::AsciiStrToLower(argument);
  if (wanted.size() < kDigestPrefixMin) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", argument, "' is too short for a digest: give at least its first ", kDigestPrefixMin,
        " hexadecimal digits (touchstone document list shows them)"));
  }
  const Digest* match = nullptr;
  for (const CommittedDocument& document : documents) {
    if (!absl::StartsWith(DigestToHex(document.part.digest), wanted)) continue;
    if (match != nullptr && *match != document.part.digest) {
      return absl::InvalidArgumentError(
          absl::StrCat("the digests of several documents begin with '", argument, "'"));
    }
    match = &document.part.digest;
  }
  if (match != nullptr) return *match;
  return absl::InvalidArgumentError(absl::StrCat("no entry of the passport commits to a document '",
                                                 argument, "'; it commits to ", documents.size(),
                                                 " (touchstone document list shows them)"));
}

std::string DescribeEntry(const VerifiedRecord& record, uint32_t entry_number) {
  const TimelineEntry& entry = record.timeline[entry_number];
  std::string who = "whoever held the piece";
  if (entry.signer.has_value()) {
    const Signer& signer = record.signers[*entry.signer];
    who = absl::StrCat(signer.details.legal_name, " (", signer.participant_id, ")");
  }
  return absl::StrCat("entry ", entry.number, " (",
                      absl::StrReplaceAll(EventName(entry.event), {{"_", " "}}), "), logged ",
                      FormatTime(entry.place.time_ms), ", signed by ", who,
                      entry.doubted ? "; DOUBTED" : "");
}

absl::StatusOr<CommittedDocument> MatchDocument(const VerifiedRecord& record,
                                                absl::string_view document,
                                                const DocumentOpening* opening) {
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  if (opening != nullptr) {
    if (opening->passport.has_value() && *opening->passport != record.passport_id) {
      return NoSuch(absl::StrCat("the opening is of a document of another piece, ",
                                 opening->passport->Format()));
    }
    if (absl::Status status = CheckOpens(*opening, document); !status.ok()) return status;
  }
  const Digest digest = DocumentDigest(opening == nullptr ? "" : opening->salt, document);
  for (const CommittedDocument& one : documents) {
    if (one.part.digest == digest && one.part.confidential == (opening != nullptr)) return one;
  }
  return NoSuch(opening == nullptr
                    ? "no entry of the passport commits openly to this document; a confidential "
                      "one is checked with its opening (--opening FILE)"
                    : "no entry of the passport commits to this document");
}

}  // namespace touchstone::cli
