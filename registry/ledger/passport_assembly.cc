#include "registry/ledger/passport_assembly.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/submission.h"
#include "registry/limits.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/container.h"
#include "verifier/entry.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {

// What `touchstone prove-retired` adds to a file later must find room in it too.
static_assert(limits::kPieceFileBytesMax +
                  limits::kPassportParticipantsMax * limits::kParticipantFileBytesMax +
                  limits::kStewardsFileBytesMax + limits::kProofsFileBytesMax +
                  limits::kCheckpointFileBytesMax +
                  limits::kConsistencyPathHashesMax * kDigestBytes + 8 <=
              limits::kPassportFileBytesMax);

namespace {

absl::Status ProveEntry(const Published& state, uint64_t position, absl::string_view frame,
                        v1::ProvenEntry& proven) {
  absl::StatusOr<std::vector<Digest>> path = state.log.InclusionPath(position, state.size());
  if (!path.ok()) return path.status();
  proven.set_entry(frame.data(), frame.size());
  std::string& bytes = *proven.mutable_path();
  bytes.reserve(path->size() * kDigestBytes);
  for (const Digest& node : *path) absl::StrAppend(&bytes, DigestBytes(node));
  return absl::OkStatus();
}

// The index proofs of one message. Made together, they take less time.
class LeafProofs {
 public:
  // The proof under `key` is to be put into `bytes`, which lies in the message.
  void Add(const Digest& key, std::string& bytes) {
    keys_.push_back(key);
    bytes_.push_back(&bytes);
  }

  absl::Status Prove(const Published& state) {
    const absl::StatusOr<std::vector<IndexProof>> proofs = state.index.Prove(keys_);
    if (!proofs.ok()) return proofs.status();
    for (size_t i = 0; i < proofs->size(); ++i) *bytes_[i] = EncodeIndexProof((*proofs)[i]);
    return absl::OkStatus();
  }

 private:
  std::vector<Digest> keys_;
  std::vector<std::string*> bytes_;
};

absl::Status SetChain(const Published& state, IndexKind kind, absl::string_view subject,
                      v1::Chain& chain, LeafProofs& proofs) {
  const Rows rows = state.rows();
  absl::StatusOr<std::vector<schema::LeafRow>> leaves = rows.Leaves(kind, subject);
  if (!leaves.ok()) return leaves.status();
  std::vector<uint64_t> positions;
  for (const schema::LeafRow& leaf : *leaves) positions.push_back(leaf.position);
  absl::StatusOr<std::vector<std::string>> frames = rows.Frames(positions);
  if (!frames.ok()) return frames.status();
  for (size_t i = 0; i < frames->size(); ++i) {
    absl::Status status = ProveEntry(state, positions[i], (*frames)[i], *chain.add_entries());
    if (!status.ok()) return status;
  }
  const auto count = static_cast<uint32_t>(leaves->size());
  if (count == 0) return absl::DataLossError("a chain that must be there has no entries");
  proofs.Add(IndexKey(kind, subject, count - 1), *chain.mutable_last_present());
  proofs.Add(IndexKey(kind, subject, count), *chain.mutable_next_absent());
  return absl::OkStatus();
}

absl::Status SetClaim(const Published& state, const ClaimSubject& claim, v1::ClaimChain& chain,
                      LeafProofs& proofs) {
  absl::StatusOr<std::vector<schema::LeafRow>> leaves =
      state.rows().Leaves(claim.kind, claim.subject);
  if (!leaves.ok()) return leaves.status();
  chain.set_kind(static_cast<uint32_t>(claim.kind));
  chain.set_subject(claim.subject);
  uint32_t number = 0;
  for (const schema::LeafRow& leaf : *leaves) {
    v1::ClaimEvent& event = *chain.add_events();
    event.set_event(static_cast<uint32_t>(leaf.event));
    event.set_digest(leaf.digest.data(), leaf.digest.size());
    event.set_position(leaf.position);
    proofs.Add(IndexKey(claim.kind, claim.subject, number++), *event.mutable_present());
  }
  proofs.Add(IndexKey(claim.kind, claim.subject, number), *chain.mutable_next_absent());
  return absl::OkStatus();
}

// `rest` is all but the first two fields.
absl::StatusOr<std::string> Seal(ContainerType type, const Published& state,
                                 const google::protobuf::MessageLite& rest) {
  std::string message = state.checkpoint_fields;
  rest.AppendToString(&message);
  return SealContainer(type, message);
}

}  // namespace

