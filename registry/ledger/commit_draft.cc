#include "registry/ledger/commit_draft.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/quotas.h"
#include "registry/ledger/schema.h"
#include "registry/limits.h"
#include "verifier/authorization.h"
#include "verifier/index_insertions.h"
#include "verifier/index_proof.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {

absl::StatusOr<uint64_t> CommitDraft::Append(const Submission& submission, uint64_t time_ms) {
  if (next_position() + 1 >= limits::kLogEntriesMax) {
    return absl::ResourceExhaustedError("the log is full; it must be continued by another one");
  }
  if (stewards() == nullptr && submission.statement().event() != EventKind::kGenesis) {
    return Refuse(RefusalCode::kInvalidStatement, "a log begins with its genesis");
  }
  time_ms = std::max({time_ms, tip_.time_ms, time_ms_});
  switch (submission.statement().subject().kind) {
    case IndexKind::kStewardsEntry:
      return AppendForStewards(submission, time_ms);
    case IndexKind::kParticipantEntry:
      return AppendForParticipant(submission, time_ms);
    case IndexKind::kPassportEntry:
      return AppendForPassport(submission, time_ms);
    case IndexKind::kInscriptionClaim:
    case IndexKind::kReportNumberClaim:
    case IndexKind::kGtinSerialClaim:
      break;
  }
  return Refuse(RefusalCode::kInvalidStatement, "a claim is no subject of a statement");
}

absl::StatusOr<uint64_t> CommitDraft::AppendForStewards(const Submission& submission,
                                                        uint64_t time_ms) {
  const ParsedStatement& statement = submission.statement();
  const StewardsRecord* const before = stewards();
  if (before != nullptr) {
    const std::optional<uint32_t> logged = before->contents.NumberOf(submission.digest());
    if (logged) return PositionOf(statement.subject(), *logged);
  }
  absl::Status status = before == nullptr ? AuthorizeGenesis(statement, submission.signers())
                                          : AuthorizeStewardsEvent(statement, submission.signers(),
                                                                   before->state, next_position());
  if (!status.ok()) return status;
  if (before == nullptr) time_ms = statement.occurred_at_ms();
  const ChainHead head = before == nullptr ? ChainHead() : before->state.head();
  absl::StatusOr<std::string> frame = MakeFrame(submission, head, time_ms);
  if (!frame.ok()) return frame.status();
  const size_t frame_bytes = frame->size();
  status = CheckStewardsRoom(before, submission, frame_bytes);
  if (!status.ok()) return status;

  const EntryPlace place = TakeIn(submission, head, time_ms, *std::move(frame));
  batch_.Put(schema::PublicPositionKey(place.position), "");
  StewardsRecord after = before == nullptr
                             ? StewardsRecord{StewardsState::FromGenesis(statement, place), {}}
                             : *before;
  if (before != nullptr) after.state.Apply(statement, place);
  after.contents.Add(submission.digest(), frame_bytes);
  changed_stewards_ = std::make_shared<const StewardsRecord>(std::move(after));
  return place.position;
}

absl::StatusOr<uint64_t> CommitDraft::AppendForParticipant(const Submission& submission,
                                                           uint64_t time_ms) {
  const ParsedStatement& statement = submission.statement();
  const std::string& id = statement.subject().bytes;
  const ParticipantRecord* const before = FindParticipant(id);
  if (before != nullptr) {
    const std::optional<uint32_t> logged = before->contents.NumberOf(submission.digest());
    if (logged) return PositionOf(statement.subject(), *logged);
  }
  const auto by_key = [this](const Digest& key_id) { return FindParticipantByKey(key_id); };
  absl::Status status = AuthorizeParticipantEvent(
      statement, submission.signers(), stewards()->state,
      before == nullptr ? nullptr : &before->state, by_key, next_position());
  if (!status.ok()) return status;
  const ChainHead head = before == nullptr ? ChainHead() : before->state.head();
  absl::StatusOr<std::string> frame = MakeFrame(submission, head, time_ms);
  if (!frame.ok()) return frame.status();
  const size_t frame_bytes = frame->size();
  status = CheckParticipantRoom(before, submission, frame_bytes);
  if (!status.ok()) return status;

  const EntryPlace place = TakeIn(submission, head, time_ms, *std::move(frame));
  batch_.Put(schema::PublicPositionKey(place.position), "");
  ParticipantRecord after =
      before == nullptr ? ParticipantRecord{ParticipantState::FromEnrolment(statement, place), {}}
                        : *before;
  if (before != nullptr) after.state.Apply(statement, place);
  after.contents.Add(submission.digest(), frame_bytes);
  for (const PublicKey& key : statement.named_keys()) new_keys_[key.KeyId()] = id;
  changed_participants_[id] = std::make_shared<const ParticipantRecord>(std::move(after));
  return place.position;
}

