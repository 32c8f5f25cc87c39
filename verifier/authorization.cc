#include "verifier/authorization.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "verifier/claim.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/vouching_role.h"

namespace touchstone {
namespace {

// The signatures of an envelope that no rule has asked for yet.
class Unclaimed {
 public:
  explicit Unclaimed(absl::Span<const Digest> signers) : rest_(signers.begin(), signers.end()) {}

  // kMissingSignature if `key_id`, which is `whose`, has not signed.
  absl::Status Take(const Digest& key_id, absl::string_view whose) {
    const auto found = std::find(rest_.begin(), rest_.end(), key_id);
    if (found == rest_.end()) {
      return Refuse(RefusalCode::kMissingSignature,
                    absl::StrCat("the signature of ", whose, " (key id ", DigestToHex(key_id),
                                 ") is missing"));
    }
    rest_.erase(found);
    return absl::OkStatus();
  }

  // The one that must be left, which is `whose`.
  absl::StatusOr<Digest> TakeOnly(absl::string_view whose) {
    if (rest_.empty()) {
      return Refuse(RefusalCode::kMissingSignature,
                    absl::StrCat("the signature of ", whose, " is missing"));
    }
    const Digest taken = rest_.front();
    rest_.erase(rest_.begin());
    if (absl::Status status = CheckNoneLeft(); !status.ok()) return status;
    return taken;
  }

  absl::Status CheckNoneLeft() const {
    if (rest_.empty()) return absl::OkStatus();
    return Refuse(RefusalCode::kSurplusSignature,
                  absl::StrCat(rest_.size(), " signature(s) more than the event calls for, by key ",
                               DigestToHex(rest_.back())));
  }

 private:
  std::vector<Digest> rest_;
};

absl::Status CheckOriginAndOpen(const ParsedStatement& statement, const StewardsState& stewards,
                                uint64_t position) {
  if (statement.log_origin() != stewards.log_origin()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the statement is for the log \"", statement.log_origin(),
                               "\", and this is \"", stewards.log_origin(), "\""));
  }
  return stewards.CheckOpenAt(position);
}

// Exactly `threshold` signers, each of whom `is_steward` knows.
absl::Status CheckThreshold(absl::Span<const Digest> signers, size_t threshold,
                            absl::FunctionRef<bool(const Digest&)> is_steward) {
  for (const Digest& signer : signers) {
    if (!is_steward(signer)) {
      return Refuse(RefusalCode::kUnknownSigner,
                    absl::StrCat("key ", DigestToHex(signer), " is no steward's"));
    }
  }
  if (signers.size() == threshold) return absl::OkStatus();
  return Refuse(
      signers.size() < threshold ? RefusalCode::kMissingSignature : RefusalCode::kSurplusSignature,
      absl::StrCat(signers.size(), " stewards signed; it takes exactly ", threshold));
}

absl::Status CheckStewardsSigned(absl::Span<const Digest> signers, const StewardsState& stewards) {
  return CheckThreshold(signers, stewards.threshold(), [&stewards](const Digest& key_id) {
    return stewards.FindSteward(key_id) != nullptr;
  });
}

