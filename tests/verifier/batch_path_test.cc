#include "verifier/batch_path.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(InclusionPathLength, IsThatOfTheDefinition) {
  for (size_t size = 1; size <= 70; ++size) {
    const std::vector<Digest> leaves = NumberedLeaves(size);
    for (size_t index = 0; index < size; ++index) {
      EXPECT_EQ(InclusionPathLength(index, size), ReferencePath(index, leaves).size())
          << index << " of " << size;
    }
  }
}

TEST(BatchPath, LeadsToTheRoot) {
  for (const size_t size : {1, 2, 3, 5, 8, 13}) {
    const std::vector<Digest> leaves = NumberedLeaves(size);
    for (size_t index = 0; index < size; ++index) {
      const BatchPath path =
          ValueOrDie(BatchPath::Create(index, size, ReferencePath(index, leaves)));
      EXPECT_EQ(path.Root(leaves[index]), ReferenceRoot(leaves)) << index << " of " << size;
    }
  }
}

TEST(BatchPath, HasExactlyTheRightLength) {
  std::vector<Digest> path = ReferencePath(2, NumberedLeaves(5));
  ASSERT_THAT(BatchPath::Create(2, 5, path), IsOk());
  path.push_back(kZeroDigest);
  EXPECT_THAT(BatchPath::Create(2, 5, path), IsRefused(RefusalCode::kMalformed));
  path.resize(path.size() - 2);
  EXPECT_THAT(BatchPath::Create(2, 5, path), IsRefused(RefusalCode::kMalformed));
}

TEST(BatchPath, StandsWithinItsBatch) {
  EXPECT_THAT(BatchPath::Create(0, 0, {}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(BatchPath::Create(1, 1, {}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(BatchPath::Create(UINT64_MAX, 2, {kZeroDigest}), IsRefused(RefusalCode::kMalformed));
}

TEST(BatchPath, BatchesHaveUpTo65536Envelopes) {
  EXPECT_THAT(BatchPath::Create(65535, 65536, std::vector<Digest>(16)), IsOk());
  EXPECT_THAT(BatchPath::Create(0, 65537, std::vector<Digest>(17)),
              IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(BatchPath::Create(0, UINT64_MAX, std::vector<Digest>(64)),
              IsRefused(RefusalCode::kTooLarge));
}

}  // namespace
}  // namespace touchstone