absl::StatusOr<uint64_t> CommitDraft::AppendForPassport(const Submission& submission,
                                                        uint64_t time_ms) {
  const ParsedStatement& statement = submission.statement();
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(statement.subject().bytes);
  if (!id.ok()) return id.status();
  const absl::StatusOr<std::shared_ptr<const PassportBook>> before = FindBook(*id);
  if (!before.ok()) return before.status();
  if (*before != nullptr) {
    const std::optional<uint32_t> logged = (*before)->contents().NumberOf(submission.digest());
    if (logged) return PositionOf(statement.subject(), *logged);
  }
  const PassportState* const state = *before == nullptr ? nullptr : &(*before)->state();
  const auto by_key = [this](const Digest& key_id) { return FindParticipantByKey(key_id); };
  const absl::StatusOr<std::optional<VouchingParticipant>> vouching =
      AuthorizePassportEvent(statement, submission.signers(), stewards()->state, state, by_key,
                             {next_position(), time_ms});
  if (!vouching.ok()) return vouching.status();
  const ParticipantState* const voucher =
      vouching->has_value() ? (*vouching)->participant : nullptr;
  // Whoever registers is the issuer; no other event needs one here.
  const std::string issuer = voucher == nullptr ? "" : voucher->id();
  const std::vector<ClaimStep> steps = ClaimStepsOf(statement, state);
  const absl::StatusOr<std::vector<uint32_t>> claim_numbers =
      NumberSteps(submission, state == nullptr ? issuer : state->issuer_of_record(), steps);
  if (!claim_numbers.ok()) return claim_numbers.status();
  absl::Status status = CheckSerialFree(submission, issuer);
  if (!status.ok()) return status;
  const ChainHead head = state == nullptr ? ChainHead() : state->head();
  absl::StatusOr<std::string> frame = MakeFrame(submission, head, time_ms);
  if (!frame.ok()) return frame.status();
  const size_t frame_bytes = frame->size();
  status = CheckPassportRoom(before->get(), submission, frame_bytes, voucher);
  if (!status.ok()) return status;

  const EntryPlace place =
      TakeIn(submission, head, time_ms, *std::move(frame), steps, *claim_numbers);
  if (statement.event() == EventKind::kRegistration) {
    PutRow(schema::SerialKey(issuer, statement.message().registration().piece().serial()),
           schema::EncodeSerialRow({place.position, *id}));
    batch_.Put(schema::IssuedKey(issuer, place.position), id->bytes());
  }
  changed_books_[*id] = PassportBook::After(before->get(), submission, place, frame_bytes, by_key);
  return place.position;
}

absl::StatusOr<uint64_t> CommitDraft::PositionOf(const Subject& subject, uint32_t number) const {
  const absl::StatusOr<std::optional<schema::LeafRow>> leaf =
      rows().Leaf(subject.kind, subject.bytes, number);
  if (!leaf.ok()) return leaf.status();
  if (*leaf) return (*leaf)->position;
  return absl::DataLossError("an entry that is known is not found in the store");
}

absl::StatusOr<std::vector<uint32_t>> CommitDraft::NumberSteps(
    const Submission& submission, absl::string_view issuer,
    const std::vector<ClaimStep>& steps) const {
  return NumberClaimSteps(
      submission.statement(), issuer, steps,
      [this](const ClaimSubject& claim) { return ClaimEvents(claim); },
      [this](const KnownClaimEvent& release) { return TermsOf(release); },
      [this](const PassportId& passport) { return IssuerOf(passport); });
}