absl::StatusOr<std::string> AssemblePassport(const Published& state, const PassportId& id) {
  absl::StatusOr<std::shared_ptr<const PassportBook>> book =
      state.shared.books.Load(id, state.size());
  if (!book.ok()) return book.status();
  if (*book == nullptr) {
    return Refuse(RefusalCode::kNoSuchSubject,
                  absl::StrCat("there is no passport ", id.Format(), " in this registry"));
  }
  v1::Passport passport;
  LeafProofs proofs;
  absl::Status status =
      SetChain(state, IndexKind::kPassportEntry, id.bytes(), *passport.mutable_piece(), proofs);
  if (!status.ok()) return status;
  status = SetChain(state, IndexKind::kStewardsEntry, "", *passport.mutable_stewards(), proofs);
  if (!status.ok()) return status;
  for (const std::string& participant : (*book)->participants()) {
    status = SetChain(state, IndexKind::kParticipantEntry, participant,
                      *passport.add_participants(), proofs);
    if (!status.ok()) return status;
  }
  for (const OwnClaim& own : (*book)->state().claims()) {
    status = SetClaim(state, own.claim, *passport.add_claims(), proofs);
    if (!status.ok()) return status;
  }
  status = proofs.Prove(state);
  if (!status.ok()) return status;
  return Seal(ContainerType::kPassport, state, passport);
}

absl::StatusOr<std::string> AssembleCards(const Published& state) {
  v1::Passport cards;
  LeafProofs proofs;
  absl::Status status =
      SetChain(state, IndexKind::kStewardsEntry, "", *cards.mutable_stewards(), proofs);
  if (status.ok()) status = proofs.Prove(state);
  if (!status.ok()) return status;
  return Seal(ContainerType::kCards, state, cards);
}

absl::StatusOr<std::string> AssembleAbsence(const Published& state, const Sought& sought) {
  v1::Absence absence;
  LeafProofs proofs;
  absl::Status status =
      SetChain(state, IndexKind::kStewardsEntry, "", *absence.mutable_stewards(), proofs);
  if (!status.ok()) return status;
  status = SetClaim(state, {sought.kind, sought.subject}, *absence.mutable_claim(), proofs);
  if (status.ok()) status = proofs.Prove(state);
  if (!status.ok()) return status;
  return Seal(ContainerType::kAbsence, state, absence);
}

absl::StatusOr<Receipt> AssembleReceipt(const Published& state, uint64_t position,
                                        absl::string_view frame, const Digest& leaf_key) {
  v1::Receipt receipt;
  absl::Status status = ProveEntry(state, position, frame, *receipt.mutable_entry());
  if (!status.ok()) return status;
  const absl::StatusOr<IndexProof> present = state.index.Prove(leaf_key);
  if (!present.ok()) return present.status();
  receipt.set_present(EncodeIndexProof(*present));
  std::string bytes = state.checkpoint_fields;
  receipt.AppendToString(&bytes);
  return Receipt{std::move(bytes), state.provisional()};
}

absl::StatusOr<Receipt> AssembleStoredReceipt(const Published& state, uint64_t position) {
  absl::StatusOr<std::string> frame = state.rows().Frame(position);
  if (!frame.ok()) return frame.status();
  absl::StatusOr<Entry> entry = DecodeEntry(*frame);
  if (!entry.ok()) return entry.status();
  absl::StatusOr<Submission> submission = Submission::Read(entry->payload);
  if (!submission.ok()) return submission.status();
  const Subject& subject = submission->statement().subject();
  return AssembleReceipt(state, position, *frame,
                         IndexKey(subject.kind, subject.bytes, entry->number));
}

}  // namespace touchstone::ledger
