#include "verifier/event_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "verifier/claim.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

std::string WithWords(std::string what, const std::string& words) {
  if (!words.empty()) absl::StrAppend(&what, ": ", words);
  return what;
}

std::string WithPart(std::string what, absl::string_view before, absl::string_view part) {
  if (!part.empty()) absl::StrAppend(&what, before, part);
  return what;
}

// ", contesting inscription X, report Y"; empty where there are none.
std::string DescribeClaims(absl::string_view what, const std::vector<ClaimSubject>& claims) {
  if (claims.empty()) return "";
  return absl::StrCat(", ", what, " ",
                      absl::StrJoin(claims, ", ", [](std::string* out, const ClaimSubject& claim) {
                        absl::StrAppend(out, DescribeClaim(claim));
                      }));
}

std::string Masses(uint64_t before_mg, uint64_t after_mg) {
  if (before_mg == 0 && after_mg == 0) return "";
  const auto mass = [](uint64_t mg) {
    return mg == 0 ? std::string("?") : absl::StrCat(mg, " mg");
  };
  return absl::StrCat(", ", mass(before_mg), " before, ", mass(after_mg), " after");
}

std::string DescribeCare(const v1::CareRecord& record) {
  std::string what = absl::StrCat(WordsOf(v1::CareRecord::Kind_Name(record.kind())), " on ",
                                  record.performed_on());
  what = WithPart(what, ", ", record.location());
  absl::StrAppend(&what, Masses(record.mass_before_mg(), record.mass_after_mg()));
  what = WithPart(what, ", under entitlement ", record.entitlement_used());
  return WithWords(what, record.description());
}

std::string DescribeReport(const ParsedStatement& statement) {
  const v1::LaboratoryReport& report = statement.message().laboratory_report();
  std::string what =
      absl::StrCat("laboratory report ", report.laboratory(), " ", report.report_number());
  what = WithPart(what, ", ", report.report_type());
  what = WithPart(what, ", of ", report.report_date());
  what = WithPart(what, ", in place of ", report.supersedes());
  return absl::StrCat(what, DescribeClaims("contesting", statement.contests()));
}

std::string DescribeAssay(const v1::AssayReport& report) {
  std::string what = report.has_assay() ? "assay" : "hallmark";
  if (report.has_assay()) {
    const v1::Assay& assay = report.assay();
    if (assay.result_ppt() != 0) absl::StrAppend(&what, ": ", assay.result_ppt(), " ppt");
    what = WithPart(what, ", ", assay.method());
    what = WithPart(what, ", ", assay.office());
  }
  if (report.has_hallmark()) {
    if (report.has_assay()) absl::StrAppend(&what, "; hallmark");
    what = WithPart(what, " ", report.hallmark().fineness_mark());
    what = WithPart(what, ", sponsor ", report.hallmark().sponsor_mark());
    what = WithPart(what, ", ", report.hallmark().office());
  }
  return WithPart(what, ", of ", report.component_position());
}

std::string DescribeModification(const ParsedStatement& statement) {
  const v1::Modification& modification = statement.message().modification();
  std::string what = absl::StrCat(WordsOf(v1::Modification::Kind_Name(modification.kind())), " on ",
                                  modification.performed_on());
  what = WithPart(what, ", ", modification.location());
  absl::StrAppend(&what, Masses(modification.mass_before_mg(), modification.mass_after_mg()),
                  DescribeClaims("contesting", statement.contests()));
  return WithWords(what, modification.description());
}

std::string DescribeAppraisal(const v1::Appraisal& appraisal) {
  std::string what =
      absl::StrCat("appraised for ", WordsOf(v1::Appraisal::Purpose_Name(appraisal.purpose())),
                   " as of ", appraisal.effective_on());
  what = WithPart(what, ", until ", appraisal.expires_on());
  what = WithPart(what, ", ", appraisal.standard());
  return WithWords(what, appraisal.note());
}

