#include "tests/verifier/rule_scenario.h"

#include <gmock/gmock.h>

#include <utility>

#include "tests/support/rule_replay.h"
#include "tests/vectors/second_opinion.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_passport.h"

namespace touchstone {

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

// One participant of each role, called as its only key; and piece 1, registered by the maison.
void Populate(TestLog& log) {
  const auto reports_as = [](const char* name) {
    return [name](v1::ParticipantDetails& details) { details.add_laboratory_names(name); };
  };
  log.Enrol("maison", {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("361234"); });
  log.Enrol("rival", {v1::ISSUER}, {"rival"});
  log.Enrol("gia", {v1::LABORATORY}, {"gia"}, reports_as("Gemological Institute of America"));
  log.Enrol("igi", {v1::LABORATORY}, {"igi"}, reports_as("IGI"));
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Enrol("appraiser", {v1::APPRAISER}, {"appraiser"});
  log.Enrol("insurer", {v1::INSURER}, {"insurer"});
  log.Enrol("court", {v1::AUTHORITY}, {"court"});
  log.Register(1, "maison");
  log.Commit();
}

Said Registration(TestLog& log, int passport, KeyNames signers,
                  const std::function<void(v1::Piece&)>& edit) {
  v1::Statement statement = log.PassportStatement(passport);
  v1::Piece piece = SamplePiece(passport);
  if (edit) edit(piece);
  *statement.mutable_registration()->mutable_piece() = piece;
  return {statement, std::move(signers)};
}

Said Report(TestLog& log, int passport, KeyNames signers, const std::string& laboratory,
            const std::string& number) {
  v1::Statement statement = log.PassportStatement(passport);
  statement.mutable_laboratory_report()->set_laboratory(laboratory);
  statement.mutable_laboratory_report()->set_report_number(number);
  return {statement, std::move(signers)};
}

Said Care(TestLog& log, int passport, KeyNames signers) {
  v1::Statement statement = log.PassportStatement(passport);
  statement.mutable_care_record()->set_kind(v1::CareRecord::POLISHING);
  statement.mutable_care_record()->set_performed_on("2027-02-28");
  return {statement, std::move(signers)};
}

Said Resolution(TestLog& log, int passport, KeyNames signers, const ClaimSubject& claim) {
  v1::Statement statement = log.PassportStatement(passport);
  *statement.mutable_claim_resolved()->mutable_claim() = ReferenceTo(claim);
  return {statement, std::move(signers)};
}

Said StoneRemoved(TestLog& log, int passport, KeyNames signers,
                  const std::vector<ClaimSubject>& releases) {
  v1::Statement statement = log.PassportStatement(passport);
  statement.mutable_stone_removed()->set_removed_on("2027-02-28");
  for (const ClaimSubject& claim : releases) {
    *statement.mutable_stone_removed()->add_releases() = ReferenceTo(claim);
  }
  return {statement, std::move(signers)};
}

Said EndOfLife(TestLog& log, int passport, KeyNames signers, v1::EndOfLife::Kind kind,
               const std::vector<ClaimSubject>& releases) {
  v1::Statement statement = log.PassportStatement(passport);
  statement.mutable_end_of_life()->set_kind(kind);
  statement.mutable_end_of_life()->set_ended_on("2027-02-28");
  for (const ClaimSubject& claim : releases) {
    *statement.mutable_end_of_life()->add_releases() = ReferenceTo(claim);
  }
  return {statement, std::move(signers)};
}

ClaimSubject InscriptionOfPiece1() { return {IndexKind::kInscriptionClaim, "GIA2141438001"}; }

ClaimSubject ReportOfPiece1() {
  return {IndexKind::kReportNumberClaim, std::string("GIA\0002141438001", 14)};
}

Said Copy(TestLog& log, int passport, KeyNames signers, const std::vector<ClaimSubject>& contests) {
  Said said = Registration(log, passport, std::move(signers), [](v1::Piece& piece) {
    const v1::Piece original = SamplePiece(1);
    *piece.mutable_inscriptions() = original.inscriptions();
    *piece.mutable_laboratory_reports() = original.laboratory_reports();
  });
  for (const ClaimSubject& claim : contests) {
    *said.statement.mutable_registration()->add_contests() = ReferenceTo(claim);
  }
  return said;
}

Said FirstSale(TestLog& log, int passport, KeyNames signers, const std::string& claim_key) {
  v1::Statement statement = log.OwnershipStatement(passport);
  statement.mutable_first_sale()->set_claim_key(NamedKeyBytes(claim_key));
  statement.mutable_first_sale()->set_sold_on("2027-01-01");
  return {statement, std::move(signers)};
}

Said Claim(TestLog& log, int passport, KeyNames signers, const std::string& owner_key) {
  v1::Statement statement = log.OwnershipStatement(passport);
  statement.mutable_claim()->set_owner_key(NamedKeyBytes(owner_key));
  return {statement, std::move(signers)};
}

Said Transfer(TestLog& log, int passport, KeyNames signers, const std::string& to_key) {
  v1::Statement statement = log.OwnershipStatement(passport);
  statement.mutable_transfer()->set_kind(v1::Transfer::GIFT);
  statement.mutable_transfer()->set_to_key(NamedKeyBytes(to_key));
  statement.mutable_transfer()->set_effective_on("2027-01-01");
  return {statement, std::move(signers)};
}

Said AddKey(TestLog& log, const std::string& id, const std::string& key, KeyNames signers) {
  v1::Statement statement = log.ParticipantStatement(id);
  statement.mutable_key_added()->set_key(NamedKeyBytes(key));
  return {statement, std::move(signers)};
}

Said Revoke(TestLog& log, const std::string& id, const std::string& key, KeyNames signers,
            std::optional<uint64_t> compromised_from) {
  v1::Statement statement = log.ParticipantStatement(id);
  const Digest key_id = NamedKeyId(key);
  statement.mutable_key_revoked()->set_key_id(std::string(DigestBytes(key_id)));
  if (compromised_from) statement.mutable_key_revoked()->set_compromised_from(*compromised_from);
  return {statement, std::move(signers)};
}

Said Change(TestLog& log, const std::string& id, v1::Role role, KeyNames signers) {
  v1::Statement statement = log.ParticipantStatement(id);
  v1::ParticipantDetails& details = *statement.mutable_participant_changed()->mutable_details();
  details.set_legal_name("Renamed");
  details.set_country("BE");
  details.add_roles(role);
  return {statement, std::move(signers)};
}

void Sell(TestLog& log) { log.FirstSale(1, "maison", "claim key"); }

void GiveToOwner(TestLog& log) {
  Sell(log);
  log.Claim(1, "claim key", "owner 1");
}

namespace {

void ExpectAnswer(const absl::Status& status, const std::optional<RefusalCode>& refused) {
  if (refused) {
    EXPECT_THAT(status, IsRefused(*refused));
  } else {
    EXPECT_THAT(status, IsOk());
  }
}

absl::Status Verify(const TestLog& log, const Said& said, const std::optional<int>& shown_by) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(log.PolicyText()));
  if (said.statement.subject().has_stewards()) {
    const std::string file = TestLog::CardsFile(log.Cards());
    const absl::Status status = CheckCards(policy, file, log.now_ms()).status();
    ExpectSecondReaderAgrees(log.PolicyText(), file, status);
    return status;
  }
  int passport = shown_by.value_or(0);
  for (int i = 1; i < 10 && passport == 0; ++i) {
    if (said.statement.subject().passport_id() == TestPassportId(i)) passport = i;
  }
  const std::string file = log.PassportFile(passport);
  const absl::Status status = CheckPassport(policy, file, Observed{}, log.now_ms()).status();
  ExpectSecondReaderAgrees(log.PolicyText(), file, status);
  return status;
}

}  // namespace

TEST_P(Rules, RegistryAnswers) {
  TestLog log;
  Populate(log);
  const Said said = GetParam().last(log);
  const RuleReplay replay(log);
  ExpectAnswer(
      replay.Judge(SignStatement(said.statement, said.signers), {log.size(), log.now_ms()}),
      GetParam().refused);
}

TEST_P(Rules, VerifierAnswersAlike) {
  TestLog log;
  Populate(log);
  const Said said = GetParam().last(log);
  log.Say(said.statement, said.signers);
  log.Commit();
  ExpectAnswer(Verify(log, said, GetParam().shown_by), GetParam().refused);
}

std::string ScenarioName(const testing::TestParamInfo<Scenario>& info) { return info.param.name; }

}  // namespace touchstone
