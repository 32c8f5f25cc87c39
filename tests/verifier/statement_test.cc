#include "verifier/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Statement Header() {
  v1::Statement statement;
  statement.set_log_origin("passports.example/log");
  statement.set_rules_version(1);
  statement.set_nonce(std::string(16, 'n'));
  statement.set_occurred_at_ms(1'795'300'000'000);
  return statement;
}

void AboutPiece(v1::Statement& statement) {
  statement.mutable_subject()->set_passport_id(TestPassportId(1));
}
void AboutParticipant(v1::Statement& statement) {
  statement.mutable_subject()->set_participant_id("maison");
}
void AboutStewards(v1::Statement& statement) { statement.mutable_subject()->mutable_stewards(); }

std::string Id(const std::string& key) {
  const Digest id = NamedKeyId(key);
  return std::string(DigestBytes(id));
}

void SetDetails(v1::ParticipantDetails& details) {
  details.set_legal_name("Maison Example");
  details.set_country("FR");
  details.add_roles(v1::ISSUER);
}

ClaimSubject Inscribed() { return {IndexKind::kInscriptionClaim, "GIA2141438001"}; }

// One valid statement of each event.
struct Sample {
  EventKind event;
  IndexKind subject;
  std::function<void(v1::Statement&)> fill;
  size_t keys;
};

void PrintTo(const Sample& sample, std::ostream* out) { *out << EventName(sample.event); }

std::vector<Sample> Samples() {
  using S = v1::Statement;
  return {
      {EventKind::kGenesis, IndexKind::kStewardsEntry,
       [](S& s) {
         s.mutable_genesis()->add_steward_keys(NamedKeyBytes("a"));
         s.mutable_genesis()->set_threshold(1);
       },
       1},
      {EventKind::kCardKeyEnrolled, IndexKind::kStewardsEntry,
       [](S& s) { s.mutable_card_key_enrolled()->set_key(NamedKeyBytes("a")); }, 1},
      {EventKind::kLogClosed, IndexKind::kStewardsEntry, [](S& s) { s.mutable_log_closed(); }, 0},
      {EventKind::kParticipantEnrolled, IndexKind::kParticipantEntry,
       [](S& s) {
         SetDetails(*s.mutable_participant_enrolled()->mutable_details());
         s.mutable_participant_enrolled()->add_keys(NamedKeyBytes("a"));
       },
       1},
      {EventKind::kParticipantChanged, IndexKind::kParticipantEntry,
       [](S& s) { SetDetails(*s.mutable_participant_changed()->mutable_details()); }, 0},
      {EventKind::kKeyAdded, IndexKind::kParticipantEntry,
       [](S& s) { s.mutable_key_added()->set_key(NamedKeyBytes("a")); }, 1},
      {EventKind::kKeyRevoked, IndexKind::kParticipantEntry,
       [](S& s) { s.mutable_key_revoked()->set_key_id(Id("a")); }, 0},
      {EventKind::kRegistration, IndexKind::kPassportEntry,
       [](S& s) { *s.mutable_registration()->mutable_piece() = SamplePiece(1); }, 0},
      {EventKind::kLaboratoryReport, IndexKind::kPassportEntry,
       [](S& s) {
         s.mutable_laboratory_report()->set_laboratory("GIA");
         s.mutable_laboratory_report()->set_report_number("1");
       },
       0},
      {EventKind::kCareRecord, IndexKind::kPassportEntry,
       [](S& s) {
         s.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
         s.mutable_care_record()->set_performed_on("2028-02-29");
       },
       0},
      {EventKind::kFirstSale, IndexKind::kPassportEntry,
       [](S& s) {
         s.set_builds_on(std::string(32, 'b'));
         s.mutable_first_sale()->set_claim_key(NamedKeyBytes("a"));
         s.mutable_first_sale()->set_sold_on("2026-11-22");
       },
       1},
      {EventKind::kClaim, IndexKind::kPassportEntry,
       [](S& s) {
         s.set_builds_on(std::string(32, 'b'));
         s.mutable_claim()->set_owner_key(NamedKeyBytes("a"));
       },
       1},
      {EventKind::kTransfer, IndexKind::kPassportEntry,
       [](S& s) {
         s.set_builds_on(std::string(32, 'b'));
         s.mutable_transfer()->set_kind(v1::Transfer::GIFT);
         s.mutable_transfer()->set_to_key(NamedKeyBytes("a"));
         s.mutable_transfer()->set_effective_on("2026-11-22");
       },
       1},
      {EventKind::kClaimResolved, IndexKind::kPassportEntry,
       [](S& s) { *s.mutable_claim_resolved()->mutable_claim() = ReferenceTo(Inscribed()); }, 0},
      {EventKind::kEndOfLife, IndexKind::kPassportEntry,
       [](S& s) {
         s.mutable_end_of_life()->set_kind(v1::EndOfLife::DESTROYED);
         s.mutable_end_of_life()->set_ended_on("2026-11-22");
       },
       0},
      {EventKind::kStoneRemoved, IndexKind::kPassportEntry,
       [](S& s) {
         s.mutable_stone_removed()->set_removed_on("2026-11-22");
         *s.mutable_stone_removed()->add_releases() = ReferenceTo(Inscribed());
       },
       0},
  };
}

