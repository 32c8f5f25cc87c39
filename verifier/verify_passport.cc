#include "verifier/verify_passport.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/chain.h"
#include "verifier/chain_fold.h"
#include "verifier/claim_chain.h"
#include "verifier/container.h"
#include "verifier/freshness.h"
#include "verifier/history.h"
#include "verifier/key_directory.h"
#include "verifier/log_snapshot.h"
#include "verifier/object_match.h"
#include "verifier/passport_file.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

// Fills `directory` with the participants in the file, ascending by id.
absl::Status FoldParticipants(LogSnapshot& log, const StewardsState& stewards,
                              const v1::Passport& passport, KeyDirectory& directory) {
  const auto find = [&directory](const Digest& key_id) { return directory.Find(key_id); };
  std::string last_id;
  for (const v1::Chain& chain : passport.participants()) {
    const std::string where = absl::StrCat("participants[", directory.participants().size(), "]");
    const absl::StatusOr<CheckedChain> checked =
        CheckChain(log, IndexKind::kParticipantEntry, chain);
    if (!checked.ok()) return InContext(where, checked.status());
    const std::string& id = checked->subject.bytes;
    if (id <= last_id) {
      return Refuse(RefusalCode::kWrongParticipants,
                    absl::StrCat(where, ": \"", id, "\" does not come after \"", last_id, "\""));
    }
    last_id = id;
    absl::StatusOr<ParticipantState> folded = FoldParticipant(stewards, *checked, find);
    if (!folded.ok()) return InContext(absl::StrCat("participant ", id), folded.status());
    if (absl::Status status = directory.Add(*std::move(folded)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Whoever signed is there, or the entry would have been refused; here: nobody else is.
absl::Status CheckAllParticipantsSigned(const KeyDirectory& directory,
                                        const FoldedPassport& folded) {
  std::set<const ParticipantState*> signed_here;
  for (const std::optional<VouchingParticipant>& vouching : folded.vouching) {
    if (vouching) signed_here.insert(vouching->participant);
  }
  for (const ParticipantState& participant : directory.participants()) {
    if (signed_here.count(&participant) == 0) {
      return Refuse(RefusalCode::kWrongParticipants,
                    absl::StrCat("participant \"", participant.id(),
                                 "\" is in the file and signed no entry of the piece"));
    }
  }
  return absl::OkStatus();
}

bool ChangesHolder(EventKind event) {
  return event == EventKind::kFirstSale || event == EventKind::kClaim ||
         event == EventKind::kTransfer || event == EventKind::kOwnershipMoved;
}

HoldingStatus StatusOf(const CheckedChain& chain, const PassportState& state,
                       uint64_t notice_period_ms) {
  HoldingStatus status;
  status.phase = state.phase();
  status.life = state.life();
  status.acting_key = state.acting_key();
  status.builds_on = state.newest_ownership_entry();
  if (state.life().notice()) {
    status.notice_ends_ms = state.life().notice()->given.time_ms + notice_period_ms;
  }
  status.owner_count = state.owner_count();
  for (const ChainEntry& entry : chain.entries) {
    const EventKind event = entry.statement.event();
    const bool is_end = event == EventKind::kEndOfLife;
    if (entry.number == 0 || is_end || ChangesHolder(event)) status.since = entry.place;
    if (!is_end) continue;
    status.end_of_life.emplace();
    status.end_of_life->kind = entry.statement.message().end_of_life().kind();
    for (const std::string& bytes : entry.statement.successors()) {
      const absl::StatusOr<PassportId> id = PassportId::FromBytes(bytes);
      if (id.ok()) status.end_of_life->successors.push_back(*id);
    }
  }
  return status;
}

}  // namespace

absl::StatusOr<VerifiedRecord> CheckPassport(const TrustPolicy& policy, absl::string_view file,
                                             const Observed& observed, uint64_t now_ms) {
  // 1. Size, magic, version, canonical bytes, limits.
  const absl::StatusOr<v1::Passport> passport = ReadPassportFile(ContainerType::kPassport, file);
  if (!passport.ok()) return passport.status();

  // 2. and 3. The checkpoint, and the index root under it.
  absl::StatusOr<LogSnapshot> log = LogSnapshot::Verify(
      policy, passport->checkpoint(), passport->index_root(), passport->retired_path());
  if (!log.ok()) return log.status();

  // 4. The stewards, the participants, the piece: chains, signatures, rules.
  const absl::StatusOr<StewardsState> stewards = CheckStewards(policy, *log, passport->stewards());
  if (!stewards.ok()) return stewards.status();
  KeyDirectory directory;
  if (absl::Status status = FoldParticipants(*log, *stewards, *passport, directory); !status.ok()) {
    return status;
  }
  const absl::StatusOr<CheckedChain> chain =
      CheckChain(*log, IndexKind::kPassportEntry, passport->piece());
  if (!chain.ok()) return InContext("piece", chain.status());
  const absl::StatusOr<FoldedPassport> folded = FoldPassport(
      *stewards, *chain, [&directory](const Digest& key_id) { return directory.Find(key_id); });
  if (!folded.ok()) return InContext("piece", folded.status());

  // 5. No other participants.
  if (absl::Status status = CheckAllParticipantsSigned(directory, *folded); !status.ok()) {
    return status;
  }

  // 6. The claims.
  absl::StatusOr<std::vector<ClaimStatus>> claims =
      CheckClaims(*log, *chain, *folded, passport->claims());
  if (!claims.ok()) return claims.status();

  // 7. What is reported.
  absl::StatusOr<PassportId> id = PassportId::FromBytes(chain->subject.bytes);
  if (!id.ok()) return id.status();
  VerifiedRecord record(*id);
  const ChainEntry& registration = chain->entries.front();
  record.piece = registration.statement.message().registration().piece();
  record.registration = registration.place.digest;
  record.signers = SignersOf(*chain, *folded);
  record.issuer_of_record = folded->state.issuer_of_record();
  record.log = EvidenceOf(policy, *log, *stewards);
  record.freshness = FreshnessOf(policy, *log, *stewards, now_ms);
  record.completeness.entries = folded->state.head().count();
  record.completeness.log_size = log->size();
  record.completeness.claims = *std::move(claims);
  record.timeline = TimelineOf(*chain, *folded, record.signers);
  record.specification = SpecificationOf(*chain);
  record.status = StatusOf(*chain, folded->state, stewards->notice_period_ms());
  record.object =
      CompareObject(observed, *chain, record.specification, record.completeness.claims, *stewards);
  return record;
}

Verdict VerifyPassport(const TrustPolicy& policy, absl::string_view file, const Observed& observed,
                       uint64_t now_ms) {
  absl::StatusOr<VerifiedRecord> record = CheckPassport(policy, file, observed, now_ms);
  if (!record.ok()) return Verdict::FromStatus(record.status());
  return Verdict::FromRecord(*std::move(record));
}

}  // namespace touchstone
