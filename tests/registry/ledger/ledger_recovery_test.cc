// Whatever happened before, a ledger that starts again is the one that stopped: random histories,
// compared with the live state, and with what their entries alone say. And databases that
// contradict themselves are refused: some by every start, the others by one that rechecks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/commit_draft.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/schema.h"
#include "registry/ledger/tile_store.h"
#include "registry/storage/scratch_file.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/entry.h"

namespace touchstone::ledger {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// Says things at random, allowed or not, and keeps a model of what must come of it: who owns which
// piece, and which inscriptions are taken.
class RandomHistory {
 public:
  RandomHistory(TestRegistry& registry, uint64_t seed) : registry_(registry), random_(seed) {}

  void Step() {
    registry_.clock().Set(registry_.clock().NowMs() + random_() % 2000 - 500);
    switch (random_() % 8) {
      case 0:
      case 1:
        return Register();
      case 2:
        return Report();
      case 3:
        return Care();
      case 4:
        return Sell();
      case 5:
        return Claim();
      case 6:
        return Transfer();
      default:
        return Rotate();
    }
  }

 private:
  struct Piece {
    int phase = 0;  // 0 with the store, 1 unclaimed, 2 owned
    Digest newest = {};
    std::string acting;
  };

  int AnyPassport() { return static_cast<int>(random_() % 12); }

  void Expect(const Envelope& envelope, bool allowed) {
    const auto answer = registry_.SubmitAndCheck(envelope);
    ASSERT_EQ(answer.ok(), allowed) << answer.status();
    if (answer.ok()) last_ = answer->place;
    if (!answer.ok() || random_() % 4 != 0) return;
    ASSERT_THAT(registry_.SubmitAndCheck(envelope), IsOk());
  }

  void Register() {
    const int passport = AnyPassport();
    v1::Piece piece = SamplePiece(passport);
    const std::string report = absl::StrCat("77770", random_() % 8);
    piece.mutable_inscriptions(0)->set_text(absl::StrCat("GIA ", report));
    piece.mutable_laboratory_reports(0)->set_report_number(report);
    const bool allowed = pieces_.count(passport) == 0 && reports_.count(report) == 0;
    Expect(registry_.Registration(passport, issuer_key_, piece), allowed);
    if (!allowed) return;
    reports_[report] = passport;
    pieces_[passport].newest = last_.digest;
  }

  void Report() {
    const int passport = AnyPassport();
    const std::string report = absl::StrCat("77770", random_() % 8);
    const auto taken = reports_.find(report);
    const bool allowed =
        pieces_.count(passport) > 0 && (taken == reports_.end() || taken->second == passport);
    Expect(registry_.Report(passport, "gia key", "GIA", report), allowed);
    if (allowed) reports_[report] = passport;
  }

  void Care() {
    const int passport = AnyPassport();
    Expect(registry_.Care(passport), pieces_.count(passport) > 0);
  }

  void Sell() {
    const int passport = AnyPassport();
    Piece piece = pieces_.count(passport) > 0 ? pieces_[passport] : Piece{};
    const bool allowed = pieces_.count(passport) > 0 && piece.phase == 0;
    const std::string claim_key = absl::StrCat("claim ", passport);
    Expect(registry_.FirstSale(passport, piece.newest, issuer_key_, claim_key), allowed);
    if (allowed) pieces_[passport] = {1, last_.digest, claim_key};
  }

  void Claim() {
    const int passport = AnyPassport();
    Piece piece = pieces_.count(passport) > 0 ? pieces_[passport] : Piece{};
    const bool allowed = pieces_.count(passport) > 0 && piece.phase == 1;
    const std::string owner = FreshOwner();
    const std::string claim_key = absl::StrCat("claim ", passport);
    Expect(registry_.Claim(passport, piece.newest, claim_key, owner), allowed);
    if (allowed) pieces_[passport] = {2, last_.digest, owner};
  }

