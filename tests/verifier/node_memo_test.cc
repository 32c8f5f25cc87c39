#include "verifier/node_memo.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/verifier/reference_index.h"
#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"
#include "verifier/merkle.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

int hashed = 0;  // how often CountedHash was called

Digest CountedHash(const Digest& left, const Digest& right) {
  ++hashed;
  return NodeHash(left, right);
}

Digest Number(int number) { return Sha256Of(std::to_string(number)); }

Digest Flipped(Digest digest, size_t bit) {
  digest[bit / 8] = static_cast<uint8_t>(digest[bit / 8] ^ (1 << bit % 8));
  return digest;
}

TEST(NodeMemo, HashesAPairOnce) {
  NodeMemo memo(CountedHash);
  hashed = 0;
  const Digest expected = NodeHash(Number(1), Number(2));
  EXPECT_EQ(memo.Hash(Number(1), Number(2)), expected);
  EXPECT_EQ(memo.Hash(Number(1), Number(2)), expected);
  EXPECT_EQ(hashed, 1);
}

TEST(NodeMemo, TellsNeighboursOfARememberedPairApart) {
  NodeMemo memo(NodeHash);
  const Digest left = Number(1);
  const Digest right = Number(2);
  for (size_t bit = 0; bit < 8 * kDigestBytes; ++bit) {
    memo.Hash(left, right);
    EXPECT_EQ(memo.Hash(Flipped(left, bit), right), NodeHash(Flipped(left, bit), right));
    memo.Hash(left, right);
    EXPECT_EQ(memo.Hash(left, Flipped(right, bit)), NodeHash(left, Flipped(right, bit)));
    memo.Hash(left, right);
    EXPECT_EQ(memo.Hash(Flipped(left, bit), Flipped(right, bit)),
              NodeHash(Flipped(left, bit), Flipped(right, bit)));
  }
  EXPECT_EQ(memo.Hash(right, left), NodeHash(right, left));
}

TEST(NodeMemo, RemembersNothingOfItself) {
  NodeMemo memo(NodeHash);
  EXPECT_EQ(memo.Hash(kZeroDigest, kZeroDigest), NodeHash(kZeroDigest, kZeroDigest));
}

// Whoever writes a file chooses siblings, so he can choose pairs that begin alike, and many.
TEST(NodeMemo, AnswersTheSameHoweverPairsCollide) {
  NodeMemo memo(NodeHash);
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    Digest left = {};
    Digest right = {};
    left[0] = right[0] = static_cast<uint8_t>(random() % 2);
    left[1] = right[1] = static_cast<uint8_t>(random() % 2);
    left[31] = static_cast<uint8_t>(random() % 3);
    right[31] = static_cast<uint8_t>(random() % 3);
    ASSERT_EQ(memo.Hash(left, right), NodeHash(left, right));
  }
}

TEST(NodeMemo, PathsOfOneTreeHashEachOfItsNodesOnce) {
  std::vector<Digest> leaves;
  for (int i = 0; i < 100; ++i) leaves.push_back(Number(i));
  const Digest root = ReferenceRoot(leaves);
  NodeMemo memo(CountedHash);
  hashed = 0;
  for (size_t i = 0; i < leaves.size(); ++i) {
    EXPECT_THAT(VerifyInclusion(leaves[i], i, 100, ReferencePath(i, leaves), root, &memo), IsOk());
  }
  // 99 if no two pairs want the same place; without a memo nearly 700.
  EXPECT_LE(hashed, 99 + 40);
}

TEST(NodeMemo, AlteredPathsAreRefusedAfterGoodOnes) {
  std::vector<Digest> leaves;
  for (int i = 0; i < 21; ++i) leaves.push_back(Number(i));
  const Digest root = ReferenceRoot(leaves);
  NodeMemo memo(NodeHash);
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i < leaves.size(); ++i) {
      const std::vector<Digest> path = ReferencePath(i, leaves);
      ASSERT_THAT(VerifyInclusion(leaves[i], i, 21, path, root, &memo), IsOk());
      ASSERT_THAT(VerifyInclusion(Flipped(leaves[i], i), i, 21, path, root, &memo),
                  IsRefused(RefusalCode::kBadInclusionProof));
      for (size_t altered = 0; altered < path.size(); ++altered) {
        for (const size_t bit : {0, 100, 255}) {
          std::vector<Digest> wrong = path;
          wrong[altered] = Flipped(wrong[altered], bit);
          ASSERT_THAT(VerifyInclusion(leaves[i], i, 21, wrong, root, &memo),
                      IsRefused(RefusalCode::kBadInclusionProof));
        }
      }
      std::vector<Digest> longer = path;
      longer.push_back(root);
      ASSERT_THAT(VerifyInclusion(leaves[i], i, 21, longer, root, &memo),
                  IsRefused(RefusalCode::kBadInclusionProof));
    }
  }
}

TEST(NodeMemo, AlteredIndexProofsAreRefusedAfterGoodOnes) {
  IndexLeaves leaves;
  for (int i = 0; i < 40; ++i) leaves[Number(i)] = Number(i + 100);
  const Digest root = ReferenceIndexRoot(leaves);
  NodeMemo memo(IndexNodeHash);
  for (int i = 0; i < 60; ++i) {
    const IndexProof proof = ReferenceIndexProof(leaves, Number(i));
    const auto verify = [&](const IndexProof& shown) {
      return i < 40 ? VerifyIndexPresent(root, Number(i), Number(i + 100), shown, &memo)
                    : VerifyIndexAbsent(root, Number(i), shown, &memo);
    };
    ASSERT_THAT(verify(proof), IsOk());
    for (size_t altered = 0; altered < proof.siblings.size(); ++altered) {
      for (const size_t bit : {0, 100, 255}) {
        IndexProof wrong = proof;
        wrong.siblings[altered] = Flipped(wrong.siblings[altered], bit);
        ASSERT_THAT(verify(wrong), IsRefused(RefusalCode::kBadIndexProof));
      }
    }
  }
}

}  // namespace
}  // namespace touchstone
