#include "cli/audit/log_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/index_insertions.h"

namespace touchstone::cli {
namespace {

absl::Status Replay(const TestLog& log) {
  LogReplay replay(log.origin(), log.GenesisDigest());
  for (uint64_t position = 0; position < log.size(); ++position) {
    const absl::Status status = replay.Next(log.Frame(position));
    if (!status.ok()) return status;
  }
  const absl::Status status = replay.Finish();
  if (!status.ok()) return status;
  if (replay.TreeRoot() != log.Root()) return absl::DataLossError("another root");
  return absl::OkStatus();
}

// An issuer, a laboratory, a workshop, and one piece at the store.
void BeginLog(TestLog& log) {
  log.Enrol("maison", {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("9521234"); });
  log.Enrol("gia", {v1::LABORATORY}, {"gia"},
            [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  log.Commit();
  log.Register(1, "maison");
  log.Commit();
}

ClaimSubject Inscription() { return {IndexKind::kInscriptionClaim, "GIA2141438001"}; }

// Piece 2 contests what piece 1 bears.
void Dispute(TestLog& log) {
  v1::Statement copy = log.PassportStatement(2);
  v1::Registration& registration = *copy.mutable_registration();
  *registration.mutable_piece() = SamplePiece(2);
  *registration.mutable_piece()->mutable_inscriptions() = SamplePiece(1).inscriptions();
  *registration.add_contests() = ReferenceTo(Inscription());
  log.Say(copy, {"maison"});
}

// The stone of piece 1 is released for `successor`, and `taken` claims it.
void Remount(TestLog& log, int successor, v1::Statement& taken) {
  const Digest release =
      log.EndLife(1, {"maison"}, v1::EndOfLife::REMOUNTED, {Inscription()}, {successor}).digest;
  v1::Registration& registration = *taken.mutable_registration();
  *registration.mutable_piece() = SamplePiece(9);
  *registration.mutable_piece()->mutable_inscriptions() = SamplePiece(1).inscriptions();
  v1::Predecessor& predecessor = *registration.add_predecessors();
  predecessor.set_passport_id(TestPassportId(1));
  predecessor.set_digest(std::string(DigestBytes(release)));
  log.Say(taken, {"maison"});
}

TEST(LogReplay, AcceptsADisputeAndARemount) {
  TestLog log;
  BeginLog(log);
  Dispute(log);
  log.Commit();
  log.Resolve(1, "gia", Inscription());
  v1::Statement taken = log.PassportStatement(3);
  Remount(log, 3, taken);
  log.Commit();
  EXPECT_THAT(Replay(log), IsOk());
}

TEST(LogReplay, AcceptsALife) {
  TestLog log;
  BeginLog(log);
  log.Report(1, "gia", "GIA", "5551234567");
  log.Care(1, "atelier");
  log.FirstSale(1, "maison", "claim");
  log.Commit();
  log.Claim(1, "claim", "alice");
  log.Transfer(1, "alice", "bob");
  log.RevokeKey("maison", "maison");
  log.EnrolCardKey("card");
  log.Commit();
  log.Commit();  // a heartbeat
  log.Close();
  log.Commit();
  EXPECT_THAT(Replay(log), IsOk());
}

TEST(LogReplay, CountsWhatItChecked) {
  TestLog log;
  BeginLog(log);
  LogReplay replay(log.origin(), log.GenesisDigest());
  for (uint64_t position = 0; position < log.size(); ++position) {
    ASSERT_THAT(replay.Next(log.Frame(position)), IsOk());
  }
  const ReplayTotals totals = replay.totals();
  EXPECT_EQ(totals.entries, log.size());
  EXPECT_EQ(totals.commits, 3u);
  EXPECT_EQ(totals.passports, 1u);
  EXPECT_EQ(totals.participants, 3u);
  EXPECT_EQ(totals.signatures, 2u + 3 * 2u + 1u);  // genesis, enrolments by two of three, one piece
}

struct Lie {
  const char* name;
  std::function<void(TestLog&)> tell;  // after BeginLog
  RefusalCode caught_as;
};

class LogReplayCatches : public testing::TestWithParam<Lie> {};

TEST_P(LogReplayCatches, TheLie) {
  TestLog log;
  BeginLog(log);
  GetParam().tell(log);
  log.Commit();
  EXPECT_THAT(Replay(log), IsRefused(GetParam().caught_as));
}

INSTANTIATE_TEST_SUITE_P(
    Lies, LogReplayCatches,
    testing::Values(
        Lie{"a workshop registers", [](TestLog& log) { log.Register(2, "atelier"); },
            RefusalCode::kWrongRole},
        Lie{"a stranger registers", [](TestLog& log) { log.Register(2, "nobody"); },
            RefusalCode::kUnknownSigner},
        Lie{"a revoked key registers",
            [](TestLog& log) {
              log.RevokeKey("maison", "maison");
              log.Register(2, "maison");
            },
            RefusalCode::kKeyRevoked},
        Lie{"sold twice",
            [](TestLog& log) {
              log.FirstSale(1, "maison", "claim");
              log.FirstSale(1, "maison", "another claim");
            },
            RefusalCode::kWrongPhase},
        Lie{"two pieces with one inscription",
            [](TestLog& log) { log.Register(2, "maison", SamplePiece(1)); },
            RefusalCode::kClaimTaken},
        Lie{"a claim resolved by another laboratory",
            [](TestLog& log) {
              log.Enrol("igi", {v1::LABORATORY}, {"igi"}, [](v1::ParticipantDetails& details) {
                details.add_laboratory_names("IGI");
              });
              Dispute(log);
              log.Resolve(1, "igi", Inscription());
            },
            RefusalCode::kWrongRole},
        Lie{"a claim released while disputed",
            [](TestLog& log) {
              Dispute(log);
              log.RemoveStone(1, {"maison"}, {Inscription()});
            },
            RefusalCode::kWrongClaimStep},
        Lie{"a stone taken over by another than its successor",
            [](TestLog& log) {
              v1::Statement taken = log.PassportStatement(3);
              Remount(log, 2, taken);
            },
            RefusalCode::kWrongPredecessors},
        Lie{"the same statement twice",
            [](TestLog& log) {
              const v1::Statement statement = [&] {
                v1::Statement care = log.PassportStatement(1);
                care.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
                care.mutable_care_record()->set_performed_on("2026-11-22");
                return care;
              }();
              log.Say(statement, {"atelier"});
              log.Say(statement, {"atelier"});
            },
            RefusalCode::kBrokenChain},
        Lie{"a number is skipped",
            [](TestLog& log) {
              v1::Statement care = log.PassportStatement(1);
              care.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
              care.mutable_care_record()->set_performed_on("2026-11-22");
              log.Append(SignStatement(care, {"atelier"}),
                         {IndexKind::kPassportEntry, TestPassportId(1)}, {},
                         [](Entry& entry) { ++entry.number; });
            },
            RefusalCode::kBrokenChain},
        Lie{"time runs backwards",
            [](TestLog& log) {
              v1::Statement care = log.PassportStatement(1);
              care.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
              care.mutable_care_record()->set_performed_on("2026-11-22");
              log.Append(SignStatement(care, {"atelier"}),
                         {IndexKind::kPassportEntry, TestPassportId(1)}, {},
                         [](Entry& entry) { entry.time_ms -= 60'000; });
            },
            RefusalCode::kBrokenChain},
        Lie{"a new piece from before the last commit",
            [](TestLog& log) {
              v1::Statement statement = log.PassportStatement(2);
              *statement.mutable_registration()->mutable_piece() = SamplePiece(2);
              log.Say(statement, {"maison"}, [](Entry& entry) { entry.time_ms -= 60'000; });
            },
            RefusalCode::kBrokenChain},
        Lie{"a record under a forged signature",
            [](TestLog& log) {
              v1::Statement care = log.PassportStatement(1);
              care.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
              care.mutable_care_record()->set_performed_on("2026-11-22");
              const Envelope genuine = SignStatement(care, {"atelier"});
              std::vector<EnvelopeSignature> signatures = genuine.signatures();
              signatures[0].sig[10] ^= 1;
              log.Append(ValueOrDie(Envelope::Create(PayloadType::kStatement, genuine.payload(),
                                                     std::move(signatures))),
                         {IndexKind::kPassportEntry, TestPassportId(1)}, {});
            },
            RefusalCode::kBadSignature},
        Lie{"an insertion is left out",
            [](TestLog& log) {
              log.Care(1, "atelier");
              log.DropLastInsertion();
            },
            RefusalCode::kBadIndexProof},
        Lie{"an insertion that nothing calls for",
            [](TestLog& log) {
              log.Care(1, "atelier");
              log.InsertIntoIndex({IndexKind::kPassportEntry, TestPassportId(9), 0,
                                   IndexEvent::kEntry, Digest{9}, 1});
            },
            RefusalCode::kBadIndexProof},
        Lie{"something is said after the log was closed",
            [](TestLog& log) {
              log.Close();
              log.Commit();
              log.Care(1, "atelier");
            },
            RefusalCode::kLogClosed}),
    [](const testing::TestParamInfo<Lie>& lie) {
      std::string name = lie.param.name;
      for (char& c : name) c = c == ' ' ? '_' : c;
      return name;
    });

TEST(LogReplay, RefusesAnotherGenesis) {
  TestLog log;
  LogReplay replay(log.origin(), Digest{1});
  EXPECT_THAT(replay.Next(log.Frame(0)), IsRefused(RefusalCode::kWrongGenesis));
}

TEST(LogReplay, RefusesAnotherLogsStatements) {
  TestLog log;
  LogReplay replay("other.example/log", log.GenesisDigest());
  EXPECT_THAT(replay.Next(log.Frame(0)), IsRefused(RefusalCode::kWrongOrigin));
}

TEST(LogReplay, RefusesALogThatIsCutOff) {
  TestLog log;
  BeginLog(log);
  LogReplay replay(log.origin(), log.GenesisDigest());
  for (uint64_t position = 0; position + 1 < log.size(); ++position) {
    ASSERT_THAT(replay.Next(log.Frame(position)), IsOk());
  }
  EXPECT_THAT(replay.Finish(), IsRefused(RefusalCode::kBrokenChain));
}

// What is refused by the frame alone: nothing that comes later would show it.
TEST(LogReplay, RefusesALastIndexRootThatIsNotTheNext) {
  TestLog log;
  BeginLog(log);
  log.Commit();  // a heartbeat
  const Entry honest = ValueOrDie(DecodeEntry(log.Frame(log.size() - 1)));
  const auto end_with = [&log](const Entry& last) {
    LogReplay replay(log.origin(), log.GenesisDigest());
    for (uint64_t position = 0; position + 1 < log.size(); ++position) {
      EXPECT_THAT(replay.Next(log.Frame(position)), IsOk());
    }
    return replay.Next(ValueOrDie(EncodeEntry(last)));
  };
  EXPECT_THAT(end_with(honest), IsOk());
  Entry elsewhere = honest;
  ++elsewhere.position;
  EXPECT_THAT(end_with(elsewhere), IsRefused(RefusalCode::kBrokenChain));
  Entry joined_elsewhere = honest;
  IndexRootPayload payload = ValueOrDie(DecodeIndexRootPayload(honest.payload));
  --payload.previous_index_root;
  joined_elsewhere.payload = EncodeIndexRootPayload(payload);
  EXPECT_THAT(end_with(joined_elsewhere), IsRefused(RefusalCode::kBrokenChain));
}

TEST(LogReplay, RefusesEveryFlippedByteOfAnEntry) {
  TestLog log;
  BeginLog(log);
  const uint64_t last = log.size() - 2;  // the registration
  const std::string frame = log.Frame(last);
  for (size_t i = 0; i < frame.size(); i += 7) {
    LogReplay replay(log.origin(), log.GenesisDigest());
    for (uint64_t position = 0; position < last; ++position) {
      ASSERT_THAT(replay.Next(log.Frame(position)), IsOk());
    }
    std::string changed = frame;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    absl::Status status = replay.Next(changed);
    // The registry's own time may differ in a later entry's favour: then the index, and the tree,
    // do not agree any more.
    if (status.ok()) status = replay.Next(log.Frame(last + 1));
    EXPECT_FALSE(status.ok()) << "byte " << i;
  }
}

}  // namespace
}  // namespace touchstone::cli
