#include "verifier/document_part.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/repeated_field.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

constexpr absl::string_view kPartDomain("touchstone/part/v1\0", 19);

class PartList {
 public:
  void AddFile(const std::string& sha256) {
    if (sha256.empty()) return;
    parts_.push_back({.digest = DigestFromBytes(sha256).value()});
  }
  void Add(const google::protobuf::RepeatedPtrField<v1::Media>& media) {
    for (const v1::Media& one : media) {
      if (one.sha256().empty()) continue;
      parts_.push_back({.digest = DigestFromBytes(one.sha256()).value(),
                        .kind = static_cast<uint32_t>(one.kind()),
                        .media_type = one.media_type(),
                        .caption = one.caption()});
    }
  }
  void Add(const google::protobuf::RepeatedPtrField<v1::Commitment>& commitments) {
    for (const v1::Commitment& one : commitments) {
      parts_.push_back({.digest = DigestFromBytes(one.sha256()).value(),
                        .confidential = true,
                        .kind = static_cast<uint32_t>(one.kind())});
    }
  }
  void Add(const v1::Piece& piece) {
    Add(piece.media());
    for (const v1::Component& component : piece.components()) {
      if (component.has_metal()) AddFile(component.metal().assay().document_sha256());
    }
  }
  void Add(const v1::AssayReport& report) { AddFile(report.assay().document_sha256()); }
  void Add(const v1::Appraisal& appraisal) {
    Add(appraisal.commitments());
    Add(appraisal.media());
  }
  void Add(const v1::Correction& correction) {
    if (correction.has_piece()) Add(correction.piece());
    if (correction.has_assay_report()) Add(correction.assay_report());
    if (correction.has_appraisal()) Add(correction.appraisal());
  }

  std::vector<DocumentPart> Take() { return std::move(parts_); }

 private:
  std::vector<DocumentPart> parts_;
};

}  // namespace

std::vector<DocumentPart> DocumentPartsOf(const v1::Statement& statement) {
  PartList parts;
  switch (statement.event_case()) {
    case v1::Statement::kRegistration:
      parts.Add(statement.registration().piece());
      parts.Add(statement.registration().commitments());
      break;
    case v1::Statement::kLaboratoryReport:
      parts.AddFile(statement.laboratory_report().document_sha256());
      break;
    case v1::Statement::kAssayReport:
      parts.Add(statement.assay_report());
      break;
    case v1::Statement::kModification:
      parts.Add(statement.modification().piece());
      break;
    case v1::Statement::kAppraisal:
      parts.Add(statement.appraisal());
      break;
    case v1::Statement::kCorrection:
      parts.Add(statement.correction());
      break;
    case v1::Statement::kDocumentsAdded:
      parts.Add(statement.documents_added().media());
      parts.Add(statement.documents_added().commitments());
      break;
    case v1::Statement::kTransferNotice:
      parts.Add(statement.transfer_notice().commitments());
      break;
    case v1::Statement::kPledged:
      parts.Add(statement.pledged().commitments());
      break;
    case v1::Statement::kIncidentReported:
      parts.Add(statement.incident_reported().commitments());
      break;
    default:
      break;
  }
  return parts.Take();
}

std::string DocumentKindText(const DocumentPart& part) {
  std::string name;
  if (part.confidential) {
    name = v1::Commitment::Kind_Name(static_cast<v1::Commitment::Kind>(part.kind));
  } else if (part.kind == 0) {
    name = "REPORT";
  } else {
    name = v1::Media::Kind_Name(static_cast<v1::Media::Kind>(part.kind));
  }
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

bool GoesWithPiece(v1::Commitment::Kind kind) {
  switch (kind) {
    case v1::Commitment::DESIGN_DOSSIER:
    case v1::Commitment::PHOTOGRAPH:
    case v1::Commitment::DOCUMENT:
      return true;
    default:
      return false;
  }
}

DocumentDigester::DocumentDigester(absl::string_view salt) {
  if (salt.empty()) return;
  hash_.Update(kPartDomain);
  hash_.Update(salt);
}

}  // namespace touchstone
