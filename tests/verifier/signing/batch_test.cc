#include "verifier/signing/batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/verifier/reference_tree.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(Batch, IsTheTreeOfRfc6962) {
  for (size_t count = 1; count <= 33; ++count) {
    const std::vector<Digest> leaves = NumberedLeaves(count);
    const Batch batch = ValueOrDie(Batch::FromLeafHashes(leaves));
    EXPECT_EQ(batch.count(), count);
    EXPECT_EQ(batch.root(), ReferenceRoot(leaves)) << count;
    for (size_t i = 0; i < count; ++i) {
      const BatchPath path = batch.PathOf(i);
      EXPECT_EQ(path.index(), i);
      EXPECT_EQ(path.count(), count);
      EXPECT_EQ(path.path(), ReferencePath(i, leaves)) << i << " of " << count;
    }
  }
}

TEST(Batch, HashesEncodingsAsLeaves) {
  const std::vector<std::string> paes = {"leaf 0", "leaf 1", "leaf 2"};
  EXPECT_EQ(ValueOrDie(Batch::Create(paes)).root(), ReferenceRoot(NumberedLeaves(3)));
}

TEST(Batch, HasOneTo65536Leaves) {
  EXPECT_THAT(Batch::Create({}), IsRefused(RefusalCode::kMalformed));
  std::vector<Digest> leaves(65536);
  EXPECT_THAT(Batch::FromLeafHashes(leaves), IsOk());
  leaves.push_back(kZeroDigest);
  EXPECT_THAT(Batch::FromLeafHashes(leaves), IsRefused(RefusalCode::kTooLarge));
}

}  // namespace
}  // namespace touchstone
