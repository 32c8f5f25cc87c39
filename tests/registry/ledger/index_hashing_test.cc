// The index's hashes against libsodium's SHA-256 of the bytes that docs/FORMAT.md, section 6,
// names.
#include "registry/ledger/index_hashing.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "tests/registry/ledger/random_leaves.h"

namespace touchstone::ledger {
namespace {

Digest BySodium(char prefix, const Digest& first, const Digest& second) {
  const std::string bytes =
      std::string(1, prefix) + std::string(DigestBytes(first)) + std::string(DigestBytes(second));
  Digest hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return hash;
}

using Implementation = void (*)(absl::Span<const IndexHashTask>);

class IndexHashing : public ::testing::TestWithParam<Implementation> {};

TEST_P(IndexHashing, AgreesWithLibsodiumForEveryCount) {
  std::mt19937_64 random(256);
  for (size_t count = 0; count <= 65; ++count) {
    std::vector<IndexLeaf> inputs(count);  // of nodes too: two digests
    std::vector<Digest> hashes(count), expected;
    std::vector<IndexHashTask> tasks;
    for (size_t i = 0; i < count; ++i) {
      inputs[i] = {RandomDigest(random), RandomDigest(random)};
      const auto& [first, second] = inputs[i];
      const bool leaf = random() % 2 == 0;
      tasks.push_back(leaf ? IndexHashTask::OfLeaf(inputs[i], hashes[i])
                           : IndexHashTask::OfNode(first, second, hashes[i]));
      expected.push_back(BySodium(leaf ? '\x02' : '\x03', first, second));
    }
    GetParam()(tasks);
    EXPECT_EQ(hashes, expected) << count;
  }
}

// Each byte of a message has its own place, whatever the others are.
TEST_P(IndexHashing, AgreesWithLibsodiumForEveryBit) {
  for (size_t bit = 0; bit < 16 * kDigestBytes; ++bit) {
    IndexLeaf ones{}, zeros{};
    ones.key.fill(0xff);
    ones.value.fill(0xff);
    for (IndexLeaf* leaf : {&ones, &zeros}) {
      Digest& digest = bit < 8 * kDigestBytes ? leaf->key : leaf->value;
      digest[bit / 8 % kDigestBytes] ^= static_cast<uint8_t>(1 << bit % 8);
    }
    Digest of_ones, of_zeros;
    const std::vector<IndexHashTask> tasks = {IndexHashTask::OfLeaf(ones, of_ones),
                                              IndexHashTask::OfLeaf(zeros, of_zeros)};
    GetParam()(tasks);
    EXPECT_EQ(of_ones, BySodium('\x02', ones.key, ones.value));
    EXPECT_EQ(of_zeros, BySodium('\x02', zeros.key, zeros.value));
  }
}

INSTANTIATE_TEST_SUITE_P(Implementations, IndexHashing,
                         ::testing::Values(HashIndexTasks, HashIndexTasksPortably));

TEST(IndexHash, OneAlone) {
  std::mt19937_64 random(1);
  const IndexLeaf leaf{RandomDigest(random), RandomDigest(random)};
  EXPECT_EQ(HashOfIndexLeaf(leaf), BySodium('\x02', leaf.key, leaf.value));
  EXPECT_EQ(HashOfIndexNode(leaf.key, leaf.value), BySodium('\x03', leaf.key, leaf.value));
}

}  // namespace
}  // namespace touchstone::ledger
