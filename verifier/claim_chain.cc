#include "verifier/claim_chain.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "verifier/claim.h"
#include "verifier/claim_fold.h"
#include "verifier/index_insertions.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

std::optional<IndexEvent> ClaimEventKind(uint32_t wire_event) {
  for (const IndexEvent event :
       {IndexEvent::kClaim, IndexEvent::kContest, IndexEvent::kRelease, IndexEvent::kResolve}) {
    if (static_cast<uint32_t>(event) == wire_event) return event;
  }
  return std::nullopt;
}

// An event out of the file.
struct Opened {
  IndexEvent event = IndexEvent::kClaim;
  Digest digest = {};
  uint64_t position = 0;
};

absl::StatusOr<Opened> Open(const v1::ClaimEvent& event) {
  const std::optional<IndexEvent> kind = ClaimEventKind(event.event());
  if (!kind) {
    return Refuse(RefusalCode::kUnknownRules,
                  absl::StrCat("claims have no event of kind ", event.event(), " here"));
  }
  const absl::StatusOr<Digest> digest = DigestFromBytes(event.digest());
  if (!digest.ok()) return digest.status();
  return Opened{*kind, *digest, event.position()};
}

absl::Status CheckPosition(const LogSnapshot& log, const Opened& event,
                           const std::optional<uint64_t>& last) {
  if (event.position < log.size() && (!last || *last < event.position)) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongClaims,
                absl::StrCat("position ", event.position,
                             " is not after that of the event before, or not in the log"));
}

// Checks the claims of a piece, one after the other.
class ClaimsCheck {
 public:
  ClaimsCheck(LogSnapshot& log, const CheckedChain& piece) : log_(log), piece_(piece) {
    for (const ChainEntry& entry : piece.entries) own_.insert(entry.place.digest);
  }

  // `steps`: all that the piece's entries do to one claim, in their order.
  absl::StatusOr<ClaimStatus> Check(absl::Span<const TakenStep> steps,
                                    const v1::ClaimChain& chain) {
    const ClaimSubject& claim = steps.front().step.claim;
    if (chain.kind() != static_cast<uint32_t>(claim.kind) || chain.subject() != claim.subject) {
      return Refuse(RefusalCode::kWrongClaims, "the file holds another claim in its place");
    }
    ClaimFold fold(claim);
    std::optional<uint64_t> last_position;
    for (const v1::ClaimEvent& event : chain.events()) {
      const std::string where = absl::StrCat("event ", fold.count());
      const absl::StatusOr<Opened> opened = Open(event);
      if (!opened.ok()) return InContext(where, opened.status());
      absl::Status status = CheckPosition(log_, *opened, last_position);
      if (status.ok()) status = Take(*opened, steps, fold, event.present());
      if (!status.ok()) return InContext(where, status);
      last_position = opened->position;
    }
    if (!steps.empty()) {
      return Refuse(RefusalCode::kWrongClaims,
                    absl::StrCat("what the entry at position ", PlaceOf(steps.front()).position,
                                 " does to it is not among its events"));
    }
    absl::Status status =
        log_.CheckAbsent(claim.kind, claim.subject, fold.count(), chain.next_absent());
    if (!status.ok()) return InContext("next_absent", status);
    return ClaimStatus{claim, fold.standing(), fold.count()};
  }

  // After all claims: that the entries name where what they make anew came from, and nothing else.
  absl::Status CheckLineage() const {
    for (const ChainEntry& entry : piece_.entries) {
      const auto freed = freed_by_.find(entry.number);
      absl::Status status = CheckPredecessors(
          entry.statement, freed == freed_by_.end() ? std::vector<Digest>() : freed->second);
      if (!status.ok()) return InContext(absl::StrCat("entry ", entry.number), status);
    }
    return absl::OkStatus();
  }

 private:
  const EntryPlace& PlaceOf(const TakenStep& step) const {
    return piece_.entries[step.number].place;
  }

