#include "verifier/claim_fold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/claim_model.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

constexpr int kPieces = 3;
constexpr IndexEvent kEvents[] = {IndexEvent::kClaim, IndexEvent::kContest, IndexEvent::kRelease,
                                  IndexEvent::kResolve};

ClaimSubject Report() {
  return {IndexKind::kReportNumberClaim, std::string("GIA\0002141438001", 14)};
}

ClaimFold FoldAs(int piece, const std::vector<ModelStep>& steps) {
  ClaimFold fold(Report());
  for (const ModelStep& step : steps) {
    EXPECT_THAT(fold.Append(step.event, step.piece == piece, Digest{}), IsOk());
  }
  return fold;
}

// Goes on from `steps`, all of which are allowed, with everything that can be tried.
size_t Explore(const ClaimModel& model, std::vector<ModelStep>& steps, size_t length_max) {
  size_t sequences = 1;
  for (int piece = 0; piece < kPieces; ++piece) {
    const ClaimFold fold = FoldAs(piece, steps);
    EXPECT_EQ(fold.standing(), model.StandingOf(piece));
    EXPECT_EQ(fold.count(), steps.size());
    EXPECT_EQ(fold.freed_by().has_value(),
              !steps.empty() && steps.back().event == IndexEvent::kRelease);
  }
  if (steps.size() == length_max) return sequences;
  for (const IndexEvent event : kEvents) {
    for (int piece = 0; piece < kPieces; ++piece) {
      const ModelStep step{event, piece};
      ClaimFold fold = FoldAs(piece, steps);
      const absl::Status status = fold.Append(event, /*is_own=*/true, Digest{});
      EXPECT_EQ(status.ok(), model.Allows(step)) << status;
      if (!status.ok() || !model.Allows(step)) {
        EXPECT_EQ(fold.count(), steps.size());
        continue;
      }
      ClaimModel after = model;
      after.Take(step);
      steps.push_back(step);
      sequences += Explore(after, steps, length_max);
      steps.pop_back();
    }
  }
  return sequences;
}

TEST(ClaimFold, AgreesWithTheRulesOnEverySequence) {
  std::vector<ModelStep> steps;
  EXPECT_GT(Explore(ClaimModel(), steps, 6), 500u);
}

// What one passport can see of it without knowing who the others are: everything that others might
// have done passes, and nothing else.
TEST(ClaimFold, RefusesWhatNoOtherPieceCanHaveDone) {
  struct Case {
    std::vector<std::pair<IndexEvent, bool>> before;  // and whether it is an own one
    std::set<IndexEvent> possible;                    // of others, next
  };
  const auto claim = IndexEvent::kClaim;
  const auto contest = IndexEvent::kContest;
  const auto release = IndexEvent::kRelease;
  const auto resolve = IndexEvent::kResolve;
  const Case cases[] = {
      {{}, {claim}},
      {{{claim, true}}, {contest, resolve}},
      {{{claim, false}}, {contest, release, resolve}},
      {{{claim, true}, {contest, false}}, {contest, resolve}},
      {{{claim, false}, {contest, true}}, {contest, resolve}},
      {{{claim, true}, {contest, false}, {resolve, true}}, {contest, resolve}},
      {{{claim, true}, {contest, false}, {resolve, false}}, {contest, release, resolve}},
      {{{claim, true}, {release, true}}, {claim, contest, resolve}},
      {{{claim, false}, {release, false}}, {claim, contest, resolve}},
      {{{claim, false}, {release, false}, {contest, false}}, {contest, resolve}},
  };
  for (const Case& c : cases) {
    for (const IndexEvent event : kEvents) {
      ClaimFold fold(Report());
      for (const auto& [before, is_own] : c.before) {
        ASSERT_THAT(fold.Append(before, is_own, Digest{}), IsOk());
      }
      const absl::Status status = fold.Append(event, /*is_own=*/false, Digest{});
      if (c.possible.count(event) > 0) {
        EXPECT_THAT(status, IsOk()) << static_cast<int>(event);
      } else {
        EXPECT_THAT(status, IsRefused(RefusalCode::kWrongClaims)) << static_cast<int>(event);
      }
    }
  }
}

TEST(ClaimFold, NamesTheClaimAndNeverItsHolder) {
  ClaimFold fold(Report());
  ASSERT_THAT(fold.Append(IndexEvent::kClaim, false, Digest{}), IsOk());
  const absl::Status taken = fold.Append(IndexEvent::kClaim, true, Digest{});
  EXPECT_THAT(taken, IsRefused(RefusalCode::kClaimTaken));
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(taken.message()),
              testing::AllOf(testing::HasSubstr("another piece holds report GIA 2141438001"),
                             testing::HasSubstr("contest")));
}

TEST(ClaimFold, RemembersWhatFreedIt) {
  ClaimFold fold(Report());
  ASSERT_THAT(fold.Append(IndexEvent::kClaim, false, Digest{1}), IsOk());
  ASSERT_THAT(fold.Append(IndexEvent::kRelease, false, Digest{2}), IsOk());
  EXPECT_EQ(fold.freed_by(), Digest{2});
  ASSERT_THAT(fold.Append(IndexEvent::kClaim, true, Digest{3}), IsOk());
  EXPECT_EQ(fold.freed_by(), std::nullopt);
}

// However it is stuffed, a claim can be given to the right piece, and be let go by that.
TEST(ClaimFold, KeepsRoomToResolveAndToRelease) {
  ClaimFold contested(Report());
  ASSERT_THAT(contested.Append(IndexEvent::kClaim, true, Digest{}), IsOk());
  while (contested.count() < limits::kClaimEventsForContestMax) {
    ASSERT_THAT(contested.Append(IndexEvent::kContest, false, Digest{}), IsOk());
  }
  EXPECT_THAT(contested.Append(IndexEvent::kContest, false, Digest{}),
              IsRefused(RefusalCode::kQuotaExceeded));
  EXPECT_THAT(contested.Append(IndexEvent::kResolve, true, Digest{}), IsOk());
  EXPECT_THAT(contested.Append(IndexEvent::kRelease, true, Digest{}), IsOk());

  ClaimFold remounted(Report());
  while (remounted.count() < limits::kClaimEventsForClaimMax) {
    ASSERT_THAT(remounted.Append(IndexEvent::kClaim, true, Digest{}), IsOk());
    ASSERT_THAT(remounted.Append(IndexEvent::kRelease, true, Digest{}), IsOk());
  }
  EXPECT_THAT(remounted.Append(IndexEvent::kClaim, true, Digest{}),
              IsRefused(RefusalCode::kQuotaExceeded));
  EXPECT_THAT(remounted.Append(IndexEvent::kContest, false, Digest{}),
              IsRefused(RefusalCode::kQuotaExceeded));
  while (remounted.count() < limits::kClaimEventsForReleaseMax) {
    ASSERT_THAT(remounted.Append(IndexEvent::kResolve, true, Digest{}), IsOk());
    ASSERT_THAT(remounted.Append(IndexEvent::kRelease, true, Digest{}), IsOk());
  }
  for (bool is_own = true; remounted.count() < limits::kClaimEventsMax; is_own = false) {
    ASSERT_THAT(remounted.Append(IndexEvent::kResolve, is_own, Digest{}), IsOk());
    EXPECT_THAT(remounted.Append(IndexEvent::kRelease, is_own, Digest{}),
                IsRefused(RefusalCode::kQuotaExceeded));
  }
  EXPECT_THAT(remounted.Append(IndexEvent::kResolve, false, Digest{}),
              IsRefused(RefusalCode::kQuotaExceeded));
}

}  // namespace
}  // namespace touchstone
