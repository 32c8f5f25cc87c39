#include "cli/audit/index_replica.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/support/reference_index.h"
#include "verifier/index_hash.h"

namespace touchstone::cli {
namespace {

Digest RandomDigest(std::mt19937_64& random) {
  Digest digest;
  for (uint8_t& byte : digest) byte = static_cast<uint8_t>(random());
  return digest;
}

TEST(IndexReplica, EmptyTreeHasTheEmptyRoot) { EXPECT_EQ(IndexReplica().Root(), kEmptyIndexNode); }

TEST(IndexReplica, FollowsTheDefinitionInAnyOrderAndBatching) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    IndexReplica replica;
    ReferenceIndex reference;
    for (int i = 0; i < 60; ++i) {
      Digest key = RandomDigest(random);
      // Long shared prefixes, which uniform keys hardly ever have.
      if (i % 3 == 0) std::fill(key.begin(), key.begin() + 1 + seed % 31, uint8_t{0xA5});
      const Digest value = RandomDigest(random);
      ASSERT_TRUE(replica.Insert(key, value).ok());
      reference.Insert(key, value);
      if (random() % 2 == 0) {
        ASSERT_EQ(replica.Root(), reference.Root()) << "seed " << seed << ", " << i << " keys";
      }
    }
    EXPECT_EQ(replica.Root(), reference.Root());
    EXPECT_EQ(replica.size(), reference.size());
  }
}

TEST(IndexReplica, KeysThatDifferInTheLastBitOnly) {
  IndexReplica replica;
  ReferenceIndex reference;
  Digest key = {};
  const Digest value = {1};
  for (const uint8_t last : {uint8_t{0}, uint8_t{1}}) {
    key[31] = last;
    ASSERT_TRUE(replica.Insert(key, value).ok());
    reference.Insert(key, value);
  }
  EXPECT_EQ(replica.Root(), reference.Root());
}

// Keys are a registry's to choose; each pair here shares 255 bits with its twin.
TEST(IndexReplica, MemoryGrowsWithTheLeavesWhateverTheirKeysAre) {
  constexpr size_t kPairs = 10'000;
  std::mt19937_64 random(1);
  const size_t before = mallinfo2().uordblks;
  IndexReplica replica;
  ReferenceIndex reference;
  for (size_t i = 0; i < kPairs; ++i) {
    Digest key = RandomDigest(random);
    for (int twin = 0; twin < 2; ++twin) {
      key.back() ^= 1;
      ASSERT_TRUE(replica.Insert(key, {1}).ok());
      if (i < 20) reference.Insert(key, {1});
    }
    if (i < 20) {
      ASSERT_EQ(replica.Root(), reference.Root()) << i;
    }
  }
  replica.Root();
  // 0 under a sanitizer, which has its own allocator.
  EXPECT_LT(mallinfo2().uordblks - before, 2 * kPairs * 150);
}

// Every prefix of one key forks off: the deepest tree that there is.
TEST(IndexReplica, ForksBelowEachOtherAtEveryDepth) {
  for (const bool deepest_first : {false, true}) {
    IndexReplica replica;
    ReferenceIndex reference;
    for (size_t i = 0; i <= 256; ++i) {
      const size_t bit = deepest_first ? 256 - i : i;
      Digest key = {};
      if (bit < 256) key[bit / 8] = static_cast<uint8_t>(0x80 >> (bit % 8));
      ASSERT_TRUE(replica.Insert(key, {1}).ok());
      reference.Insert(key, {1});
      if (i % 16 == 0) {
        ASSERT_EQ(replica.Root(), reference.Root()) << bit;
      }
    }
    EXPECT_EQ(replica.Root(), reference.Root());
  }
}

TEST(IndexReplica, AKeyIsInsertedOnce) {
  IndexReplica replica;
  const Digest key = {7};
  ASSERT_TRUE(replica.Insert(key, {1}).ok());
  const Digest root = replica.Root();
  EXPECT_EQ(replica.Insert(key, {2}).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(replica.Root(), root);
}

}  // namespace
}  // namespace touchstone::cli