std::string DescribeCustody(const v1::Custody& custody) {
  std::string what = absl::StrCat(
      custody.kind() == v1::Custody::RECEIVED ? "handed in on " : "handed back on ", custody.on());
  what = WithPart(what, ", ", custody.location());
  what = WithPart(what, ", for ", custody.reason());
  if (custody.total_mass_mg() != 0) absl::StrAppend(&what, ", ", custody.total_mass_mg(), " mg");
  return WithWords(what, custody.condition());
}

std::string DescribeCorrection(const ParsedStatement& statement) {
  const v1::Correction& correction = statement.message().correction();
  const bool withdraws = correction.replacement_case() == v1::Correction::REPLACEMENT_NOT_SET;
  std::string what = absl::StrCat(withdraws ? "withdraws entry " : "corrects entry ",
                                  HexEncode(correction.corrects()).substr(0, 16), "...",
                                  DescribeClaims("contesting", statement.contests()),
                                  DescribeClaims("releasing", statement.releases()));
  return WithWords(what, correction.reason());
}

std::string DescribeGrant(const v1::ServiceEntitlement& entitlement) {
  std::string what = absl::StrCat(
      "granted: ", entitlement.title().empty() ? entitlement.id() : entitlement.title());
  if (entitlement.uses() != 0) absl::StrAppend(&what, ", ", entitlement.uses(), " times");
  return WithPart(what, ", until ", entitlement.valid_until());
}

std::string Count(int count, absl::string_view one, absl::string_view many) {
  return absl::StrCat(count, " ", count == 1 ? one : many);
}

std::string DescribeDocuments(const v1::DocumentsAdded& added) {
  std::vector<std::string> parts;
  if (added.media_size() > 0) parts.push_back(Count(added.media_size(), "picture", "pictures"));
  if (added.commitments_size() > 0) {
    parts.push_back(
        Count(added.commitments_size(), "confidential document", "confidential documents"));
  }
  return WithWords(absl::StrCat("added: ", absl::StrJoin(parts, ", ")), added.note());
}

std::string DescribeErasure(const v1::DataErased& erased) {
  const std::string ground = WordsOf(v1::DataErased::Ground_Name(erased.ground()));
  if (erased.commitments_sha256().empty()) {
    return absl::StrCat("confidential data erased on ", erased.erased_on(), ", ", ground);
  }
  return absl::StrCat(
      Count(erased.commitments_sha256_size(), "confidential part", "confidential parts"),
      " erased on ", erased.erased_on(), ", ", ground);
}

std::string DescribeFirstSale(const v1::FirstSale& sale) {
  const std::string what =
      WithPart(absl::StrCat("first sold on ", sale.sold_on()), ", ", sale.store());
  return sale.kept_by_store() ? absl::StrCat(what, ", kept by the store for the customer") : what;
}

absl::string_view PastOf(v1::Transfer::Kind kind) {
  switch (kind) {
    case v1::Transfer::RESALE:
      return "resold";
    case v1::Transfer::GIFT:
      return "given";
    case v1::Transfer::TRADE_IN:
      return "traded in";
    case v1::Transfer::CONSIGNMENT:
      return "consigned";
    case v1::Transfer::RETURN:
      return "returned";
    default:
      return "transferred";
  }
}

std::string DescribeNotice(const v1::TransferNotice& notice) {
  return WithWords(absl::StrCat("notice that it moves without its key, by ",
                                WordsOf(v1::TransferNotice::Kind_Name(notice.kind()))),
                   notice.grounds());
}

std::string DescribePledge(const v1::Pledged& pledged) {
  return WithPart(absl::StrCat("pledged on ", pledged.pledged_on()), ", until ", pledged.due_on());
}

std::string DescribeIncident(const v1::IncidentReported& incident) {
  std::string what =
      absl::StrCat("reported: ", WordsOf(v1::IncidentReported::Kind_Name(incident.kind())), " on ",
                   incident.occurred_on());
  what = WithPart(what, ", ", incident.country());
  what = WithPart(what, ", reference ", incident.reference());
  return WithWords(what, incident.note());
}

