// Claims that are contested, resolved and released, through a whole ledger: what it accepts is what
// a naive model accepts, and what it has accepted every verifier and an auditor accept too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/audit/log_replay.h"
#include "registry/ledger/schema.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/support/claim_model.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"
#include "verifier/verify_passport.h"

namespace touchstone::ledger {
namespace {

PassportId Id(int passport) { return ValueOrDie(PassportId::FromBytes(TestPassportId(passport))); }

ClaimSubject ReportNumber(int number) {
  return ValueOrDie(ReportClaim("GIA", absl::StrCat(700 + number)));
}

// What the log must say of one claim.
struct Expected {
  ClaimModel model;
  uint32_t events = 0;
  struct Release {
    Digest digest = {};
    int piece = 0;
    std::set<int> successors;
  };
  std::optional<Release> release;  // while free

  bool Allows(const ModelStep& step) const {
    const uint32_t max = step.event == IndexEvent::kClaim     ? limits::kClaimEventsForClaimMax
                         : step.event == IndexEvent::kContest ? limits::kClaimEventsForContestMax
                         : step.event == IndexEvent::kRelease ? limits::kClaimEventsForReleaseMax
                                                              : limits::kClaimEventsMax;
    return events < max && model.Allows(step) &&
           !(TakesPart(step) && by_issuer[IssuerOf(step.piece)] >= limits::kClaimEventsByIssuerMax);
  }
  void Take(const ModelStep& step) {
    model.Take(step);
    ++events;
    if (TakesPart(step)) ++by_issuer[IssuerOf(step.piece)];
    release.reset();
  }

  static bool TakesPart(const ModelStep& step) {
    return step.event == IndexEvent::kClaim || step.event == IndexEvent::kContest;
  }
  // There are two.
  static int IssuerOf(int piece) { return piece % 2; }
  std::array<uint32_t, 2> by_issuer = {0, 0};
};

class RandomLife {
 public:
  RandomLife(TestRegistry& registry, uint32_t seed) : registry_(registry), random_(seed) {}

  void Step() {
    const int piece = Below(kPieces) + 1;
    if (pieces_.count(piece) == 0) return Register(piece);
    switch (Below(8)) {
      case 0:
      case 1:
      case 2:
        return Report(piece, Below(kClaims));
      case 3:
      case 4:
        return Resolve(piece, Below(kClaims));
      case 5:
      case 6:
        return Remove(piece, Below(kClaims));
      default:
        return Below(4) == 0 ? End(piece, Below(kClaims)) : Remove(piece, Below(kClaims));
    }
  }

  // That every piece's file says of every claim what the model does.
  void ExpectAllFilesAgree() {
    const TrustPolicy policy = registry_.Policy();
    for (const int piece : pieces_) {
      const auto file = registry_.Newest()->PassportFile(Id(piece));
      ASSERT_THAT(file, IsOk());
      const auto record = CheckPassport(policy, *file, {}, registry_.clock().NowMs());
      ASSERT_THAT(record, IsOk());
      EXPECT_EQ(record->status.phase == OwnershipPhase::kRetired, retired_.count(piece) > 0);
      for (int claim = 0; claim < kClaims; ++claim) {
        ClaimStanding found = ClaimStanding::kNone;
        for (const ClaimStatus& status : record->completeness.claims) {
          if (status.claim != ReportNumber(claim)) continue;
          found = status.standing;
          EXPECT_EQ(status.events, claims_[claim].events);
        }
        EXPECT_EQ(found, claims_[claim].model.StandingOf(piece)) << piece << ", " << claim;
      }
    }
  }

  // Whoever looks the number up finds its holder.
  void ExpectLookUpsAgree() {
    for (int claim = 0; claim < kClaims; ++claim) {
      const auto found = registry_.Newest()->FindByReport("GIA", absl::StrCat(700 + claim));
      const ClaimModel& model = claims_[claim].model;
      if (model.holder) {
        ASSERT_THAT(found, IsOk());
        EXPECT_EQ(*found, Id(*model.holder));
      } else if (model.disputing.empty()) {
        EXPECT_THAT(found, IsRefused(RefusalCode::kNoSuchSubject));
      } else {
        ASSERT_THAT(found, IsOk());
      }
    }
  }