absl::Status CheckKeysAreNew(const ParsedStatement& statement, const ParticipantState* before,
                             ParticipantByKey participant_by_key) {
  for (const PublicKey& key : statement.named_keys()) {
    const Digest key_id = key.KeyId();
    const bool is_own = before != nullptr && before->FindKey(key_id) != nullptr;
    const ParticipantState* holder = is_own ? before : participant_by_key(key_id);
    if (holder != nullptr) {
      return Refuse(RefusalCode::kKeyInUse,
                    absl::StrCat("key ", DigestToHex(key_id), " is or was that of participant \"",
                                 holder->id(), "\"; enrol a fresh one"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRevocation(const v1::KeyRevoked& revoked, const ParticipantState& participant,
                             uint64_t position) {
  const auto& keys = participant.keys();
  const auto key = std::find_if(keys.begin(), keys.end(), [&revoked](const ParticipantKey& k) {
    return DigestBytes(k.key_id) == revoked.key_id();
  });
  if (key == keys.end()) {
    return Refuse(RefusalCode::kNoSuchKey,
                  absl::StrCat("participant \"", participant.id(), "\" has no such key"));
  }
  if (key->revoked_at) {
    return Refuse(RefusalCode::kNoSuchKey,
                  absl::StrCat("the key was revoked already, at position ", *key->revoked_at));
  }
  if (revoked.has_compromised_from() && revoked.compromised_from() > position) {
    return Refuse(RefusalCode::kInvalidField,
                  absl::StrCat("key_revoked.compromised_from is ", revoked.compromised_from(),
                               "; accepted are positions up to this entry's, ", position));
  }
  return absl::OkStatus();
}

OwnershipPhase PhaseNeeded(EventKind ownership_event) {
  switch (ownership_event) {
    case EventKind::kFirstSale:
      return OwnershipPhase::kWithStore;
    case EventKind::kClaim:
      return OwnershipPhase::kUnclaimed;
    case EventKind::kTransfer:
    case EventKind::kGenesis:
    case EventKind::kCardKeyEnrolled:
    case EventKind::kLogClosed:
    case EventKind::kParticipantEnrolled:
    case EventKind::kParticipantChanged:
    case EventKind::kKeyAdded:
    case EventKind::kKeyRevoked:
    case EventKind::kRegistration:
    case EventKind::kLaboratoryReport:
    case EventKind::kCareRecord:
    case EventKind::kClaimResolved:
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      break;
  }
  return OwnershipPhase::kOwned;
}

// What an ownership event asks of the state before it, apart from signatures.
absl::Status CheckOwnership(const ParsedStatement& statement, const PassportState& before) {
  if (*statement.builds_on() != before.newest_ownership_entry()) {
    return Refuse(RefusalCode::kStaleBuildsOn,
                  absl::StrCat("builds_on is ", DigestToHex(*statement.builds_on()),
                               "; the newest ownership entry is ",
                               DigestToHex(before.newest_ownership_entry())));
  }
  const OwnershipPhase needed = PhaseNeeded(statement.event());
  if (before.phase() != needed) {
    return Refuse(RefusalCode::kWrongPhase,
                  absl::StrCat(EventName(statement.event()), " needs a piece that is ",
                               OwnershipPhaseName(needed), "; this one is ",
                               OwnershipPhaseName(before.phase())));
  }
  const Digest named = statement.named_keys().front().KeyId();
  if (before.HasNamedKey(named)) {
    return Refuse(RefusalCode::kKeyReused,
                  absl::StrCat("key ", DigestToHex(named),
                               " has been named in this passport before; make a fresh one"));
  }
  return absl::OkStatus();
}

// A piece that has come to its end has no more history; whose a disputed claim was can still be
// found out.
absl::Status CheckNotRetired(const ParsedStatement& statement, const PassportState& before) {
  if (before.phase() != OwnershipPhase::kRetired ||
      statement.event() == EventKind::kClaimResolved) {
    return absl::OkStatus();
  }
  return Refuse(RefusalCode::kWrongPhase,
                absl::StrCat("the piece has come to the end of its life; ",
                             EventName(statement.event()), " cannot follow"));
}

absl::Status WrongClaimStep(const ClaimSubject& claim, absl::string_view why) {
  return Refuse(RefusalCode::kWrongClaimStep, absl::StrCat(DescribeClaim(claim), ": ", why));
}

// What the passport's own entries tell of whether it may do that to claims.
absl::Status CheckOwnClaims(const ParsedStatement& statement, const PassportState& before) {
  for (const ClaimSubject& claim : statement.contests()) {
    if (before.Makes(claim)) return WrongClaimStep(claim, "this piece makes it already");
    const OwnClaim* const own = before.FindClaim(claim);
    if (own != nullptr && own->contested) {
      return WrongClaimStep(claim, "this piece has contested it before");
    }
  }
  for (const ClaimSubject& claim : statement.releases()) {
    if (!before.Makes(claim)) return WrongClaimStep(claim, "this piece does not hold it");
  }
  if (statement.resolves() && !before.Makes(*statement.resolves())) {
    return WrongClaimStep(*statement.resolves(), "this piece neither holds nor contests it");
  }
  return absl::OkStatus();
}

size_t EntriesMaxFor(EventKind event) {
  if (IsSettlement(event)) return limits::kPassportEntriesMax;
  return IsOwnershipEvent(event) ? limits::kPassportOwnershipEntriesMax
                                 : limits::kPassportRecordEntriesMax;
}

absl::Status CheckQuota(const ParsedStatement& statement, const PassportState& before) {
  const size_t max = EntriesMaxFor(statement.event());
  if (before.head().count() < max) return absl::OkStatus();
  return Refuse(RefusalCode::kQuotaExceeded,
                absl::StrCat("the passport has ", before.head().count(), " entries; ",
                             EventName(statement.event()), " may be among the first ", max));
}

absl::Status CheckExistence(const ParsedStatement& statement, const void* before, bool creates,
                            absl::string_view what) {
  if (creates && before != nullptr) {
    return Refuse(RefusalCode::kSubjectExists, absl::StrCat("the ", what, " exists already"));
  }
  if (!creates && before == nullptr) {
    return Refuse(RefusalCode::kNoSuchSubject,
                  absl::StrCat("the ", what, " that this ", EventName(statement.event()),
                               " is about does not exist"));
  }
  return absl::OkStatus();
}

// Exactly the two between whom a claim or a transfer passes the piece on.
absl::Status TakeOwners(const ParsedStatement& statement, const PassportState& before,
                        Unclaimed& signatures) {
  const bool is_claim = statement.event() == EventKind::kClaim;
  // Neither of the phases in which these are allowed is without an acting key.
  absl::Status status = signatures.Take(before.acting_key()->key_id,
                                        is_claim ? "the claim key" : "the present owner");
  if (!status.ok()) return status;
  status = signatures.Take(statement.named_keys().front().KeyId(),
                           is_claim ? "the owner" : "the next owner");
  if (!status.ok()) return status;
  return signatures.CheckNoneLeft();
}

absl::Status NotAnEventOf(absl::string_view what, const ParsedStatement& statement) {
  return Refuse(RefusalCode::kInvalidStatement,
                absl::StrCat(EventName(statement.event()), " is not an event of ", what));
}

}  // namespace

absl::Status AuthorizeGenesis(const ParsedStatement& genesis, absl::Span<const Digest> signers) {
  if (genesis.event() != EventKind::kGenesis) {
    return NotAnEventOf("an empty log", genesis);
  }
  std::vector<Digest> stewards;
  for (const PublicKey& key : genesis.named_keys()) stewards.push_back(key.KeyId());
  return CheckThreshold(
      signers, genesis.message().genesis().threshold(), [&stewards](const Digest& key_id) {
        return std::find(stewards.begin(), stewards.end(), key_id) != stewards.end();
      });
}

absl::Status AuthorizeStewardsEvent(const ParsedStatement& statement,
                                    absl::Span<const Digest> signers, const StewardsState& stewards,
                                    uint64_t position) {
  if (statement.subject().kind != IndexKind::kStewardsEntry) {
    return NotAnEventOf("the stewards", statement);
  }
  if (absl::Status status = CheckOriginAndOpen(statement, stewards, position); !status.ok()) {
    return status;
  }
  if (absl::Status status =
          CheckExistence(statement, &stewards, statement.event() == EventKind::kGenesis, "log");
      !status.ok()) {
    return status;
  }
  return CheckStewardsSigned(signers, stewards);
}

absl::Status AuthorizeParticipantEvent(const ParsedStatement& statement,
                                       absl::Span<const Digest> signers,
                                       const StewardsState& stewards,
                                       const ParticipantState* before,
                                       ParticipantByKey participant_by_key, uint64_t position) {
  if (statement.subject().kind != IndexKind::kParticipantEntry) {
    return NotAnEventOf("a participant", statement);
  }
  if (absl::Status status = CheckOriginAndOpen(statement, stewards, position); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckExistence(
          statement, before, statement.event() == EventKind::kParticipantEnrolled, "participant");
      !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckKeysAreNew(statement, before, participant_by_key); !status.ok()) {
    return status;
  }
  if (statement.event() == EventKind::kKeyRevoked) {
    absl::Status status = CheckRevocation(statement.message().key_revoked(), *before, position);
    if (!status.ok()) return status;
  }
  return CheckStewardsSigned(signers, stewards);
}

absl::StatusOr<std::optional<VouchingParticipant>> AuthorizePassportEvent(
    const ParsedStatement& statement, absl::Span<const Digest> signers,
    const StewardsState& stewards, const PassportState* before, ParticipantByKey participant_by_key,
    uint64_t position) {
  if (statement.subject().kind != IndexKind::kPassportEntry) {
    return NotAnEventOf("a passport", statement);
  }
  if (absl::Status status = CheckOriginAndOpen(statement, stewards, position); !status.ok()) {
    return status;
  }
  const EventKind event = statement.event();
  if (absl::Status status =
          CheckExistence(statement, before, event == EventKind::kRegistration, "passport");
      !status.ok()) {
    return status;
  }
  if (IsOwnershipEvent(event)) {
    if (absl::Status status = CheckOwnership(statement, *before); !status.ok()) return status;
  }
  if (before != nullptr) {
    absl::Status status = CheckNotRetired(statement, *before);
    if (status.ok()) status = CheckQuota(statement, *before);
    if (status.ok()) status = CheckOwnClaims(statement, *before);
    if (!status.ok()) return status;
  }

  Unclaimed signatures(signers);
  if (event == EventKind::kClaim || event == EventKind::kTransfer) {
    if (absl::Status status = TakeOwners(statement, *before, signatures); !status.ok()) {
      return status;
    }
    return std::nullopt;
  }
  if (const std::optional<Digest> holder = HolderBesideVoucher(statement, before)) {
    absl::Status status = signatures.Take(
        *holder, before->phase() == OwnershipPhase::kOwned ? "the owner" : "the claim key");
    if (!status.ok()) return status;
  }
  const absl::StatusOr<Digest> signer = signatures.TakeOnly("the participant who says it");
  if (!signer.ok()) return signer.status();
  const absl::StatusOr<Standing> standing = StandingOf(*signer, participant_by_key, position);
  if (!standing.ok()) return standing.status();
  const absl::StatusOr<Role> role = VouchingRole(statement, before, *standing);
  if (!role.ok()) return role.status();
  return VouchingParticipant{standing->participant, *role, *signer, standing->doubted};
}

std::optional<Digest> HolderBesideVoucher(const ParsedStatement& statement,
                                          const PassportState* before) {
  switch (statement.event()) {
    case EventKind::kFirstSale:
      return statement.named_keys().front().KeyId();
    case EventKind::kEndOfLife:
    case EventKind::kStoneRemoved:
      if (before == nullptr || !before->acting_key()) return std::nullopt;
      return before->acting_key()->key_id;
    case EventKind::kGenesis:
    case EventKind::kCardKeyEnrolled:
    case EventKind::kLogClosed:
    case EventKind::kParticipantEnrolled:
    case EventKind::kParticipantChanged:
    case EventKind::kKeyAdded:
    case EventKind::kKeyRevoked:
    case EventKind::kRegistration:
    case EventKind::kLaboratoryReport:
    case EventKind::kCareRecord:
    case EventKind::kClaim:
    case EventKind::kTransfer:
    case EventKind::kClaimResolved:
      break;
  }
  return std::nullopt;
}

std::optional<PublicKey> SigningKey(const Digest& key_id, const ParsedStatement& statement,
                                    const StewardsState* stewards, const PassportState* passport,
                                    ParticipantByKey participant_by_key) {
  if (const ParticipantState* participant = participant_by_key(key_id)) {
    const ParticipantKey* key = participant->FindKey(key_id);
    return key == nullptr ? std::nullopt : std::optional<PublicKey>(key->key);
  }
  for (const PublicKey& key : statement.named_keys()) {
    if (key.KeyId() == key_id) return key;
  }
  if (stewards != nullptr) {
    if (const PublicKey* key = stewards->FindSteward(key_id)) return *key;
  }
  if (passport != nullptr && passport->acting_key() && passport->acting_key()->key_id == key_id) {
    const auto& encoded = passport->acting_key()->encoded;
    const absl::StatusOr<PublicKey> key = PublicKey::Parse(
        absl::string_view(reinterpret_cast<const char*>(encoded.data()), encoded.size()));
    if (key.ok()) return *key;
  }
  return std::nullopt;
}

}  // namespace touchstone