std::string DescribeResolution(const v1::IncidentResolved& resolved) {
  return WithWords(absl::StrCat(WordsOf(v1::IncidentResolved::Outcome_Name(resolved.outcome())),
                                " on ", resolved.resolved_on(), " (of ",
                                HexEncode(resolved.incident()).substr(0, 16), "...)"),
                   resolved.note());
}

std::string DescribeEnd(const ParsedStatement& statement) {
  const v1::EndOfLife& end = statement.message().end_of_life();
  std::string what =
      absl::StrCat(WordsOf(v1::EndOfLife::Kind_Name(end.kind())), " on ", end.ended_on());
  if (end.successors_size() > 0) {
    absl::StrAppend(&what, ", into ", Count(end.successors_size(), "other piece", "other pieces"));
  }
  return WithWords(absl::StrCat(what, DescribeClaims("releasing", statement.releases())),
                   end.note());
}

}  // namespace

std::string WordsOf(absl::string_view enum_name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(enum_name), {{"_", " "}});
}

std::string DescribeEvent(const ParsedStatement& statement) {
  const v1::Statement& message = statement.message();
  switch (message.event_case()) {
    case v1::Statement::kRegistration:
      return absl::StrCat("registered: ", message.registration().piece().title(),
                          DescribeClaims("contesting", statement.contests()));
    case v1::Statement::kLaboratoryReport:
      return DescribeReport(statement);
    case v1::Statement::kCareRecord:
      return DescribeCare(message.care_record());
    case v1::Statement::kAssayReport:
      return DescribeAssay(message.assay_report());
    case v1::Statement::kModification:
      return DescribeModification(statement);
    case v1::Statement::kAppraisal:
      return DescribeAppraisal(message.appraisal());
    case v1::Statement::kCustody:
      return DescribeCustody(message.custody());
    case v1::Statement::kCorrection:
      return DescribeCorrection(statement);
    case v1::Statement::kEntitlementGranted:
      return DescribeGrant(message.entitlement_granted().entitlement());
    case v1::Statement::kDocumentsAdded:
      return DescribeDocuments(message.documents_added());
    case v1::Statement::kDataErased:
      return DescribeErasure(message.data_erased());
    case v1::Statement::kFirstSale:
      return DescribeFirstSale(message.first_sale());
    case v1::Statement::kClaim:
      return "claimed by its owner";
    case v1::Statement::kTransfer:
      return absl::StrCat(PastOf(message.transfer().kind()), " on ",
                          message.transfer().effective_on());
    case v1::Statement::kOfferWithdrawn:
      return WithWords("offers withdrawn", message.offer_withdrawn().reason());
    case v1::Statement::kTransferNotice:
      return DescribeNotice(message.transfer_notice());
    case v1::Statement::kNoticeObjected:
      return WithWords("the holder objects to the notice", message.notice_objected().reason());
    case v1::Statement::kNoticeWithdrawn:
      return WithWords("notice withdrawn", message.notice_withdrawn().reason());
    case v1::Statement::kOwnershipMoved:
      return absl::StrCat("moved without its key, after notice, on ",
                          message.ownership_moved().effective_on());
    case v1::Statement::kPledged:
      return DescribePledge(message.pledged());
    case v1::Statement::kPledgeReleased:
      return absl::StrCat("pledge released on ", message.pledge_released().released_on());
    case v1::Statement::kClaimResolved:
      return WithWords(
          absl::StrCat("found to be the piece with ", DescribeClaim(*statement.resolves())),
          message.claim_resolved().grounds());
    case v1::Statement::kIncidentReported:
      return DescribeIncident(message.incident_reported());
    case v1::Statement::kIncidentResolved:
      return DescribeResolution(message.incident_resolved());
    case v1::Statement::kEndOfLife:
      return DescribeEnd(statement);
    case v1::Statement::kStoneRemoved:
      return WithWords(absl::StrCat("stone removed on ", message.stone_removed().removed_on(),
                                    DescribeClaims("releasing", statement.releases())),
                       message.stone_removed().reason());
    default:
      return "";  // stewards' and participants' events
  }
}

}  // namespace touchstone
