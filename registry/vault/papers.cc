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

std::vector<std::string> ParticipantsWhoSigned(const ledger::View& view, const Envelope& envelope) {
  std::vector<std::string> ids;
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    std::optional<std::string> id = view.ParticipantOfKey(signature.keyid);
    if (id.has_value()) ids.push_back(*std::move(id));
  }
  return ids;
}

}  // namespace

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

  // Whose time an entry belongs to, and whose word it is, is as it was before the entry.
  const OwnersTime time = present_time_;
  if (statement.event() == EventKind::kDataErased && state_) {
    Erase(statement.message().data_erased(), WhoErases(submission->signers(), said_by),
          entry->time_ms);
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
  const auto end = [&](OwnersTime time) {
    const auto found = owners_.find(time);
    if (found != owners_.end() && !found->second.ended_at_ms) found->second.ended_at_ms = time_ms;
  };
  if (phase() == OwnershipPhase::kRetired) end(present_time_);
  if (phase() != OwnershipPhase::kOwned || state_->life().consigned()) return;
  const Digest& key_id = state_->acting_key()->key_id;
  const auto present = owners_.find(present_time_);
  if (present != owners_.end()) {
    if (present->second.key_id == key_id) return;
    end(present_time_);
    ++present_time_;
  }
  owners_[present_time_].key_id = key_id;
}

void Papers::AddParts(const v1::Statement& statement, uint32_t number, OwnersTime time,
                      const std::vector<std::string>& said_by) {
  for (DocumentPart& part : DocumentPartsOf(statement)) {
    Paper* const known = FindMutable(part.digest);
    if (known != nullptr && known->erased_at_ms == 0) continue;
    const OwnersTime whose = TimeOfPart(part, time);
    Paper paper{std::move(part), number, whose, said_by, 0};
    if (known != nullptr) {
      *known = std::move(paper);
      continue;
    }
    by_digest_.emplace(paper.part.digest, papers_.size());
    papers_.push_back(std::move(paper));
  }
}

// A claim key, which store and printer have seen, and a dealer on consignment hold the piece; its
// papers are not theirs.
Papers::ErasedBy Papers::WhoErases(const std::vector<Digest>& signers,
                                   const std::vector<std::string>& said_by) const {
  const std::optional<PublicKey> owner = PresentOwner();
  for (const Digest& signer : signers) {
    if (owner && owner->KeyId() == signer) return ErasedBy::kOwner;
    // The holder's word, even if the key is enrolled for a participant too.
    if (state_->acting_key() && state_->acting_key()->key_id == signer) {
      return ErasedBy::kNobodyWhoMay;
    }
  }
  const bool by_issuer =
      std::find(said_by.begin(), said_by.end(), issuer_of_record()) != said_by.end();
  return by_issuer ? ErasedBy::kIssuer : ErasedBy::kNobodyWhoMay;
}

void Papers::Erase(const v1::DataErased& erased, ErasedBy by, uint64_t time_ms) {
  if (by == ErasedBy::kNobodyWhoMay) return;
  const auto& named = erased.commitments_sha256();
  for (Paper& paper : papers_) {
    if (!paper.part.confidential || paper.erased_at_ms != 0) continue;
    if (!named.empty() &&
        std::find(named.begin(), named.end(), DigestBytes(paper.part.digest)) == named.end()) {
      continue;
    }
    // An owner's word does not reach the papers of owners before.
    if (by == ErasedBy::kOwner && paper.owners_time != kWithPiece &&
        paper.owners_time != present_time_) {
      continue;
    }
    paper.erased_at_ms = time_ms;
  }
}

Paper* Papers::FindMutable(const Digest& digest) {
  const auto found = by_digest_.find(digest);
  return found == by_digest_.end() ? nullptr : &papers_[found->second];
}

const Paper* Papers::Find(const Digest& digest) const {
  const auto found = by_digest_.find(digest);
  return found == by_digest_.end() ? nullptr : &papers_[found->second];
}

std::optional<uint64_t> Papers::EndOf(OwnersTime time) const {
  const auto found = owners_.find(time);
  return found == owners_.end() ? std::nullopt : found->second.ended_at_ms;
}

bool Papers::IsOwner(const PublicKey& key, OwnersTime time) const {
  const auto found = owners_.find(time);
  return found != owners_.end() && found->second.key_id == key.KeyId();
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