  int accepted() const { return accepted_; }
  int refused() const { return refused_; }

 private:
  static constexpr int kPieces = 6;
  static constexpr int kClaims = 3;

  static const char* IssuersKey(int piece) {
    return Expected::IssuerOf(piece) == 0 ? "maison key" : "rival key";
  }

  int Below(int end) { return static_cast<int>(random_() % static_cast<uint32_t>(end)); }

  void Register(int piece) {
    v1::Statement statement = registry_.PassportStatement(piece);
    v1::Piece& registered = *statement.mutable_registration()->mutable_piece();
    registered = SamplePiece(piece);
    registered.clear_inscriptions();
    registered.clear_laboratory_reports();
    if (Submit(statement, {IssuersKey(piece)}, true)) pieces_.insert(piece);
  }

  void Report(int piece, int claim) {
    Expected& expected = claims_[claim];
    v1::Statement statement = registry_.PassportStatement(piece);
    v1::LaboratoryReport& report = *statement.mutable_laboratory_report();
    report.set_laboratory("GIA");
    report.set_report_number(absl::StrCat(700 + claim));
    const bool contests = Below(2) == 0;
    if (contests) *report.add_contests() = ReferenceTo(ReportNumber(claim));
    const bool names = expected.release && Below(4) > 0;
    const bool names_the_right_piece = Below(8) > 0;
    if (names) {
      v1::Predecessor& predecessor = *report.add_predecessors();
      predecessor.set_digest(std::string(DigestBytes(expected.release->digest)));
      predecessor.set_passport_id(
          TestPassportId(names_the_right_piece ? expected.release->piece : 77));
    }
    const ModelStep step{contests ? IndexEvent::kContest : IndexEvent::kClaim, piece};
    const bool makes_already = expected.model.IsIn(piece) || expected.model.lost.count(piece) > 0;
    bool allowed = retired_.count(piece) == 0;
    if (makes_already) {
      allowed = allowed && !contests && !names;
    } else {
      allowed = allowed && expected.Allows(step);
      if (expected.release && !contests) {
        const std::set<int>& successors = expected.release->successors;
        allowed = allowed && names && names_the_right_piece &&
                  (successors.empty() || successors.count(piece) > 0);
      } else {
        allowed = allowed && !names;
      }
    }
    if (Submit(statement, {"gia key"}, allowed) && !makes_already) expected.Take(step);
  }

  void Resolve(int piece, int claim) {
    v1::Statement statement = registry_.PassportStatement(piece);
    *statement.mutable_claim_resolved()->mutable_claim() = ReferenceTo(ReportNumber(claim));
    const ModelStep step{IndexEvent::kResolve, piece};
    if (Submit(statement, {"gia key"}, claims_[claim].Allows(step))) claims_[claim].Take(step);
  }

  void Remove(int piece, int claim) {
    v1::Statement statement = registry_.PassportStatement(piece);
    v1::StoneRemoved& removed = *statement.mutable_stone_removed();
    removed.set_removed_on("2026-11-22");
    *removed.add_releases() = ReferenceTo(ReportNumber(claim));
    std::set<int> successors;
    const int successor = Below(kPieces) + 1;
    if (successor != piece && Below(2) == 0) successors.insert(successor);
    for (const int number : successors) removed.set_successor(TestPassportId(number));
    Release(statement, piece, claim, successors);
  }

  void End(int piece, int claim) {
    v1::Statement statement = registry_.PassportStatement(piece);
    v1::EndOfLife& end = *statement.mutable_end_of_life();
    end.set_kind(v1::EndOfLife::RECYCLED);
    end.set_ended_on("2026-11-22");
    *end.add_releases() = ReferenceTo(ReportNumber(claim));
    if (Release(statement, piece, claim, {})) retired_.insert(piece);
  }