  void Transfer() {
    const int passport = AnyPassport();
    Piece piece = pieces_.count(passport) > 0 ? pieces_[passport] : Piece{};
    const bool thief = random_() % 3 == 0;
    const bool allowed = pieces_.count(passport) > 0 && piece.phase == 2 && !thief;
    const std::string owner = FreshOwner();
    Expect(registry_.Transfer(passport, piece.newest, thief ? "thief" : piece.acting, owner),
           allowed);
    if (allowed) pieces_[passport] = {2, last_.digest, owner};
  }

  // The issuer's next key in, the old one out.
  void Rotate() {
    if (random_() % 4 != 0) return;
    const std::string next = absl::StrCat("maison key ", ++keys_);
    Expect(registry_.KeyAddition("maison", next), true);
    Expect(registry_.KeyRevocation("maison", issuer_key_), true);
    issuer_key_ = next;
  }

  std::string FreshOwner() { return absl::StrCat("owner ", ++owners_); }

  TestRegistry& registry_;
  std::mt19937_64 random_;
  EntryPlace last_;
  std::map<int, Piece> pieces_;
  std::map<std::string, int> reports_;
  std::string issuer_key_ = "maison key";
  int keys_ = 0;
  int owners_ = 0;
};

// Everything that a view answers.
std::map<std::string, std::string> Answers(const View& view) {
  std::map<std::string, std::string> answers;
  answers["note"] = view.checkpoint_note();
  answers["index root"] = DigestToHex(view.index_root());
  answers["time"] = absl::StrCat(view.time_ms());
  answers["cards"] = ValueOrDie(view.CardsFile());
  for (const std::string& chain : ValueOrDie(view.Participants(std::nullopt, 100)).chains) {
    answers["participants"] += chain;
  }
  for (const std::string& frame : ValueOrDie(view.PublicEntries(0, 1000)).frames) {
    answers["public"] += frame;
  }
  const PiecePage pieces =
      ValueOrDie(view.PiecesOf(ValueOrDie(ParticipantId::Parse("maison")), 0, 500));
  for (const PieceSummary& piece : pieces.pieces) {
    const PassportId id = ValueOrDie(PassportId::FromBytes(piece.passport_id));
    answers[id.Format()] = ValueOrDie(view.PassportFile(id));
  }
  return answers;
}

// The rows that follow from the entries alone, replayed into an empty store.
std::map<std::string, std::string> Replayed(const View& view) {
  storage::MemoryStore store;
  const TileStore tiles(store, 0);
  Directory directory;
  PassportBooks books(store, directory, 0);
  Tip tip(tiles);
  auto draft = std::make_unique<CommitDraft>(tip, store, directory, books);
  EXPECT_THAT(
      view.ForEachEntry(0,
                        [&](uint64_t, absl::string_view frame) {
                          const Entry entry = ValueOrDie(DecodeEntry(frame));
                          if (entry.type == EntryType::kStatement) {
                            const auto submission = ValueOrDie(Submission::Read(entry.payload));
                            return draft->Append(submission, entry.time_ms).status();
                          }
                          absl::Status status = draft->Seal(entry.time_ms);
                          if (status.ok()) status = store.Commit(draft->batch());
                          draft->Publish();
                          draft = std::make_unique<CommitDraft>(tip, store, directory, books);
                          return status;
                        }),
      IsOk());
  return TestRegistry::Dump(store);
}

class RecoveryTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(RecoveryTest, AnswersAsTheLiveOneDidAfterAnyHistory) {
  const storage::ScratchDirectory scratch;
  const auto pages = ValueOrDie(storage::ScratchFile::Create(scratch.File("pages")));
  TestRegistry registry;
  registry.options().passport_cache_entries = 1;  // fold often
  registry.options().index_pages = pages.get();
  registry.options().index_memory_bytes = GetParam() % 2 == 0 ? SIZE_MAX : 16 << 10;
  registry.Start();
  RandomHistory history(registry, GetParam());
  for (int stretch = 0; stretch < 6; ++stretch) {
    for (int step = 0; step < 40; ++step) {
      ASSERT_NO_FATAL_FAILURE(history.Step());
    }
    const std::map<std::string, std::string> before = Answers(*registry.Newest());
    for (const bool recheck : {false, true, false}) {
      registry.options().recheck = recheck;
      ASSERT_THAT(registry.Open(), IsOk());
      ASSERT_EQ(Answers(*registry.Newest()), before);
    }
  }
  ExpectWholeLogHolds(registry);
  std::map<std::string, std::string> stored = TestRegistry::Dump(registry.store());
  stored.erase(schema::VersionKey());
  stored.erase(schema::CheckpointKey());
  EXPECT_EQ(Replayed(*registry.Newest()), stored);
}

// What leaves of the index on pages come to when the pages cannot be read: who asks is told so, the
// next commit stops the ledger, and a new start has lost nothing.
TEST(SpilledIndexTest, PagesThatCannotBeReadStopTheLedgerAndLoseNothing) {
  const storage::ScratchDirectory scratch;
  const std::string path = scratch.File("pages");
  auto pages = ValueOrDie(storage::ScratchFile::Create(path));
  std::vector<std::string> reported;
  TestRegistry registry;
  registry.Start();
  for (int i = 0; i < 100; ++i) registry.Accepted(registry.Registration(i));
  registry.options().on_storage_error = [&reported](const absl::Status& status) {
    reported.push_back(std::string(status.message()));
  };
  registry.options().index_memory_bytes = 8 << 10;
  registry.options().index_pages = pages.get();
  ASSERT_THAT(registry.Open(), IsOk());
  std::filesystem::resize_file(path, 0);

  size_t refused = 0;
  for (int i = 0; i < 100; ++i) {
    const auto file =
        registry.Newest()->PassportFile(ValueOrDie(PassportId::FromBytes(TestPassportId(i))));
    if (file.ok()) continue;
    ++refused;
    EXPECT_EQ(file.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(file.status().message()), Not(HasSubstr(path)));
  }
  EXPECT_GT(refused, 50u);
  EXPECT_THAT(reported, Contains(HasSubstr(path)));
  int accepted = 0;
  for (int i = 100; i < 140 && registry.fatal().empty(); ++i) {
    if (registry.SubmitAndCheck(registry.Registration(i)).ok()) ++accepted;
  }
  EXPECT_EQ(registry.fatal().size(), 1u);

  registry.Close();
  pages = ValueOrDie(storage::ScratchFile::Create(path));
  registry.options().index_pages = pages.get();
  ASSERT_THAT(registry.Open(), IsOk());
  ExpectWholeLogHolds(registry, 100 + static_cast<size_t>(accepted));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecoveryTest, ::testing::Values(1, 2, 3, 20261122));

// ---- Databases that contradict themselves. ----

class DamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.Start();
    for (int i = 0; i < 150; ++i) registry_.Accepted(registry_.Registration(i));
    size_ = registry_.Newest()->size();
    registry_.Close();
    ASSERT_GT(size_, 256u);  // so that there is a full tile
  }

  void Change(const std::string& key, const std::function<void(std::string&)>& change) {
    std::string value = ValueOrDie(registry_.store().Get(key));
    change(value);
    storage::WriteBatch batch;
    batch.Put(key, value);
    ASSERT_THAT(registry_.store().Commit(batch), IsOk());
  }
  void Delete(const std::string& key) {
    storage::WriteBatch batch;
    batch.Delete(key);
    ASSERT_THAT(registry_.store().Commit(batch), IsOk());
  }
  void Put(const std::string& key, const std::string& value) {
    storage::WriteBatch batch;
    batch.Put(key, value);
    ASSERT_THAT(registry_.store().Commit(batch), IsOk());
  }

  absl::StatusCode Open(bool recheck) {
    registry_.options().recheck = recheck;
    const absl::Status status = registry_.Open();
    registry_.Close();
    return status.code();
  }
  // By every start.
  void ExpectRefused(absl::StatusCode code = absl::StatusCode::kDataLoss) {
    EXPECT_EQ(Open(/*recheck=*/false), code);
    EXPECT_EQ(Open(/*recheck=*/true), code);
  }
  // By a recheck only.
  void ExpectFoundByRecheck() {
    EXPECT_EQ(Open(/*recheck=*/false), absl::StatusCode::kOk);
    EXPECT_EQ(Open(/*recheck=*/true), absl::StatusCode::kDataLoss);
  }

  TestRegistry registry_;
  uint64_t size_ = 0;
};

