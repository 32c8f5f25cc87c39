// What is said of a piece itself.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/digest.h"
#include "verifier/event_fields.h"
#include "verifier/limits.h"
#include "verifier/piece_fields.h"

namespace touchstone {
namespace {

void CheckParts(const Repeated<std::string>& parts, FieldChecker& checker) {
  checker.Count("parts", parts.size(), 32);
  for (int i = 0; i < parts.size() && checker.ok(); ++i) {
    checker.Text("parts", parts.Get(i), 120, Presence::kOptional, i);
  }
}

void CheckMediaList(const Repeated<v1::Media>& media, FieldChecker& checker) {
  checker.Count("media", media.size(), 16);
  for (int i = 0; i < media.size() && checker.ok(); ++i) {
    FieldChecker::In in(checker, "media", i);
    CheckMedia(media.Get(i), checker);
    checker.Required("sha256", !media.Get(i).sha256().empty());
  }
}

// The whole specification of a piece that was registered before.
void CheckSpecification(bool is_stated, const v1::Piece& piece, FieldChecker& checker,
                        EventParts& parts) {
  checker.Required("piece", is_stated);
  FieldChecker::In in(checker, "piece");
  CheckPiece(piece, checker, parts.claims);
  if (piece.entitlements_size() > 0) {
    checker.Fail("entitlements", std::nullopt, "is stated",
                 "is nothing here: entitlements are granted by entitlement_granted");
  }
}

bool HasValue(const Repeated<v1::Commitment>& commitments) {
  for (const v1::Commitment& commitment : commitments) {
    if (commitment.kind() == v1::Commitment::APPRAISED_VALUE) return true;
  }
  return false;
}

}  // namespace

void CheckEvent(const v1::Registration& registration, FieldChecker& checker, EventParts& parts) {
  checker.Required("piece", registration.has_piece());
  {
    FieldChecker::In in(checker, "piece");
    CheckPiece(registration.piece(), checker, parts.claims);
  }
  CheckCommitments(registration.commitments(), checker);
  CheckContests(registration.contests(), checker, parts);
  CheckPredecessors(registration.predecessors(), checker, parts);
}

void CheckEvent(const v1::LaboratoryReport& report, FieldChecker& checker, EventParts& parts) {
  checker.Text("laboratory", report.laboratory(), 60, Presence::kRequired);
  checker.Text("report_number", report.report_number(), 40, Presence::kRequired);
  checker.Text("report_type", report.report_type(), 80);
  checker.Date("report_date", report.report_date());
  checker.Bytes("document_sha256", report.document_sha256(), kDigestBytes);
  checker.Text("supersedes", report.supersedes(), 40);
  if (!report.supersedes().empty() && checker.ok()) {
    absl::StatusOr<ClaimSubject> earlier = ReportClaim(report.laboratory(), report.supersedes());
    const absl::StatusOr<ClaimSubject> own =
        ReportClaim(report.laboratory(), report.report_number());
    if (earlier.ok() && own.ok() && *earlier == *own) {
      checker.Fail("supersedes", std::nullopt, "is the report's own number", "are others");
    } else if (earlier.ok()) {
      parts.supersedes = *std::move(earlier);
    } else {
      checker.Fail("supersedes", std::nullopt, earlier.status());
    }
  }
  if (report.has_findings()) {
    FieldChecker::In in(checker, "findings");
    CheckGemstone(report.findings(), checker);
  }
  checker.Text("component_position", report.component_position(), 60);
  ClaimReport(report.laboratory(), report.report_number(), checker, parts.claims);
  CheckContests(report.contests(), checker, parts);
  CheckPredecessors(report.predecessors(), checker, parts);
}

void CheckEvent(const v1::CareRecord& record, FieldChecker& checker, EventParts&) {
  checker.Required("kind", record.kind() != v1::CareRecord::KIND_UNSPECIFIED);
  checker.Date("performed_on", record.performed_on(), Presence::kRequired);
  checker.Text("description", record.description(), 1000);
  CheckParts(record.parts(), checker);
  checker.Text("entitlement_used", record.entitlement_used(), 40);
  checker.Date("next_due_on", record.next_due_on());
  checker.Text("location", record.location(), 80);
}

void CheckEvent(const v1::AssayReport& report, FieldChecker& checker, EventParts&) {
  checker.Text("component_position", report.component_position(), 60);
  if (!report.has_assay() && !report.has_hallmark()) {
    checker.Fail("assay", std::nullopt, "is not stated, nor hallmark", "is at least one of them");
  }
  if (report.has_assay()) {
    FieldChecker::In in(checker, "assay");
    CheckAssay(report.assay(), checker);
  }
  if (report.has_hallmark()) {
    FieldChecker::In in(checker, "hallmark");
    CheckHallmark(report.hallmark(), checker);
  }
}

void CheckEvent(const v1::Modification& modification, FieldChecker& checker, EventParts& parts) {
  checker.Required("kind", modification.kind() != v1::Modification::KIND_UNSPECIFIED);
  checker.Date("performed_on", modification.performed_on(), Presence::kRequired);
  checker.Text("description", modification.description(), 1000);
  CheckParts(modification.parts(), checker);
  CheckSpecification(modification.has_piece(), modification.piece(), checker, parts);
  CheckContests(modification.contests(), checker, parts);
  CheckPredecessors(modification.predecessors(), checker, parts);
  checker.Text("location", modification.location(), 80);
}

void CheckEvent(const v1::Appraisal& appraisal, FieldChecker& checker, EventParts&) {
  checker.Required("purpose", appraisal.purpose() != v1::Appraisal::PURPOSE_UNSPECIFIED);
  checker.Date("effective_on", appraisal.effective_on(), Presence::kRequired);
  checker.Date("expires_on", appraisal.expires_on());
  // ISO 8601 dates compare as their text does.
  if (checker.ok() && !appraisal.expires_on().empty() &&
      appraisal.expires_on() < appraisal.effective_on()) {
    checker.Fail("expires_on", std::nullopt, absl::StrCat("is ", appraisal.expires_on()),
                 absl::StrCat("are dates from ", appraisal.effective_on(), " on"));
  }
  checker.Text("credential", appraisal.credential(), 120);
  checker.Text("standard", appraisal.standard(), 60);
  CheckCommitments(appraisal.commitments(), checker);
  if (checker.ok() && !HasValue(appraisal.commitments())) {
    checker.Fail("commitments", std::nullopt, "holds no APPRAISED_VALUE",
                 "is at least that one: the value itself is confidential");
  }
  CheckMediaList(appraisal.media(), checker);
  checker.Text("note", appraisal.note(), 1000);
}

void CheckEvent(const v1::Custody& custody, FieldChecker& checker, EventParts&) {
  checker.Required("kind", custody.kind() != v1::Custody::KIND_UNSPECIFIED);
  checker.Date("on", custody.on(), Presence::kRequired);
  checker.Text("reason", custody.reason(), 200);
  checker.Text("condition", custody.condition(), 500);
  checker.Text("location", custody.location(), 80);
}

void CheckEvent(const v1::Correction& correction, FieldChecker& checker, EventParts& parts) {
  checker.Bytes("corrects", correction.corrects(), kDigestBytes, Presence::kRequired);
  checker.Text("reason", correction.reason(), 500, Presence::kRequired);
  switch (correction.replacement_case()) {
    case v1::Correction::kPiece:
      CheckSpecification(true, correction.piece(), checker, parts);
      break;
    case v1::Correction::kCareRecord: {
      FieldChecker::In in(checker, "care_record");
      CheckEvent(correction.care_record(), checker, parts);
      break;
    }
    case v1::Correction::kAssayReport: {
      FieldChecker::In in(checker, "assay_report");
      CheckEvent(correction.assay_report(), checker, parts);
      break;
    }
    case v1::Correction::kAppraisal: {
      FieldChecker::In in(checker, "appraisal");
      CheckEvent(correction.appraisal(), checker, parts);
      break;
    }
    case v1::Correction::REPLACEMENT_NOT_SET:
      break;
  }
  CheckContests(correction.contests(), checker, parts);
  CheckPredecessors(correction.predecessors(), checker, parts);
  CheckReleases(correction.releases(), 0, checker, parts);
  for (int i = 0; i < correction.releases_size() && checker.ok(); ++i) {
    const ClaimSubject& claim = parts.releases[static_cast<size_t>(i)];
    if (std::find(parts.claims.begin(), parts.claims.end(), claim) == parts.claims.end()) continue;
    checker.Fail("releases", i, absl::StrCat("is ", DescribeClaim(claim)),
                 "are claims that the piece, as it is stated here, does not make");
  }
}

void CheckEvent(const v1::EntitlementGranted& granted, FieldChecker& checker, EventParts&) {
  checker.Required("entitlement", granted.has_entitlement());
  FieldChecker::In in(checker, "entitlement");
  CheckEntitlement(granted.entitlement(), checker);
  checker.Required("id", !granted.entitlement().id().empty());
}

void CheckEvent(const v1::DocumentsAdded& added, FieldChecker& checker, EventParts&) {
  CheckMediaList(added.media(), checker);
  CheckCommitments(added.commitments(), checker);
  if (added.media().empty() && added.commitments().empty()) {
    checker.Fail("media", std::nullopt, "is empty, and commitments too", "is at least one of all");
  }
  checker.Text("note", added.note(), 500);
}

void CheckEvent(const v1::DataErased& erased, FieldChecker& checker, EventParts&) {
  const auto& commitments = erased.commitments_sha256();
  checker.Count("commitments_sha256", commitments.size(), 64);
  for (int i = 0; i < commitments.size() && checker.ok(); ++i) {
    if (commitments.Get(i).size() != kDigestBytes ||
        (i > 0 && commitments.Get(i - 1) >= commitments.Get(i))) {
      checker.Fail("commitments_sha256", i,
                   absl::StrCat("has ", commitments.Get(i).size(),
                                " bytes, or does not come after the one before it"),
                   "are 32 bytes each, in ascending order, each once");
    }
  }
  checker.Date("erased_on", erased.erased_on(), Presence::kRequired);
  checker.Required("ground", erased.ground() != v1::DataErased::GROUND_UNSPECIFIED);
}

}  // namespace touchstone
