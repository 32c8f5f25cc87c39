#include "registry/ledger/index_tree.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "verifier/index_hash.h"
#include "verifier/sha256.h"

namespace touchstone::ledger {
namespace {

// The definition of docs/FORMAT.md, section 6, word for word.
Digest ReferenceRoot(const std::map<Digest, Digest>& leaves, size_t depth) {
  if (leaves.empty()) return kEmptyIndexNode;
  if (leaves.size() == 1) return IndexLeafHash(leaves.begin()->first, leaves.begin()->second);
  std::map<Digest, Digest> left, right;
  for (const auto& leaf : leaves) (IndexKeyBit(leaf.first, depth) ? right : left).insert(leaf);
  return IndexNodeHash(ReferenceRoot(left, depth + 1), ReferenceRoot(right, depth + 1));
}

Digest RandomDigest(std::mt19937_64& random) {
  Digest digest;
  for (uint8_t& byte : digest) byte = static_cast<uint8_t>(random());
  return digest;
}

// Half of the keys share a long prefix with an earlier one.
IndexLeaf RandomLeaf(std::mt19937_64& random, const std::map<Digest, Digest>& leaves) {
  IndexLeaf leaf{RandomDigest(random), RandomDigest(random)};
  if (!leaves.empty() && random() % 2 == 0) {
    auto model = leaves.lower_bound(RandomDigest(random));
    if (model == leaves.end()) model = leaves.begin();
    const size_t shared = 1 + random() % 31;
    std::copy_n(model->first.begin(), shared, leaf.key.begin());
  }
  return leaf;
}

void ExpectProves(const IndexTree& tree, const std::map<Digest, Digest>& leaves,
                  const Digest& absent) {
  for (const auto& [key, value] : leaves) {
    EXPECT_EQ(VerifyIndexPresent(tree.Root(), key, value, tree.Prove(key)), absl::OkStatus());
    EXPECT_FALSE(VerifyIndexAbsent(tree.Root(), key, tree.Prove(key)).ok());
  }
  if (leaves.count(absent) == 0) {
    EXPECT_EQ(VerifyIndexAbsent(tree.Root(), absent, tree.Prove(absent)), absl::OkStatus());
  }
}

TEST(IndexTree, EmptyProvesAbsence) {
  const IndexTree tree;
  EXPECT_EQ(tree.Root(), kEmptyIndexNode);
  const Digest key = Sha256Of("k");
  EXPECT_EQ(VerifyIndexAbsent(tree.Root(), key, tree.Prove(key)), absl::OkStatus());
}

TEST(IndexTree, EveryVersionAgreesWithTheDefinitionAndStaysProvable) {
  std::mt19937_64 random(2026);
  for (int history = 0; history < 20; ++history) {
    std::map<Digest, Digest> leaves;
    std::vector<std::pair<IndexTree, std::map<Digest, Digest>>> versions;
    IndexTree tree;
    for (int commit = 0; commit < 12; ++commit) {
      std::vector<IndexLeaf> batch;
      for (size_t n = random() % 9; n > 0; --n) {
        batch.push_back(RandomLeaf(random, leaves));
        leaves.emplace(batch.back().key, batch.back().value);
      }
      std::shuffle(batch.begin(), batch.end(), random);
      absl::StatusOr<IndexTree> next = tree.With(batch);
      ASSERT_TRUE(next.ok()) << next.status();
      tree = *std::move(next);
      ASSERT_EQ(tree.Root(), ReferenceRoot(leaves, 0));
      ASSERT_EQ(tree.size(), leaves.size());
      versions.emplace_back(tree, leaves);
    }
    for (const auto& [version, held] : versions) {
      ExpectProves(version, held, RandomDigest(random));
      if (!held.empty()) {  // an absent neighbour of a leaf
        Digest neighbour = held.begin()->first;
        neighbour[31] ^= 1;
        ExpectProves(version, held, neighbour);
      }
    }
  }
}

TEST(IndexTree, KeysThatDifferInTheirLastBitOnly) {
  IndexLeaf a{Sha256Of("a"), Sha256Of("1")};
  IndexLeaf b = a;
  b.key[31] ^= 1;
  absl::StatusOr<IndexTree> tree = IndexTree().With({a, b});
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree->Prove(a.key).siblings.size(), 256u);
  ExpectProves(*tree, {{a.key, a.value}, {b.key, b.value}}, Sha256Of("absent"));
}

TEST(IndexTree, RefusesAKeyThatIsThere) {
  const IndexLeaf leaf{Sha256Of("k"), Sha256Of("v")};
  const IndexLeaf same_key{leaf.key, Sha256Of("w")};
  EXPECT_EQ(IndexTree().With({leaf, same_key}).status().code(), absl::StatusCode::kAlreadyExists);
  absl::StatusOr<IndexTree> tree = IndexTree().With({leaf});
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree->With({same_key}).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(tree->With({leaf}).status().code(), absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace touchstone::ledger
