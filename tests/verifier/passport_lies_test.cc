// Files that lie under a true checkpoint: each alteration of a true file, and what it must be
// refused for. Registries that lie are in log_lies_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

struct Lie {
  std::string name;
  std::function<void(const TestLog&, v1::Passport&)> tell;
  RefusalCode refused;
};

void PrintTo(const Lie& lie, std::ostream* out) { *out << lie.name; }

class Lies : public testing::TestWithParam<Lie> {};

TEST_P(Lies, AreRefused) {
  const TestLog log = WholeLife();
  v1::Passport passport = log.Passport(1);
  ASSERT_THAT(Check(log, passport), IsOk());
  GetParam().tell(log, passport);
  EXPECT_THAT(Check(log, passport), IsRefused(GetParam().refused));
}

// A log with the same names and other keys, so other digests all through.
TestLog ForeignLog() {
  TestLog::Options options;
  options.genesis_time_ms += 1;
  TestLog log(options);
  log.Enrol("maison", {v1::ISSUER}, {"maison"});
  log.Register(1, "maison");
  log.Commit();
  return log;
}

void RemoveLast(v1::Chain& chain) { chain.mutable_entries()->RemoveLast(); }

const Subject kPieceOne{IndexKind::kPassportEntry, TestPassportId(1)};
const Subject kMaison{IndexKind::kParticipantEntry, "maison"};