  // Takes an own event's step off the front of `steps`.
  absl::Status Take(const Opened& event, absl::Span<const TakenStep>& steps, ClaimFold& fold,
                    absl::string_view proof) {
    const bool is_own = own_.count(event.digest) > 0;
    if (is_own) {
      if (steps.empty() || steps.front().step.event != event.event ||
          PlaceOf(steps.front()).digest != event.digest ||
          PlaceOf(steps.front()).position != event.position) {
        return Refuse(RefusalCode::kWrongClaims,
                      "it names an entry of this piece that does nothing of the kind here");
      }
    }
    const ClaimSubject& claim = fold.claim();
    absl::Status status = log_.CheckPresent(
        {claim.kind, claim.subject, fold.count(), event.event, event.digest, event.position},
        proof);
    if (!status.ok()) return status;
    const std::optional<Digest> freed = fold.freed_by();
    status = fold.Append(event.event, is_own, event.digest);
    if (!status.ok() || !is_own) return status;
    const bool claims_anew = freed && event.event == IndexEvent::kClaim;
    if (claims_anew) freed_by_[steps.front().number].push_back(*freed);
    steps.remove_prefix(1);
    return absl::OkStatus();
  }

  LogSnapshot& log_;
  const CheckedChain& piece_;
  std::set<Digest> own_;                              // of all entries
  std::map<uint32_t, std::vector<Digest>> freed_by_;  // by the number of the entry that claims anew
};

}  // namespace

absl::StatusOr<std::vector<ClaimStatus>> CheckClaims(
    LogSnapshot& log, const CheckedChain& piece, const FoldedPassport& folded,
    const google::protobuf::RepeatedPtrField<v1::ClaimChain>& chains) {
  const std::vector<OwnClaim>& claims = folded.state.claims();
  if (static_cast<size_t>(chains.size()) != claims.size()) {
    return Refuse(RefusalCode::kWrongClaims,
                  absl::StrCat("the file holds ", chains.size(), " claims; the entries make ",
                               claims.size()));
  }
  ClaimsCheck check(log, piece);
  std::vector<ClaimStatus> checked;
  absl::Span<const TakenStep> rest = folded.steps;
  for (size_t i = 0; i < claims.size(); ++i) {
    size_t count = 0;
    while (count < rest.size() && rest[count].step.claim == claims[i].claim) ++count;
    absl::StatusOr<ClaimStatus> status =
        check.Check(rest.first(count), chains.Get(static_cast<int>(i)));
    if (!status.ok()) {
      return InContext(absl::StrCat("claim on ", DescribeClaim(claims[i].claim)), status.status());
    }
    checked.push_back(*std::move(status));
    rest.remove_prefix(count);
  }
  if (absl::Status status = check.CheckLineage(); !status.ok()) return status;
  return checked;
}

absl::Status CheckUnclaimed(LogSnapshot& log, const ClaimSubject& claim,
                            const v1::ClaimChain& chain) {
  ClaimFold fold(claim);
  std::optional<uint64_t> last_position;
  for (const v1::ClaimEvent& event : chain.events()) {
    const std::string where = absl::StrCat("event ", fold.count());
    const absl::StatusOr<Opened> opened = Open(event);
    if (!opened.ok()) return InContext(where, opened.status());
    absl::Status status = CheckPosition(log, *opened, last_position);
    if (status.ok()) {
      status = log.CheckPresent({claim.kind, claim.subject, fold.count(), opened->event,
                                 opened->digest, opened->position},
                                event.present());
    }
    if (status.ok()) status = fold.Append(opened->event, /*is_own=*/false, opened->digest);
    if (!status.ok()) return InContext(where, status);
    last_position = opened->position;
  }
  if (fold.count() > 0 && !fold.freed_by()) {
    return Refuse(RefusalCode::kWrongClaims, "a piece bears it: its last event is no release");
  }
  return InContext("next_absent",
                   log.CheckAbsent(claim.kind, claim.subject, fold.count(), chain.next_absent()));
}

}  // namespace touchstone
