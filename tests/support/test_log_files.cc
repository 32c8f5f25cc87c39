// What a TestLog hands out: checkpoints, proofs, files, policies.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tests/support/or_die.h"
#include "tests/support/test_log.h"
#include "tests/verifier/reference_tree.h"
#include "verifier/checkpoint.h"
#include "verifier/container.h"
#include "verifier/index_hash.h"
#include "verifier/merkle.h"
#include "verifier/signed_note.h"
#include "verifier/signing/note_signer.h"

namespace touchstone {
namespace {

std::string JoinPath(const std::vector<Digest>& path) {
  std::string bytes;
  for (const Digest& node : path) absl::StrAppend(&bytes, DigestBytes(node));
  return bytes;
}

}  // namespace

std::string TestLog::Checkpoint(uint64_t size, const std::vector<std::string>& witnesses) const {
  const auto checkpoint =
      OrDie(touchstone::Checkpoint::Create(options_.origin, SizeOrLast(size), Root(size)));
  std::string note = OrDie(SignCheckpoint(checkpoint, NamedKey(options_.log_key)));
  for (const std::string& witness : witnesses) {
    const NoteSignature cosignature = OrDie(CosignCheckpointText(
        checkpoint.Format(), witness, NamedKey(witness), WitnessTimeSeconds(size)));
    note = OrDie(AppendNoteSignature(note, cosignature));
  }
  return note;
}

v1::ProvenEntry TestLog::Proven(uint64_t position, uint64_t size) const {
  std::vector<Digest> leaves;
  for (uint64_t i = 0; i < SizeOrLast(size); ++i) {
    leaves.push_back(LeafHash(DigestBytes(digests_[i])));
  }
  v1::ProvenEntry proven;
  proven.set_entry(frames_[position]);
  proven.set_path(JoinPath(ReferencePath(position, leaves)));
  return proven;
}

v1::ProvenEntry TestLog::IndexRoot(uint64_t size) const {
  return Proven(SizeOrLast(size) - 1, size);
}

std::string TestLog::IndexProofOf(IndexKind kind, absl::string_view subject, uint32_t number,
                                  uint64_t size) const {
  return EncodeIndexProof(IndexUnder(SizeOrLast(size)).Prove(IndexKey(kind, subject, number)));
}

v1::Chain TestLog::ChainOf(const Subject& subject, uint64_t size) const {
  v1::Chain chain;
  const auto found = chains_.find(subject);
  if (found == chains_.end()) return chain;
  uint32_t count = 0;
  for (const uint64_t position : found->second.positions) {
    if (position >= SizeOrLast(size)) break;
    *chain.add_entries() = Proven(position, size);
    ++count;
  }
  chain.set_last_present(IndexProofOf(subject.kind, subject.bytes, count - 1, size));
  chain.set_next_absent(IndexProofOf(subject.kind, subject.bytes, count, size));
  return chain;
}

v1::ClaimChain TestLog::ClaimChainOf(const ClaimSubject& claim, uint64_t size) const {
  v1::ClaimChain chain;
  chain.set_kind(static_cast<uint32_t>(claim.kind));
  chain.set_subject(claim.subject);
  uint32_t count = 0;
  const auto found = claim_events_.find(claim);
  if (found != claim_events_.end()) {
    for (const IndexInsertion& event : found->second) {
      if (event.position >= SizeOrLast(size)) break;
      v1::ClaimEvent& opened = *chain.add_events();
      opened.set_event(static_cast<uint32_t>(event.event));
      opened.set_digest(std::string(DigestBytes(event.digest)));
      opened.set_position(event.position);
      opened.set_present(IndexProofOf(claim.kind, claim.subject, event.number, size));
      ++count;
    }
  }
  chain.set_next_absent(IndexProofOf(claim.kind, claim.subject, count, size));
  return chain;
}

v1::Passport TestLog::PassportOf(absl::string_view id, uint64_t size) const {
  v1::Passport message = Cards(size);
  const Subject subject{IndexKind::kPassportEntry, std::string(id)};
  *message.mutable_piece() = ChainOf(subject, size);

  std::map<std::string, bool> participants;
  std::set<ClaimSubject> claims;
  for (const v1::ProvenEntry& proven : message.piece().entries()) {
    const Entry entry = OrDie(DecodeEntry(proven.entry()));
    const absl::StatusOr<Envelope> envelope =
        Envelope::Parse(PayloadType::kStatement, entry.payload);
    if (!envelope.ok()) continue;
    for (const EnvelopeSignature& signature : envelope->signatures()) {
      const auto holder = participant_of_key_.find(signature.keyid);
      if (holder != participant_of_key_.end()) participants[holder->second] = true;
    }
    for (const auto& [claim, events] : claim_events_) {
      for (const IndexInsertion& event : events) {
        if (event.position == entry.position) claims.insert(claim);
      }
    }
  }
  for (const auto& [participant, signed_here] : participants) {
    *message.add_participants() = ChainOf({IndexKind::kParticipantEntry, participant}, size);
  }
  for (const ClaimSubject& claim : claims) *message.add_claims() = ClaimChainOf(claim, size);
  return message;
}

v1::Passport TestLog::Cards(uint64_t size) const {
  v1::Passport message;
  message.set_checkpoint(Checkpoint(size));
  *message.mutable_index_root() = IndexRoot(size);
  *message.mutable_stewards() = ChainOf({IndexKind::kStewardsEntry, ""}, size);
  return message;
}

v1::Absence TestLog::Absence(IndexKind kind, const std::string& subject, uint64_t size) const {
  v1::Absence message;
  message.set_checkpoint(Checkpoint(size));
  *message.mutable_index_root() = IndexRoot(size);
  *message.mutable_stewards() = ChainOf({IndexKind::kStewardsEntry, ""}, size);
  if (kind == IndexKind::kPassportEntry) {
    message.mutable_claim()->set_next_absent(IndexProofOf(kind, subject, 0, size));
  } else {
    *message.mutable_claim() = ClaimChainOf({kind, subject}, size);
  }
  message.mutable_claim()->set_kind(static_cast<uint32_t>(kind));
  message.mutable_claim()->set_subject(subject);
  return message;
}

v1::Receipt TestLog::Receipt(uint64_t position, uint64_t size) const {
  v1::Receipt receipt;
  receipt.set_checkpoint(Checkpoint(size));
  *receipt.mutable_index_root() = IndexRoot(size);
  *receipt.mutable_entry() = Proven(position, size);
  for (const IndexInsertion& insertion : insertions_) {
    if (insertion.position != position || insertion.event != IndexEvent::kEntry) continue;
    receipt.set_present(IndexProofOf(insertion.kind, insertion.subject, insertion.number, size));
  }
  return receipt;
}

std::string TestLog::PassportFile(const v1::Passport& passport) {
  return OrDie(SealContainer(ContainerType::kPassport, passport.SerializeAsString()));
}

std::string TestLog::CardsFile(const v1::Passport& cards) {
  return OrDie(SealContainer(ContainerType::kCards, cards.SerializeAsString()));
}

std::string TestLog::AbsenceFile(const v1::Absence& absence) {
  return OrDie(SealContainer(ContainerType::kAbsence, absence.SerializeAsString()));
}

std::string TestLog::LogVkey() const {
  return OrDie(VerifierKey::Create(options_.origin, NoteSignatureType::kEd25519,
                                   NamedKey(options_.log_key).public_key()))
      .Format();
}

std::string TestLog::PolicyText(const std::vector<std::string>& witnesses,
                                absl::string_view more) const {
  std::string text = absl::StrCat("log ", LogVkey(), "\ngenesis ", DigestToHex(digests_[0]), "\n");
  for (const std::string& witness : witnesses) {
    const VerifierKey key = OrDie(VerifierKey::Create(witness, NoteSignatureType::kCosignatureV1,
                                                      NamedKey(witness).public_key()));
    absl::StrAppend(&text, "witness ", witness, " ", key.Format(), "\n");
  }
  if (witnesses.empty()) {
    absl::StrAppend(&text, "quorum none\n");
  } else {
    absl::StrAppend(&text, "group all-of-them all");
    for (const std::string& witness : witnesses) absl::StrAppend(&text, " ", witness);
    absl::StrAppend(&text, "\nquorum all-of-them\n");
  }
  absl::StrAppend(&text, more);
  return text;
}

}  // namespace touchstone
