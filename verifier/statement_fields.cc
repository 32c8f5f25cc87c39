#include "verifier/statement_fields.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "verifier/checkpoint.h"
#include "verifier/digest.h"
#include "verifier/field_checker.h"
#include "verifier/gtin.h"
#include "verifier/limits.h"
#include "verifier/passport_id.h"
#include "verifier/piece_fields.h"
#include "verifier/signed_note.h"

namespace touchstone {
namespace {

void CheckKey(absl::string_view name, const std::string& key, FieldChecker& checker,
              EventParts& parts) {
  if (const std::optional<PublicKey> valid = checker.Key(name, key)) {
    parts.named_keys.push_back(*valid);
  }
}

template <typename Keys>
void CheckAscendingKeys(absl::string_view name, const Keys& keys, int count_max,
                        FieldChecker& checker, EventParts& parts) {
  checker.Count(name, keys.size(), count_max, 1);
  for (int i = 0; i < keys.size() && checker.ok(); ++i) {
    const std::optional<PublicKey> key = checker.Key(name, keys.Get(i), i);
    if (!key) return;
    if (!parts.named_keys.empty() && !(parts.named_keys.back() < *key)) {
      checker.Fail(name, i, "does not come after the key before it",
                   "are keys in ascending order, each once");
    }
    parts.named_keys.push_back(*key);
  }
}

void CheckContinuedCheckpoint(const std::string& note, FieldChecker& checker) {
  if (note.empty() || !checker.ok()) return;
  if (note.size() > 4096) {
    checker.Fail("continues", std::nullopt, absl::StrCat("has ", note.size(), " bytes"),
                 "are at most 4096");
    return;
  }
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  const absl::Status status =
      parsed.ok() ? Checkpoint::Parse(parsed->text()).status() : parsed.status();
  if (!status.ok()) checker.Fail("continues", std::nullopt, status);
}

// A reference to a claim. Whether it is in normal form shows when it is compared with the claims of
// the passport: only what is, is equal to one.
std::optional<ClaimSubject> CheckReference(const v1::ClaimReference& reference,
                                           FieldChecker& checker) {
  checker.Number("kind", reference.kind(), static_cast<uint64_t>(IndexKind::kInscriptionClaim),
                 static_cast<uint64_t>(IndexKind::kGtinSerialClaim), Presence::kRequired);
  const std::string& subject = reference.subject();
  if (checker.ok() && (subject.empty() || subject.size() > limits::kClaimSubjectBytesMax)) {
    checker.Fail("subject", std::nullopt, absl::StrCat("has ", subject.size(), " bytes"),
                 absl::StrCat("are 1 to ", limits::kClaimSubjectBytesMax));
  }
  if (!checker.ok()) return std::nullopt;
  return ClaimSubject{static_cast<IndexKind>(reference.kind()), subject};
}

template <typename References>
void CheckReferences(absl::string_view name, const References& references, int count_min,
                     FieldChecker& checker, std::vector<ClaimSubject>& out) {
  checker.Count(name, references.size(), limits::kClaimReferencesMax, count_min);
  for (int i = 0; i < references.size() && checker.ok(); ++i) {
    std::optional<ClaimSubject> claim;
    {
      FieldChecker::In in(checker, name, i);
      claim = CheckReference(references.Get(i), checker);
    }
    if (!claim) return;
    if (!out.empty() && !(out.back() < *claim)) {
      checker.Fail(name, i, "does not come after the claim before it",
                   "are claims in ascending order, each once");
    }
    out.push_back(*std::move(claim));
  }
}

template <typename References>
void CheckContests(const References& contests, FieldChecker& checker, EventParts& parts) {
  CheckReferences("contests", contests, 0, checker, parts.contests);
  for (int i = 0; i < contests.size() && checker.ok(); ++i) {
    const ClaimSubject& claim = parts.contests[static_cast<size_t>(i)];
    if (std::find(parts.claims.begin(), parts.claims.end(), claim) == parts.claims.end()) {
      checker.Fail("contests", i, absl::StrCat("is ", DescribeClaim(claim)),
                   "are claims that this statement makes");
    }
  }
}

template <typename Messages>
void CheckPredecessors(const Messages& predecessors, FieldChecker& checker, EventParts& parts) {
  checker.Count("predecessors", predecessors.size(), limits::kClaimReferencesMax);
  for (int i = 0; i < predecessors.size() && checker.ok(); ++i) {
    const v1::Predecessor& predecessor = predecessors.Get(i);
    {
      FieldChecker::In in(checker, "predecessors", i);
      checker.Bytes("passport_id", predecessor.passport_id(), PassportId::kBytes,
                    Presence::kRequired);
      checker.Bytes("digest", predecessor.digest(), kDigestBytes, Presence::kRequired);
    }
    if (!checker.ok()) return;
    const absl::StatusOr<Digest> digest = DigestFromBytes(predecessor.digest());
    if (!digest.ok()) return checker.Fail("predecessors", i, digest.status());
    if (!parts.predecessors.empty() && !(parts.predecessors.back().digest < *digest)) {
      checker.Fail("predecessors", i, "does not come after the digest before it",
                   "are entries ascending by digest, each once");
    }
    parts.predecessors.push_back({predecessor.passport_id(), *digest});
  }
}

void CheckEvent(const v1::Genesis& genesis, FieldChecker& checker, EventParts& parts) {
  CheckAscendingKeys("steward_keys", genesis.steward_keys(), 32, checker, parts);
  checker.Number("threshold", genesis.threshold(), 1,
                 static_cast<uint64_t>(genesis.steward_keys_size()), Presence::kRequired);
  CheckContinuedCheckpoint(genesis.continues(), checker);
  checker.Text("operator_name", genesis.operator_name(), 120);
}

void CheckEvent(const v1::CardKeyEnrolled& enrolled, FieldChecker& checker, EventParts& parts) {
  CheckKey("key", enrolled.key(), checker, parts);
  checker.Text("label", enrolled.label(), 60);
}

void CheckEvent(const v1::LogClosed& closed, FieldChecker& checker, EventParts&) {
  checker.Text("reason", closed.reason(), 500);
  checker.Text("continued_at", closed.continued_at(), 200);
}

void CheckDetails(bool is_stated, const v1::ParticipantDetails& details, FieldChecker& checker) {
  checker.Required("details", is_stated);
  FieldChecker::In in(checker, "details");
  checker.Text("legal_name", details.legal_name(), 120, Presence::kRequired);
  checker.Country("country", details.country(), Presence::kRequired);
  checker.DomainName("domain", details.domain());
  checker.Text("registration_number", details.registration_number(), 60);
  checker.Text("registration_authority", details.registration_authority(), 60);
  checker.Required("roles", details.roles_size() > 0);
  for (int i = 0; i < details.roles_size() && checker.ok(); ++i) {
    // ROLE_UNSPECIFIED, which is 0, fails as the first; later it would not ascend.
    const int before = i == 0 ? 0 : details.roles(i - 1);
    if (details.roles(i) <= before) {
      checker.Fail("roles", i, "is unspecified or does not come after the role before it",
                   "are roles in ascending order, each once");
    }
  }
  checker.Count("gs1_company_prefixes", details.gs1_company_prefixes_size(), 64);
  for (int i = 0; i < details.gs1_company_prefixes_size() && checker.ok(); ++i) {
    const absl::Status valid = ValidateCompanyPrefix(details.gs1_company_prefixes(i));
    if (!valid.ok()) checker.Fail("gs1_company_prefixes", i, valid);
  }
  checker.Count("laboratory_names", details.laboratory_names_size(), 8);
  for (int i = 0; i < details.laboratory_names_size() && checker.ok(); ++i) {
    const std::string& name = details.laboratory_names(i);
    checker.Text("laboratory_names", name, 60, Presence::kRequired, i);
    if (const absl::Status valid = NormaliseLaboratory(name).status(); !valid.ok()) {
      checker.Fail("laboratory_names", i, valid);
    }
  }
}

void CheckEvent(const v1::ParticipantEnrolled& enrolled, FieldChecker& checker, EventParts& parts) {
  CheckDetails(enrolled.has_details(), enrolled.details(), checker);
  CheckAscendingKeys("keys", enrolled.keys(), 16, checker, parts);
}

void CheckEvent(const v1::ParticipantChanged& changed, FieldChecker& checker, EventParts&) {
  CheckDetails(changed.has_details(), changed.details(), checker);
}

void CheckEvent(const v1::KeyAdded& added, FieldChecker& checker, EventParts& parts) {
  CheckKey("key", added.key(), checker, parts);
}

void CheckEvent(const v1::KeyRevoked& revoked, FieldChecker& checker, EventParts&) {
  checker.Bytes("key_id", revoked.key_id(), kDigestBytes, Presence::kRequired);
}

void CheckEvent(const v1::Registration& registration, FieldChecker& checker, EventParts& parts) {
  checker.Required("piece", registration.has_piece());
  {
    FieldChecker::In in(checker, "piece");
    CheckPiece(registration.piece(), checker, parts.claims);
  }
  checker.Count("commitments", registration.commitments_size(), 16);
  for (int i = 0; i < registration.commitments_size() && checker.ok(); ++i) {
    FieldChecker::In in(checker, "commitments", i);
    checker.Bytes("sha256", registration.commitments(i).sha256(), kDigestBytes);
  }
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
  checker.Count("parts", record.parts_size(), 32);
  for (int i = 0; i < record.parts_size() && checker.ok(); ++i) {
    checker.Text("parts", record.parts(i), 120, Presence::kOptional, i);
  }
  checker.Text("entitlement_used", record.entitlement_used(), 40);
  checker.Date("next_due_on", record.next_due_on());
  checker.Text("location", record.location(), 80);
}

void CheckEvent(const v1::FirstSale& sale, FieldChecker& checker, EventParts& parts) {
  CheckKey("claim_key", sale.claim_key(), checker, parts);
  checker.Date("sold_on", sale.sold_on(), Presence::kRequired);
  checker.Text("store", sale.store(), 120);
}

void CheckEvent(const v1::Claim& claim, FieldChecker& checker, EventParts& parts) {
  CheckKey("owner_key", claim.owner_key(), checker, parts);
}

void CheckEvent(const v1::Transfer& transfer, FieldChecker& checker, EventParts& parts) {
  checker.Required("kind", transfer.kind() != v1::Transfer::KIND_UNSPECIFIED);
  CheckKey("to_key", transfer.to_key(), checker, parts);
  checker.Date("effective_on", transfer.effective_on(), Presence::kRequired);
}

void CheckEvent(const v1::ClaimResolved& resolved, FieldChecker& checker, EventParts& parts) {
  checker.Required("claim", resolved.has_claim());
  {
    FieldChecker::In in(checker, "claim");
    parts.resolves = CheckReference(resolved.claim(), checker);
  }
  checker.Text("grounds", resolved.grounds(), 1000);
}

// A number that stands for one object of one maker goes with that object.
template <typename References>
void CheckReleases(const References& releases, int count_min, FieldChecker& checker,
                   EventParts& parts) {
  CheckReferences("releases", releases, count_min, checker, parts.releases);
  for (int i = 0; i < releases.size() && checker.ok(); ++i) {
    if (parts.releases[static_cast<size_t>(i)].kind != IndexKind::kGtinSerialClaim) continue;
    checker.Fail("releases", i, "is a GTIN with serial, which is never released",
                 "are inscriptions and report numbers");
  }
}

void CheckSuccessor(absl::string_view name, std::optional<int> index, const std::string& id,
                    FieldChecker& checker, EventParts& parts) {
  if (id.size() != PassportId::kBytes) {
    checker.Fail(name, index, absl::StrCat("has ", id.size(), " bytes"),
                 absl::StrCat("are exactly ", PassportId::kBytes));
  } else if (!parts.successors.empty() && !(parts.successors.back() < id)) {
    checker.Fail(name, index, "does not come after the passport before it",
                 "are passports in ascending order, each once");
  } else {
    parts.successors.push_back(id);
  }
}

void CheckEvent(const v1::EndOfLife& end, FieldChecker& checker, EventParts& parts) {
  checker.Required("kind", end.kind() != v1::EndOfLife::KIND_UNSPECIFIED);
  checker.Date("ended_on", end.ended_on(), Presence::kRequired);
  CheckReleases(end.releases(), 0, checker, parts);
  checker.Count("successors", end.successors_size(), limits::kSuccessorsMax);
  for (int i = 0; i < end.successors_size() && checker.ok(); ++i) {
    CheckSuccessor("successors", i, end.successors(i), checker, parts);
  }
  if (end.kind() == v1::EndOfLife::DESTROYED) {
    checker.Count("releases", end.releases_size(), 0);
    checker.Count("successors", end.successors_size(), 0);
  }
  checker.Text("note", end.note(), 500);
}

void CheckEvent(const v1::StoneRemoved& removed, FieldChecker& checker, EventParts& parts) {
  checker.Date("removed_on", removed.removed_on(), Presence::kRequired);
  CheckReleases(removed.releases(), 1, checker, parts);
  if (!removed.successor().empty() && checker.ok()) {
    CheckSuccessor("successor", std::nullopt, removed.successor(), checker, parts);
  }
  checker.Text("reason", removed.reason(), 500);
}

template <typename Event>
absl::Status Check(absl::string_view name, const Event& event, EventParts& parts) {
  FieldChecker checker;
  {
    FieldChecker::In in(checker, name);
    CheckEvent(event, checker, parts);
  }
  return checker.status();
}

}  // namespace

absl::Status CheckEventFields(const v1::Statement& statement, EventParts& parts) {
  switch (statement.event_case()) {
    case v1::Statement::kGenesis:
      return Check("genesis", statement.genesis(), parts);
    case v1::Statement::kCardKeyEnrolled:
      return Check("card_key_enrolled", statement.card_key_enrolled(), parts);
    case v1::Statement::kLogClosed:
      return Check("log_closed", statement.log_closed(), parts);
    case v1::Statement::kParticipantEnrolled:
      return Check("participant_enrolled", statement.participant_enrolled(), parts);
    case v1::Statement::kParticipantChanged:
      return Check("participant_changed", statement.participant_changed(), parts);
    case v1::Statement::kKeyAdded:
      return Check("key_added", statement.key_added(), parts);
    case v1::Statement::kKeyRevoked:
      return Check("key_revoked", statement.key_revoked(), parts);
    case v1::Statement::kRegistration:
      return Check("registration", statement.registration(), parts);
    case v1::Statement::kLaboratoryReport:
      return Check("laboratory_report", statement.laboratory_report(), parts);
    case v1::Statement::kCareRecord:
      return Check("care_record", statement.care_record(), parts);
    case v1::Statement::kFirstSale:
      return Check("first_sale", statement.first_sale(), parts);
    case v1::Statement::kClaim:
      return Check("claim", statement.claim(), parts);
    case v1::Statement::kTransfer:
      return Check("transfer", statement.transfer(), parts);
    case v1::Statement::kClaimResolved:
      return Check("claim_resolved", statement.claim_resolved(), parts);
    case v1::Statement::kEndOfLife:
      return Check("end_of_life", statement.end_of_life(), parts);
    case v1::Statement::kStoneRemoved:
      return Check("stone_removed", statement.stone_removed(), parts);
    case v1::Statement::EVENT_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

}  // namespace touchstone
