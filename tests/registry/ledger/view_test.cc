// What can be read of a published state: pages, lookups, tiles, and that a view stays as it was.
#include "registry/ledger/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/submission.h"
#include "registry/limits.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/support/reference_index.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/entry.h"
#include "verifier/merkle.h"
#include "verifier/tlog_tiles.h"
#include "verifier/verify_passport.h"

namespace touchstone::ledger {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kOutOfRange = absl::StatusCode::kOutOfRange;

PassportId Id(int passport) { return ValueOrDie(PassportId::FromBytes(TestPassportId(passport))); }
ParticipantId Participant(absl::string_view id) { return ValueOrDie(ParticipantId::Parse(id)); }

class ViewTest : public ::testing::Test {
 protected:
  void SetUp() override { registry_.Start(); }
  TestRegistry registry_;
};

TEST_F(ViewTest, AViewStaysAsItWas) {
  registry_.Accepted(registry_.Registration(1));
  const std::shared_ptr<const View> old = registry_.Newest();
  const std::string file = ValueOrDie(old->PassportFile(Id(1)));
  registry_.Accepted(registry_.Care(1));
  registry_.Accepted(registry_.Report(1, "gia key", "GIA", "4711"));
  registry_.Accepted(registry_.Registration(2));
  registry_.Accepted(registry_.Enrolment("zeta", {v1::ISSUER}, {"zeta key"}));
  registry_.Accepted(registry_.Closing());

  EXPECT_EQ(ValueOrDie(old->PassportFile(Id(1))), file);
  EXPECT_THAT(old->PassportFile(Id(2)), IsRefused(RefusalCode::kNoSuchSubject));
  EXPECT_THAT(old->FindByReport("GIA", "4711"), IsRefused(RefusalCode::kNoSuchSubject));
  EXPECT_THAT(old->FindByInscription("GIA2141438002"), IsRefused(RefusalCode::kNoSuchSubject));
  EXPECT_EQ(ValueOrDie(old->PiecesOf(Participant("maison"), 0, 10)).pieces.size(), 1u);
  EXPECT_EQ(ValueOrDie(old->Participants(std::nullopt, 10)).chains.size(), 3u);
  EXPECT_THAT(old->ValidParticipantKey(Participant("zeta"), NamedKeyId("zeta key")),
              IsRefused(RefusalCode::kUnknownSigner));
  EXPECT_FALSE(old->closed());
  EXPECT_EQ(old->EntryFrame(old->size()).status().code(), kOutOfRange);
  EXPECT_EQ(ValueOrDie(old->PublicEntries(0, 1000)).next_position, old->size());
  EXPECT_EQ(old->InclusionPath(old->size(), 0).status().code(), kOutOfRange);

  const std::shared_ptr<const View> newest = registry_.Newest();
  EXPECT_TRUE(newest->closed());
  EXPECT_THAT(CheckPassport(registry_.Policy(), ValueOrDie(newest->PassportFile(Id(1))), Observed{},
                            newest->time_ms()),
              IsOk());
  EXPECT_EQ(ValueOrDie(newest->FindByReport("GIA", "4711")), Id(1));
}

TEST_F(ViewTest, FindsAPieceByWhatItBears) {
  v1::Piece piece = SamplePiece(1);
  piece.set_gtin14("04006381333931");
  registry_.Accepted(registry_.Registration(1, "maison key", piece));
  const std::shared_ptr<const View> view = registry_.Newest();
  EXPECT_EQ(ValueOrDie(view->FindByGtinSerial("4006381333931", "R-1")), Id(1));
  EXPECT_THAT(view->FindByGtinSerial("4006381333931", "R-2"),
              IsRefused(RefusalCode::kNoSuchSubject));
  EXPECT_THAT(view->FindByGtinSerial("4006381333932", "R-1"),
              IsRefused(RefusalCode::kWrongCheckDigit));
  EXPECT_EQ(ValueOrDie(view->FindByInscription("gia 2141-438001")), Id(1));
  EXPECT_THAT(view->FindByInscription("x"), IsRefused(RefusalCode::kMalformed));
  EXPECT_EQ(ValueOrDie(view->FindByReport("Gemological Institute of America", "2141438001")),
            Id(1));
  EXPECT_THAT(view->FindByReport("IGI", "2141438001"), IsRefused(RefusalCode::kNoSuchSubject));
}

TEST_F(ViewTest, ListsAnIssuersPiecesInPages) {
  registry_.Accepted(registry_.Enrolment("maiso", {v1::ISSUER}, {"maiso key"}));
  for (int i = 0; i < 7; ++i) registry_.Accepted(registry_.Registration(i));
  registry_.Accepted(registry_.Registration(100, "maiso key"));
  const std::shared_ptr<const View> view = registry_.Newest();
  std::vector<std::string> serials;
  std::optional<uint64_t> next = 0;
  int pages = 0;
  while (next) {
    const PiecePage page = ValueOrDie(view->PiecesOf(Participant("maison"), *next, 3));
    for (const PieceSummary& piece : page.pieces) serials.push_back(piece.serial);
    next = page.next_position;
    ++pages;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(serials, ::testing::ElementsAre("R-0", "R-1", "R-2", "R-3", "R-4", "R-5", "R-6"));
  EXPECT_TRUE(ValueOrDie(view->PiecesOf(Participant("gia"), 0, 3)).pieces.empty());
  for (const uint32_t limit : {uint32_t{0}, limits::kPiecesPageMax + 1}) {
    EXPECT_EQ(view->PiecesOf(Participant("maison"), 0, limit).status().code(), kInvalid);
  }

  const PieceSummary piece = ValueOrDie(view->PieceBySerial(Participant("maison"), "R-4"));
  EXPECT_EQ(piece.passport_id, TestPassportId(4));
  EXPECT_EQ(piece.title, "Solitaire ring");
  EXPECT_EQ(piece.registered_at_ms, registry_.clock().NowMs());
  EXPECT_EQ(ValueOrDie(DecodeEntry(ValueOrDie(view->EntryFrame(piece.position)))).position,
            piece.position);
  EXPECT_THAT(view->PieceBySerial(Participant("maison"), "R-100"),
              IsRefused(RefusalCode::kNoSuchSubject));
}

TEST_F(ViewTest, ListsParticipantsInPages) {
  for (const char* id : {"a", "b", "z"}) {
    registry_.Accepted(registry_.Enrolment(id, {v1::WORKSHOP}, {absl::StrCat(id, " key")}));
  }
  registry_.Accepted(registry_.KeyAddition("b", "b key 2"));
  const std::shared_ptr<const View> view = registry_.Newest();
  std::vector<std::string> ids;
  std::vector<int> entries;
  std::optional<ParticipantId> after;
  do {
    const ParticipantsPage page = ValueOrDie(view->Participants(after, 2));
    for (const std::string& bytes : page.chains) {
      v1::Chain chain;
      ASSERT_TRUE(chain.ParseFromString(bytes));
      const Entry entry = ValueOrDie(DecodeEntry(chain.entries(0).entry()));
      ids.push_back(ValueOrDie(Submission::Read(entry.payload)).statement().subject().bytes);
      entries.push_back(chain.entries_size());
    }
    after = page.next_after;
  } while (after);
  EXPECT_THAT(ids, ::testing::ElementsAre("a", "atelier", "b", "gia", "maison", "z"));
  EXPECT_THAT(entries, ::testing::ElementsAre(1, 1, 2, 1, 1, 1));
}

TEST_F(ViewTest, PublicEntriesAreAllButThePassports) {
  for (int i = 0; i < 5; ++i) registry_.Accepted(registry_.Registration(i));
  registry_.Accepted(registry_.CardKey("card"));
  const std::shared_ptr<const View> view = registry_.Newest();
  std::vector<uint64_t> positions;
  uint64_t next = 0;
  while (next < view->size()) {
    const PublicEntriesPage page = ValueOrDie(view->PublicEntries(next, 4));
    for (const std::string& frame : page.frames) {
      positions.push_back(ValueOrDie(DecodeEntry(frame)).position);
    }
    ASSERT_GT(page.next_position, next);
    next = page.next_position;
  }
  // Genesis, three enrolments and the card key, each with its index root; five index roots.
  ASSERT_EQ(positions.size(), 2u * 5 + 5);
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
  EXPECT_EQ(positions.back(), view->size() - 1);
  EXPECT_EQ(view->PublicEntries(0, 0).status().code(), kInvalid);
  EXPECT_EQ(view->PublicEntries(0, 1001).status().code(), kInvalid);
  EXPECT_TRUE(ValueOrDie(view->PublicEntries(view->size() + 9, 5)).frames.empty());
}

TEST_F(ViewTest, InsertionsMakeTheIndexRootOfEveryCommit) {
  for (int i = 0; i < 5; ++i) registry_.Accepted(registry_.Registration(i));
  const std::shared_ptr<const View> old = registry_.Newest();
  // Answered first, so that the care record does not go into the same commit.
  std::promise<void> refreshed;
  registry_.ledger().Refresh([&refreshed](absl::StatusOr<Receipt>) { refreshed.set_value(); });
  refreshed.get_future().wait();
  registry_.Accepted(registry_.Care(1));
  const std::shared_ptr<const View> view = registry_.Newest();

  ReferenceIndex index;
  size_t commits = 0;
  for (uint64_t next = 0; next < view->size();) {
    const InsertionsPage page = ValueOrDie(view->Insertions(next, 4));
    for (const InsertionsPage::Commit& commit : page.commits) {
      for (size_t at = 0; at < commit.leaves.size(); at += 2 * kDigestBytes) {
        index.Insert(
            ValueOrDie(DigestFromBytes(commit.leaves.substr(at, kDigestBytes))),
            ValueOrDie(DigestFromBytes(commit.leaves.substr(at + kDigestBytes, kDigestBytes))));
      }
      const std::string frame = ValueOrDie(view->EntryFrame(commit.index_root_position));
      const Entry root = ValueOrDie(DecodeEntry(frame));
      ASSERT_EQ(root.type, EntryType::kIndexRoot);
      EXPECT_EQ(ValueOrDie(DecodeIndexRootPayload(root.payload)).root, index.Root());
      ++commits;
    }
    ASSERT_GT(page.next_position, next);
    next = page.next_position;
  }
  EXPECT_EQ(index.Root(), view->index_root());
  EXPECT_EQ(commits, 1u + 3 + 5 + 1 + 1);  // genesis, enrolments, registrations, refresh, care
  EXPECT_EQ(old->Insertions(old->index_root_position(), 1000)->commits.size(), 1u);
  EXPECT_EQ(old->Insertions(old->size(), 1000)->commits.size(), 0u);
  EXPECT_EQ(old->Insertions(old->size(), 1000)->next_position, old->size());
  EXPECT_EQ(view->Insertions(0, 0).status().code(), kInvalid);
  EXPECT_EQ(view->Insertions(0, 1001).status().code(), kInvalid);
}

TEST_F(ViewTest, KeysOfParticipantsCountUntilTheyAreRevoked) {
  const Digest key = NamedKeyId("maison key");
  EXPECT_EQ(ValueOrDie(registry_.Newest()->ValidParticipantKey(Participant("maison"), key)),
            NamedKey("maison key").public_key());
  EXPECT_THAT(registry_.Newest()->ValidParticipantKey(Participant("gia"), key),
              IsRefused(RefusalCode::kUnknownSigner));
  EXPECT_THAT(registry_.Newest()->ValidParticipantKey(Participant("nobody"), key),
              IsRefused(RefusalCode::kUnknownSigner));
  registry_.Accepted(registry_.KeyRevocation("maison", "maison key"));
  EXPECT_THAT(registry_.Newest()->ValidParticipantKey(Participant("maison"), key),
              IsRefused(RefusalCode::kKeyRevoked));
}

TEST_F(ViewTest, TilesAndBundlesMakeTheCheckpointsTree) {
  for (int i = 0; i < 160; ++i) registry_.Accepted(registry_.Registration(i));
  const std::shared_ptr<const View> view = registry_.Newest();
  ASSERT_GT(view->size(), 300u);
  MerkleFrontier from_bundles, from_tiles;
  for (uint64_t index = 0; index * 256 < view->size(); ++index) {
    const auto width = static_cast<uint32_t>(std::min<uint64_t>(256, view->size() - index * 256));
    const uint32_t asked = width == 256 ? 0 : width;
    const std::string bundle = ValueOrDie(view->EntryBundle(index, asked));
    for (const absl::string_view digest : ValueOrDie(DecodeEntryBundle(bundle, width))) {
      from_bundles.Append(LeafHash(digest));
    }
    for (const Digest& hash :
         ValueOrDie(DecodeTile(ValueOrDie(view->Tile(0, index, asked)), width))) {
      from_tiles.Append(hash);
    }
  }
  EXPECT_EQ(from_bundles.Root(), view->checkpoint().root());
  EXPECT_EQ(from_tiles.Root(), view->checkpoint().root());
  EXPECT_EQ(view->Tile(1, 0, 1)->size(), 32u);
  EXPECT_EQ(view->Tile(0, 0, 17)->size(), 17u * 32);
  EXPECT_EQ(view->Tile(1, 0, 2).status().code(), kOutOfRange);
  EXPECT_EQ(view->Tile(0, 0, 256).status().code(), kInvalid);
  EXPECT_EQ(view->Tile(8, 0, 1).status().code(), kInvalid);
  EXPECT_EQ(view->EntryBundle(0, 256).status().code(), kInvalid);
  EXPECT_EQ(view->EntryBundle(99, 1).status().code(), kOutOfRange);
  EXPECT_EQ(view->ConsistencyPath(0, 0).status().code(), kInvalid);
  EXPECT_EQ(view->ConsistencyPath(5, view->size() + 1).status().code(), kOutOfRange);
}

// A store that cannot be read any more.
class UnreadableStore final : public storage::Store {
 public:
  explicit UnreadableStore(storage::Store& base) : base_(base) {}
  void Break() { broken_ = true; }

  absl::StatusOr<std::string> Get(absl::string_view key) const override {
    if (broken_) return absl::UnavailableError("/secret/path: input/output error");
    return base_.Get(key);
  }
  std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const override {
    std::vector<absl::StatusOr<std::string>> values;
    for (const absl::string_view key : keys) values.push_back(Get(key));
    return values;
  }
  absl::StatusOr<storage::ScanEnd> Scan(const storage::KeyRange& range, uint64_t max_items,
                                        Visitor visit) const override {
    if (broken_) return absl::DataLossError("/secret/path: checksum mismatch");
    return base_.Scan(range, max_items, visit);
  }
  absl::Status Commit(const storage::WriteBatch& batch) override { return base_.Commit(batch); }
  std::unique_ptr<const storage::Snapshot> NewSnapshot() const override {
    return base_.NewSnapshot();
  }
  absl::StatusOr<uint64_t> ApproximateSizeBytes() const override {
    return base_.ApproximateSizeBytes();
  }
  absl::Status Close() override { return base_.Close(); }

 private:
  storage::Store& base_;
  std::atomic<bool> broken_ = false;
};

TEST(ViewOfABrokenStore, SaysSoWithoutTheStoresWords) {
  storage::MemoryStore memory;
  UnreadableStore store(memory);
  std::vector<std::string> reported;
  TestRegistry registry(&store);
  registry.options().on_storage_error = [&reported](const absl::Status& status) {
    reported.push_back(std::string(status.message()));
  };
  registry.options().passport_cache_entries = 0;
  registry.Start();
  registry.Accepted(registry.Registration(1));
  const std::string note = registry.Newest()->checkpoint_note();
  store.Break();
  const std::shared_ptr<const View> view = registry.Newest();
  const std::vector<absl::Status> answers = {
      view->PassportFile(Id(1)).status(),
      view->CardsFile().status(),
      view->EntryFrame(1).status(),
      view->FindByInscription("GIA2141438001").status(),
      registry.Submit(registry.Registration(2)).status(),
  };
  for (const absl::Status& status : answers) {
    EXPECT_THAT(status.code(),
                ::testing::AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(status.message()), ::testing::Not(::testing::HasSubstr("secret")));
  }
  EXPECT_THAT(reported, ::testing::Contains(::testing::HasSubstr("/secret/path")));
  EXPECT_EQ(registry.Newest()->checkpoint_note(), note);
}

}  // namespace
}  // namespace touchstone::ledger