// Of those that a piece's life is made of.
std::vector<Sample> LifeSamples() {
  using S = v1::Statement;
  const std::string builds_on(32, 'b');
  const std::string today = "2027-02-28";
  return {
      {EventKind::kStewardsChanged, IndexKind::kStewardsEntry,
       [](S& s) {
         s.mutable_stewards_changed()->add_steward_keys(NamedKeyBytes("a"));
         s.mutable_stewards_changed()->set_threshold(1);
       },
       1},
      {EventKind::kCardKeyRevoked, IndexKind::kStewardsEntry,
       [](S& s) { s.mutable_card_key_revoked()->set_key_id(Id("a")); }, 0},
      {EventKind::kAssayReport, IndexKind::kPassportEntry,
       [](S& s) { s.mutable_assay_report()->mutable_hallmark()->set_fineness_mark("750"); }, 0},
      {EventKind::kModification, IndexKind::kPassportEntry,
       [today](S& s) {
         s.mutable_modification()->set_kind(v1::Modification::RESIZED);
         s.mutable_modification()->set_performed_on(today);
         *s.mutable_modification()->mutable_piece() = SamplePiece(1);
       },
       0},
      {EventKind::kAppraisal, IndexKind::kPassportEntry,
       [today](S& s) {
         s.mutable_appraisal()->set_purpose(v1::Appraisal::ESTATE);
         s.mutable_appraisal()->set_effective_on(today);
         v1::Commitment& value = *s.mutable_appraisal()->add_commitments();
         value.set_kind(v1::Commitment::APPRAISED_VALUE);
         value.set_sha256(std::string(32, 'v'));
       },
       0},
      {EventKind::kCustody, IndexKind::kPassportEntry,
       [today](S& s) {
         s.mutable_custody()->set_kind(v1::Custody::RECEIVED);
         s.mutable_custody()->set_on(today);
       },
       0},
      {EventKind::kCorrection, IndexKind::kPassportEntry,
       [](S& s) {
         s.mutable_correction()->set_corrects(std::string(32, 'c'));
         s.mutable_correction()->set_reason("mistyped");
       },
       0},
      {EventKind::kEntitlementGranted, IndexKind::kPassportEntry,
       [](S& s) { s.mutable_entitlement_granted()->mutable_entitlement()->set_id("cleaning"); }, 0},
      {EventKind::kDocumentsAdded, IndexKind::kPassportEntry,
       [](S& s) { s.mutable_documents_added()->add_media()->set_sha256(std::string(32, 'm')); }, 0},
      {EventKind::kDataErased, IndexKind::kPassportEntry,
       [today](S& s) {
         s.mutable_data_erased()->set_erased_on(today);
         s.mutable_data_erased()->set_ground(v1::DataErased::REQUESTED);
       },
       0},
      {EventKind::kOfferWithdrawn, IndexKind::kPassportEntry,
       [builds_on](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_offer_withdrawn();
       },
       0},
      {EventKind::kTransferNotice, IndexKind::kPassportEntry,
       [builds_on](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_transfer_notice()->set_kind(v1::TransferNotice::LOST_CODE);
         s.mutable_transfer_notice()->set_to_key(NamedKeyBytes("a"));
       },
       1},
      {EventKind::kNoticeObjected, IndexKind::kPassportEntry,
       [builds_on](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_notice_objected();
       },
       0},
      {EventKind::kNoticeWithdrawn, IndexKind::kPassportEntry,
       [builds_on](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_notice_withdrawn();
       },
       0},
      {EventKind::kOwnershipMoved, IndexKind::kPassportEntry,
       [builds_on, today](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_ownership_moved()->set_effective_on(today);
       },
       0},
      {EventKind::kPledged, IndexKind::kPassportEntry,
       [builds_on, today](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_pledged()->set_pledgee_key(NamedKeyBytes("a"));
         s.mutable_pledged()->set_pledged_on(today);
       },
       1},
      {EventKind::kPledgeReleased, IndexKind::kPassportEntry,
       [builds_on, today](S& s) {
         s.set_builds_on(builds_on);
         s.mutable_pledge_released()->set_released_on(today);
       },
       0},
      {EventKind::kIncidentReported, IndexKind::kPassportEntry,
       [today](S& s) {
         s.mutable_incident_reported()->set_kind(v1::IncidentReported::LOST);
         s.mutable_incident_reported()->set_occurred_on(today);
       },
       0},
      {EventKind::kIncidentResolved, IndexKind::kPassportEntry,
       [today](S& s) {
         s.mutable_incident_resolved()->set_incident(std::string(32, 'i'));
         s.mutable_incident_resolved()->set_outcome(v1::IncidentResolved::RECOVERED);
         s.mutable_incident_resolved()->set_resolved_on(today);
       },
       0},
  };
}

