// How much room there is in a passport for what (docs/FORMAT.md, section 9, "Room"): nobody fills
// it so that a theft can no longer be reported, or the piece no longer be given back.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/support/rule_replay.h"
#include "tests/vectors/second_opinion.h"
#include "tests/verifier/life_scenario.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

constexpr auto kFull = RefusalCode::kQuotaExceeded;

void Expect(const absl::Status& status, std::optional<RefusalCode> refused) {
  if (refused) {
    EXPECT_THAT(status, IsRefused(*refused));
  } else {
    EXPECT_THAT(status, IsOk());
  }
}

void ExpectRegistry(const TestLog& log, const Said& said, std::optional<RefusalCode> refused) {
  SCOPED_TRACE(said.statement.event_case());
  Expect(RuleReplay(log).Judge(SignStatement(said.statement, said.signers),
                               {log.size(), log.now_ms()}),
         refused);
}

// And of both readers, of the passport with it. Takes its time.
void ExpectEverybody(TestLog log, const Said& said, std::optional<RefusalCode> refused) {
  ExpectRegistry(log, said, refused);
  Append(log, said);
  log.Commit();
  const std::string policy = log.PolicyText();
  const std::string file = log.PassportFile(1);
  const absl::Status status =
      CheckPassport(ValueOrDie(TrustPolicy::Parse(policy)), file, Observed{}, log.now_ms())
          .status();
  Expect(status, refused);
  ExpectSecondReaderAgrees(policy, file, status);
}

void Repeat(TestLog& log, int times, const std::string& signer, Said (*say)(TestLog&, KeyNames)) {
  for (int i = 0; i < times; ++i) Append(log, say(log, {signer}));
}

// Owned, with that many entries, the last of them records by several; each can say a little more.
TestLog Filled(size_t entries) {
  TestLog log;
  Populate(log);
  GiveToOwner(log);
  size_t count = 3;
  for (const std::string signer : {"maison", "gia", "igi", "appraiser"}) {
    for (int i = 0; i < (signer == "maison" ? 250 : 90) && count < entries; ++i, ++count) {
      Append(log, Documents(log, {signer}));
    }
  }
  return log;
}

TEST(Room, OfRecords) {
  TestLog log = Filled(limits::kPassportRecordEntriesMax - 1);
  ExpectRegistry(log, Care(log, 1, {"atelier"}), kAllowed);
  Append(log, Incident(log, v1::IncidentReported::DAMAGED, {"owner 1"}));
  ExpectEverybody(log, Care(log, 1, {"atelier"}), kFull);
  // What the holder says alone is a record too.
  ExpectEverybody(log, DataErasure(log, {"owner 1"}), kFull);
  ExpectRegistry(log, Documents(log, {"owner 1"}), kFull);
  ExpectRegistry(log, Incident(log, v1::IncidentReported::STOLEN, {"owner 1"}), kFull);
  ExpectEverybody(log, Incident(log, v1::IncidentReported::STOLEN, {"maison"}), kAllowed);
  ExpectRegistry(log, DataErasure(log, {"maison"}), kAllowed);
  ExpectRegistry(log, Transfer(log, 1, {"owner 1", "owner 2"}, "owner 2"), kAllowed);
}

// A thief with the key passes the piece on, and takes back offers, as often as he likes.
TEST(Room, OfWhatHoldersAgreeOn) {
  TestLog log = Filled(limits::kPassportRecordEntriesMax);
  PledgePiece(log);
  const size_t more = limits::kPassportOwnershipEntriesMax - limits::kPassportRecordEntriesMax - 2;
  Repeat(log, static_cast<int>(more), "owner 1", OfferWithdrawal);
  ExpectRegistry(log, OfferWithdrawal(log, {"owner 1"}), kAllowed);
  Append(log, OfferWithdrawal(log, {"owner 1"}));
  ExpectEverybody(log, OfferWithdrawal(log, {"owner 1"}), kFull);
  ExpectEverybody(log, Incident(log, v1::IncidentReported::STOLEN, {"court"}), kAllowed);
  ExpectRegistry(log, PledgeRelease(log, {"owner 1", "pledgee"}), kAllowed);
  Append(log, Notice(log, v1::TransferNotice::COURT_ORDER, {"court"}));
  ExpectRegistry(log, Objection(log, {"owner 1"}), kAllowed);
  ExpectRegistry(log, NoticeWithdrawal(log, {"court"}), kAllowed);
  WaitForNotice(log);
  ExpectEverybody(log, Move(log, {"court", "heir"}), kAllowed);
}

