#include "cli/audit/index_replica.h"

#include <gtest/gtest.h>

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
