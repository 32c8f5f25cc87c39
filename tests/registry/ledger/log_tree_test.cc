#include "registry/ledger/log_tree.h"

#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "registry/ledger/schema.h"
#include "registry/storage/memory_store.h"
#include "verifier/merkle.h"
#include "verifier/sha256.h"

namespace touchstone::ledger {
namespace {

Digest EntryAt(uint64_t position) { return Sha256Of(absl::StrCat("entry ", position)); }

Digest LeafAt(uint64_t position) {
  const Digest entry = EntryAt(position);
  return LeafHash(DigestBytes(entry));
}

// Grows a log, storing full tiles as commits do, and remembers every root by the verifier's own
// frontier.
class LogTreeTest : public ::testing::Test {
 protected:
  void GrowTo(uint64_t size) {
    while (tree_.size() < size) {
      frontier_.Append(LeafAt(tree_.size()));
      tree_.Append(EntryAt(tree_.size()));
      roots_.push_back(frontier_.Root());
    }
    storage::WriteBatch batch;
    for (const FullTile& full : tree_.TakeFullTiles()) {
      if (full.level > 0) {
        batch.Put(schema::TileKey(full.level, full.index), full.tile->Hashes(256));
        continue;
      }
      std::string digests;
      for (const Digest& digest : full.digests->digests)
        absl::StrAppend(&digests, DigestBytes(digest));
      batch.Put(schema::DigestsKey(full.index), digests);
    }
    ASSERT_TRUE(store_.Commit(batch).ok());
  }

  LogVersion Version() {
    absl::StatusOr<LogVersion> version = tree_.Version();
    EXPECT_TRUE(version.ok()) << version.status();
    return *std::move(version);
  }

  const Digest& RootAt(uint64_t size) const { return roots_[size - 1]; }

  void ExpectIncluded(const LogVersion& version, uint64_t position, uint64_t size) {
    absl::StatusOr<std::vector<Digest>> path = version.InclusionPath(position, size);
    ASSERT_TRUE(path.ok()) << path.status();
    EXPECT_EQ(VerifyInclusion(LeafAt(position), position, size, *path, RootAt(size)),
              absl::OkStatus())
        << position << " in " << size;
  }

  void ExpectConsistent(const LogVersion& version, uint64_t first, uint64_t second) {
    absl::StatusOr<std::vector<Digest>> path = version.ConsistencyPath(first, second);
    ASSERT_TRUE(path.ok()) << path.status();
    EXPECT_EQ(VerifyConsistency(first, RootAt(first), second, RootAt(second), *path),
              absl::OkStatus())
        << first << " to " << second;
  }