  bool Release(const v1::Statement& statement, int piece, int claim,
               const std::set<int>& successors) {
    const ModelStep step{IndexEvent::kRelease, piece};
    const bool allowed = retired_.count(piece) == 0 && claims_[claim].Allows(step);
    if (!Submit(statement, {IssuersKey(piece)}, allowed)) return false;
    claims_[claim].Take(step);
    claims_[claim].release = Expected::Release{newest_, piece, successors};
    return true;
  }

  bool Submit(const v1::Statement& statement, const KeyNames& signers, bool allowed) {
    const auto receipt = registry_.SubmitAndCheck(SignStatement(statement, signers));
    EXPECT_EQ(receipt.ok(), allowed) << receipt.status() << "\n" << statement.ShortDebugString();
    ++(receipt.ok() ? accepted_ : refused_);
    if (receipt.ok()) newest_ = receipt->place.digest;
    return receipt.ok();
  }

  TestRegistry& registry_;
  std::mt19937 random_;
  std::map<int, Expected> claims_;
  std::set<int> pieces_;
  std::set<int> retired_;
  Digest newest_ = {};
  int accepted_ = 0;
  int refused_ = 0;
};

void ExpectAuditorAgrees(TestRegistry& registry) {
  const TrustPolicy policy = registry.Policy();
  cli::LogReplay replay(policy.origin(), *policy.genesis());
  const absl::Status status = registry.Newest()->ForEachEntry(
      0, [&replay](uint64_t, absl::string_view frame) { return replay.Next(frame); });
  EXPECT_THAT(status, IsOk());
  EXPECT_THAT(replay.Finish(), IsOk());
}

TEST(LedgerClaims, RandomHistoriesAreJudgedAlikeByAll) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    TestRegistry registry;
    registry.Start();
    registry.Accepted(registry.Enrolment("rival", {v1::ISSUER}, {"rival key"}));
    RandomLife life(registry, seed);
    for (int i = 0; i < 250; ++i) life.Step();
    EXPECT_GT(life.accepted(), 30);
    EXPECT_GT(life.refused(), 30);
    life.ExpectAllFilesAgree();
    life.ExpectLookUpsAgree();
    ExpectAuditorAgrees(registry);
    // And all of it again from the store.
    registry.Close();
    ASSERT_THAT(registry.Open(), IsOk());
    life.ExpectAllFilesAgree();
    for (int i = 0; i < 50; ++i) life.Step();
    ExpectWholeLogHolds(registry);
  }
}

ClaimSubject InscriptionOf(int passport) {
  return ValueOrDie(InscriptionClaim(absl::StrCat("GIA ", 2141438000 + passport)));
}

// A registration of `passport` that contests everything that piece 1 bears.
Envelope CopyOf1(TestRegistry& registry, int passport, absl::string_view issuer_key) {
  v1::Statement statement = registry.PassportStatement(passport);
  v1::Registration& registration = *statement.mutable_registration();
  *registration.mutable_piece() = SamplePiece(1);
  registration.mutable_piece()->set_serial(absl::StrCat("R-", passport));
  for (const ClaimSubject& claim :
       {InscriptionOf(1), ValueOrDie(ReportClaim("GIA", "2141438001"))}) {
    *registration.add_contests() = ReferenceTo(claim);
  }
  return SignStatement(statement, {std::string(issuer_key)});
}

// A squatter and his eleven other pieces keep nobody out.
TEST(LedgerClaims, OneIssuerDoesNotUseUpAClaim) {
  TestRegistry registry;
  registry.Start();
  registry.Accepted(registry.Enrolment("squatter", {v1::ISSUER}, {"squatter key"}));
  registry.Accepted(registry.Registration(1, "squatter key"));
  for (int i = 2; i <= 4; ++i) registry.Accepted(CopyOf1(registry, i, "squatter key"));
  EXPECT_THAT(registry.Submit(CopyOf1(registry, 5, "squatter key")),
              IsRefused(RefusalCode::kQuotaExceeded));
  registry.Accepted(CopyOf1(registry, 6, "maison key"));
  v1::Statement resolved = registry.PassportStatement(6);
  *resolved.mutable_claim_resolved()->mutable_claim() = ReferenceTo(InscriptionOf(1));
  registry.Accepted(SignStatement(resolved, {"gia key"}));
  EXPECT_EQ(*registry.Newest()->FindByInscription("GIA 2141438001"), Id(6));
  ExpectWholeLogHolds(registry, 5);
  ExpectAuditorAgrees(registry);
}