void SetSubject(v1::Statement& statement, IndexKind kind) {
  if (kind == IndexKind::kStewardsEntry) AboutStewards(statement);
  if (kind == IndexKind::kParticipantEntry) AboutParticipant(statement);
  if (kind == IndexKind::kPassportEntry) AboutPiece(statement);
}

v1::Statement Build(const Sample& sample) {
  v1::Statement statement = Header();
  SetSubject(statement, sample.subject);
  sample.fill(statement);
  return statement;
}

absl::StatusOr<ParsedStatement> Parse(const v1::Statement& statement) {
  return ParsedStatement::Parse(statement.SerializeAsString());
}

class EveryEvent : public testing::TestWithParam<Sample> {};

TEST_P(EveryEvent, IsRead) {
  const auto parsed = Parse(Build(GetParam()));
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->event(), GetParam().event);
  EXPECT_EQ(parsed->subject().kind, GetParam().subject);
  EXPECT_EQ(parsed->log_origin(), "passports.example/log");
  EXPECT_EQ(parsed->occurred_at_ms(), 1'795'300'000'000u);
  EXPECT_EQ(parsed->builds_on().has_value(), IsOwnershipEvent(GetParam().event));
  ASSERT_EQ(parsed->named_keys().size(), GetParam().keys);
  if (GetParam().keys == 1) {
    EXPECT_EQ(std::string(parsed->named_keys()[0].encoded()), NamedKeyBytes("a"));
  }
}

TEST_P(EveryEvent, IsAboutOneKindOfSubject) {
  for (const IndexKind kind :
       {IndexKind::kPassportEntry, IndexKind::kParticipantEntry, IndexKind::kStewardsEntry}) {
    v1::Statement statement = Build(GetParam());
    SetSubject(statement, kind);
    if (kind == GetParam().subject) {
      EXPECT_THAT(Parse(statement), IsOk());
    } else {
      EXPECT_THAT(Parse(statement), IsRefused(RefusalCode::kInvalidStatement));
    }
  }
}

