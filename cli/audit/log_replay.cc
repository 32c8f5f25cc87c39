#include "cli/audit/log_replay.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "verifier/authorization.h"
#include "verifier/index_insertions.h"
#include "verifier/refusal.h"

namespace touchstone::cli {

LogReplay::LogReplay(absl::string_view origin, const Digest& genesis)
    : origin_(origin), genesis_(genesis), last_index_root_(IndexRootPayload::kNone) {}

absl::Status LogReplay::Next(absl::string_view frame) {
  const uint64_t position = tree_.size();
  const std::string where = absl::StrCat("entry ", position);
  const absl::StatusOr<Entry> entry = DecodeEntry(frame);
  if (!entry.ok()) return InContext(where, entry.status());
  if (entry->position != position) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat(where, ": its frame says position ", entry->position));
  }
  if (entry->time_ms < last_time_ms_) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat(where, ": its time ", entry->time_ms,
                               " ms is before that of the entry before, ", last_time_ms_, " ms"));
  }
  if (ended_by_index_root_) insertions_.clear();
  const Digest digest = EntryDigest(frame);
  if (position == 0 && digest != genesis_) {
    return Refuse(RefusalCode::kWrongGenesis,
                  absl::StrCat("entry 0 has the digest ", DigestToHex(digest),
                               ", the trust policy says ", DigestToHex(genesis_)));
  }
  const absl::Status status =
      entry->type == EntryType::kIndexRoot ? NextIndexRoot(*entry) : NextStatement(*entry, digest);
  if (!status.ok()) return InContext(where, status);
  last_time_ms_ = entry->time_ms;
  ended_by_index_root_ = entry->type == EntryType::kIndexRoot;
  tree_.Append(LeafHash(DigestBytes(digest)));
  return absl::OkStatus();
}

absl::Status LogReplay::Finish() const {
  if (ended_by_index_root_) return absl::OkStatus();
  return Refuse(RefusalCode::kBrokenChain,
                absl::StrCat("the log of ", size(), " entries does not end in an index root"));
}

ReplayTotals LogReplay::totals() const {
  ReplayTotals totals;
  totals.entries = size();
  totals.commits = commits_;
  totals.passports = passports_.size();
  totals.participants = chains_.participants();
  totals.signatures = chains_.signatures();
  totals.index_leaves = index_.size();
  return totals;
}

absl::Status LogReplay::NextIndexRoot(const Entry& entry) {
  if (chains_.stewards() == nullptr) {
    return Refuse(RefusalCode::kBrokenChain, "an index root where the genesis should be");
  }
  const absl::Status open = chains_.CheckOpenAt(entry.position, /*is_index_root=*/true);
  if (!open.ok()) return open;
  const absl::StatusOr<IndexRootPayload> payload = DecodeIndexRootPayload(entry.payload);
  if (!payload.ok()) return payload.status();
  if (payload->previous_index_root != last_index_root_) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("names ", payload->previous_index_root,
                               " as the index root before it; that is ", last_index_root_));
  }
  const Digest root = index_.Root();
  if (payload->root != root) {
    return Refuse(RefusalCode::kBadIndexProof,
                  absl::StrCat("the index root is ", DigestToHex(payload->root),
                               "; the entries before it make ", DigestToHex(root)));
  }
  last_index_root_ = entry.position;
  ++commits_;
  return absl::OkStatus();
}

absl::Status LogReplay::NextStatement(const Entry& entry, const Digest& digest) {
  const absl::StatusOr<SignedStatement> said = ReadStatement(entry, origin_);
  if (!said.ok()) return said.status();
  const EntryPlace place = {entry.position, entry.time_ms, digest};
  if (said->statement.subject().kind == IndexKind::kPassportEntry) {
    return NextOfPassport(*said, entry, place);
  }
  const absl::Status status = chains_.Next(*said, entry, digest);
  if (!status.ok()) return status;
  return Insert(said->statement, entry.number, place);
}

absl::Status LogReplay::NextOfPassport(const SignedStatement& said, const Entry& entry,
                                       const EntryPlace& place) {
  std::optional<PassportState> passport;
  const auto found = passports_.find(said.statement.subject().bytes);
  if (found != passports_.end()) {
    absl::StatusOr<PassportState> state = PassportState::Decode(found->second);
    if (!state.ok()) return state.status();
    passport = *std::move(state);
  }
  absl::Status status = chains_.CheckSaidOnce(said.envelope);
  // Signatures first: nothing is concluded from a statement that nobody signed.
  if (status.ok()) {
    status = chains_.CheckSignatures(said, passport.has_value() ? &*passport : nullptr);
  }
  if (!status.ok()) return status;
  return ApplyToPassport(said.statement, entry, place, said.signers, std::move(passport));
}