  storage::MemoryStore store_;
  // So small that most full tiles are read from the store.
  TileStore tiles_{store_, 3 * sizeof(Tile)};
  LogTree tree_{tiles_};
  MerkleFrontier frontier_;
  std::vector<Digest> roots_;
};

TEST_F(LogTreeTest, SmallTreesProveEverything) {
  for (uint64_t size = 1; size <= 40; ++size) {
    GrowTo(size);
    const LogVersion version = Version();
    EXPECT_EQ(version.root(), RootAt(size));
    for (uint64_t old = 1; old <= size; ++old) {
      EXPECT_EQ(version.RootAt(old).value(), RootAt(old));
      ExpectConsistent(version, old, size);
      for (uint64_t position = 0; position < old; ++position) {
        ExpectIncluded(version, position, old);
      }
    }
  }
}

TEST_F(LogTreeTest, LargeTreesProveRandomOldSizesFromEveryVersion) {
  std::mt19937_64 random(7);
  std::vector<LogVersion> versions;
  for (const uint64_t size : {255, 256, 257, 511, 513, 4096, 65535, 65536, 65537, 131072, 140001}) {
    GrowTo(size);
    versions.push_back(Version());
  }
  for (const LogVersion& version : versions) {
    EXPECT_EQ(version.root(), RootAt(version.size()));
    ExpectIncluded(version, version.size() - 1, version.size());
    ExpectConsistent(version, version.size() / 256 * 256 + (version.size() < 256 ? 1 : 0),
                     version.size());
    for (int i = 0; i < 60; ++i) {
      const uint64_t size = 1 + random() % version.size();
      EXPECT_EQ(version.RootAt(size).value(), RootAt(size));
      ExpectIncluded(version, random() % size, size);
      ExpectIncluded(version, random() % version.size(), version.size());
      ExpectConsistent(version, 1 + random() % size, size);
    }
  }
}

TEST_F(LogTreeTest, TilesAndDigestsOfEveryWidthThatEverWas) {
  GrowTo(65536 + 300);
  const LogVersion version = Version();
  const auto leaf_hashes = [](uint64_t first, uint64_t count) {
    std::string bytes;
    for (uint64_t i = first; i < first + count; ++i) {
      const Digest hash = LeafAt(i);
      absl::StrAppend(&bytes, DigestBytes(hash));
    }
    return bytes;
  };
  EXPECT_EQ(version.TileHashes(0, 0, 256).value(), leaf_hashes(0, 256));
  EXPECT_EQ(version.TileHashes(0, 0, 17).value(), leaf_hashes(0, 17));
  EXPECT_EQ(version.TileHashes(0, 257, 44).value(), leaf_hashes(65536 + 256, 44));
  EXPECT_EQ(version.TileHashes(1, 0, 256)->size(), 256u * 32);
  EXPECT_EQ(version.TileHashes(1, 1, 1)->size(), 32u);
  const Digest whole = DigestFromBytes(version.TileHashes(2, 0, 1).value()).value();
  EXPECT_EQ(whole, RootAt(65536));
  for (const auto& [level, index, width] :
       std::vector<std::tuple<uint32_t, uint64_t, uint32_t>>{{0, 257, 45},
                                                             {0, 258, 1},
                                                             {1, 1, 2},
                                                             {2, 0, 2},
                                                             {3, 0, 1},
                                                             {7, 0, 1},
                                                             {63, 0, 1},
                                                             {0, UINT64_MAX, 1},
                                                             {0, UINT64_MAX / 256 + 1, 1}}) {
    EXPECT_EQ(version.TileHashes(level, index, width).status().code(),
              absl::StatusCode::kOutOfRange)
        << level << " " << index << " " << width;
  }

  const Digest entry_300 = EntryAt(300);
  EXPECT_EQ(version.EntryDigest(300).value(), entry_300);
  EXPECT_EQ(version.EntryDigest(65836 - 1).value(), EntryAt(65836 - 1));
  EXPECT_EQ(version.EntryDigests(1, 45)->substr(44 * 32), DigestBytes(entry_300));
  EXPECT_EQ(version.EntryDigests(257, 44)->size(), 44u * 32);
  EXPECT_EQ(version.EntryDigests(257, 45).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(version.EntryDigest(65836).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(LogTreeTest, RefusesWhatLiesBeyond) {
  GrowTo(10);
  const LogVersion version = Version();
  GrowTo(20);  // does not change the version
  const auto out_of_range = absl::StatusCode::kOutOfRange;
  EXPECT_EQ(version.RootAt(0).status().code(), out_of_range);
  EXPECT_EQ(version.RootAt(11).status().code(), out_of_range);
  EXPECT_EQ(version.InclusionPath(10, 10).status().code(), out_of_range);
  EXPECT_EQ(version.InclusionPath(3, 11).status().code(), out_of_range);
  EXPECT_EQ(version.ConsistencyPath(0, 10).status().code(), out_of_range);
  EXPECT_EQ(version.ConsistencyPath(5, 11).status().code(), out_of_range);
  EXPECT_EQ(version.ConsistencyPath(6, 5).status().code(), out_of_range);
}

TEST_F(LogTreeTest, AMissingTileIsDataLoss) {
  GrowTo(5000);
  storage::WriteBatch batch;
  for (uint64_t index = 0; index < 19; ++index) batch.Delete(schema::DigestsKey(index));
  ASSERT_TRUE(store_.Commit(batch).ok());
  const TileStore cold(store_, 3 * sizeof(Tile));
  EXPECT_EQ(cold.Full(0, 2).status().code(), absl::StatusCode::kDataLoss);
  // Which tiles are still at hand depends on hashes that differ from run to run; not all can be.
  int missing = 0;
  for (uint64_t position = 0; position < 19 * 256; position += 256) {
    const auto path = Version().InclusionPath(position, 5000);
    if (path.ok()) {
      ExpectIncluded(Version(), position, 5000);
    } else {
      EXPECT_EQ(path.status().code(), absl::StatusCode::kDataLoss);
      ++missing;
    }
  }
  EXPECT_GT(missing, 0);
  EXPECT_EQ(Version().EntryDigest(600).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace touchstone::ledger
