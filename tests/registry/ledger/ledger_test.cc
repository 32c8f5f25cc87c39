// What a registry does on an ordinary day, end to end in memory, and everything that it refuses.
#include "registry/ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/signing/batch.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_passport.h"

namespace touchstone::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

PassportId Id(int passport) { return ValueOrDie(PassportId::FromBytes(TestPassportId(passport))); }

class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override { registry_.Start(); }

  VerifiedRecord CheckedPassport(int passport) {
    const std::shared_ptr<const View> view = registry_.Newest();
    const std::string file = ValueOrDie(view->PassportFile(Id(passport)));
    return ValueOrDie(CheckPassport(registry_.Policy(), file, Observed{}, view->time_ms()));
  }

  // Registered, sold, claimed by "owner 1"; returns the digest of the claim's entry.
  Digest RegisterAndClaim(int passport) {
    const Digest registered = registry_.Accepted(registry_.Registration(passport)).place.digest;
    const std::string claim_key = absl::StrCat("claim ", passport);
    const Digest sold =
        registry_.Accepted(registry_.FirstSale(passport, registered, "maison key", claim_key))
            .place.digest;
    return registry_.Accepted(registry_.Claim(passport, sold, claim_key, "owner 1")).place.digest;
  }

  // That it is refused so, and that nothing at all is changed by it.
  void ExpectRefused(const Envelope& envelope, RefusalCode code) {
    ExpectBytesRefused(envelope.bytes(), code);
  }
  void ExpectBytesRefused(const std::string& bytes, RefusalCode code) {
    const std::map<std::string, std::string> before = TestRegistry::Dump(registry_.store());
    const std::string note = registry_.Newest()->checkpoint_note();
    EXPECT_THAT(registry_.SubmitBytes(bytes), IsRefused(code));
    EXPECT_EQ(TestRegistry::Dump(registry_.store()), before);
    EXPECT_EQ(registry_.Newest()->checkpoint_note(), note);
  }

  TestRegistry registry_;
};

TEST_F(LedgerTest, ARegisteredPieceHasAPassportThatVerifies) {
  const VerifiedReceipt receipt = registry_.Accepted(registry_.Registration(1));
  EXPECT_EQ(receipt.event, EventKind::kRegistration);
  EXPECT_EQ(receipt.number, 0u);
  const VerifiedRecord record = CheckedPassport(1);
  ASSERT_EQ(record.timeline.size(), 1u);
  EXPECT_THAT(registry_.Newest()->PassportFile(Id(2)), IsRefused(RefusalCode::kNoSuchSubject));
}

TEST_F(LedgerTest, AWholeLifeIsInThePassport) {
  const Digest claimed = RegisterAndClaim(1);
  registry_.Accepted(registry_.Report(1, "gia key", "GIA", "1234567"));
  registry_.Accepted(registry_.Transfer(1, claimed, "owner 1", "owner 2"));
  registry_.Accepted(registry_.Care(1));
  EXPECT_EQ(CheckedPassport(1).timeline.size(), 6u);
  ExpectWholeLogHolds(registry_, 1);
}

TEST_F(LedgerTest, AnOwnerWithAParticipantsKeyVouchesForNothing) {
  const Digest registered = registry_.Accepted(registry_.Registration(1)).place.digest;
  const Digest sold =
      registry_.Accepted(registry_.FirstSale(1, registered, "maison key", "claim")).place.digest;
  registry_.Accepted(registry_.Claim(1, sold, "claim", "atelier key"));
  EXPECT_EQ(CheckedPassport(1).timeline.size(), 3u);
}

TEST_F(LedgerTest, TheSameEnvelopeIsLoggedOnceAndAnsweredUnderTheNewestCheckpoint) {
  const Envelope registration = registry_.Registration(1);
  const VerifiedReceipt first = registry_.Accepted(registration);
  registry_.Accepted(registry_.Registration(2));
  const uint64_t size = registry_.Newest()->size();
  const VerifiedReceipt again = registry_.Accepted(registration);
  EXPECT_EQ(again.place.position, first.place.position);
  EXPECT_EQ(again.place.digest, first.place.digest);
  EXPECT_EQ(again.log_size, size);
  EXPECT_EQ(registry_.Newest()->size(), size);
}