TEST_P(EveryEvent, BuildsOnAnEntryOnlyIfItChangesOwnership) {
  const bool changes = IsOwnershipEvent(GetParam().event);
  for (const size_t size : {0, 31, 32, 33}) {
    v1::Statement statement = Build(GetParam());
    statement.set_builds_on(std::string(size, 'b'));
    const bool is_right = changes ? size == 32 : size == 0;
    if (is_right) {
      EXPECT_THAT(Parse(statement), IsOk()) << size;
    } else {
      EXPECT_THAT(Parse(statement), IsRefused(RefusalCode::kInvalidStatement)) << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryEvent, testing::ValuesIn(Samples()), [](const auto& event) {
  return std::string(EventName(event.param.event));
});

INSTANTIATE_TEST_SUITE_P(Life, EveryEvent, testing::ValuesIn(LifeSamples()), [](const auto& event) {
  return std::string(EventName(event.param.event));
});

// No event of the schema is without its sample.
TEST(Statement, HasAnExampleOfEveryEvent) {
  std::set<int> events;
  for (const Sample& sample : Samples()) events.insert(static_cast<int>(sample.event));
  for (const Sample& sample : LifeSamples()) events.insert(static_cast<int>(sample.event));
  for (int event = 1; event < 256; ++event) {
    const bool exists = FindEventRule(static_cast<uint8_t>(event)) != nullptr;
    EXPECT_EQ(events.count(event) > 0, exists) << event;
  }
}

v1::Statement Care() { return Build(Samples()[9]); }

struct BadHeader {
  std::string name;
  std::function<void(v1::Statement&)> spoil;
  RefusalCode refused;
};

void PrintTo(const BadHeader& bad, std::ostream* out) { *out << bad.name; }

class BadHeaders : public testing::TestWithParam<BadHeader> {};

TEST_P(BadHeaders, IsRefused) {
  v1::Statement statement = Care();
  ASSERT_THAT(Parse(statement), IsOk());
  GetParam().spoil(statement);
  EXPECT_THAT(Parse(statement), IsRefused(GetParam().refused));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadHeaders,
    testing::Values(
        BadHeader{"no_origin", [](v1::Statement& s) { s.clear_log_origin(); },
                  RefusalCode::kInvalidField},
        BadHeader{"origin_that_names_no_log", [](v1::Statement& s) { s.set_log_origin("a+b"); },
                  RefusalCode::kInvalidField},
        BadHeader{"no_rules_version", [](v1::Statement& s) { s.clear_rules_version(); },
                  RefusalCode::kInvalidField},
        BadHeader{"later_rules", [](v1::Statement& s) { s.set_rules_version(2); },
                  RefusalCode::kUnknownRules},
        BadHeader{"no_nonce", [](v1::Statement& s) { s.clear_nonce(); },
                  RefusalCode::kInvalidField},
        BadHeader{"short_nonce", [](v1::Statement& s) { s.set_nonce(std::string(15, 'n')); },
                  RefusalCode::kInvalidField},
        BadHeader{"long_nonce", [](v1::Statement& s) { s.set_nonce(std::string(17, 'n')); },
                  RefusalCode::kInvalidField},
        BadHeader{"no_time", [](v1::Statement& s) { s.clear_occurred_at_ms(); },
                  RefusalCode::kInvalidField},
        BadHeader{"no_subject", [](v1::Statement& s) { s.clear_subject(); },
                  RefusalCode::kInvalidStatement},
        BadHeader{"empty_subject", [](v1::Statement& s) { s.mutable_subject()->Clear(); },
                  RefusalCode::kInvalidStatement},
        BadHeader{"short_passport_id",
                  [](v1::Statement& s) { s.mutable_subject()->set_passport_id("0123456789abcde"); },
                  RefusalCode::kInvalidField},
        BadHeader{"no_event", [](v1::Statement& s) { s.clear_care_record(); },
                  RefusalCode::kInvalidStatement}),
    [](const auto& bad) { return bad.param.name; });

TEST(Statement, RefusesParticipantIdsThatAreNone) {
  for (const char* id : {"", "Maison", "-maison", "maison.", "mai son", "maïson"}) {
    v1::Statement statement = Build(Samples()[4]);
    statement.mutable_subject()->set_participant_id(id);
    EXPECT_FALSE(Parse(statement).ok()) << id;
  }
}

TEST(Statement, IsReadFromItsPlainBytesOnly) {
  const std::string bytes = Care().SerializeAsString();
  ASSERT_THAT(ParsedStatement::Parse(bytes), IsOk());
  // Field 1, the origin, once more at the end.
  EXPECT_THAT(ParsedStatement::Parse(bytes + "\x0A\x01x"), IsRefused(RefusalCode::kNotCanonical));
  EXPECT_THAT(ParsedStatement::Parse(bytes + "\xC0\x07\x01"),
              IsRefused(RefusalCode::kUnknownField));
  EXPECT_THAT(ParsedStatement::Parse(absl::string_view(bytes).substr(0, bytes.size() - 1)),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParsedStatement::Parse(""), IsRefused(RefusalCode::kInvalidField));
}

TEST(Statement, IsNoLongerThanAnEntryCanBe) {
  EXPECT_THAT(ParsedStatement::Parse(std::string(65477, 'x')), IsRefused(RefusalCode::kTooLarge));
}

TEST(Statement, ClaimsWhatItsFieldsSay) {
  v1::Statement statement = Build(Samples()[7]);
  v1::Piece& piece = *statement.mutable_registration()->mutable_piece();
  piece.set_gtin14("03612345678904");
  v1::Inscription& brand = *piece.add_inscriptions();
  brand.set_text("MAISON");
  brand.set_kind(v1::Inscription::BRAND);
  v1::Inscription& serial = *piece.add_inscriptions();
  serial.set_text("no. 77-b");
  serial.set_kind(v1::Inscription::SERIAL);
  const auto parsed = Parse(statement);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_THAT(parsed->claims(),
              ElementsAre(ClaimSubject{IndexKind::kInscriptionClaim, "GIA2141438001"},
                          ClaimSubject{IndexKind::kInscriptionClaim, "NO77B"},
                          ClaimSubject{IndexKind::kReportNumberClaim, std::string("GIA\0"
                                                                                  "2141438001",
                                                                                  14)},
                          ClaimSubject{IndexKind::kGtinSerialClaim, "03612345678904R-1"}));
  EXPECT_THAT(Parse(Care())->claims(), IsEmpty());
  EXPECT_THAT(Parse(Build(Samples()[8]))->claims(),
              ElementsAre(ClaimSubject{IndexKind::kReportNumberClaim, std::string("GIA\0"
                                                                                  "1",
                                                                                  5)}));
}

// ---- What statements do to claims. ----

v1::Statement ARegistration() {
  v1::Statement statement = Header();
  AboutPiece(statement);
  *statement.mutable_registration()->mutable_piece() = SamplePiece(1);
  return statement;
}

TEST(ParsedStatement, ReadsReferencesToClaims) {
  v1::Statement statement = ARegistration();
  *statement.mutable_registration()->add_contests() = ReferenceTo(Inscribed());
  v1::Predecessor& predecessor = *statement.mutable_registration()->add_predecessors();
  predecessor.set_passport_id(TestPassportId(7));
  predecessor.set_digest(std::string(32, 'd'));
  const auto parsed = Parse(statement);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_THAT(parsed->contests(), ElementsAre(Inscribed()));
  ASSERT_EQ(parsed->predecessors().size(), 1u);
  EXPECT_EQ(parsed->predecessors()[0].passport_id, TestPassportId(7));
  EXPECT_EQ(DigestBytes(parsed->predecessors()[0].digest), std::string(32, 'd'));
}

TEST(ParsedStatement, APieceIsNotItsOwnSuccessor) {
  v1::Statement statement = Header();
  AboutPiece(statement);
  v1::StoneRemoved& removed = *statement.mutable_stone_removed();
  removed.set_removed_on("2026-11-22");
  *removed.add_releases() = ReferenceTo(Inscribed());
  removed.set_successor(TestPassportId(2));
  EXPECT_THAT(Parse(statement), IsOk());
  removed.set_successor(TestPassportId(1));
  EXPECT_THAT(Parse(statement), IsRefused(RefusalCode::kInvalidField));
}

}  // namespace
}  // namespace touchstone