absl::Status LogReplay::ApplyToPassport(const ParsedStatement& statement, const Entry& entry,
                                        const EntryPlace& place, absl::Span<const Digest> signers,
                                        std::optional<PassportState> before) {
  if (chains_.stewards() == nullptr) {
    return Refuse(RefusalCode::kBrokenChain, "the log does not begin with its genesis");
  }
  const ChainHead head = before.has_value() ? before->head() : ChainHead();
  const absl::Status next =
      head.CheckNext(entry.number, entry.previous, entry.position, entry.time_ms);
  if (!next.ok()) return next;
  const PassportState* state = before.has_value() ? &*before : nullptr;
  const auto by_key = [this](const Digest& key_id) { return chains_.ParticipantOf(key_id); };
  const absl::StatusOr<std::optional<VouchingParticipant>> vouching = AuthorizePassportEvent(
      statement, signers, *chains_.stewards(), state, by_key, {entry.position, entry.time_ms});
  if (!vouching.ok()) return vouching.status();
  const std::vector<ClaimStep> steps = ClaimStepsOf(statement, state);
  const absl::StatusOr<std::vector<uint32_t>> claim_numbers = NumberSteps(
      statement, state != nullptr ? state->issuer_of_record() : (*vouching)->participant->id(),
      steps);
  if (!claim_numbers.ok()) return claim_numbers.status();
  if (before.has_value()) {
    before->Apply(statement, place,
                  *vouching ? absl::string_view((*vouching)->participant->id()) : "");
  } else {
    before = PassportState::FromRegistration(statement, place, (*vouching)->participant->id());
  }
  passports_[statement.subject().bytes] = before->Encode();
  if (!statement.releases().empty()) release_terms_[place.digest] = ReleaseTerms::Of(statement);
  return Insert(statement, entry.number, place, steps, *claim_numbers);
}

namespace {

std::string ClaimKey(const ClaimSubject& claim) {
  return absl::StrCat(std::string(1, static_cast<char>(claim.kind)), claim.subject);
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> LogReplay::NumberSteps(
    const ParsedStatement& statement, absl::string_view issuer,
    absl::Span<const ClaimStep> steps) const {
  return NumberClaimSteps(
      statement, issuer, steps,
      [this](const ClaimSubject& claim) -> absl::StatusOr<std::vector<KnownClaimEvent>> {
        const auto found = claims_.find(ClaimKey(claim));
        return found == claims_.end() ? std::vector<KnownClaimEvent>() : found->second;
      },
      [this](const KnownClaimEvent& release) -> absl::StatusOr<ReleaseTerms> {
        return release_terms_.at(release.digest);
      },
      [this](const PassportId& passport) -> absl::StatusOr<std::string> {
        const absl::StatusOr<PassportState> state =
            PassportState::Decode(passports_.at(std::string(passport.bytes())));
        if (!state.ok()) return state.status();
        return state->issuer_of_record();
      });
}

absl::Status LogReplay::Insert(const ParsedStatement& statement, uint32_t number,
                               const EntryPlace& place, absl::Span<const ClaimStep> steps,
                               absl::Span<const uint32_t> claim_numbers) {
  const Subject& subject = statement.subject();
  for (const IndexInsertion& leaf :
       IndexInsertions(subject, number, place.digest, place.position, steps, claim_numbers)) {
    const absl::Status status = index_.Insert(leaf.Key(), leaf.Value());
    if (!status.ok()) return Refuse(RefusalCode::kBrokenChain, status.message());
    insertions_.emplace_back(leaf.Key(), leaf.Value());
  }
  if (steps.empty()) return absl::OkStatus();
  const absl::StatusOr<PassportId> passport = PassportId::FromBytes(subject.bytes);
  if (!passport.ok()) return passport.status();
  for (const ClaimStep& step : steps) {
    claims_[ClaimKey(step.claim)].push_back({step.event, place.digest, place.position, *passport});
  }
  return absl::OkStatus();
}

}  // namespace touchstone::cli
