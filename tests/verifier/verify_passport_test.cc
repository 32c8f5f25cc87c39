#include "verifier/verify_passport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"
#include "verifier/signing/batch.h"
#include "verifier/verdict_json.h"

namespace touchstone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(VerifyPassport, TellsAWholeLife) {
  const TestLog log = WholeLife();
  const auto checked = Check(log, log.Passport(1));
  ASSERT_THAT(checked, IsOk());
  const VerifiedRecord& record = *checked;

  EXPECT_EQ(std::string(record.passport_id.bytes()), TestPassportId(1));
  EXPECT_EQ(record.piece.serial(), "R-1");
  EXPECT_EQ(record.issuer_of_record, "maison");
  EXPECT_EQ(record.status.phase, OwnershipPhase::kOwned);
  EXPECT_EQ(record.status.owner_count, 2u);
  EXPECT_EQ(record.status.since.position, record.timeline.back().place.position);
  EXPECT_EQ(record.completeness.entries, 6u);
  EXPECT_EQ(record.completeness.log_size, log.size());
  EXPECT_EQ(record.completeness.claims.size(), 3u);

  std::vector<std::string> signers;
  for (const Signer& signer : record.signers) signers.push_back(signer.participant_id);
  EXPECT_THAT(signers, ElementsAre("atelier", "gia", "maison"));
  ASSERT_EQ(record.timeline.size(), 6u);
  EXPECT_EQ(record.timeline[1].event, EventKind::kLaboratoryReport);
  EXPECT_EQ(record.signers[*record.timeline[1].signer].participant_id, "gia");
  EXPECT_FALSE(record.timeline[1].as_provided);
  EXPECT_FALSE(record.timeline[5].signer.has_value());
  EXPECT_EQ(record.timeline[5].place.digest, EntryDigest(log.Frame(13)));
}

TEST(VerifyPassport, HoldsUnderEveryCheckpointSinceTheRegistration) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::pair<uint64_t, uint32_t> sizes[] = {{8, 1}, {13, 5}, {15, 6}};
  for (const auto& [size, entries] : sizes) {
    const auto record = CheckPassport(policy, log.PassportFile(1, size), Observed{}, log.now_ms());
    ASSERT_THAT(record, IsOk()) << size;
    EXPECT_EQ(record->completeness.entries, entries) << size;
  }
}

TEST(VerifyPassport, ALaboratorysReportByAnIssuerIsAsProvided) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER, v1::LABORATORY}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_laboratory_names("Maison Lab"); });
  log.Register(1, "maison");
  log.Report(1, "maison", "HRD", "1");
  log.Report(1, "maison", "maison lab", "2");
  log.Commit();
  const auto record = Check(log, log.Passport(1));
  ASSERT_THAT(record, IsOk());
  EXPECT_FALSE(record->timeline[0].as_provided);
  EXPECT_TRUE(record->timeline[1].as_provided);
  EXPECT_FALSE(record->timeline[2].as_provided);
  EXPECT_EQ(record->signers[0].entries[1].role, Role::kIssuer);
  EXPECT_EQ(record->signers[0].entries[2].role, Role::kLaboratory);
}

// An import: one signature over all its registrations.
TEST(VerifyPassport, HoldsUnderABatchSignature) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  std::vector<std::string> statements;
  std::vector<std::string> paes;
  for (int number = 1; number <= 5; ++number) {
    v1::Statement statement = log.PassportStatement(number);
    *statement.mutable_registration()->mutable_piece() = SamplePiece(number);
    statements.push_back(statement.SerializeAsString());
    paes.push_back(Pae(PayloadType::kStatement, statements.back()));
  }
  const Batch batch = ValueOrDie(Batch::Create(paes));
  const std::string signature = NamedKey("maison").Sign(batch.NoteText(log.origin()));
  for (size_t i = 0; i < statements.size(); ++i) {
    // The last one claims a place in the batch that is another's.
    const BatchPath path = batch.PathOf(i == 4 ? 3 : i);
    const Envelope envelope = ValueOrDie(Envelope::Create(
        PayloadType::kStatement, statements[i], {{NamedKeyId("maison"), signature, path}}));
    const int number = static_cast<int>(i) + 1;
    const std::string report = absl::StrCat(2141438000 + number);
    log.Append(envelope, {IndexKind::kPassportEntry, TestPassportId(number)},
               {{{IndexKind::kInscriptionClaim, absl::StrCat("GIA", report)}, IndexEvent::kClaim},
                {{IndexKind::kReportNumberClaim, absl::StrCat("GIA", std::string(1, '\0'), report)},
                 IndexEvent::kClaim}});
  }
  log.Commit();
  for (int number = 1; number <= 5; ++number) {
    v1::Passport passport = log.Passport(number);
    const auto record = Check(log, passport);
    if (number < 5) {
      ASSERT_THAT(record, IsOk()) << number;
      EXPECT_EQ(record->piece.serial(), absl::StrCat("R-", number));
    } else {
      EXPECT_THAT(record, IsRefused(RefusalCode::kBadSignature));
    }
  }
}