TEST_F(LedgerTest, EntriesNeverGoBackInTime) {
  const uint64_t now = registry_.clock().NowMs();
  registry_.clock().Advance(60'000);
  EXPECT_EQ(registry_.Accepted(registry_.Registration(1)).place.time_ms, now + 60'000);
  registry_.clock().Set(now);
  EXPECT_EQ(registry_.Accepted(registry_.Registration(2)).place.time_ms, now + 60'000);
  EXPECT_EQ(registry_.Newest()->time_ms(), now + 60'000);
}

TEST_F(LedgerTest, RefreshCommitsAnIndexRootAlone) {
  registry_.clock().Advance(60'000);
  const uint64_t size = registry_.Newest()->size();
  absl::StatusOr<Receipt> answer;
  registry_.ledger().Refresh([&](absl::StatusOr<Receipt> given) { answer = std::move(given); });
  registry_.ledger().Stop();
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(registry_.Newest()->size(), size + 1);
  EXPECT_EQ(registry_.Newest()->time_ms(), registry_.clock().NowMs());
  ASSERT_THAT(registry_.Open(), IsOk());
  EXPECT_EQ(registry_.Newest()->size(), size + 1);
}

TEST_F(LedgerTest, ABatchUnderOneSignatureIsTakenRowByRow) {
  std::vector<v1::Statement> statements;
  std::vector<std::string> payloads, paes;
  for (int i = 0; i < 5; ++i) {
    statements.push_back(registry_.PassportStatement(100 + i));
    *statements.back().mutable_registration()->mutable_piece() = SamplePiece(100 + i);
    payloads.push_back(statements.back().SerializeAsString());
    paes.push_back(Pae(PayloadType::kStatement, payloads.back()));
  }
  const Batch batch = ValueOrDie(Batch::Create(paes));
  const std::string sig = NamedKey("maison key").Sign(batch.NoteText(kOrigin));
  for (size_t i = 0; i < payloads.size(); ++i) {
    registry_.Accepted(ValueOrDie(Envelope::Create(
        PayloadType::kStatement, payloads[i], {{NamedKeyId("maison key"), sig, batch.PathOf(i)}})));
  }
  // The path of another row, and a note for another log.
  v1::Statement more = registry_.PassportStatement(200);
  *more.mutable_registration()->mutable_piece() = SamplePiece(200);
  ExpectRefused(ValueOrDie(Envelope::Create(PayloadType::kStatement, more.SerializeAsString(),
                                            {{NamedKeyId("maison key"), sig, batch.PathOf(3)}})),
                RefusalCode::kBadSignature);
  ExpectWholeLogHolds(registry_, 5);
}

// ---- Refusals. ----

TEST_F(LedgerTest, RefusesBytesThatAreNoStatementForThisLog) {
  ExpectBytesRefused("", RefusalCode::kUnknownPayloadType);
  ExpectBytesRefused("\x0a\x05hell", RefusalCode::kMalformed);
  ExpectBytesRefused(std::string(70'000, 'x'), RefusalCode::kTooLarge);
  v1::Statement foreign = registry_.PassportStatement(1);
  *foreign.mutable_registration()->mutable_piece() = SamplePiece(1);
  foreign.set_log_origin("test.example/log");
  ExpectRefused(SignStatement(foreign, {"maison key"}), RefusalCode::kWrongOrigin);
  v1::Statement future = registry_.PassportStatement(1);
  *future.mutable_registration()->mutable_piece() = SamplePiece(1);
  future.set_rules_version(2);
  ExpectRefused(SignStatement(future, {"maison key"}), RefusalCode::kUnknownRules);
  v1::Piece engraved = SamplePiece(1);
  engraved.mutable_inscriptions(0)->set_kind(v1::Inscription::PERSONAL);
  ExpectRefused(registry_.Registration(1, "maison key", engraved), RefusalCode::kInvalidField);
}

TEST_F(LedgerTest, RefusesSignersWhoMayNot) {
  ExpectRefused(registry_.Registration(1, "stranger"), RefusalCode::kUnknownSigner);
  ExpectRefused(registry_.Registration(1, "gia key"), RefusalCode::kWrongRole);
  registry_.Accepted(registry_.Registration(1));
  ExpectRefused(registry_.Report(1, "atelier key", "GIA", "99"), RefusalCode::kWrongRole);
  ExpectRefused(registry_.Report(1, "gia key", "IGI", "99"), RefusalCode::kWrongRole);
  ExpectRefused(registry_.Care(1, "gia key"), RefusalCode::kWrongRole);
  ExpectRefused(registry_.Care(2), RefusalCode::kNoSuchSubject);

  v1::Statement two = registry_.PassportStatement(1);
  two.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
  two.mutable_care_record()->set_performed_on("2026-11-22");
  ExpectRefused(SignStatement(two, {"atelier key", "maison key"}), RefusalCode::kSurplusSignature);

  v1::Statement one_steward = registry_.ParticipantStatement("gia");
  one_steward.mutable_key_added()->set_key(NamedKeyBytes("gia key 2"));
  ExpectRefused(SignStatement(one_steward, {"steward 1"}), RefusalCode::kMissingSignature);
  ExpectRefused(SignStatement(one_steward, {"steward 1", "steward 2", "steward 3"}),
                RefusalCode::kSurplusSignature);
  ExpectRefused(SignStatement(one_steward, {"steward 1", "maison key"}),
                RefusalCode::kUnknownSigner);
}

TEST_F(LedgerTest, RefusesASignatureOverOtherBytes) {
  Envelope good = registry_.Registration(1);
  EnvelopeSignature signature = good.signatures().front();
  signature.sig[10] = static_cast<char>(signature.sig[10] ^ 1);
  ExpectRefused(ValueOrDie(Envelope::Create(PayloadType::kStatement, good.payload(), {signature})),
                RefusalCode::kBadSignature);
  // And the same payload, well signed, still goes in.
  registry_.Accepted(good);
}

TEST_F(LedgerTest, RefusesWhatExistsAndWhatIsRevoked) {
  registry_.Accepted(registry_.Registration(1));
  ExpectRefused(registry_.Registration(1, "maison key", SamplePiece(2)),
                RefusalCode::kSubjectExists);
  ExpectRefused(registry_.Enrolment("gia", {v1::LABORATORY}, {"gia key 2"}),
                RefusalCode::kSubjectExists);
  ExpectRefused(registry_.Enrolment("gia-two", {v1::LABORATORY}, {"gia key"}),
                RefusalCode::kKeyInUse);
  registry_.Accepted(registry_.KeyAddition("maison", "maison key 2"));
  registry_.Accepted(registry_.KeyRevocation("maison", "maison key"));
  ExpectRefused(registry_.Registration(2), RefusalCode::kKeyRevoked);
  registry_.Accepted(registry_.Registration(2, "maison key 2"));
  ExpectWholeLogHolds(registry_, 2);
}

TEST_F(LedgerTest, ASerialIsUsedOnceByAnIssuer) {
  registry_.Accepted(registry_.Registration(1));
  v1::Piece same_serial = SamplePiece(2);
  same_serial.set_serial(SamplePiece(1).serial());
  ExpectRefused(registry_.Registration(2, "maison key", same_serial), RefusalCode::kSubjectExists);
  registry_.Accepted(registry_.Enrolment("bijou", {v1::ISSUER}, {"bijou key"}));
  registry_.Accepted(registry_.Registration(2, "bijou key", same_serial));
}

TEST_F(LedgerTest, WhatOnePieceClaimsNoOtherCan) {
  v1::Piece first = SamplePiece(1);
  first.set_gtin14("04006381333931");
  registry_.Accepted(registry_.Registration(1, "maison key", first));
  const auto expect_taken = [this](const v1::Piece& piece, const std::string& named) {
    const Envelope envelope = registry_.Registration(2, "maison key", piece);
    ExpectRefused(envelope, RefusalCode::kClaimTaken);
    const absl::Status status = registry_.Submit(envelope).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_THAT(std::string(status.message()), HasSubstr(named));
    // Whose it is, is nobody's business.
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("maison")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(Id(1).Format())));
  };
  v1::Piece same_inscription = SamplePiece(2);
  same_inscription.mutable_inscriptions(0)->set_text("gia-2141438001");
  expect_taken(same_inscription, "GIA2141438001");
  v1::Piece same_report = SamplePiece(2);
  same_report.mutable_laboratory_reports(0)->set_laboratory("Gemological Institute of America");
  same_report.mutable_laboratory_reports(0)->set_report_number("2141438001");
  expect_taken(same_report, "GIA 2141438001");

  registry_.Accepted(registry_.Registration(2));
  ExpectRefused(registry_.Report(2, "gia key", "GIA", "2141438001"), RefusalCode::kClaimTaken);
  // The piece's own claim is not made again, and does not stand in the way.
  registry_.Accepted(registry_.Report(2, "gia key", "GIA", "2141438002"));
  ExpectWholeLogHolds(registry_, 2);
}

TEST_F(LedgerTest, AGtinBelongsToWhoeverHasItsPrefix) {
  v1::Piece piece = SamplePiece(1);
  piece.set_gtin14("04006381333931");
  registry_.Accepted(registry_.Enrolment("bijou", {v1::ISSUER}, {"bijou key"}));
  ExpectRefused(registry_.Registration(1, "bijou key", piece), RefusalCode::kForeignGtin);
  registry_.Accepted(registry_.Registration(1, "maison key", piece));
}

TEST_F(LedgerTest, OwnershipFollowsItsOrder) {
  const Digest registered = registry_.Accepted(registry_.Registration(1)).place.digest;
  ExpectRefused(registry_.Transfer(1, registered, "owner 1", "owner 2"), RefusalCode::kWrongPhase);
  const Digest sold =
      registry_.Accepted(registry_.FirstSale(1, registered, "maison key", "claim")).place.digest;
  ExpectRefused(registry_.FirstSale(1, sold, "maison key", "claim 2"), RefusalCode::kWrongPhase);
  ExpectRefused(registry_.Claim(1, sold, "stolen key", "owner 1"), RefusalCode::kMissingSignature);
  const Digest claimed =
      registry_.Accepted(registry_.Claim(1, sold, "claim", "owner 1")).place.digest;
  const Envelope stale = registry_.Transfer(1, sold, "owner 1", "owner 2");
  ExpectRefused(stale, RefusalCode::kStaleBuildsOn);
  const absl::Status status = registry_.Submit(stale).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(std::string(status.message()), HasSubstr(DigestToHex(claimed)));
  ExpectRefused(registry_.Transfer(1, claimed, "owner 1", "claim"), RefusalCode::kKeyReused);
}

TEST_F(LedgerTest, NothingIsAppendedToAClosedLog) {
  registry_.Accepted(registry_.Registration(1));
  EXPECT_FALSE(registry_.Newest()->closed());
  registry_.Accepted(registry_.Closing());
  EXPECT_TRUE(registry_.Newest()->closed());
  ExpectRefused(registry_.Registration(2), RefusalCode::kLogClosed);
  ExpectRefused(registry_.Closing(), RefusalCode::kLogClosed);
  absl::StatusOr<Receipt> answer;
  registry_.ledger().Refresh([&](absl::StatusOr<Receipt> given) { answer = std::move(given); });
  registry_.ledger().Stop();
  EXPECT_THAT(answer, IsRefused(RefusalCode::kLogClosed));
  EXPECT_EQ(CheckedPassport(1).timeline.size(), 1u);
}

TEST_F(LedgerTest, AfterStoppingNothingIsTaken) {
  registry_.ledger().Stop();
  EXPECT_EQ(registry_.Submit(registry_.Registration(1)).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_THAT(registry_.Newest()->CardsFile(), IsOk());
  registry_.ledger().Stop();
}

TEST_F(LedgerTest, TheCardsFileListsTheCardKeys) {
  registry_.Accepted(registry_.CardKey("cards 2026"));
  const std::shared_ptr<const View> view = registry_.Newest();
  const VerifiedCards cards =
      ValueOrDie(CheckCards(registry_.Policy(), ValueOrDie(view->CardsFile()), view->time_ms()));
  ASSERT_EQ(cards.keys.size(), 1u);
  EXPECT_EQ(cards.keys.front().key_id, NamedKeyId("cards 2026"));
}

TEST(LedgerInitialise, RefusesWhatIsNoGenesisForThisLog) {
  TestRegistry registry;
  const auto initialise = [&registry](const Envelope& envelope) {
    return Ledger::Initialise(registry.store(), registry.guard_path(), envelope.bytes(),
                              registry.signer(), registry.clock());
  };
  EXPECT_THAT(initialise(registry.Enrolment("gia", {v1::LABORATORY}, {"gia key"})),
              IsRefused(RefusalCode::kUnknownSigner));
  const NamedSigner other("test.example/log", "log");
  EXPECT_THAT(Ledger::Initialise(registry.store(), registry.guard_path(),
                                 registry.Genesis().bytes(), other, registry.clock()),
              IsRefused(RefusalCode::kWrongOrigin));
  EXPECT_TRUE(TestRegistry::Dump(registry.store()).empty());
  EXPECT_EQ(registry.Open().code(), absl::StatusCode::kNotFound);

  ASSERT_THAT(registry.Initialise(), IsOk());
  EXPECT_EQ(registry.Initialise().code(), absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace touchstone::ledger
