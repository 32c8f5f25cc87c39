#include "registry/vault/papers.h"

#include <algorithm>
#include <utility>

#include "registry/ledger/submission.h"
#include "verifier/entry.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

OwnersTime TimeOfPart(const DocumentPart& part, OwnersTime now) {
  if (!part.confidential) return kWithPiece;
  return GoesWithPiece(static_cast<v1::Commitment::Kind>(part.kind)) ? kWithPiece : now;
}

bool Signed(const Envelope& envelope, const Digest& key_id) {
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    if (signature.keyid == key_id) return true;
  }
  return false;
}

std::vector<std::string> ParticipantsWhoSigned(const ledger::View& view, const Envelope& envelope) {
  std::vector<std::string> ids;
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    std::optional<std::string> id = view.ParticipantOfKey(signature.keyid);
    if (id.has_value()) ids.push_back(*std::move(id));
  }
  return ids;
}

}  // namespace

OwnersTime Papers::TimeOf(const PassportState& state) {
  return std::max<OwnersTime>(1, state.owner_count());
}

absl::StatusOr<Papers> Papers::Of(const ledger::View& view, const PassportId& passport) {
  const absl::StatusOr<std::vector<std::string>> frames = view.PassportFrames(passport);
  if (!frames.ok()) return frames.status();
  Papers papers(passport);
  for (const std::string& frame : *frames) {
    if (absl::Status taken = papers.Take(view, frame); !taken.ok()) {
      return absl::DataLossError(taken.message());
    }
  }
  return papers;
}

absl::Status Papers::Take(const ledger::View& view, const std::string& frame) {
  const absl::StatusOr<Entry> entry = DecodeEntry(frame);
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<ledger::Submission> submission = ledger::Submission::Read(entry->payload);
  if (!submission.ok()) return submission.status();
  const ParsedStatement& statement = submission->statement();
  const Envelope& envelope = submission->envelope();
  const EntryPlace place{entry->position, entry->time_ms, EntryDigest(frame)};
  const std::vector<std::string> said_by = ParticipantsWhoSigned(view, envelope);
  const std::string voucher = said_by.empty() ? std::string() : said_by.front();

  // Whose time an entry belongs to, and who held the piece, is as it was before the entry.
  const OwnersTime time = state_ ? TimeOf(*state_) : 1;
  if (statement.event() == EventKind::kDataErased) {
    const bool by_holder =
        state_ && state_->acting_key() && Signed(envelope, state_->acting_key()->key_id);
    Erase(statement.message().data_erased(), by_holder, time, entry->time_ms);
  }
  if (state_) {
    state_->Apply(statement, place, voucher);
  } else {
    state_ = PassportState::FromRegistration(statement, place, voucher);
  }
  NoteOwner(entry->time_ms);
  AddParts(statement.message(), entry->number, time, said_by);
  return absl::OkStatus();
}

void Papers::NoteOwner(uint64_t time_ms) {
  const OwnersTime now = TimeOf(*state_);
  for (auto& [time, ownership] : owners_) {
    const bool over = time < now || phase() == OwnershipPhase::kRetired;
    if (over && !ownership.ended_at_ms) ownership.ended_at_ms = time_ms;
  }
  if (phase() != OwnershipPhase::kOwned || state_->life().consigned()) return;
  std::vector<Digest>& key_ids = owners_[now].key_ids;
  const Digest& key_id = state_->acting_key()->key_id;
  if (key_ids.empty() || key_ids.back() != key_id) key_ids.push_back(key_id);
}

void Papers::AddParts(const v1::Statement& statement, uint32_t number, OwnersTime time,
                      const std::vector<std::string>& said_by) {
  for (DocumentPart& part : DocumentPartsOf(statement)) {
    const auto known = std::find_if(papers_.begin(), papers_.end(), [&](const Paper& paper) {
      return paper.part.digest == part.digest;
    });
    if (known == papers_.end() || known->erased_at_ms != 0) {
      if (known != papers_.end()) papers_.erase(known);
      const OwnersTime whose = TimeOfPart(part, time);
      papers_.push_back({std::move(part), number, whose, said_by, 0});
      continue;
    }
    known->said_by.insert(known->said_by.end(), said_by.begin(), said_by.end());
  }
}

void Papers::Erase(const v1::DataErased& erased, bool by_holder, OwnersTime time,
                   uint64_t time_ms) {
  const auto& named = erased.commitments_sha256();
  for (Paper& paper : papers_) {
    if (!paper.part.confidential || paper.erased_at_ms != 0) continue;
    if (!named.empty() &&
        std::find(named.begin(), named.end(), DigestBytes(paper.part.digest)) == named.end()) {
      continue;
    }
    // A holder's word does not reach the papers of owners before.
    if (by_holder && paper.owners_time != kWithPiece && paper.owners_time != time) continue;
    paper.erased_at_ms = time_ms;
  }
}

const Paper* Papers::Find(const Digest& digest) const {
  for (const Paper& paper : papers_) {
    if (paper.part.digest == digest) return &paper;
  }
  return nullptr;
}

std::optional<uint64_t> Papers::EndOf(OwnersTime time) const {
  const auto found = owners_.find(time);
  return found == owners_.end() ? std::nullopt : found->second.ended_at_ms;
}

bool Papers::IsOwner(const PublicKey& key, OwnersTime time) const {
  const auto found = owners_.find(time);
  if (found == owners_.end()) return false;
  const std::vector<Digest>& key_ids = found->second.key_ids;
  return std::find(key_ids.begin(), key_ids.end(), key.KeyId()) != key_ids.end();
}

std::optional<PublicKey> Papers::PresentOwner() const {
  if (phase() != OwnershipPhase::kOwned || state_->life().consigned()) return std::nullopt;
  const auto& encoded = state_->acting_key()->encoded;
  const absl::StatusOr<PublicKey> key = PublicKey::Parse(
      absl::string_view(reinterpret_cast<const char*>(encoded.data()), encoded.size()));
  if (!key.ok()) return std::nullopt;
  return *key;
}

bool Papers::IsHolder(const PublicKey& key) const {
  return state_->acting_key() && state_->acting_key()->key_id == key.KeyId();
}

}  // namespace touchstone::vault
