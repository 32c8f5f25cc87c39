// The index against its definition (tests/support/reference_index.h): any order and batching, every
// version that lives, and readers while one inserts.
#include "registry/ledger/index_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tests/registry/ledger/random_leaves.h"
#include "verifier/index_hash.h"
#include "verifier/sha256.h"

namespace touchstone::ledger {
namespace {

TEST(IndexTree, EmptyProvesAbsence) {
  IndexTree tree;
  EXPECT_EQ(tree.root(), kEmptyIndexNode);
  ExpectProves(tree.Version(), {}, Sha256Of("k"));
  EXPECT_THAT(tree.Insert({}), IsOk());
  EXPECT_EQ(tree.size(), 0u);
}

TEST(IndexTree, EveryVersionAgreesWithTheDefinitionAndStaysProvable) {
  std::mt19937_64 random(2026);
  for (int history = 0; history < 20; ++history) {
    Leaves leaves;
    std::vector<std::pair<IndexVersion, Leaves>> versions;
    IndexTree tree;
    for (int commit = 0; commit < 16; ++commit) {
      Leaves batch;
      for (size_t n = random() % 9; n > 0; --n) {
        const IndexLeaf leaf = RandomLeaf(random, leaves);
        batch.emplace(leaf.key, leaf.value);
      }
      leaves.insert(batch.begin(), batch.end());
      ASSERT_THAT(tree.Insert(InOrder(batch)), IsOk());
      ASSERT_EQ(tree.root(), Reference(leaves).Root());
      versions.emplace_back(tree.Version(), leaves);
      // Some go at once, some later, out of order.
      while (random() % 3 == 0 && !versions.empty()) {
        versions.erase(versions.begin() + static_cast<std::ptrdiff_t>(random() % versions.size()));
      }
    }
    for (const auto& [version, held] : versions) {
      ExpectProves(version, held, RandomDigest(random));
    }
  }
}

TEST(IndexTree, AnyOrderAndBatchingMakesTheSameTree) {
  std::mt19937_64 random(7);
  Leaves leaves;
  while (leaves.size() < 10000) {
    const IndexLeaf leaf = RandomLeaf(random, {});
    leaves.emplace(leaf.key, leaf.value);
  }
  const Digest expected = Reference(leaves).Root();
  size_t memory = 0;
  for (const size_t batch : {1, 3, 64, 1000, 4096, 10000}) {
    IndexTree tree;
    std::vector<IndexLeaf> shuffled = InOrder(leaves);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    for (size_t at = 0; at < shuffled.size(); at += batch) {
      Leaves part;
      for (size_t i = at; i < std::min(at + batch, shuffled.size()); ++i) {
        part.emplace(shuffled[i].key, shuffled[i].value);
      }
      ASSERT_THAT(tree.Insert(InOrder(part)), IsOk());
    }
    EXPECT_EQ(tree.root(), expected);
    EXPECT_EQ(tree.size(), leaves.size());
    // Nothing is left behind of what was replaced: memory is a matter of the leaves alone.
    if (memory == 0) memory = tree.MemoryBytes();
    EXPECT_EQ(tree.MemoryBytes(), memory);
  }
  EXPECT_LT(memory / leaves.size(), 100u);
}

TEST(IndexTree, ProvesAtEverySize) {
  std::mt19937_64 random(3);
  IndexTree tree;
  Leaves leaves;
  for (int size = 1; size <= 120; ++size) {
    const IndexLeaf leaf{RandomDigest(random), RandomDigest(random)};
    leaves.emplace(leaf.key, leaf.value);
    ASSERT_THAT(tree.Insert({leaf}), IsOk());
    ASSERT_NO_FATAL_FAILURE(ExpectProves(tree.Version(), leaves, RandomDigest(random)));
  }
}

TEST(IndexTree, ManyKeysUnderOneChosenPrefixOnlyMakeItDeep) {
  std::mt19937_64 random(5);
  IndexTree tree;
  Leaves leaves;
  Digest prefix = RandomDigest(random);
  for (int i = 0; i < 60; ++i) {  // they differ in their last eight bits only
    IndexLeaf leaf{prefix, RandomDigest(random)};
    leaf.key[31] = static_cast<uint8_t>(37 * i);
    leaves.emplace(leaf.key, leaf.value);
    ASSERT_THAT(tree.Insert({leaf}), IsOk());
  }
  ExpectProves(tree.Version(), leaves, RandomDigest(random));
  IndexTree at_once;
  ASSERT_THAT(at_once.Insert(InOrder(leaves)), IsOk());
  EXPECT_EQ(at_once.root(), tree.root());
}

TEST(IndexTree, KeysThatDifferInTheirLastBitOnly) {
  const IndexLeaf a{Sha256Of("a"), Sha256Of("1")};
  IndexLeaf b = a;
  b.key[31] ^= 1;
  Leaves leaves{{a.key, a.value}, {b.key, b.value}};
  IndexTree tree;
  ASSERT_THAT(tree.Insert(InOrder(leaves)), IsOk());
  EXPECT_EQ(ValueOrDie(tree.Version().Prove(a.key)).siblings.size(), 256u);
  ExpectProves(tree.Version(), leaves, Sha256Of("absent"));
}

TEST(IndexTree, RefusesAKeyThatIsThereAndStaysAsItWas) {
  std::mt19937_64 random(11);
  IndexTree tree;
  Leaves leaves;
  while (leaves.size() < 500) leaves.emplace(RandomDigest(random), RandomDigest(random));
  ASSERT_THAT(tree.Insert(InOrder(leaves)), IsOk());
  const size_t memory = tree.MemoryBytes();

  Leaves more;
  while (more.size() < 50) more.emplace(RandomDigest(random), RandomDigest(random));
  more.emplace(std::next(leaves.begin(), 250)->first, RandomDigest(random));
  EXPECT_EQ(tree.Insert(InOrder(more)).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(tree.MemoryBytes(), memory);
  ExpectProves(tree.Version(), leaves, RandomDigest(random));

  const IndexLeaf one{RandomDigest(random), RandomDigest(random)};
  EXPECT_EQ(tree.Insert({one, {one.key, one.key}}).code(), absl::StatusCode::kAlreadyExists);
  std::vector<IndexLeaf> unordered = InOrder(more);
  std::reverse(unordered.begin(), unordered.end());
  EXPECT_EQ(tree.Insert(unordered).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(tree.size(), leaves.size());
}

TEST(IndexTree, AVersionOutlivesItsTree) {
  const IndexLeaf leaf{Sha256Of("k"), Sha256Of("v")};
  auto tree = std::make_unique<IndexTree>();
  ASSERT_THAT(tree->Insert({leaf}), IsOk());
  const IndexVersion version = tree->Version();
  tree.reset();
  ExpectProves(version, {{leaf.key, leaf.value}}, Sha256Of("absent"));
}

TEST(IndexTree, AVersionThatIsHeldCostsWhatWasReplacedSinceAndNoMore) {
  std::mt19937_64 random(17);
  IndexTree tree;
  const auto insert = [&] {
    Leaves batch;
    for (int i = 0; i < 20; ++i) batch.emplace(RandomDigest(random), RandomDigest(random));
    ASSERT_THAT(tree.Insert(InOrder(batch)), IsOk());
  };
  for (int i = 0; i < 50; ++i) insert();
  const size_t alone = tree.MemoryBytes();
  std::optional<IndexVersion> held = tree.Version();
  const Digest root = held->root();
  std::optional<IndexVersion> newest;
  for (int i = 0; i < 400; ++i) {
    insert();
    newest = tree.Version();
  }
  // All nodes of the held version may have been replaced; those in between are gone.
  const size_t with_held = tree.MemoryBytes();
  EXPECT_EQ(held->root(), root);
  held.reset();
  newest.reset();
  insert();
  EXPECT_LE(with_held, tree.MemoryBytes() + alone + (size_t{16} << 10));
}

// ---- Threads. ----

class SharedIndex : public ::testing::TestWithParam<size_t> {};

TEST_P(SharedIndex, ManyReadWhileOneInserts) {
  std::mt19937_64 random(13);
  Leaves first;
  while (first.size() < 3000) first.emplace(RandomDigest(random), RandomDigest(random));
  FaultyPages pages;
  IndexTree tree({GetParam(), &pages, nullptr});
  ASSERT_THAT(tree.Insert(InOrder(first)), IsOk());
  std::mutex mutex;
  IndexVersion newest = tree.Version();
  std::atomic<bool> done = false;
  std::atomic<int> proofs = 0;

  const auto read = [&](uint64_t seed) {
    std::mt19937_64 own(seed);
    while (!done) {
      const IndexVersion version = [&] {
        const std::lock_guard lock(mutex);
        return newest;
      }();
      for (int i = 0; i < 20; ++i) {
        auto leaf = first.lower_bound(RandomDigest(own));
        if (leaf == first.end()) leaf = first.begin();
        const auto present = version.Prove(leaf->first);
        ASSERT_THAT(VerifyIndexPresent(version.root(), leaf->first, leaf->second, *present),
                    IsOk());
        const Digest absent = RandomDigest(own);
        ASSERT_THAT(VerifyIndexAbsent(version.root(), absent, *version.Prove(absent)), IsOk());
        ++proofs;
      }
    }
  };
  std::thread one(read, 1), other(read, 2);
  Leaves all = first;
  for (int commit = 0; commit < 60 || proofs < 500; ++commit) {
    Leaves batch;
    const size_t size = commit % 20 == 7 ? 5000 : 10;  // now and then on two threads
    while (batch.size() < size && commit < 60) {
      batch.emplace(RandomDigest(random), RandomDigest(random));
    }
    all.insert(batch.begin(), batch.end());
    ASSERT_THAT(tree.Insert(InOrder(batch)), IsOk());
    IndexVersion next = tree.Version();
    const std::lock_guard lock(mutex);
    newest = std::move(next);
  }
  done = true;
  one.join();
  other.join();
  EXPECT_EQ(newest.root(), Reference(all).Root());
}

INSTANTIATE_TEST_SUITE_P(Bounds, SharedIndex, ::testing::Values(SIZE_MAX, size_t{128} << 10));

}  // namespace
}  // namespace touchstone::ledger
