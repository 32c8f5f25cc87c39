#include "cli/ownership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/piece_statement.h"
#include "tests/cli/sample_passport.h"
#include "verifier/hex.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;

TEST(OwnershipTest, FollowsTheActingKey) {
  TestLog log = SampleLog();
  EXPECT_EQ(ActingKeyOf(Held(log).record), std::nullopt);
  log.FirstSale(1, "maison key", "claim key");
  log.Commit();
  EXPECT_EQ(ActingKeyOf(Held(log).record), NamedKey("claim key").public_key());
  log.Claim(1, "claim key", "first owner");
  log.Commit();
  EXPECT_EQ(ActingKeyOf(Held(log).record), NamedKey("first owner").public_key());
  log.Transfer(1, "first owner", "second owner");
  log.Care(1, "atelier key");
  log.Commit();
  EXPECT_EQ(ActingKeyOf(Held(log).record), NamedKey("second owner").public_key());
}

TEST(OwnershipTest, BuildsOnTheNewestOwnershipEntry) {
  TestLog log = SampleLog();
  const HeldPassport registered = Held(log);
  v1::Statement statement = NewOwnershipStatement(registered.record, 1'795'300'000'000);
  EXPECT_EQ(statement.builds_on(), DigestBytes(registered.record.registration));
  EXPECT_EQ(statement.subject().passport_id(), TestPassportId(1));
  EXPECT_EQ(statement.log_origin(), log.origin());

  const EntryPlace sale = log.FirstSale(1, "maison key", "claim key");
  log.Care(1, "atelier key");  // changes nothing about who holds the piece
  log.Commit();
  statement = NewOwnershipStatement(Held(log).record, 1'795'300'000'000);
  EXPECT_EQ(statement.builds_on(), DigestBytes(sale.digest));
}

TEST(OwnershipTest, SaysWhatComesNext) {
  TestLog log = SampleLog();
  const VerifiedRecord with_store = Held(log).record;
  EXPECT_THAT(RequirePhase(with_store, OwnershipPhase::kWithStore), IsOk());
  const absl::Status unsold = RequirePhase(with_store, OwnershipPhase::kOwned);
  EXPECT_THAT(unsold, IsRefused(RefusalCode::kWrongPhase));
  EXPECT_THAT(std::string(unsold.message()), HasSubstr("touchstone sell"));
  log.FirstSale(1, "maison key", "claim key");
  log.Commit();
  EXPECT_THAT(std::string(RequirePhase(Held(log).record, OwnershipPhase::kWithStore).message()),
              HasSubstr("touchstone claim"));
}

TEST(OwnershipTest, NamesTheKeyThatHoldsThePiece) {
  TestLog log = SampleLog();
  log.FirstSale(1, "maison key", "claim key");
  log.Commit();
  const VerifiedRecord record = Held(log).record;
  EXPECT_THAT(RequireActingKey(record, NamedKey("claim key").public_key(), "--claim-key"), IsOk());
  const absl::Status wrong =
      RequireActingKey(record, NamedKey("maison key").public_key(), "--claim-key");
  EXPECT_THAT(wrong, IsRefused(RefusalCode::kUnknownSigner));
  EXPECT_THAT(std::string(wrong.message()), HasSubstr(HexEncode(NamedKeyBytes("claim key"))));
}

TEST(OwnershipTest, WantsExactlyOneNextKey) {
  NextKeyOptions options;
  options.name = "--to-key";
  EXPECT_FALSE(CheckNextKeyOptions(options).ok());
  options.key = "a.key";
  EXPECT_TRUE(CheckNextKeyOptions(options).ok());
  options.key_out = "b.key";
  EXPECT_FALSE(CheckNextKeyOptions(options).ok());
}

TEST(OwnershipTest, TakesAPublicKeyWhoseSecretIsElsewhere) {
  const Context context;
  NextKeyOptions options;
  options.name = "--to-key";
  options.key = HexEncode(NamedKeyBytes("next owner"));
  const absl::StatusOr<NextKey> next = OpenNextKey(context, options, "");
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->public_key, NamedKey("next owner").public_key());
  EXPECT_FALSE(next->secret.has_value());
  // Which cannot be submitted here, and must not be half signed by accident.
  Context submitting;
  TestLog log = SampleLog();
  const absl::Status handed = HandOver(submitting, NewOwnershipStatement(Held(log).record, 1),
                                       NamedKey("first owner"), *next, options, StatementOptions{})
                                  .status();
  EXPECT_THAT(std::string(handed.message()), HasSubstr("--out FILE"));
}

TEST(FindOwnEntryTest, FindsWhatTheSameKeySaid) {
  TestLog log = SampleLog();
  log.Care(1, "atelier key", v1::CareRecord::POLISHING);
  log.Commit();
  const HeldPassport passport = Held(log);
  auto says_polishing = [](const v1::Statement& statement) {
    return statement.care_record().kind() == v1::CareRecord::POLISHING;
  };
  const TimelineEntry* entry = FindOwnEntry(passport, NamedKeyId("atelier key"), says_polishing);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->number, 1u);
  // The same words by another are another's.
  EXPECT_EQ(FindOwnEntry(passport, NamedKeyId("maison key"), says_polishing), nullptr);
  EXPECT_EQ(FindOwnEntry(passport, NamedKeyId("atelier key"),
                         [](const v1::Statement& statement) {
                           return statement.care_record().kind() == v1::CareRecord::CLEANING;
                         }),
            nullptr);
}

}  // namespace
}  // namespace touchstone::cli