// Nor does one who let go of it for a piece that will never be.
TEST(LedgerClaims, AParkedNumberIsContestedAndFound) {
  TestRegistry registry;
  registry.Start();
  registry.Accepted(registry.Registration(1));
  v1::Statement removed = registry.PassportStatement(1);
  removed.mutable_stone_removed()->set_removed_on("2026-11-22");
  for (const ClaimSubject& claim :
       {InscriptionOf(1), ValueOrDie(ReportClaim("GIA", "2141438001"))}) {
    *removed.mutable_stone_removed()->add_releases() = ReferenceTo(claim);
  }
  removed.mutable_stone_removed()->set_successor(TestPassportId(77));
  registry.Accepted(SignStatement(removed, {"maison key"}));
  EXPECT_THAT(registry.Newest()->FindByInscription("GIA 2141438001"),
              IsRefused(RefusalCode::kNoSuchSubject));
  registry.Accepted(registry.Enrolment("rival", {v1::ISSUER}, {"rival key"}));
  registry.Accepted(CopyOf1(registry, 2, "rival key"));
  EXPECT_EQ(*registry.Newest()->FindByInscription("GIA 2141438001"), Id(2));
  // And one that never had a part in it can be given it.
  v1::Statement bare = registry.PassportStatement(3);
  *bare.mutable_registration()->mutable_piece() = SamplePiece(3);
  registry.Accepted(SignStatement(bare, {"maison key"}));
  v1::Statement given = registry.PassportStatement(3);
  *given.mutable_claim_resolved()->mutable_claim() = ReferenceTo(InscriptionOf(1));
  registry.Accepted(SignStatement(given, {"gia key"}));
  EXPECT_EQ(*registry.Newest()->FindByInscription("GIA 2141438001"), Id(3));
  ExpectWholeLogHolds(registry, 3);
  ExpectAuditorAgrees(registry);
}

// A passport id that a release names is whoever's registers it first; the claim is not.
TEST(LedgerClaims, AReleaseForAnIssuerIsForItsPiecesAlone) {
  TestRegistry registry;
  registry.Start();
  registry.Accepted(registry.Enrolment("rival", {v1::ISSUER}, {"rival key"}));
  registry.Accepted(registry.Registration(1));
  v1::Statement end = registry.PassportStatement(1);
  end.mutable_end_of_life()->set_kind(v1::EndOfLife::REMOUNTED);
  end.mutable_end_of_life()->set_ended_on("2026-11-22");
  end.mutable_end_of_life()->add_successors(TestPassportId(2));
  end.mutable_end_of_life()->set_successor_issuer("maison");
  for (const ClaimSubject& claim :
       {InscriptionOf(1), ValueOrDie(ReportClaim("GIA", "2141438001"))}) {
    *end.mutable_end_of_life()->add_releases() = ReferenceTo(claim);
  }
  const Digest release = registry.Accepted(SignStatement(end, {"maison key"})).place.digest;
  const auto successor = [&](const std::string& key) {
    v1::Statement statement = registry.PassportStatement(2);
    v1::Registration& registration = *statement.mutable_registration();
    *registration.mutable_piece() = SamplePiece(1);
    registration.mutable_piece()->set_serial("R-2");
    v1::Predecessor& predecessor = *registration.add_predecessors();
    predecessor.set_passport_id(TestPassportId(1));
    predecessor.set_digest(std::string(DigestBytes(release)));
    return SignStatement(statement, {key});
  };
  EXPECT_THAT(registry.Submit(successor("rival key")), IsRefused(RefusalCode::kWrongPredecessors));
  registry.Accepted(successor("maison key"));
  ExpectWholeLogHolds(registry, 2);
  ExpectAuditorAgrees(registry);
}

