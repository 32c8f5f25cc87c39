#include "cli/audit/public_chains.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/authorization.h"
#include "verifier/envelope_signature.h"
#include "verifier/public_key.h"
#include "verifier/refusal.h"

namespace touchstone::cli {

absl::StatusOr<SignedStatement> ReadStatement(const Entry& entry, absl::string_view origin) {
  absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kStatement, entry.payload);
  if (!envelope.ok()) return envelope.status();
  absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope->payload());
  if (!statement.ok()) return statement.status();
  if (statement->log_origin() != origin) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("said to the log ", statement->log_origin(), ", not to ", origin));
  }
  SignedStatement said = {*std::move(envelope), *std::move(statement), {}};
  for (const EnvelopeSignature& signature : said.envelope.signatures()) {
    said.signers.push_back(signature.keyid);
  }
  return said;
}

// An import signs many envelopes with one signature; it is checked once for as long as it is
// remembered here.
class PublicChains::BatchNotes : public VerifiedBatchNotes {
 public:
  bool Contains(const Digest& check) override { return checks_.contains(check); }
  void Add(const Digest& check) override {
    if (checks_.size() >= kMax) checks_.clear();
    checks_.insert(check);
  }

 private:
  static constexpr size_t kMax = 4096;
  absl::flat_hash_set<Digest> checks_;
};

PublicChains::PublicChains() : batch_notes_(std::make_unique<BatchNotes>()) {}

PublicChains::~PublicChains() = default;

absl::Status PublicChains::Next(const SignedStatement& said, const Entry& entry,
                                const Digest& digest) {
  absl::Status status = CheckSaidOnce(said.envelope);
  // Signatures first: nothing is concluded from a statement that nobody signed.
  if (status.ok()) status = CheckSignatures(said, /*passport=*/nullptr);
  if (!status.ok()) return status;
  const EntryPlace place = {entry.position, entry.time_ms, digest};
  return said.statement.subject().kind == IndexKind::kStewardsEntry
             ? NextOfStewards(said, entry, place)
             : NextOfParticipant(said, entry, place);
}

absl::Status PublicChains::CheckSaidOnce(const Envelope& envelope) {
  if (envelopes_.insert(envelope.digest()).second) return absl::OkStatus();
  return Refuse(RefusalCode::kBrokenChain, "the same statement is in the log already");
}

absl::Status PublicChains::CheckSignatures(const SignedStatement& said,
                                           const PassportState* passport) {
  const auto by_key = [this](const Digest& key_id) { return ParticipantOf(key_id); };
  for (const EnvelopeSignature& signature : said.envelope.signatures()) {
    const std::optional<PublicKey> key =
        SigningKey(signature.keyid, said.statement, stewards(), passport, by_key);
    if (!key.has_value()) {
      return Refuse(
          RefusalCode::kUnknownSigner,
          absl::StrCat("the key ", DigestToHex(signature.keyid), " is none that may sign this"));
    }
    const absl::Status status = VerifyEnvelopeSignature(
        said.envelope, signature, *key, said.statement.log_origin(), batch_notes_.get());
    if (!status.ok()) return status;
    ++signatures_;
  }
  return absl::OkStatus();
}

absl::Status PublicChains::CheckOpenAt(uint64_t position, bool is_index_root) const {
  if (!stewards_.has_value()) return absl::OkStatus();
  const std::optional<LogClosing>& closing = stewards_->closing();
  const bool ends_closing_commit =
      is_index_root && closing.has_value() && position == closing->place.position + 1;
  return ends_closing_commit ? absl::OkStatus() : stewards_->CheckOpenAt(position);
}

const ParticipantState* PublicChains::ParticipantOf(const Digest& key_id) const {
  const auto found = participant_by_key_.find(key_id);
  return found == participant_by_key_.end() ? nullptr : found->second;
}

absl::Status PublicChains::NextOfStewards(const SignedStatement& said, const Entry& entry,
                                          const EntryPlace& place) {
  const ChainHead head = stewards_.has_value() ? stewards_->head() : ChainHead();
  absl::Status status = head.CheckNext(entry.number, entry.previous, entry.position, entry.time_ms);
  if (!status.ok()) return status;
  if (!stewards_.has_value()) {
    status = AuthorizeGenesis(said.statement, said.signers);
    if (status.ok()) stewards_ = StewardsState::FromGenesis(said.statement, place);
    return status;
  }
  status = AuthorizeStewardsEvent(said.statement, said.signers, *stewards_, entry.position);
  if (status.ok()) stewards_->Apply(said.statement, place);
  return status;
}

absl::Status PublicChains::NextOfParticipant(const SignedStatement& said, const Entry& entry,
                                             const EntryPlace& place) {
  if (!stewards_.has_value()) {
    return Refuse(RefusalCode::kBrokenChain, "the log does not begin with its genesis");
  }
  const std::string& id = said.statement.subject().bytes;
  const auto found = participants_.find(id);
  ParticipantState* state = found == participants_.end() ? nullptr : &found->second;
  const ChainHead head = state != nullptr ? state->head() : ChainHead();
  absl::Status status = head.CheckNext(entry.number, entry.previous, entry.position, entry.time_ms);
  if (!status.ok()) return status;
  const auto by_key = [this](const Digest& key_id) { return ParticipantOf(key_id); };
  status = AuthorizeParticipantEvent(said.statement, said.signers, *stewards_, state, by_key,
                                     entry.position);
  if (!status.ok()) return status;
  if (state == nullptr) {
    state = &participants_.emplace(id, ParticipantState::FromEnrolment(said.statement, place))
                 .first->second;
  } else {
    state->Apply(said.statement, place);
  }
  for (const ParticipantKey& key : state->keys()) participant_by_key_[key.key_id] = state;
  return absl::OkStatus();
}

}  // namespace touchstone::cli