// ---- What every start finds out. ----

TEST_F(DamageTest, NothingIsWrong) {
  EXPECT_EQ(Open(/*recheck=*/false), absl::StatusCode::kOk);
  EXPECT_EQ(Open(/*recheck=*/true), absl::StatusCode::kOk);
}

TEST_F(DamageTest, AChangedOrMissingEntryAmongTheNewest) {
  const std::string key = schema::EntryKey(size_ - 20);
  Change(key, [](std::string& frame) { frame[4 + 1 + 8 + 7] ^= 1; });  // its time
  ExpectRefused();
  Delete(key);
  ExpectRefused();
}

TEST_F(DamageTest, AMissingLastEntry) {
  Delete(schema::EntryKey(size_ - 1));
  ExpectRefused();
}

TEST_F(DamageTest, AMissingCommitAtTheEnd) {
  Delete(schema::EntryKey(size_ - 1));
  Delete(schema::EntryKey(size_ - 2));
  ExpectRefused();
}

TEST_F(DamageTest, AnEntryBehindTheLast) {
  Put(schema::EntryKey(size_), ValueOrDie(registry_.store().Get(schema::EntryKey(size_ - 2))));
  ExpectRefused();
}

TEST_F(DamageTest, AMissingOrChangedTile) {
  const std::string kept = ValueOrDie(registry_.store().Get(schema::DigestsKey(0)));
  Change(schema::DigestsKey(0), [](std::string& digests) { digests[77] ^= 1; });
  ExpectRefused();
  Delete(schema::DigestsKey(0));
  ExpectRefused();
  Put(schema::DigestsKey(0), kept);
  EXPECT_EQ(Open(/*recheck=*/false), absl::StatusCode::kOk);
}