// ---- Bytes that lie. ----

// Every byte counts: whatever is changed, the file is not verified.
TEST(VerifyPassport, RefusesEveryFlippedByte) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  log.FirstSale(1, "maison", "claim key");
  log.Commit();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::string file = log.PassportFile(1);
  ASSERT_THAT(CheckPassport(policy, file, Observed{}, log.now_ms()), IsOk());
  for (size_t i = 0; i < file.size(); ++i) {
    for (const int change : {1 << (i % 8), 0xFF}) {
      std::string flipped = file;
      flipped[i] = static_cast<char>(flipped[i] ^ change);
      const Verdict verdict = VerifyPassport(policy, flipped, Observed{}, log.now_ms());
      ASSERT_NE(verdict.outcome, Outcome::kVerified) << "byte " << i << " ^ " << change;
      ASSERT_TRUE(verdict.reason.has_value()) << i;
      ASSERT_FALSE(verdict.record.has_value()) << i;
    }
  }
}

// Lines of unknown signers may be anything: they say nothing.
TEST(VerifyPassport, OnlyAnUnknownWitnesssLineIsIrrelevant) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  v1::Passport passport = log.Passport(1);
  passport.set_checkpoint(log.Checkpoint(0, {"unknown"}));
  const std::string file = TestLog::PassportFile(passport);
  const Verdict whole = VerifyPassport(policy, file, Observed{}, log.now_ms());
  ASSERT_EQ(whole.outcome, Outcome::kVerified);
  const size_t line = file.find("\xE2\x80\x94 unknown ");
  ASSERT_NE(line, std::string::npos);
  size_t irrelevant = 0;
  for (size_t i = 0; i < line + 120; ++i) {
    std::string flipped = file;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    const Verdict verdict = VerifyPassport(policy, flipped, Observed{}, log.now_ms());
    if (verdict.outcome != Outcome::kVerified) continue;
    ++irrelevant;
    EXPECT_GT(i, line);
    EXPECT_EQ(VerdictToJson(verdict), VerdictToJson(whole));
  }
  EXPECT_GT(irrelevant, 50u);
}

TEST(VerifyPassport, RefusesEveryTruncation) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  const std::string file = log.PassportFile(1);
  for (size_t size = 0; size < file.size(); ++size) {
    const Verdict verdict =
        VerifyPassport(policy, absl::string_view(file).substr(0, size), Observed{}, log.now_ms());
    ASSERT_NE(verdict.outcome, Outcome::kVerified) << size;
  }
  EXPECT_THAT(CheckPassport(policy, file + '\0', Observed{}, log.now_ms()),
              IsRefused(RefusalCode::kMalformed));
}

TEST(VerifyPassport, CannotJudgeAnUnknownField) {
  const TestLog log = WholeLife();
  const TrustPolicy policy = PolicyOf(log.PolicyText());
  // Field 8 of Passport, a varint 1.
  const Verdict verdict =
      VerifyPassport(policy, log.PassportFile(1) + "\x40\x01", Observed{}, log.now_ms());
  EXPECT_EQ(verdict.outcome, Outcome::kCannotJudge);
  EXPECT_EQ(verdict.reason->code, RefusalCode::kUnknownField);
}

TEST(VerifyPassport, IsNotMisledByACardsFile) {
  const TestLog log = WholeLife();
  EXPECT_THAT(CheckPassport(PolicyOf(log.PolicyText()), TestLog::CardsFile(log.Passport(1)),
                            Observed{}, log.now_ms()),
              IsRefused(RefusalCode::kMalformed));
}

TEST(VerifyPassport, SaysWhereAFailureIs) {
  const TestLog log = WholeLife();
  v1::Passport passport = log.Passport(1);
  passport.mutable_piece()->mutable_entries()->SwapElements(1, 2);
  const auto checked = Check(log, passport);
  EXPECT_THAT(std::string(checked.status().message()),
              HasSubstr("piece: entry 1: the entry has number 2 where 1 comes next"));
}

}  // namespace
}  // namespace touchstone
