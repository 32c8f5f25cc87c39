// Events of the stewards' chain and of participants' chains.
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/checkpoint.h"
#include "verifier/digest.h"
#include "verifier/event_fields.h"
#include "verifier/gtin.h"
#include "verifier/limits.h"
#include "verifier/signed_note.h"

namespace touchstone {
namespace {

constexpr int kStewardsMax = 32;

void CheckThreshold(uint32_t threshold, int stewards, FieldChecker& checker) {
  checker.Number("threshold", threshold, 1, static_cast<uint64_t>(stewards), Presence::kRequired);
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

}  // namespace

void CheckEvent(const v1::Genesis& genesis, FieldChecker& checker, EventParts& parts) {
  CheckAscendingKeys("steward_keys", genesis.steward_keys(), kStewardsMax, checker, parts);
  CheckThreshold(genesis.threshold(), genesis.steward_keys_size(), checker);
  CheckContinuedCheckpoint(genesis.continues(), checker);
  checker.Text("operator_name", genesis.operator_name(), 120);
  checker.Number("notice_period_ms", genesis.notice_period_ms(), 1, limits::kNoticePeriodMsMax);
}

void CheckEvent(const v1::StewardsChanged& changed, FieldChecker& checker, EventParts& parts) {
  CheckAscendingKeys("steward_keys", changed.steward_keys(), kStewardsMax, checker, parts);
  CheckThreshold(changed.threshold(), changed.steward_keys_size(), checker);
  checker.Text("reason", changed.reason(), 500);
}

void CheckEvent(const v1::CardKeyRevoked& revoked, FieldChecker& checker, EventParts&) {
  checker.Bytes("key_id", revoked.key_id(), kDigestBytes, Presence::kRequired);
  checker.Date("good_before", revoked.good_before());
}

void CheckEvent(const v1::CardKeyEnrolled& enrolled, FieldChecker& checker, EventParts& parts) {
  CheckKey("key", enrolled.key(), checker, parts);
  checker.Text("label", enrolled.label(), 60);
}

void CheckEvent(const v1::LogClosed& closed, FieldChecker& checker, EventParts&) {
  checker.Text("reason", closed.reason(), 500);
  checker.Text("continued_at", closed.continued_at(), 200);
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

}  // namespace touchstone