absl::StatusOr<std::vector<KnownClaimEvent>> CommitDraft::ClaimEvents(
    const ClaimSubject& claim) const {
  absl::StatusOr<std::vector<KnownClaimEvent>> events = rows().ClaimEvents(claim);
  if (!events.ok() || events->empty()) return events;
  const IndexVersion index = tip_.index.Version();
  uint32_t number = 0;
  for (const KnownClaimEvent& event : *events) {
    if (event.position >= first_position_) break;  // of this draft, as are all that follow
    const IndexInsertion leaf{claim.kind,  claim.subject, number,
                              event.event, event.digest,  event.position};
    const absl::StatusOr<IndexProof> proof = index.Prove(leaf.Key());
    if (!proof.ok()) return proof.status();
    if (!VerifyIndexPresent(index.root(), leaf.Key(), leaf.Value(), *proof).ok()) {
      return absl::DataLossError(absl::StrCat("event ", number, " of ", DescribeClaim(claim),
                                              " in the store is not the one in the index"));
    }
    ++number;
  }
  return events;
}

absl::StatusOr<std::string> CommitDraft::IssuerOf(const PassportId& passport) const {
  const absl::StatusOr<std::shared_ptr<const PassportBook>> book = FindBook(passport);
  if (!book.ok()) return book.status();
  if (*book != nullptr) return (*book)->state().issuer_of_record();
  return absl::DataLossError("a passport that has claimed something is not found in the store");
}

absl::StatusOr<ReleaseTerms> CommitDraft::TermsOf(const KnownClaimEvent& release) const {
  const absl::StatusOr<std::string> frame =
      release.position < first_position_
          ? rows().Frame(release.position)
          : absl::StatusOr<std::string>(entries_[release.position - first_position_].frame);
  if (!frame.ok()) return frame.status();
  const absl::StatusOr<Entry> entry = DecodeEntry(*frame);
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<Submission> released = Submission::Read(entry->payload);
  if (!released.ok()) return released.status();
  return ReleaseTerms::Of(released->statement());
}

absl::Status CommitDraft::CheckSerialFree(const Submission& submission,
                                          absl::string_view issuer) const {
  if (submission.statement().event() != EventKind::kRegistration) return absl::OkStatus();
  const std::string& serial = submission.statement().message().registration().piece().serial();
  const absl::StatusOr<std::optional<schema::SerialRow>> used = rows().Serial(issuer, serial);
  if (!used.ok()) return used.status();
  if (!*used) return absl::OkStatus();
  return Refuse(RefusalCode::kSubjectExists,
                absl::StrCat("\"", issuer, "\" has registered a piece with the serial \"", serial,
                             "\" already, as passport ", (*used)->passport.Format(),
                             "; a serial is used once"));
}

absl::StatusOr<std::string> CommitDraft::MakeFrame(const Submission& submission,
                                                   const ChainHead& head, uint64_t time_ms) const {
  Entry entry;
  entry.type = EntryType::kStatement;
  entry.position = next_position();
  entry.time_ms = time_ms;
  entry.number = head.count();
  entry.previous = head.newest().digest;
  entry.payload = submission.envelope().bytes();
  return EncodeEntry(entry);
}

EntryPlace CommitDraft::TakeIn(const Submission& submission, const ChainHead& head,
                               uint64_t time_ms, std::string frame,
                               const std::vector<ClaimStep>& steps,
                               const std::vector<uint32_t>& claim_numbers) {
  const EntryPlace place{next_position(), time_ms, EntryDigest(frame)};
  const Subject& subject = submission.statement().subject();
  const std::vector<IndexInsertion> insertions =
      IndexInsertions(subject, head.count(), place.digest, place.position, steps, claim_numbers);
  DraftEntry entry;
  for (const IndexInsertion& insertion : insertions) {
    leaves_.push_back({insertion.Key(), insertion.Value()});
    schema::LeafRow row{insertion.position, insertion.event, insertion.digest, std::nullopt};
    if (insertion.event == IndexEvent::kEntry) {
      entry.leaf_key = leaves_.back().key;
    } else {
      row.claimant = PassportId::FromBytes(subject.bytes).value();
    }
    PutRow(schema::LeafKey(insertion.kind, insertion.subject, insertion.number),
           schema::EncodeLeafRow(row));
  }
  batch_.Put(schema::EntryKey(place.position), frame);
  entry.frame = std::move(frame);
  entry.digest = place.digest;
  entries_.push_back(std::move(entry));
  time_ms_ = time_ms;
  return place;
}

