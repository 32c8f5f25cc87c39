#include "verifier/known_claims.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/claim_fold.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

bool MakesOrContests(IndexEvent event) {
  return event == IndexEvent::kClaim || event == IndexEvent::kContest;
}

absl::Status NotReleasedFor(const ClaimSubject& claim, absl::string_view whom) {
  return Refuse(RefusalCode::kWrongPredecessors,
                absl::StrCat(DescribeClaim(claim), " was released for ", whom,
                             ", whom the release names; if this piece is the right one, contest "
                             "the claim"));
}

absl::Status CheckReleasedFor(const ParsedStatement& statement, absl::string_view issuer,
                              const ClaimSubject& claim, const KnownClaimEvent& release,
                              ReleaseTermsOf terms_of) {
  const Predecessor* const named = FindPredecessor(statement, release.digest);
  // That one is named at all, CheckPredecessors sees to.
  if (named != nullptr && named->passport_id != release.passport.bytes()) {
    return Refuse(RefusalCode::kWrongPredecessors,
                  absl::StrCat("the entry ", DigestToHex(release.digest), " that released ",
                               DescribeClaim(claim), " is not of the passport that is named"));
  }
  const absl::StatusOr<ReleaseTerms> terms = terms_of(release);
  if (!terms.ok()) return terms.status();
  const std::vector<std::string>& successors = terms->successors;
  if (!successors.empty() && std::find(successors.begin(), successors.end(),
                                       statement.subject().bytes) == successors.end()) {
    return NotReleasedFor(claim, "other pieces");
  }
  if (!terms->successor_issuer.empty() && terms->successor_issuer != issuer) {
    return NotReleasedFor(claim, "a piece of another issuer");
  }
  return absl::OkStatus();
}

// So that nobody uses up by himself the room that a claim has for others.
absl::Status CheckIssuersRoom(const ClaimSubject& claim, absl::string_view issuer,
                              const std::vector<KnownClaimEvent>& events, IssuerOf issuer_of) {
  const auto count = std::count_if(events.begin(), events.end(), [](const KnownClaimEvent& event) {
    return MakesOrContests(event.event);
  });
  if (static_cast<size_t>(count) < limits::kClaimEventsByIssuerMax) return absl::OkStatus();
  size_t by_issuer = 0;
  for (const KnownClaimEvent& event : events) {
    if (!MakesOrContests(event.event)) continue;
    const absl::StatusOr<std::string> other = issuer_of(event.passport);
    if (!other.ok()) return other.status();
    if (*other == issuer) ++by_issuer;
  }
  if (by_issuer < limits::kClaimEventsByIssuerMax) return absl::OkStatus();
  return Refuse(
      RefusalCode::kQuotaExceeded,
      absl::StrCat("pieces of \"", issuer, "\" have made or contested ", DescribeClaim(claim), " ",
                   by_issuer, " times; at most ", limits::kClaimEventsByIssuerMax,
                   " are allowed to one issuer. Whom it concerns, the laboratory or an "
                   "authority, can give it to the right piece"));
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> NumberClaimSteps(
    const ParsedStatement& statement, absl::string_view issuer, absl::Span<const ClaimStep> steps,
    ClaimEventsOf events_of, ReleaseTermsOf terms_of, IssuerOf issuer_of) {
  std::vector<uint32_t> numbers;
  std::vector<Digest> freed_by;
  for (const ClaimStep& step : steps) {
    const absl::StatusOr<std::vector<KnownClaimEvent>> events = events_of(step.claim);
    if (!events.ok()) return events.status();
    ClaimFold fold(step.claim);
    for (const KnownClaimEvent& event : *events) {
      absl::Status status = fold.Append(
          event.event, event.passport.bytes() == statement.subject().bytes, event.digest);
      if (!status.ok()) return status;
    }
    numbers.push_back(fold.count());
    const std::optional<Digest> freed = fold.freed_by();
    // The digest of an entry that is not made yet is never asked for.
    absl::Status status = fold.Append(step.event, /*is_own=*/true, kZeroDigest);
    if (status.ok() && MakesOrContests(step.event)) {
      status = CheckIssuersRoom(step.claim, issuer, *events, issuer_of);
    }
    if (status.ok() && step.event == IndexEvent::kClaim && freed) {
      freed_by.push_back(*freed);
      status = CheckReleasedFor(statement, issuer, step.claim, events->back(), terms_of);
    }
    if (!status.ok()) return status;
  }
  absl::Status status = CheckPredecessors(statement, std::move(freed_by));
  if (!status.ok()) return status;
  return numbers;
}

}  // namespace touchstone
