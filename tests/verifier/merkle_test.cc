#include "verifier/merkle.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"

namespace touchstone {
namespace {

// The test tree of the certificate-transparency project (merkle_tree_test.cc), which RFC 6962
// implementations share: 8 leaves, the roots of the trees of the first 1 to 8, paths and proofs.
const char* const kLeafData[] = {"",
                                 "00",
                                 "10",
                                 "2021",
                                 "3031",
                                 "40414243",
                                 "5051525354555657",
                                 "606162636465666768696a6b6c6d6e6f"};
const char* const kRoots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                              "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                              "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                              "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                              "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                              "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                              "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                              "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
struct PublishedProof {
  uint64_t first, second;  // leaf index and tree size, or the two sizes
  std::vector<const char*> hashes;
};
const PublishedProof kInclusion[] = {
    {0, 1, {}},
    {0,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {5,
     8,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {1,
     5,
     {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};
const PublishedProof kConsistency[] = {
    {1, 1, {}},
    {1,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {6,
     8,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2,
     5,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};

std::vector<Digest> Digests(const std::vector<const char*>& hashes) {
  std::vector<Digest> digests;
  for (const char* hash : hashes) digests.push_back(ValueOrDie(DigestFromHex(hash)));
  return digests;
}

Digest PublishedRoot(uint64_t size) { return ValueOrDie(DigestFromHex(kRoots[size - 1])); }

Digest PublishedLeaf(uint64_t index) { return LeafHash(ValueOrDie(HexDecode(kLeafData[index]))); }

// Every path of the same length with one bit of one hash turned over.
template <typename Verify>
void ExpectEveryAlteredHashRefused(const std::vector<Digest>& path, const Verify& verify,
                                   RefusalCode code) {
  for (size_t i = 0; i < path.size(); ++i) {
    std::vector<Digest> altered = path;
    altered[i][7] ^= 0x10;
    EXPECT_THAT(verify(altered), IsRefused(code)) << "hash " << i;
  }
}

TEST(Merkle, EmptyTreeIsTheHashOfNothing) {
  EXPECT_EQ(DigestToHex(EmptyRoot()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(MerkleFrontier().Root(), EmptyRoot());
}

TEST(Merkle, FrontierGivesThePublishedRoots) {
  MerkleFrontier frontier;
  for (uint64_t size = 1; size <= 8; ++size) {
    frontier.Append(PublishedLeaf(size - 1));
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(DigestToHex(frontier.Root()), kRoots[size - 1]);
  }
}

TEST(Merkle, AcceptsThePublishedInclusionPaths) {
  for (const PublishedProof& proof : kInclusion) {
    EXPECT_THAT(VerifyInclusion(PublishedLeaf(proof.first), proof.first, proof.second,
                                Digests(proof.hashes), PublishedRoot(proof.second)),
                IsOk());
  }
}

TEST(Merkle, AcceptsThePublishedConsistencyProofs) {
  for (const PublishedProof& proof : kConsistency) {
    EXPECT_THAT(VerifyConsistency(proof.first, PublishedRoot(proof.first), proof.second,
                                  PublishedRoot(proof.second), Digests(proof.hashes)),
                IsOk());
  }
}

TEST(Merkle, AFrontierGoesOnFromItsPeaks) {
  MerkleFrontier whole;
  for (uint8_t i = 0; i < 40; ++i) {
    MerkleFrontier resumed = ValueOrDie(MerkleFrontier::FromPeaks(whole.size(), whole.peaks()));
    EXPECT_EQ(resumed.Root(), whole.Root());
    whole.Append(Digest{i});
    resumed.Append(Digest{i});
    EXPECT_EQ(resumed.Root(), whole.Root());
    EXPECT_EQ(resumed.size(), whole.size());
    std::vector<Digest> one_more = whole.peaks();
    one_more.push_back(Digest{i});
    EXPECT_THAT(MerkleFrontier::FromPeaks(whole.size(), one_more),
                IsRefused(RefusalCode::kMalformed));
    EXPECT_THAT(MerkleFrontier::FromPeaks(whole.size(), {}), IsRefused(RefusalCode::kMalformed));
  }
}

TEST(Merkle, FrontierAgreesWithTheDefinition) {
  const std::vector<Digest> leaves = NumberedLeaves(130);
  MerkleFrontier frontier;
  for (size_t size = 1; size <= leaves.size(); ++size) {
    frontier.Append(leaves[size - 1]);
    ASSERT_EQ(frontier.Root(), ReferenceRoot(LeafHashes(leaves).first(size))) << size;
  }
}

TEST(Merkle, InclusionHoldsForEveryLeafAndForNoOther) {
  const std::vector<Digest> leaves = NumberedLeaves(34);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const LeafHashes tree = LeafHashes(leaves).first(size);
    const Digest root = ReferenceRoot(tree);
    for (size_t index = 0; index < size; ++index) {
      const std::vector<Digest> path = ReferencePath(index, tree);
      for (size_t claimed = 0; claimed < size + 2; ++claimed) {
        EXPECT_EQ(VerifyInclusion(leaves[index], claimed, size, path, root).ok(), claimed == index)
            << index << " as " << claimed << " of " << size;
      }
      EXPECT_THAT(VerifyInclusion(leaves[(index + 1) % 34], index, size, path, root),
                  IsRefused(RefusalCode::kBadInclusionProof));
      ExpectEveryAlteredHashRefused(
          path,
          [&](const std::vector<Digest>& altered) {
            return VerifyInclusion(leaves[index], index, size, altered, root);
          },
          RefusalCode::kBadInclusionProof);
    }
  }
}

TEST(Merkle, InclusionPathsHaveExactlyOneLength) {
  const std::vector<Digest> leaves = NumberedLeaves(21);
  const Digest root = ReferenceRoot(leaves);
  for (size_t index = 0; index < leaves.size(); ++index) {
    std::vector<Digest> path = ReferencePath(index, leaves);
    path.push_back(kZeroDigest);
    EXPECT_THAT(RootFromInclusionPath(leaves[index], index, leaves.size(), path),
                IsRefused(RefusalCode::kBadInclusionProof));
    path.pop_back();
    EXPECT_EQ(ValueOrDie(RootFromInclusionPath(leaves[index], index, leaves.size(), path)), root);
    path.pop_back();
    EXPECT_THAT(RootFromInclusionPath(leaves[index], index, leaves.size(), path),
                IsRefused(RefusalCode::kBadInclusionProof));
  }
}

TEST(Merkle, NoLeafIsInTheEmptyTree) {
  EXPECT_THAT(VerifyInclusion(EmptyRoot(), 0, 0, {}, EmptyRoot()),
              IsRefused(RefusalCode::kBadInclusionProof));
}

TEST(Merkle, ConsistencyHoldsForEveryPairOfSizes) {
  const std::vector<Digest> leaves = NumberedLeaves(34);
  for (size_t size2 = 1; size2 <= leaves.size(); ++size2) {
    const LeafHashes tree2 = LeafHashes(leaves).first(size2);
    const Digest root2 = ReferenceRoot(tree2);
    for (size_t size1 = 1; size1 <= size2; ++size1) {
      const Digest root1 = ReferenceRoot(tree2.first(size1));
      std::vector<Digest> proof = ReferenceConsistencyProof(size1, tree2);
      EXPECT_THAT(VerifyConsistency(size1, root1, size2, root2, proof), IsOk())
          << size1 << " to " << size2;

      const Digest other = ReferenceRoot(NumberedLeaves(35));
      EXPECT_THAT(VerifyConsistency(size1, other, size2, root2, proof),
                  IsRefused(RefusalCode::kBadConsistencyProof));
      EXPECT_THAT(VerifyConsistency(size1, root1, size2, other, proof),
                  IsRefused(RefusalCode::kBadConsistencyProof));
      ExpectEveryAlteredHashRefused(
          proof,
          [&](const std::vector<Digest>& altered) {
            return VerifyConsistency(size1, root1, size2, root2, altered);
          },
          RefusalCode::kBadConsistencyProof);
      proof.push_back(kZeroDigest);
      EXPECT_THAT(VerifyConsistency(size1, root1, size2, root2, proof),
                  IsRefused(RefusalCode::kBadConsistencyProof));
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      EXPECT_THAT(VerifyConsistency(size1, root1, size2, root2, proof),
                  IsRefused(RefusalCode::kBadConsistencyProof));
    }
  }
}

TEST(Merkle, ConsistencyIsNeitherFromNothingNorBackwards) {
  const std::vector<Digest> leaves = NumberedLeaves(8);
  const Digest root = ReferenceRoot(leaves);
  EXPECT_THAT(VerifyConsistency(0, EmptyRoot(), 8, root, {}),
              IsRefused(RefusalCode::kBadConsistencyProof));
  EXPECT_THAT(VerifyConsistency(0, EmptyRoot(), 0, EmptyRoot(), {}),
              IsRefused(RefusalCode::kBadConsistencyProof));
  const Digest root4 = ReferenceRoot(LeafHashes(leaves).first(4));
  EXPECT_THAT(VerifyConsistency(8, root, 4, root4, ReferenceConsistencyProof(4, leaves)),
              IsRefused(RefusalCode::kBadConsistencyProof));
}

// Both roots are met, but the proof is one of other sizes.
TEST(Merkle, ConsistencyProofsHaveTheLengthThatTheSizesCallFor) {
  const std::vector<Digest> leaves = NumberedLeaves(8);
  const Digest root4 = ReferenceRoot(LeafHashes(leaves).first(4));
  const Digest root8 = ReferenceRoot(leaves);
  const std::vector<Digest> proof = ReferenceConsistencyProof(4, leaves);
  EXPECT_THAT(VerifyConsistency(4, root4, 8, root8, proof), IsOk());
  EXPECT_THAT(VerifyConsistency(4, root4, 9, root8, proof),
              IsRefused(RefusalCode::kBadConsistencyProof));
  EXPECT_THAT(VerifyConsistency(4, root4, 4000, root8, proof),
              IsRefused(RefusalCode::kBadConsistencyProof));
  EXPECT_THAT(VerifyConsistency(2, root4, 8, root8, proof),
              IsRefused(RefusalCode::kBadConsistencyProof));
}

TEST(Merkle, TheLargestTreesAreNoSpecialCase) {
  constexpr uint64_t kHuge = (uint64_t{1} << 63) - 1;
  const std::vector<Digest> path(63, LeafHash("sibling"));
  EXPECT_THAT(RootFromInclusionPath(LeafHash("leaf"), 0, kHuge, path), IsOk());
  EXPECT_THAT(RootFromInclusionPath(LeafHash("leaf"), kHuge - 1, kHuge, path),
              IsRefused(RefusalCode::kBadInclusionProof));
  const std::vector<Digest> long_path(1000, LeafHash("sibling"));
  EXPECT_THAT(RootFromInclusionPath(LeafHash("leaf"), 0, kHuge, long_path),
              IsRefused(RefusalCode::kBadInclusionProof));
  EXPECT_THAT(VerifyConsistency(kHuge - 1, EmptyRoot(), kHuge, EmptyRoot(), long_path),
              IsRefused(RefusalCode::kBadConsistencyProof));
}

}  // namespace
}  // namespace touchstone
