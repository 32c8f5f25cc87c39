#include "verifier/history.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "verifier/claim.h"

namespace touchstone {
namespace {

struct CareName {
  v1::CareRecord::Kind kind;
  absl::string_view name;
};

constexpr CareName kCareNames[] = {
    {v1::CareRecord::CLEANING, "cleaning"},
    {v1::CareRecord::INSPECTION, "inspection"},
    {v1::CareRecord::POLISHING, "polishing"},
    {v1::CareRecord::RHODIUM_PLATING, "rhodium plating"},
    {v1::CareRecord::PRONG_RETIPPING, "prong retipping"},
    {v1::CareRecord::STONE_TIGHTENING, "stone tightening"},
    {v1::CareRecord::STONE_REPLACEMENT, "stone replacement"},
    {v1::CareRecord::RESIZING, "resizing"},
    {v1::CareRecord::RESTORATION, "restoration"},
    {v1::CareRecord::ENGRAVING, "engraving"},
    {v1::CareRecord::MODIFICATION, "modification"},
    {v1::CareRecord::VALUATION_CHECK, "valuation check"},
};

struct TransferName {
  v1::Transfer::Kind kind;
  absl::string_view name;
};

constexpr TransferName kTransferNames[] = {
    {v1::Transfer::RESALE, "resold"},      {v1::Transfer::GIFT, "given"},
    {v1::Transfer::TRADE_IN, "traded in"}, {v1::Transfer::CONSIGNMENT, "consigned"},
    {v1::Transfer::RETURN, "returned"},
};

struct EndName {
  v1::EndOfLife::Kind kind;
  absl::string_view name;
};

constexpr EndName kEndNames[] = {
    {v1::EndOfLife::RECYCLED, "recycled"},
    {v1::EndOfLife::DISMANTLED, "dismantled"},
    {v1::EndOfLife::REMOUNTED, "remounted"},
    {v1::EndOfLife::DESTROYED, "destroyed"},
};

// What the row for `kind` says; the fallback, which a checked statement never needs.
template <typename Row, size_t kRows, typename Kind>
absl::string_view NameIn(const Row (&rows)[kRows], Kind kind, absl::string_view fallback) {
  for (const Row& row : rows) {
    if (row.kind == kind) return row.name;
  }
  return fallback;
}

std::string DescribeCare(const v1::CareRecord& record) {
  std::string what =
      absl::StrCat(NameIn(kCareNames, record.kind(), "care"), " on ", record.performed_on());
  if (!record.location().empty()) absl::StrAppend(&what, ", ", record.location());
  if (!record.description().empty()) absl::StrAppend(&what, ": ", record.description());
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

std::string WithWords(std::string what, const std::string& words) {
  if (!words.empty()) absl::StrAppend(&what, ": ", words);
  return what;
}

std::string DescribeReport(const ParsedStatement& statement) {
  const v1::LaboratoryReport& report = statement.message().laboratory_report();
  std::string what =
      absl::StrCat("laboratory report ", report.laboratory(), " ", report.report_number());
  if (!report.report_type().empty()) absl::StrAppend(&what, ", ", report.report_type());
  if (!report.report_date().empty()) absl::StrAppend(&what, ", of ", report.report_date());
  return absl::StrCat(what, DescribeClaims("contesting", statement.contests()));
}

std::string DescribeEnd(const ParsedStatement& statement) {
  const v1::EndOfLife& end = statement.message().end_of_life();
  std::string what = absl::StrCat(NameIn(kEndNames, end.kind(), "ended"), " on ", end.ended_on());
  if (end.successors_size() > 0) {
    absl::StrAppend(&what, ", into ", end.successors_size(),
                    end.successors_size() == 1 ? " other piece" : " other pieces");
  }
  return WithWords(absl::StrCat(what, DescribeClaims("releasing", statement.releases())),
                   end.note());
}

// One line for people; never who owns the piece, which the log does not know.
std::string Describe(const ParsedStatement& statement) {
  const v1::Statement& message = statement.message();
  switch (message.event_case()) {
    case v1::Statement::kRegistration:
      return absl::StrCat("registered: ", message.registration().piece().title(),
                          DescribeClaims("contesting", statement.contests()));
    case v1::Statement::kLaboratoryReport:
      return DescribeReport(statement);
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
      return absl::StrCat(NameIn(kTransferNames, message.transfer().kind(), "transferred"), " on ",
                          message.transfer().effective_on());
    case v1::Statement::kClaimResolved:
      return WithWords(
          absl::StrCat("found to be the piece with ", DescribeClaim(*statement.resolves())),
          message.claim_resolved().grounds());
    case v1::Statement::kEndOfLife:
      return DescribeEnd(statement);
    case v1::Statement::kStoneRemoved:
      return WithWords(absl::StrCat("stone removed on ", message.stone_removed().removed_on(),
                                    DescribeClaims("releasing", statement.releases())),
                       message.stone_removed().reason());
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
  signers.reserve(by_id.size());
  for (auto& [id, signer] : by_id) signers.push_back(std::move(signer));
  return signers;
}

std::vector<TimelineEntry> TimelineOf(const CheckedChain& chain, const FoldedPassport& folded,
                                      const std::vector<Signer>& signers) {
  std::vector<TimelineEntry> timeline;
  timeline.reserve(chain.entries.size());
  for (size_t i = 0; i < chain.entries.size(); ++i) {
    const ChainEntry& entry = chain.entries[i];
    TimelineEntry line;
    line.number = entry.number;
    line.place = entry.place;
    line.occurred_at_ms = entry.statement.occurred_at_ms();
    line.event = entry.statement.event();
    line.what = Describe(entry.statement);
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
