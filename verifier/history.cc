#include "verifier/history.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace touchstone {
namespace {

absl::string_view CareName(v1::CareRecord::Kind kind) {
  switch (kind) {
    case v1::CareRecord::CLEANING:
      return "cleaning";
    case v1::CareRecord::INSPECTION:
      return "inspection";
    case v1::CareRecord::POLISHING:
      return "polishing";
    case v1::CareRecord::RHODIUM_PLATING:
      return "rhodium plating";
    case v1::CareRecord::PRONG_RETIPPING:
      return "prong retipping";
    case v1::CareRecord::STONE_TIGHTENING:
      return "stone tightening";
    case v1::CareRecord::STONE_REPLACEMENT:
      return "stone replacement";
    case v1::CareRecord::RESIZING:
      return "resizing";
    case v1::CareRecord::RESTORATION:
      return "restoration";
    case v1::CareRecord::ENGRAVING:
      return "engraving";
    case v1::CareRecord::MODIFICATION:
      return "modification";
    case v1::CareRecord::VALUATION_CHECK:
      return "valuation check";
    case v1::CareRecord::KIND_UNSPECIFIED:
    case v1::CareRecord_Kind_CareRecord_Kind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::CareRecord_Kind_CareRecord_Kind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "care";
}

absl::string_view TransferName(v1::Transfer::Kind kind) {
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
    case v1::Transfer::KIND_UNSPECIFIED:
    case v1::Transfer_Kind_Transfer_Kind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Transfer_Kind_Transfer_Kind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "transferred";
}

std::string DescribeCare(const v1::CareRecord& record) {
  std::string what = absl::StrCat(CareName(record.kind()), " on ", record.performed_on());
  if (!record.location().empty()) absl::StrAppend(&what, ", ", record.location());
  if (!record.description().empty()) absl::StrAppend(&what, ": ", record.description());
  return what;
}

// One line for people; never who owns the piece, which the log does not know.
std::string Describe(const v1::Statement& message) {
  switch (message.event_case()) {
    case v1::Statement::kRegistration:
      return absl::StrCat("registered: ", message.registration().piece().title());
    case v1::Statement::kLaboratoryReport: {
      const v1::LaboratoryReport& report = message.laboratory_report();
      std::string what =
          absl::StrCat("laboratory report ", report.laboratory(), " ", report.report_number());
      if (!report.report_type().empty()) absl::StrAppend(&what, ", ", report.report_type());
      if (!report.report_date().empty()) absl::StrAppend(&what, ", of ", report.report_date());
      return what;
    }
    case v1::Statement::kCareRecord:
      return DescribeCare(message.care_record());
    case v1::Statement::kFirstSale: {
      const v1::FirstSale& sale = message.first_sale();
      std::string what = absl::StrCat("first sold on ", sale.sold_on());
      if (!sale.store().empty()) absl::StrAppend(&what, ", ", sale.store());
      return what;
    }
    case v1::Statement::kClaim:
      return "claimed by its owner";
    case v1::Statement::kTransfer:
      return absl::StrCat(TransferName(message.transfer().kind()), " on ",
                          message.transfer().effective_on());
    case v1::Statement::kGenesis:
    case v1::Statement::kCardKeyEnrolled:
    case v1::Statement::kLogClosed:
    case v1::Statement::kParticipantEnrolled:
    case v1::Statement::kParticipantChanged:
    case v1::Statement::kKeyAdded:
    case v1::Statement::kKeyRevoked:
    case v1::Statement::EVENT_NOT_SET:
      break;
  }
  return "";
}

bool IsAsProvided(const ChainEntry& entry, const VouchingParticipant& vouching) {
  return entry.statement.event() == EventKind::kLaboratoryReport &&
         vouching.role != Role::kLaboratory;
}

}  // namespace

std::vector<Signer> SignersOf(const CheckedChain& chain, const FoldedPassport& folded) {
  std::map<std::string, Signer> by_id;
  for (size_t i = 0; i < chain.entries.size(); ++i) {
    const std::optional<VouchingParticipant>& vouching = folded.vouching[i];
    if (!vouching) continue;
    const ChainEntry& entry = chain.entries[i];
    Signer& signer = by_id[vouching->participant->id()];
    signer.participant_id = vouching->participant->id();
    // There are details wherever a participant was allowed to sign.
    signer.details = *vouching->participant->DetailsAt(entry.place.position);
    signer.entries.push_back(
        {entry.number, vouching->role, IsAsProvided(entry, *vouching), vouching->doubted});
  }
  std::vector<Signer> signers;
  for (auto& [id, signer] : by_id) signers.push_back(std::move(signer));
  return signers;
}

std::vector<TimelineEntry> TimelineOf(const CheckedChain& chain, const FoldedPassport& folded,
                                      const std::vector<Signer>& signers) {
  std::vector<TimelineEntry> timeline;
  for (size_t i = 0; i < chain.entries.size(); ++i) {
    const ChainEntry& entry = chain.entries[i];
    TimelineEntry line;
    line.number = entry.number;
    line.place = entry.place;
    line.occurred_at_ms = entry.statement.occurred_at_ms();
    line.event = entry.statement.event();
    line.what = Describe(entry.statement.message());
    line.statement = std::string(entry.envelope.payload());
    if (const std::optional<VouchingParticipant>& vouching = folded.vouching[i]) {
      const auto signer = std::lower_bound(
          signers.begin(), signers.end(), vouching->participant->id(),
          [](const Signer& a, const std::string& id) { return a.participant_id < id; });
      line.signer = static_cast<size_t>(signer - signers.begin());
      line.as_provided = IsAsProvided(entry, *vouching);
      line.doubted = vouching->doubted;
    }
    timeline.push_back(std::move(line));
  }
  return timeline;
}

}  // namespace touchstone