TEST(Room, OfInterventions) {
  TestLog log = Filled(limits::kPassportRecordEntriesMax);
  const EntryPlace theft = Append(log, Incident(log, v1::IncidentReported::STOLEN, {"court"}));
  Repeat(log, 31, "owner 1", OfferWithdrawal);
  for (int i = 0; i < 7; ++i) {
    Append(log,
           Notice(log, v1::TransferNotice::COURT_ORDER, {"court"}, "heir " + std::to_string(i)));
    Append(log, NoticeWithdrawal(log, {"court"}));
  }
  Append(log, Incident(log, v1::IncidentReported::LOST, {"court"}));
  ExpectRegistry(log, Notice(log, v1::TransferNotice::COURT_ORDER, {"court"}), kAllowed);
  Append(log, Incident(log, v1::IncidentReported::DAMAGED, {"atelier"}));
  ExpectEverybody(log, Notice(log, v1::TransferNotice::COURT_ORDER, {"court"}), kFull);
  ExpectRegistry(log, Incident(log, v1::IncidentReported::DAMAGED, {"atelier"}), kFull);
  ExpectEverybody(log,
                  IncidentOutcome(log, theft.digest, v1::IncidentResolved::RECOVERED, {"court"}),
                  kAllowed);
  ExpectRegistry(log, DataErasure(log, {"maison"}), kAllowed);
}

TEST(Room, OfOneParticipant) {
  TestLog log = Filled(3);
  const EntryPlace suspicion =
      Append(log, Incident(log, v1::IncidentReported::INSCRIPTION_MISMATCH, {"atelier"}));
  Repeat(log, 94, "atelier", Documents);
  ExpectRegistry(log, Documents(log, {"atelier"}), kAllowed);
  Append(log, Documents(log, {"atelier"}));
  ExpectEverybody(log, Documents(log, {"atelier"}), kFull);
  ExpectRegistry(log, Incident(log, v1::IncidentReported::DAMAGED, {"atelier"}), kFull);
  // It can still settle what it has begun, and vouch beside the holder for the end of the piece.
  ExpectEverybody(
      log, IncidentOutcome(log, suspicion.digest, v1::IncidentResolved::UNFOUNDED, {"atelier"}),
      kAllowed);
  ExpectRegistry(log, EndOfLife(log, 1, {"atelier", "owner 1"}, v1::EndOfLife::DESTROYED),
                 kAllowed);
  ExpectRegistry(log, Documents(log, {"gia"}), kAllowed);
}

TEST(Room, OfNotices) {
  TestLog log = Filled(3);
  Repeat(log, 95, "insurer", Documents);
  Append(log, Notice(log, v1::TransferNotice::SUBROGATION, {"insurer"}));
  ExpectRegistry(log, NoticeWithdrawal(log, {"insurer"}), kAllowed);
  Append(log, Objection(log, {"owner 1"}));
  Append(log, TransferAs(log, v1::Transfer::GIFT, {"owner 1", "owner 2"}, "owner 2"));
  ExpectEverybody(log, Notice(log, v1::TransferNotice::SUBROGATION, {"insurer"}, "heir 2"), kFull);
}

TEST(Room, OfTheIssuer) {
  TestLog log = Filled(3);
  Repeat(log, 253, "maison", Documents);
  ExpectRegistry(log, Documents(log, {"maison"}), kAllowed);
  Append(log, Documents(log, {"maison"}));
  ExpectEverybody(log, Documents(log, {"maison"}), kFull);
  Repeat(log, 15, "maison", DataErasure);
  ExpectRegistry(log, DataErasure(log, {"maison"}), kAllowed);
  Append(log, DataErasure(log, {"maison"}));
  ExpectEverybody(log, DataErasure(log, {"maison"}), kFull);
  ExpectRegistry(log, Incident(log, v1::IncidentReported::STOLEN, {"maison"}), kFull);
  ExpectRegistry(log, Incident(log, v1::IncidentReported::STOLEN, {"court"}), kAllowed);
}

TEST(Room, OfOneHolder) {
  TestLog log = Filled(3);
  Repeat(log, 95, "owner 1", Documents);
  // Ownership events are not counted.
  Append(log, OfferWithdrawal(log, {"owner 1"}));
  ExpectRegistry(log, DataErasure(log, {"owner 1"}), kAllowed);
  Append(log, DataErasure(log, {"owner 1"}));
  ExpectEverybody(log, DataErasure(log, {"owner 1"}), kFull);
  log.Transfer(1, "owner 1", "owner 2");
  ExpectEverybody(log, Documents(log, {"owner 2"}), kAllowed);
}

}  // namespace
}  // namespace touchstone
