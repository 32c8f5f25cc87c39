// The index against its definition (tests/support/reference_index.h): any order and batching, every
// version that lives, and readers while one inserts.
#include "registry/ledger/index_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tests/support/reference_index.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/index_hash.h"
#include "verifier/sha256.h"

namespace touchstone::ledger {
namespace {

using Leaves = std::map<Digest, Digest>;

Digest RandomDigest(std::mt19937_64& random) {
  Digest digest;
  for (uint8_t& byte : digest) byte = static_cast<uint8_t>(random());
  return digest;
}

// Half of the keys share a long prefix with an earlier one.
IndexLeaf RandomLeaf(std::mt19937_64& random, const Leaves& leaves) {
  IndexLeaf leaf{RandomDigest(random), RandomDigest(random)};
  if (!leaves.empty() && random() % 2 == 0) {
    auto model = leaves.lower_bound(RandomDigest(random));
    if (model == leaves.end()) model = leaves.begin();
    const size_t shared = 1 + random() % 31;
    std::copy_n(model->first.begin(), shared, leaf.key.begin());
  }
  return leaf;
}

std::vector<IndexLeaf> InOrder(const Leaves& leaves) {
  std::vector<IndexLeaf> ordered;
  for (const auto& [key, value] : leaves) ordered.push_back({key, value});
  return ordered;
}

ReferenceIndex Reference(const Leaves& leaves) {
  ReferenceIndex reference;
  for (const auto& [key, value] : leaves) reference.Insert(key, value);
  return reference;
}

std::string Proof(const IndexVersion& version, const Digest& key) {
  return EncodeIndexProof(ValueOrDie(version.Prove(key)));
}

// The reference makes each proof by hashing everything: of large trees it is asked for a few.
constexpr size_t kReferenceProofs = 150;

// The very proofs of the definition, and that they verify.
void ExpectProves(const IndexVersion& version, const Leaves& leaves, const Digest& absent) {
  const ReferenceIndex reference = Reference(leaves);
  ASSERT_EQ(version.root(), reference.Root());
  ASSERT_EQ(version.size(), leaves.size());
  const size_t compared_each =
      leaves.size() <= kReferenceProofs ? 1 : leaves.size() / (kReferenceProofs / 10);
  size_t number = 0;
  for (const auto& [key, value] : leaves) {
    const IndexProof proof = ValueOrDie(version.Prove(key));
    if (number++ % compared_each == 0) {
      ASSERT_EQ(EncodeIndexProof(proof), EncodeIndexProof(reference.Prove(key)));
    }
    EXPECT_THAT(VerifyIndexPresent(version.root(), key, value, proof), IsOk());
    EXPECT_FALSE(VerifyIndexAbsent(version.root(), key, proof).ok());
  }
  std::vector<Digest> others = {absent, kZeroDigest};
  if (!leaves.empty()) {  // neighbours of a leaf, near and far
    others.push_back(leaves.begin()->first);
    others.back()[31] ^= 1;
    others.push_back(leaves.rbegin()->first);
    others.back()[0] ^= 1;
  }
  for (const Digest& key : others) {
    if (leaves.count(key) > 0) continue;
    ASSERT_EQ(Proof(version, key), EncodeIndexProof(reference.Prove(key)));
    EXPECT_THAT(VerifyIndexAbsent(version.root(), key, ValueOrDie(version.Prove(key))), IsOk());
  }
}

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

// ---- Leaves on scratch pages. ----

// Pages in memory, which fail when told to.
class FaultyPages final : public storage::ScratchPages {
 public:
  absl::Status Write(uint32_t page, absl::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    if (full_) return absl::ResourceExhaustedError("/secret/path: no space left on device");
    pages_[page] = std::string(bytes);
    ++writes_;
    return absl::OkStatus();
  }
  absl::Status Read(uint32_t page, absl::Span<char> bytes) const override {
    const std::lock_guard lock(mutex_);
    if (unreadable_) return absl::UnavailableError("/secret/path: input/output error");
    const auto found = pages_.find(page);
    if (found == pages_.end() || found->second.size() < bytes.size()) {
      return absl::DataLossError("/secret/path: ends before");
    }
    std::copy_n(found->second.begin(), bytes.size(), bytes.begin());
    return absl::OkStatus();
  }

  void SetFull(bool full) { Set(full_, full); }
  void SetUnreadable(bool unreadable) { Set(unreadable_, unreadable); }
  void FlipABitInEach(size_t at) {
    const std::lock_guard lock(mutex_);
    for (auto& [page, bytes] : pages_) bytes[at % bytes.size()] ^= 4;
  }
  void CutEach() {
    const std::lock_guard lock(mutex_);
    for (auto& [page, bytes] : pages_) bytes.resize(bytes.size() - 1);
  }
  size_t writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

 private:
  void Set(bool& what, bool value) {
    const std::lock_guard lock(mutex_);
    what = value;
  }

  mutable std::mutex mutex_;
  std::map<uint32_t, std::string> pages_;
  bool full_ = false;
  bool unreadable_ = false;
  size_t writes_ = 0;
};

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