std::vector<Lie> AllLies() {
  return {
      // Entries left out, added, moved.
      {"last_record_cut_off",
       [](const TestLog&, v1::Passport& passport) { RemoveLast(*passport.mutable_piece()); },
       RefusalCode::kBadIndexProof},
      {"last_record_cut_off_with_its_predecessors_proofs",
       [](const TestLog& log, v1::Passport& passport) {
         RemoveLast(*passport.mutable_piece());
         passport.mutable_piece()->set_last_present(
             log.IndexProofOf(kPieceOne.kind, kPieceOne.bytes, 4));
         passport.mutable_piece()->set_next_absent(
             log.IndexProofOf(kPieceOne.kind, kPieceOne.bytes, 5));
       },
       RefusalCode::kBadIndexProof},
      {"last_record_cut_off_with_an_old_proof_of_absence",
       [](const TestLog& log, v1::Passport& passport) {
         const v1::Chain old = log.ChainOf(kPieceOne, 13);
         RemoveLast(*passport.mutable_piece());
         passport.mutable_piece()->set_last_present(
             log.IndexProofOf(kPieceOne.kind, kPieceOne.bytes, 4));
         passport.mutable_piece()->set_next_absent(old.next_absent());
       },
       RefusalCode::kBadIndexProof},
      {"old_chain_under_a_new_checkpoint",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_piece() = log.ChainOf(kPieceOne, 13);
       },
       RefusalCode::kBadInclusionProof},
      {"future_record_under_an_old_checkpoint",
       [](const TestLog& log, v1::Passport& passport) {
         const v1::ProvenEntry future = passport.piece().entries(5);
         passport = log.Passport(1, 13);
         *passport.mutable_piece()->add_entries() = future;
       },
       RefusalCode::kBadInclusionProof},
      {"record_in_the_middle_left_out",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_piece()->mutable_entries()->DeleteSubrange(2, 1);
       },
       RefusalCode::kBrokenChain},
      {"registration_left_out",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_piece()->mutable_entries()->DeleteSubrange(0, 1);
       },
       RefusalCode::kBrokenChain},
      {"records_swapped",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_piece()->mutable_entries()->SwapElements(1, 2);
       },
       RefusalCode::kBrokenChain},
      {"record_twice",
       [](const TestLog&, v1::Passport& passport) {
         *passport.mutable_piece()->add_entries() = passport.piece().entries(5);
       },
       RefusalCode::kBrokenChain},
      {"no_records",
       [](const TestLog&, v1::Passport& passport) { passport.mutable_piece()->clear_entries(); },
       RefusalCode::kBrokenChain},
      {"no_piece", [](const TestLog&, v1::Passport& passport) { passport.clear_piece(); },
       RefusalCode::kBrokenChain},
      {"another_pieces_registration_in_front",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_piece()->mutable_entries(0) = log.Passport(2).piece().entries(0);
       },
       RefusalCode::kBrokenChain},
      {"another_pieces_chain",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_piece() = log.ChainOf({IndexKind::kPassportEntry, TestPassportId(2)});
       },
       RefusalCode::kWrongParticipants},
      {"participants_chain_for_the_piece",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_piece() = log.ChainOf(kMaison);
       },
       RefusalCode::kBrokenChain},
      {"index_root_as_a_record",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_piece()->mutable_entries(1) = log.Proven(7);
       },
       RefusalCode::kBrokenChain},
      {"entry_of_another_log",
       [](const TestLog&, v1::Passport& passport) {
         *passport.mutable_piece()->mutable_entries(0) =
             ForeignLog().Passport(1).piece().entries(0);
       },
       RefusalCode::kBadInclusionProof},
      {"path_of_another_entry",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_piece()->mutable_entries(2)->set_path(passport.piece().entries(3).path());
       },
       RefusalCode::kBadInclusionProof},
      {"path_too_long",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_piece()->mutable_entries(2)->mutable_path()->append(32, 'x');
       },
       RefusalCode::kBadInclusionProof},
      {"path_not_of_hashes",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_piece()->mutable_entries(2)->mutable_path()->append(1, 'x');
       },
       RefusalCode::kBadInclusionProof},

      // Stewards and participants.
      {"stewards_chain_cut",
       [](const TestLog&, v1::Passport& passport) { passport.mutable_stewards()->clear_entries(); },
       RefusalCode::kBrokenChain},
      {"no_stewards", [](const TestLog&, v1::Passport& passport) { passport.clear_stewards(); },
       RefusalCode::kBrokenChain},
      {"stewards_of_another_log",
       [](const TestLog&, v1::Passport& passport) {
         *passport.mutable_stewards() = ForeignLog().Passport(1).stewards();
       },
       RefusalCode::kBadInclusionProof},
      {"signers_chain_missing",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_participants()->DeleteSubrange(1, 1);
       },
       RefusalCode::kUnknownSigner},
      {"nobodys_chain",
       [](const TestLog&, v1::Passport& passport) { passport.clear_participants(); },
       RefusalCode::kUnknownSigner},
      {"participants_out_of_order",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_participants()->SwapElements(0, 1);
       },
       RefusalCode::kWrongParticipants},
      {"participant_twice",
       [](const TestLog&, v1::Passport& passport) {
         *passport.add_participants() = passport.participants(2);
       },
       RefusalCode::kWrongParticipants},
      {"piece_among_the_participants",
       [](const TestLog&, v1::Passport& passport) {
         *passport.mutable_participants(2) = passport.piece();
       },
       RefusalCode::kBrokenChain},

      // Checkpoint and index root.
      {"index_root_of_an_older_checkpoint",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_index_root() = log.Proven(12);
       },
       RefusalCode::kBrokenChain},
      {"statement_as_index_root",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_index_root() = log.Proven(13);
       },
       RefusalCode::kBrokenChain},
      {"no_index_root", [](const TestLog&, v1::Passport& passport) { passport.clear_index_root(); },
       RefusalCode::kMalformed},
      {"older_checkpoint",
       [](const TestLog& log, v1::Passport& passport) {
         passport.set_checkpoint(log.Checkpoint(13));
       },
       RefusalCode::kBadInclusionProof},
      {"no_checkpoint", [](const TestLog&, v1::Passport& passport) { passport.clear_checkpoint(); },
       RefusalCode::kMalformed},
      {"checkpoint_of_another_log",
       [](const TestLog&, v1::Passport& passport) {
         TestLog::Options options;
         options.origin = "test.example/log";
         passport.set_checkpoint(TestLog(options).Checkpoint());
       },
       RefusalCode::kWrongOrigin},
      {"checkpoint_by_another_key",
       [](const TestLog&, v1::Passport& passport) {
         TestLog::Options options;
         options.log_key = "thief";
         passport.set_checkpoint(TestLog(options).Checkpoint());
       },
       RefusalCode::kNoKnownSignature},

      // Claims.
      {"claim_missing",
       [](const TestLog&, v1::Passport& passport) { passport.mutable_claims()->RemoveLast(); },
       RefusalCode::kWrongClaims},
      {"no_claims", [](const TestLog&, v1::Passport& passport) { passport.clear_claims(); },
       RefusalCode::kWrongClaims},
      {"claims_out_of_order",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_claims()->SwapElements(0, 1);
       },
       RefusalCode::kWrongClaims},
      {"claim_of_another_piece_added",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.add_claims() = log.Passport(2).claims(0);
       },
       RefusalCode::kWrongClaims},
      {"claim_of_another_piece_instead",
       [](const TestLog& log, v1::Passport& passport) {
         *passport.mutable_claims(0) = log.Passport(2).claims(0);
       },
       RefusalCode::kWrongClaims},
      {"claim_without_events",
       [](const TestLog&, v1::Passport& passport) { passport.mutable_claims(0)->clear_events(); },
       RefusalCode::kWrongClaims},
      {"claim_event_twice",
       [](const TestLog&, v1::Passport& passport) {
         v1::ClaimChain& claim = *passport.mutable_claims(0);
         *claim.add_events() = passport.claims(0).events(0);
       },
       RefusalCode::kWrongClaims},
      {"claim_contested_only_in_the_file",
       [](const TestLog&, v1::Passport& passport) {
         v1::ClaimEvent& event = *passport.mutable_claims(0)->add_events();
         event = passport.claims(0).events(0);
         event.set_event(2);
         event.set_digest(std::string(32, 'd'));
         event.set_position(event.position() + 1);
       },
       RefusalCode::kBadIndexProof},
      {"claim_at_another_position",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_claims(0)->mutable_events(0)->set_position(6);
       },
       RefusalCode::kWrongClaims},
      {"claim_as_a_release",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_claims(0)->mutable_events(0)->set_event(3);
       },
       RefusalCode::kWrongClaims},
      {"claim_proof_of_another_claim",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_claims(0)->mutable_events(0)->set_present(
             passport.claims(1).events(0).present());
       },
       RefusalCode::kBadIndexProof},
      {"claim_without_proof_of_absence",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_claims(0)->clear_next_absent();
       },
       RefusalCode::kMalformed},
      {"claim_with_anothers_proof_of_absence",
       [](const TestLog&, v1::Passport& passport) {
         passport.mutable_claims(0)->set_next_absent(passport.claims(1).next_absent());
       },
       RefusalCode::kBadIndexProof},
  };
}

std::string LieName(const testing::TestParamInfo<Lie>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(All, Lies, testing::ValuesIn(AllLies()), LieName);

TEST(PassportLies, AParticipantWhoDidNotSign) {
  const TestLog log = WholeLife();
  v1::Passport passport = log.Passport(2);
  ASSERT_THAT(Check(log, passport), IsOk());
  passport.clear_participants();
  *passport.add_participants() = log.ChainOf({IndexKind::kParticipantEntry, "gia"});
  *passport.add_participants() = log.ChainOf(kMaison);
  EXPECT_THAT(Check(log, passport), IsRefused(RefusalCode::kWrongParticipants));
}

}  // namespace
}  // namespace touchstone