TEST_F(DamageTest, ChangedOrMissingInsertions) {
  for (const uint64_t root : {size_ - 1, uint64_t{21}, uint64_t{1}}) {
    const std::string key = schema::InsertionsKey(root);
    const std::string kept = ValueOrDie(registry_.store().Get(key));
    ASSERT_FALSE(kept.empty());
    Change(key, [](std::string& leaves) { leaves[40] ^= 1; });  // a value
    ExpectRefused();
    Put(key, kept.substr(1));
    ExpectRefused();
    Put(key, "");
    ExpectRefused();
    Delete(key);
    ExpectRefused();
    Put(key, kept);
  }
  EXPECT_EQ(Open(/*recheck=*/false), absl::StatusCode::kOk);
}

TEST_F(DamageTest, InsertionsOfNoCommitOrTwice) {
  const std::string last = ValueOrDie(registry_.store().Get(schema::InsertionsKey(size_ - 1)));
  Put(schema::InsertionsKey(size_ + 1), "");
  ExpectRefused();
  Delete(schema::InsertionsKey(size_ + 1));
  Put(schema::InsertionsKey(20), last);
  ExpectRefused();
}

// The index root would still be right: but not that of these commits.
TEST_F(DamageTest, LeavesOfTheLastCommitInAnother) {
  const std::string last = schema::InsertionsKey(size_ - 1);
  const std::string before = schema::InsertionsKey(size_ - 3);
  const std::string kept = ValueOrDie(registry_.store().Get(last));
  Put(last, ValueOrDie(registry_.store().Get(before)));
  Put(before, kept);
  ExpectRefused();
}

