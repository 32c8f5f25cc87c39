#include "verifier/authorization.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "verifier/claim.h"
#include "verifier/life_rules.h"
#include "verifier/refusal.h"
#include "verifier/seats.h"
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

// By those who were stewards before the entry at `position`.
absl::Status CheckStewardsSigned(absl::Span<const Digest> signers, const StewardsState& stewards,
                                 uint64_t position) {
  const StewardsState::Board& board = stewards.BoardAt(position);
  return CheckThreshold(signers, board.threshold,
                        [&board](const Digest& key_id) { return board.Find(key_id) != nullptr; });
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

// A key that was revoked would come back to life, and with it the cards of whoever has it.
absl::Status CheckCardKeyIsNew(const PublicKey& key, const StewardsState& stewards) {
  for (const CardKey& known : stewards.card_keys()) {
    if (known.key_id != key.KeyId()) continue;
    return Refuse(RefusalCode::kKeyInUse, absl::StrCat("key ", DigestToHex(known.key_id),
                                                       " is or was a card key; enrol a fresh one"));
  }
  return absl::OkStatus();
}

absl::Status CheckCardKeyRevocation(const v1::CardKeyRevoked& revoked,
                                    const StewardsState& stewards) {
  for (const CardKey& key : stewards.card_keys()) {
    if (DigestBytes(key.key_id) != revoked.key_id()) continue;
    if (!key.revoked) return absl::OkStatus();
    return Refuse(RefusalCode::kNoSuchKey, absl::StrCat("the card key was revoked already, at "
                                                        "position ",
                                                        key.revoked->place.position));
  }
  return Refuse(RefusalCode::kNoSuchKey, "no such card key is enrolled");
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
  return absl::OkStatus();
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

// The holder's key with that id, or that of whoever the passport's state says may come after.
std::optional<PublicKey> OwnersKey(const Digest& key_id, const PassportState& passport) {
  const ActingKey* acting = nullptr;
  if (passport.acting_key() && passport.acting_key()->key_id == key_id) {
    acting = &*passport.acting_key();
  } else if (passport.life().notice() && passport.life().notice()->to.key_id == key_id) {
    acting = &passport.life().notice()->to;
  } else if (passport.life().pledge() && passport.life().pledge()->pledgee.key_id == key_id) {
    acting = &passport.life().pledge()->pledgee;
  }
  if (acting == nullptr) return std::nullopt;
  const absl::StatusOr<PublicKey> key = PublicKey::Parse(absl::string_view(
      reinterpret_cast<const char*>(acting->encoded.data()), acting->encoded.size()));
  return key.ok() ? std::optional<PublicKey>(*key) : std::nullopt;
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
  if (statement.event() == EventKind::kCardKeyEnrolled) {
    absl::Status status = CheckCardKeyIsNew(statement.named_keys().front(), stewards);
    if (!status.ok()) return status;
  }
  if (statement.event() == EventKind::kCardKeyRevoked) {
    absl::Status status = CheckCardKeyRevocation(statement.message().card_key_revoked(), stewards);
    if (!status.ok()) return status;
  }
  return CheckStewardsSigned(signers, stewards, position);
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
  return CheckStewardsSigned(signers, stewards, position);
}

absl::StatusOr<std::optional<VouchingParticipant>> AuthorizePassportEvent(
    const ParsedStatement& statement, absl::Span<const Digest> signers,
    const StewardsState& stewards, const PassportState* before, ParticipantByKey participant_by_key,
    const EntryMoment& moment) {
  if (statement.subject().kind != IndexKind::kPassportEntry) {
    return NotAnEventOf("a passport", statement);
  }
  if (absl::Status status = CheckOriginAndOpen(statement, stewards, moment.position);
      !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckExistence(
          statement, before, statement.event() == EventKind::kRegistration, "passport");
      !status.ok()) {
    return status;
  }
  if (before != nullptr) {
    absl::Status status =
        CheckLife(statement, *before, moment.time_ms, stewards.notice_period_ms());
    if (status.ok()) status = CheckOwnClaims(statement, *before);
    if (!status.ok()) return status;
  }

  Unclaimed signatures(signers);
  const Seats seats = SeatsOf(statement, before, signers);
  for (const Seat& seat : seats.keys) {
    if (absl::Status status = signatures.Take(seat.key_id, seat.whose); !status.ok()) return status;
  }
  if (!seats.voucher) {
    absl::Status status = signatures.CheckNoneLeft();
    if (status.ok()) status = CheckSignersRoom(statement, *before, "");
    if (!status.ok()) return status;
    return std::nullopt;
  }
  const absl::StatusOr<Digest> signer = signatures.TakeOnly("the participant who says it");
  if (!signer.ok()) return signer.status();
  const absl::StatusOr<Standing> standing =
      StandingOf(*signer, participant_by_key, moment.position);
  if (!standing.ok()) return standing.status();
  const absl::StatusOr<Role> role = VouchingRole(statement, before, *standing, seats.by_holder);
  if (!role.ok()) return role.status();
  if (before != nullptr) {
    absl::Status status = CheckSignersRoom(statement, *before, standing->participant->id());
    if (!status.ok()) return status;
  }
  return VouchingParticipant{standing->participant, *role, *signer, standing->doubted};
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
  return passport == nullptr ? std::nullopt : OwnersKey(key_id, *passport);
}

}  // namespace touchstone