void CommitDraft::PutRow(std::string key, std::string value) {
  batch_.Put(key, value);
  pending_rows_.emplace(std::move(key), std::move(value));
}

absl::Status CommitDraft::Seal(uint64_t time_ms) {
  std::sort(leaves_.begin(), leaves_.end(),
            [](const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; });
  const uint64_t root_position = next_position();
  batch_.Put(schema::InsertionsKey(root_position), schema::EncodeInsertions(leaves_));
  absl::Status status = tip_.index.Insert(leaves_);
  if (!status.ok()) return status;
  Entry root;
  root.type = EntryType::kIndexRoot;
  root.position = root_position;
  root.time_ms = std::max({time_ms, tip_.time_ms, time_ms_});
  root.payload = EncodeIndexRootPayload({tip_.index.root(), tip_.last_index_root});
  absl::StatusOr<std::string> frame = EncodeEntry(root);
  if (!frame.ok()) return frame.status();
  batch_.Put(schema::EntryKey(root.position), *frame);
  batch_.Put(schema::PublicPositionKey(root.position), "");
  DraftEntry entry;
  entry.digest = EntryDigest(*frame);
  entry.frame = *std::move(frame);
  entries_.push_back(std::move(entry));

  for (const DraftEntry& appended : entries_) tip_.log.Append(appended.digest);
  tip_.time_ms = root.time_ms;
  tip_.last_index_root = root.position;
  PutFullTiles();
  return absl::OkStatus();
}

void CommitDraft::PutFullTiles() {
  for (const FullTile& full : tip_.log.TakeFullTiles()) {
    if (full.level > 0) {
      batch_.Put(schema::TileKey(full.level, full.index), full.tile->Hashes(limits::kTileHashes));
      continue;
    }
    std::string digests;
    for (const Digest& digest : full.digests->digests)
      absl::StrAppend(&digests, DigestBytes(digest));
    batch_.Put(schema::DigestsKey(full.index), digests);
  }
}

absl::Status CommitDraft::CheckOpen() const {
  const StewardsRecord* const record = stewards();
  return record == nullptr ? absl::OkStatus() : record->state.CheckOpenAt(next_position());
}

void CommitDraft::Publish() {
  if (changed_stewards_ != nullptr) directory_.Set(changed_stewards_);
  for (const auto& [id, record] : changed_participants_) directory_.Set(record);
  for (const auto& [id, book] : changed_books_) books_.Remember(id, book);
}

const StewardsRecord* CommitDraft::stewards() const {
  // The directory's is replaced by this thread only, in Publish().
  return changed_stewards_ != nullptr ? changed_stewards_.get() : directory_.Stewards().get();
}

const ParticipantRecord* CommitDraft::FindParticipant(absl::string_view id) const {
  const auto changed = changed_participants_.find(id);
  return changed != changed_participants_.end() ? changed->second.get() : directory_.Find(id).get();
}

const ParticipantState* CommitDraft::FindParticipantByKey(const Digest& key_id) const {
  const auto added = new_keys_.find(key_id);
  if (added != new_keys_.end()) return &changed_participants_.find(added->second)->second->state;
  const std::shared_ptr<const ParticipantRecord> known = directory_.FindByKey(key_id);
  return known == nullptr ? nullptr : &FindParticipant(known->state.id())->state;
}

absl::StatusOr<std::shared_ptr<const PassportBook>> CommitDraft::FindBook(
    const PassportId& id) const {
  const auto changed = changed_books_.find(id);
  if (changed != changed_books_.end()) return changed->second;
  return books_.Load(id, first_position_);
}

}  // namespace touchstone::ledger