TEST_F(DamageTest, AChangedOrMissingEntryOfAParticipant) {
  const std::string leaf = schema::LeafKey(IndexKind::kParticipantEntry, "maison", 0);
  const std::string kept = ValueOrDie(registry_.store().Get(leaf));
  Change(leaf, [](std::string& row) { row[7] ^= 2; });  // its position
  ExpectRefused();
  Put(leaf, kept);
  const uint64_t position = ValueOrDie(schema::DecodeLeafRow(kept)).position;
  Change(schema::EntryKey(position), [](std::string& frame) { frame[100] ^= 1; });
  ExpectRefused();
  Delete(schema::EntryKey(position));
  ExpectRefused();
}

TEST_F(DamageTest, ALookupOfTheStewardsDropped) {
  Delete(schema::LeafKey(IndexKind::kStewardsEntry, "", 0));
  ExpectRefused();
}

TEST_F(DamageTest, AnotherRegistrysParticipantSlippedIn) {
  TestRegistry other;
  other.Start();
  other.Accepted(other.Enrolment("thief", {v1::ISSUER}, {"thief key"}));
  const std::string leaf = schema::LeafKey(IndexKind::kParticipantEntry, "thief", 0);
  Put(leaf, ValueOrDie(other.store().Get(leaf)));
  ExpectRefused();
}

// ---- What only a recheck finds out. ----

TEST_F(DamageTest, AnEntryOfAPieceChangedOrMissing) {
  const std::string key = schema::EntryKey(20);
  Change(key, [](std::string& frame) { frame[100] ^= 1; });
  ExpectFoundByRecheck();
  Delete(key);
  ExpectFoundByRecheck();
}

TEST_F(DamageTest, ADroppedLookup) {
  const std::string id = TestPassportId(7);
  Delete(schema::LeafKey(IndexKind::kPassportEntry, id, 0));
  ExpectFoundByRecheck();
  // Who asks for it gets no passport that lacks something, but none.
  registry_.options().recheck = false;
  ASSERT_THAT(registry_.Open(), IsOk());
  EXPECT_FALSE(registry_.Newest()->PassportFile(ValueOrDie(PassportId::FromBytes(id))).ok());
}

TEST_F(DamageTest, RowsThatFollowFromNoEntry) {
  Put(schema::SerialKey("maison", "S-unknown"),
      schema::EncodeSerialRow({20, ValueOrDie(PassportId::FromBytes(TestPassportId(7)))}));
  ExpectFoundByRecheck();
}

TEST_F(DamageTest, APublicPositionDropped) {
  Delete(schema::PublicPositionKey(1));
  ExpectFoundByRecheck();
}

TEST_F(DamageTest, AParticipantGoneFromTheLookups) {
  Delete(schema::LeafKey(IndexKind::kParticipantEntry, "gia", 0));
  ExpectFoundByRecheck();
}

// ---- Other logs, other layouts. ----

TEST_F(DamageTest, ACheckpointThatDoesNotVerify) {
  Change(schema::CheckpointKey(), [](std::string& note) { note[note.size() - 10] ^= 1; });
  ExpectRefused(absl::StatusCode::kFailedPrecondition);
  Delete(schema::CheckpointKey());
  ExpectRefused();
}

TEST_F(DamageTest, AnotherLayoutAndAnotherLog) {
  Change(schema::VersionKey(), [](std::string& row) { row[3] = 9; });
  const absl::Status status = registry_.Open();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("layout 9"));
  Change(schema::VersionKey(), [](std::string& row) { row[3] = schema::kVersion; });
  for (const auto& [origin, key] : std::vector<std::pair<std::string, std::string>>{
           {"other.example/log", "log"}, {kOrigin, "another log key"}}) {
    const NamedSigner signer(origin, key);
    EXPECT_EQ(Ledger::Open({registry_.store(), ValueOrDie(OpenGuard(registry_.guard_path())),
                            signer, registry_.clock()},
                           {})
                  .status()
                  .code(),
              absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_THAT(registry_.Open(), IsOk());
}

}  // namespace
}  // namespace touchstone::ledger