// What the rows of the store say of a claim is believed where the index agrees.
TEST(LedgerClaims, AnEventThatWasChangedInTheStoreDecidesNothing) {
  TestRegistry registry;
  registry.Start();
  registry.Accepted(registry.Registration(1));
  registry.Accepted(CopyOf1(registry, 2, "maison key"));
  const uint64_t size = registry.Newest()->size();
  registry.Close();
  // The contest becomes a release: then the claim is free.
  const ClaimSubject claim = InscriptionOf(1);
  const std::string key = schema::LeafKey(claim.kind, claim.subject, 1);
  schema::LeafRow row = ValueOrDie(schema::DecodeLeafRow(ValueOrDie(registry.store().Get(key))));
  ASSERT_EQ(row.event, IndexEvent::kContest);
  row.event = IndexEvent::kRelease;
  row.claimant = Id(1);
  storage::WriteBatch batch;
  batch.Put(key, schema::EncodeLeafRow(row));
  ASSERT_THAT(registry.store().Commit(batch), IsOk());
  ASSERT_THAT(registry.Open(), IsOk());

  v1::Statement statement = registry.PassportStatement(3);
  v1::Registration& registration = *statement.mutable_registration();
  *registration.mutable_piece() = SamplePiece(1);
  registration.mutable_piece()->set_serial("R-3");
  registration.mutable_piece()->clear_laboratory_reports();
  v1::Predecessor& predecessor = *registration.add_predecessors();
  predecessor.set_passport_id(TestPassportId(1));
  predecessor.set_digest(std::string(DigestBytes(row.digest)));
  const absl::Status refused = registry.Submit(SignStatement(statement, {"maison key"})).status();
  EXPECT_FALSE(refused.ok());
  EXPECT_FALSE(RefusalCodeOf(refused).has_value()) << refused;
  EXPECT_EQ(registry.Newest()->size(), size);
}

// A stone and its papers go from one ring to the next within one commit, and no further.
TEST(LedgerClaims, AStoneIsRemountedWithItsLineage) {
  TestRegistry registry;
  registry.Start();
  registry.Accepted(registry.Registration(1));
  v1::Statement end = registry.PassportStatement(1);
  end.mutable_end_of_life()->set_kind(v1::EndOfLife::REMOUNTED);
  end.mutable_end_of_life()->set_ended_on("2026-11-22");
  end.mutable_end_of_life()->add_successors(TestPassportId(2));
  const ClaimSubject inscription = ValueOrDie(InscriptionClaim("GIA 2141438001"));
  const ClaimSubject report = ValueOrDie(ReportClaim("GIA", "2141438001"));
  for (const ClaimSubject& claim : {inscription, report}) {
    *end.mutable_end_of_life()->add_releases() = ReferenceTo(claim);
  }
  const Digest release = registry.Accepted(SignStatement(end, {"maison key"})).place.digest;

  const auto successor = [&](int passport) {
    v1::Statement statement = registry.PassportStatement(passport);
    v1::Piece& piece = *statement.mutable_registration()->mutable_piece();
    piece = SamplePiece(1);
    piece.set_serial(absl::StrCat("R-", passport));
    v1::Predecessor& predecessor = *statement.mutable_registration()->add_predecessors();
    predecessor.set_passport_id(TestPassportId(1));
    predecessor.set_digest(std::string(DigestBytes(release)));
    return SignStatement(statement, {"maison key"});
  };
  EXPECT_THAT(registry.Submit(successor(3)), IsRefused(RefusalCode::kWrongPredecessors));
  registry.Accepted(successor(2));
  EXPECT_THAT(registry.Submit(successor(3)), IsRefused(RefusalCode::kClaimTaken));
  EXPECT_EQ(*registry.Newest()->FindByInscription("GIA 2141438001"), Id(2));
  ExpectWholeLogHolds(registry, 2);
  ExpectAuditorAgrees(registry);
}

}  // namespace
}  // namespace touchstone::ledger
