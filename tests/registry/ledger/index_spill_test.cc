// The index beyond a bound of memory, on pages that may fail, and loaded at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "registry/ledger/index_tree.h"
#include "tests/registry/ledger/random_leaves.h"
#include "verifier/sha256.h"

namespace touchstone::ledger {
namespace {

class SpilledIndex : public ::testing::Test {
 protected:
  void Insert(size_t count) {
    Leaves batch;
    while (batch.size() < count) batch.emplace(RandomDigest(random_), RandomDigest(random_));
    leaves_.insert(batch.begin(), batch.end());
    ASSERT_THAT(tree_.Insert(InOrder(batch)), IsOk());
  }
  // A key below which the tree has only a page.
  Digest KeyOnAPage() {
    pages_.SetUnreadable(true);
    const IndexVersion version = tree_.Version();
    for (const auto& [key, value] : leaves_) {
      if (version.Prove(key).ok()) continue;
      pages_.SetUnreadable(false);
      return key;
    }
    ADD_FAILURE() << "nothing was spilled";
    return {};
  }

  static constexpr size_t kBytesMax = 64 << 10;  // some 700 leaves
  std::mt19937_64 random_{2027};
  FaultyPages pages_;
  std::mutex mutex_;
  std::vector<absl::Status> errors_;
  Leaves leaves_;
  IndexTree tree_{{kBytesMax, &pages_, [this](const absl::Status& status) {
                     const std::lock_guard lock(mutex_);
                     errors_.push_back(status);
                   }}};
};

TEST_F(SpilledIndex, ProvesAsIfAllWereInMemoryAndStaysWithinItsBound) {
  for (int commit = 0; commit < 120; ++commit) {
    Insert(commit % 30 == 7 ? 400 : 20);
    EXPECT_LE(tree_.MemoryBytes(), kBytesMax);
  }
  EXPECT_GT(tree_.Pages(), leaves_.size() / 64 / 2);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));
  EXPECT_TRUE(errors_.empty());
}

TEST_F(SpilledIndex, OldVersionsStillProveAfterInsertionsAndSpills) {
  std::vector<std::pair<IndexVersion, Leaves>> versions;
  for (int commit = 0; commit < 60; ++commit) {
    Insert(30);
    if (commit % 10 == 5) versions.emplace_back(tree_.Version(), leaves_);
    if (commit % 10 == 9)
      versions.erase(versions.begin() + static_cast<std::ptrdiff_t>(random_() % versions.size()));
  }
  for (const auto& [version, held] : versions) ExpectProves(version, held, RandomDigest(random_));
  // Their pages and nodes are given back when they end.
  const size_t pages = tree_.Pages();
  versions.clear();
  Insert(1);
  Insert(1);
  EXPECT_LT(tree_.Pages(), pages);
  EXPECT_LE(tree_.MemoryBytes(), kBytesMax);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));
}

TEST_F(SpilledIndex, WhatCannotBeReadIsSaidAndNeverProven) {
  Insert(3000);
  const Digest key = KeyOnAPage();
  const Digest root = tree_.root();
  const IndexVersion version = tree_.Version();
  const auto expect_refused = [&] {
    errors_.clear();
    const auto proof = version.Prove(key);
    EXPECT_EQ(proof.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(std::string(proof.status().message()).find("secret"), std::string::npos);
    EXPECT_EQ(errors_.size(), 1u);
    Digest beside = key;  // an insertion on that way changes nothing
    beside[31] ^= 1;
    EXPECT_EQ(tree_.Insert({{beside, beside}}).code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(tree_.root(), root);
  };
  pages_.SetUnreadable(true);
  expect_refused();
  pages_.SetUnreadable(false);
  ASSERT_TRUE(version.Prove(key).ok());
  for (const size_t at : {0, 31, 63, 100}) {
    pages_.FlipABitInEach(at);
    expect_refused();
    pages_.FlipABitInEach(at);
    ASSERT_TRUE(version.Prove(key).ok());
  }
  pages_.CutEach();
  expect_refused();
}

TEST_F(SpilledIndex, AFullDiskKeepsItInMemoryUntilThereIsRoom) {
  Insert(1000);
  const size_t writes = pages_.writes();
  ASSERT_GT(writes, 0u);
  pages_.SetFull(true);
  for (int i = 0; i < 40; ++i) Insert(50);
  EXPECT_EQ(pages_.writes(), writes);
  EXPECT_FALSE(errors_.empty());
  EXPECT_GT(tree_.MemoryBytes(), kBytesMax);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));
  pages_.SetFull(false);
  for (int i = 0; i < 40; ++i) Insert(50);
  EXPECT_LE(tree_.MemoryBytes(), kBytesMax);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));
}

TEST_F(SpilledIndex, RefusesAKeyThatIsOnAPage) {
  Insert(3000);
  const Digest key = KeyOnAPage();
  EXPECT_EQ(tree_.Insert({{key, key}}).code(), absl::StatusCode::kAlreadyExists);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));
}

// ---- Loading. ----

class IndexLoad : public SpilledIndex, public ::testing::WithParamInterface<size_t> {};

TEST_P(IndexLoad, MakesTheTreeThatInsertingMakes) {
  while (leaves_.size() < GetParam()) {
    leaves_.emplace(RandomDigest(random_), RandomDigest(random_));
  }
  std::vector<IndexLeaf> shuffled = InOrder(leaves_);
  std::shuffle(shuffled.begin(), shuffled.end(), random_);
  size_t most = 0;
  const auto scan = [&](IndexTree::LeafVisitor visit) {
    for (const IndexLeaf& leaf : shuffled) {
      visit(leaf);
      most = std::max(most, tree_.MemoryBytes());
    }
    return absl::OkStatus();
  };
  ASSERT_THAT(tree_.Load(scan), IsOk());
  // Runs of numbers that were taken and not used yet count, and there are 256 of them.
  EXPECT_LE(most, kBytesMax + 256 * 512 * sizeof(IndexLeaf));
  EXPECT_LE(tree_.MemoryBytes(), kBytesMax);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));
  Insert(100);
  ExpectProves(tree_.Version(), leaves_, RandomDigest(random_));

  IndexTree in_memory;
  ASSERT_THAT(in_memory.Load(scan), IsOk());
  IndexTree inserted;
  std::vector<IndexLeaf> ordered = shuffled;
  std::sort(ordered.begin(), ordered.end(),
            [](const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; });
  ASSERT_THAT(inserted.Insert(ordered), IsOk());
  EXPECT_EQ(in_memory.root(), inserted.root());
  EXPECT_EQ(in_memory.MemoryBytes(), inserted.MemoryBytes());  // the same shape
}

INSTANTIATE_TEST_SUITE_P(Sizes, IndexLoad, ::testing::Values(0, 1, 6, 7, 40, 600, 5000));

TEST(IndexTree, LoadRefusesAKeyThatComesTwice) {
  const IndexLeaf leaf{Sha256Of("k"), Sha256Of("v")};
  IndexTree tree;
  EXPECT_EQ(tree.Load([&](IndexTree::LeafVisitor visit) {
                  visit(leaf);
                  visit({leaf.key, leaf.key});
                  return absl::OkStatus();
                })
                .code(),
            absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace touchstone::ledger
