#include "verifier/participant_state.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "verifier/claim.h"

namespace touchstone {
namespace {

constexpr Role kAllRoles[] = {Role::kIssuer,    Role::kLaboratory, Role::kWorkshop,
                              Role::kAppraiser, Role::kInsurer,    Role::kAuthority};

std::shared_ptr<const ParticipantDetails> DetailsOf(const v1::ParticipantDetails& message) {
  auto details = std::make_shared<ParticipantDetails>();
  details->legal_name = message.legal_name();
  details->country = message.country();
  details->domain = message.domain();
  details->registration_number = message.registration_number();
  details->registration_authority = message.registration_authority();
  for (const int wire_role : message.roles()) {
    for (const Role role : kAllRoles) {
      if (static_cast<int>(role) == wire_role) details->roles.Add(role);
    }
  }
  details->gs1_company_prefixes.assign(message.gs1_company_prefixes().begin(),
                                       message.gs1_company_prefixes().end());
  for (const std::string& name : message.laboratory_names()) {
    details->laboratory_names.push_back(name);
    // Parsing the statement has shown that each name has a normal form.
    details->normalised_laboratory_names.push_back(NormaliseLaboratory(name).value_or(""));
  }
  return details;
}

}  // namespace

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kIssuer:
      return "ISSUER";
    case Role::kLaboratory:
      return "LABORATORY";
    case Role::kWorkshop:
      return "WORKSHOP";
    case Role::kAppraiser:
      return "APPRAISER";
    case Role::kInsurer:
      return "INSURER";
    case Role::kAuthority:
      return "AUTHORITY";
  }
  return "";
}

std::vector<Role> RoleSet::List() const {
  std::vector<Role> roles;
  for (const Role role : kAllRoles) {
    if (Has(role)) roles.push_back(role);
  }
  return roles;
}

bool ParticipantDetails::MayRegister(const Gtin& gtin) const {
  return std::any_of(gs1_company_prefixes.begin(), gs1_company_prefixes.end(),
                     [&gtin](const std::string& prefix) { return gtin.HasCompanyPrefix(prefix); });
}

bool ParticipantDetails::IssuesReportsAs(absl::string_view normalised_laboratory) const {
  return std::find(normalised_laboratory_names.begin(), normalised_laboratory_names.end(),
                   normalised_laboratory) != normalised_laboratory_names.end();
}

ParticipantState ParticipantState::FromEnrolment(const ParsedStatement& enrolled,
                                                 const EntryPlace& place) {
  ParticipantState state;
  state.id_ = enrolled.subject().bytes;
  state.Apply(enrolled, place);
  return state;
}

void ParticipantState::Apply(const ParsedStatement& statement, const EntryPlace& place) {
  head_.Append(place);
  const v1::Statement& message = statement.message();
  if (message.has_participant_enrolled()) {
    details_.push_back({place.position, DetailsOf(message.participant_enrolled().details())});
  } else if (message.has_participant_changed()) {
    details_.push_back({place.position, DetailsOf(message.participant_changed().details())});
  } else if (message.has_key_revoked()) {
    const v1::KeyRevoked& revoked = message.key_revoked();
    for (ParticipantKey& key : keys_) {
      if (DigestBytes(key.key_id) != revoked.key_id()) continue;
      key.revoked_at = place.position;
      if (revoked.has_compromised_from()) key.compromised_from = revoked.compromised_from();
    }
  }
  // Those of participant_enrolled and key_added.
  for (const PublicKey& key : statement.named_keys()) {
    keys_.push_back({key, key.KeyId(), place.position, std::nullopt, std::nullopt});
  }
}

KeyStanding ParticipantState::StandingAt(const Digest& key_id, uint64_t position) const {
  const ParticipantKey* key = FindKey(key_id);
  if (key == nullptr) return KeyStanding::kUnknown;
  if (key->added_at >= position) return KeyStanding::kNotYet;
  if (!key->revoked_at) return KeyStanding::kValid;
  if (*key->revoked_at <= position) return KeyStanding::kRevoked;
  if (key->compromised_from && *key->compromised_from <= position) return KeyStanding::kDoubted;
  return KeyStanding::kValid;
}

const ParticipantDetails* ParticipantState::DetailsAt(uint64_t position) const {
  for (auto from = details_.rbegin(); from != details_.rend(); ++from) {
    if (from->position < position) return from->details.get();
  }
  return nullptr;
}

const ParticipantKey* ParticipantState::FindKey(const Digest& key_id) const {
  for (const ParticipantKey& key : keys_) {
    if (key.key_id == key_id) return &key;
  }
  return nullptr;
}

}  // namespace touchstone
