#include "verifier/verify_absence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/support/test_log.h"
#include "tests/vectors/second_opinion.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"

namespace touchstone {
namespace {

using ::testing::HasSubstr;

constexpr char kNobodys[] = "GIA9999999999";
constexpr char kTaken[] = "GIA2141438001";  // the inscription of piece 1

absl::StatusOr<ProvenAbsence> Check(const TestLog& log, const v1::Absence& absence) {
  const std::string file = TestLog::AbsenceFile(absence);
  absl::StatusOr<ProvenAbsence> checked =
      CheckAbsence(PolicyOf(log.PolicyText()), file, log.now_ms());
  ExpectSecondReaderAgrees(log.PolicyText(), file, checked.status());
  return checked;
}

TEST(VerifyAbsence, ProvesWhatNobodyBears) {
  const TestLog log = WholeLife();
  const auto inscription = Check(log, log.Absence(IndexKind::kInscriptionClaim, kNobodys));
  ASSERT_THAT(inscription, IsOk());
  EXPECT_EQ(inscription->sought, Sought::Claim(ValueOrDie(InscriptionClaim("gia 9999-999999"))));
  EXPECT_EQ(inscription->past_events, 0u);
  EXPECT_EQ(inscription->log.size, log.size());
  const std::string report = "GIA" + std::string(1, '\0') + "77";
  EXPECT_THAT(Check(log, log.Absence(IndexKind::kReportNumberClaim, report)), IsOk());
  EXPECT_THAT(Check(log, log.Absence(IndexKind::kGtinSerialClaim, "09521234543213X-1")), IsOk());
  const auto id = Check(log, log.Absence(IndexKind::kPassportEntry, TestPassportId(99)));
  ASSERT_THAT(id, IsOk());
  EXPECT_EQ(id->sought, Sought::Id(ValueOrDie(PassportId::FromBytes(TestPassportId(99)))));
}

TEST(VerifyAbsence, WhatAPieceBearsIsNotAbsent) {
  const TestLog log = WholeLife();
  v1::Absence taken = log.Absence(IndexKind::kInscriptionClaim, kTaken);
  EXPECT_THAT(Check(log, taken), IsRefused(RefusalCode::kWrongClaims));
  taken.mutable_claim()->clear_events();  // hidden, with the proof that there is no second event
  EXPECT_THAT(Check(log, taken), IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_THAT(Check(log, log.Absence(IndexKind::kPassportEntry, TestPassportId(1))),
              IsRefused(RefusalCode::kBadIndexProof));
}

TEST(VerifyAbsence, AProofIsForOneThing) {
  const TestLog log = WholeLife();
  v1::Absence other = log.Absence(IndexKind::kInscriptionClaim, kNobodys);
  other.mutable_claim()->set_subject(kTaken);
  EXPECT_THAT(Check(log, other), IsRefused(RefusalCode::kBadIndexProof));
  other = log.Absence(IndexKind::kInscriptionClaim, kNobodys);
  other.mutable_claim()->set_kind(static_cast<uint32_t>(IndexKind::kReportNumberClaim));
  other.mutable_claim()->set_subject("GIA" + std::string(1, '\0') + "9999999999");
  EXPECT_THAT(Check(log, other), IsRefused(RefusalCode::kBadIndexProof));
}

// Nobody can claim what is not in normal form, so that its absence is always easy to prove.
TEST(VerifyAbsence, ALookAlikeOfWhatAPieceBearsIsNoQuestion) {
  const TestLog log = WholeLife();
  const std::string zero(1, '\0');
  const ClaimSubject look_alikes[] = {
      {IndexKind::kInscriptionClaim, "GIA 2141438001"},
      {IndexKind::kInscriptionClaim, "gia2141438001"},
      {IndexKind::kInscriptionClaim, "GIA2141438001."},
      {IndexKind::kReportNumberClaim, "GIA" + zero + "2141 438001"},
      {IndexKind::kReportNumberClaim, "GEMOLOGICALINSTITUTEOFAMERICA" + zero + "2141438001"},
      {IndexKind::kReportNumberClaim, "GIA2141438001"},
      {IndexKind::kGtinSerialClaim, "09521234543210X-1"},
      {IndexKind::kGtinSerialClaim, "9521234543213X-1"},
      {IndexKind::kGtinSerialClaim, "09521234543213X 1"},
      {IndexKind::kGtinSerialClaim, "09521234543213"},
  };
  for (const ClaimSubject& claim : look_alikes) {
    EXPECT_THAT(Check(log, log.Absence(claim.kind, claim.subject)),
                IsRefused(RefusalCode::kMalformed))
        << DescribeClaim(claim);
  }
}

TEST(VerifyAbsence, AnOldProofSaysWhenItWasMade) {
  TestLog log = WholeLife();
  const v1::Absence before = log.Absence(IndexKind::kPassportEntry, TestPassportId(50));
  const uint64_t size_before = log.size();
  log.Register(50, "maison");
  log.Commit();
  const auto still = Check(log, before);
  ASSERT_THAT(still, IsOk());
  EXPECT_EQ(still->log.size, size_before);
  EXPECT_GT(still->freshness.age_ms, 0u);
  // It cannot be put under the newer checkpoint.
  v1::Absence lie = log.Absence(IndexKind::kPassportEntry, TestPassportId(50));
  lie.mutable_claim()->set_next_absent(before.claim().next_absent());
  EXPECT_THAT(Check(log, lie), IsRefused(RefusalCode::kBadIndexProof));
}

TEST(VerifyAbsence, ALetGoNumberIsNobodysUntilItIsTakenOver) {
  TestLog log = WholeLife();
  log.Register(7, "maison");  // stays with the store, whose issuer ends its life
  log.Commit();
  const ClaimSubject claim = ValueOrDie(InscriptionClaim("GIA 2141438007"));
  EXPECT_THAT(Check(log, log.Absence(claim.kind, claim.subject)),
              IsRefused(RefusalCode::kWrongClaims));

  log.EndLife(7, {"maison"}, v1::EndOfLife::REMOUNTED, {claim}, {8});
  log.Commit();
  v1::Absence absence = log.Absence(claim.kind, claim.subject);
  const auto free = Check(log, absence);
  ASSERT_THAT(free, IsOk());
  EXPECT_EQ(free->past_events, 2u);
  EXPECT_THAT(AbsenceVerdictToText(AbsenceVerdict::From(free)), HasSubstr("let go of it"));

  v1::Absence hidden = absence;  // the release alone, or the claim alone
  hidden.mutable_claim()->mutable_events()->DeleteSubrange(0, 1);
  EXPECT_THAT(Check(log, hidden), IsRefused(RefusalCode::kBadIndexProof));
  hidden = absence;
  hidden.mutable_claim()->mutable_events()->RemoveLast();
  EXPECT_FALSE(Check(log, hidden).ok());
  hidden = absence;
  hidden.mutable_claim()->mutable_events()->SwapElements(0, 1);
  EXPECT_FALSE(Check(log, hidden).ok());
}

struct Lie {
  const char* name;
  std::function<void(v1::Absence&)> tell;
  RefusalCode refused;
};

TEST(VerifyAbsence, RefusesWhatIsMalformed) {
  const TestLog log = WholeLife();
  const Lie lies[] = {
      {"a participant", [](v1::Absence& a) { a.mutable_claim()->set_kind(2); },
       RefusalCode::kMalformed},
      {"no kind", [](v1::Absence& a) { a.mutable_claim()->clear_kind(); }, RefusalCode::kMalformed},
      {"an id of 15 bytes",
       [](v1::Absence& a) {
         a.mutable_claim()->set_kind(1);
         a.mutable_claim()->set_subject(std::string(15, 'x'));
       },
       RefusalCode::kMalformed},
      {"no claim", [](v1::Absence& a) { a.clear_claim(); }, RefusalCode::kMalformed},
      {"no proof", [](v1::Absence& a) { a.mutable_claim()->clear_next_absent(); },
       RefusalCode::kMalformed},
      {"no stewards", [](v1::Absence& a) { a.clear_stewards(); }, RefusalCode::kBrokenChain},
      {"no checkpoint", [](v1::Absence& a) { a.clear_checkpoint(); }, RefusalCode::kMalformed},
  };
  for (const Lie& lie : lies) {
    v1::Absence absence = log.Absence(IndexKind::kInscriptionClaim, kNobodys);
    lie.tell(absence);
    SCOPED_TRACE(lie.name);
    EXPECT_THAT(Check(log, absence), IsRefused(lie.refused));
  }
}

TEST(VerifyAbsence, EveryByteCounts) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::string file =
      TestLog::AbsenceFile(log.Absence(IndexKind::kInscriptionClaim, kNobodys));
  for (size_t i = 0; i < file.size(); ++i) {
    std::string flipped = file;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x04);
    // One emptiness can prove the absence of many keys; but then the file says so of another.
    const auto checked = CheckAbsence(policy, flipped, log.now_ms());
    EXPECT_TRUE(!checked.ok() || checked->sought.subject != kNobodys) << "byte " << i;
    EXPECT_FALSE(CheckAbsence(policy, file.substr(0, i), log.now_ms()).ok()) << "cut at " << i;
  }
}

TEST(VerifyAbsence, AnotherLogsProofSaysNothing) {
  const TestLog log = WholeLife();
  TestLog::Options options;
  options.log_key = "another log";
  TestLog other(options);
  other.Commit();
  EXPECT_FALSE(
      CheckAbsence(PolicyOf(log.PolicyText()),
                   TestLog::AbsenceFile(other.Absence(IndexKind::kInscriptionClaim, kNobodys)),
                   log.now_ms())
          .ok());
}

TEST(VerifyAbsence, IsSaidInWordsAndInJson) {
  const TestLog log = WholeLife();
  const AbsenceVerdict verdict =
      AbsenceVerdict::From(Check(log, log.Absence(IndexKind::kInscriptionClaim, kNobodys)));
  EXPECT_THAT(AbsenceVerdictToText(verdict), HasSubstr("inscription GIA9999999999"));
  EXPECT_THAT(AbsenceVerdictToText(verdict), HasSubstr("no piece in this log"));
  EXPECT_THAT(AbsenceVerdictToJson(verdict),
              HasSubstr("\"touchstone_absence_verdict\":1,\"outcome\":\"verified\""));
  const AbsenceVerdict refused =
      AbsenceVerdict::From(Check(log, log.Absence(IndexKind::kInscriptionClaim, kTaken)));
  EXPECT_EQ(refused.outcome, Outcome::kRefused);
  EXPECT_THAT(AbsenceVerdictToJson(refused), HasSubstr("wrong_claims"));
}

}  // namespace
}  // namespace touchstone
