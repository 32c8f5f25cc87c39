#include "registry/storage/write_batch.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace touchstone::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> Describe(const WriteBatch& batch) {
  std::vector<std::string> changes;
  batch.ForEach([&](const WriteBatch::Change& change) {
    std::string text = change.kind == WriteBatch::Kind::kPut ? "put " : "delete ";
    text.append(change.key.data(), change.key.size());
    text.append("=");
    text.append(change.value.data(), change.value.size());
    changes.push_back(text);
  });
  return changes;
}

TEST(WriteBatchTest, KeepsChangesInTheirOrder) {
  WriteBatch batch;
  EXPECT_TRUE(batch.empty());
  batch.Put("b", "2");
  batch.Delete("a");
  batch.Put("b", "");
  EXPECT_THAT(Describe(batch), ElementsAre("put b=2", "delete a=", "put b="));
  EXPECT_EQ(batch.count(), 3u);
  // Three keys of one byte, one value of one byte.
  EXPECT_EQ(batch.size_bytes(), 4 + 3 * WriteBatch::kChangeOverheadBytes);
  EXPECT_THAT(batch.violation(), IsEmpty());
}

TEST(WriteBatchTest, KeepsBytesAsTheyAre) {
  const std::string key("\0\xff\n", 3);
  const std::string value(300, '\0');
  WriteBatch batch;
  batch.Put(key, value);
  EXPECT_THAT(Describe(batch), ElementsAre("put " + key + "=" + value));
}

TEST(WriteBatchTest, IsEmptyAndUsableAfterClear) {
  WriteBatch batch;
  batch.Put("", "a key may not be empty");
  batch.Clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.size_bytes(), 0u);
  EXPECT_THAT(batch.violation(), IsEmpty());
  batch.Put("a", "1");
  EXPECT_THAT(Describe(batch), ElementsAre("put a=1"));
}

TEST(WriteBatchTest, TakesTheLargestKeyAndValue) {
  WriteBatch batch;
  batch.Put(std::string(kMaxKeyBytes, 'k'), std::string(kMaxValueBytes, 'v'));
  EXPECT_THAT(batch.violation(), IsEmpty());
}

TEST(WriteBatchTest, NamesTheChangeThatBreaksABound) {
  WriteBatch empty_key;
  empty_key.Put("a", "");
  empty_key.Delete("");
  EXPECT_THAT(empty_key.violation(), HasSubstr("the key of change 1 has 0 bytes"));

  WriteBatch long_key;
  long_key.Delete(std::string(kMaxKeyBytes + 1, 'k'));
  EXPECT_THAT(long_key.violation(), HasSubstr("the key of change 0 has 1025 bytes"));

  WriteBatch long_value;
  long_value.Put("a", std::string(kMaxValueBytes + 1, 'v'));
  EXPECT_THAT(long_value.violation(), HasSubstr("the value of change 0 has 16777217 bytes"));
}

TEST(WriteBatchTest, StopsGrowingAtItsBound) {
  const std::string value(kMaxValueBytes, 'v');
  WriteBatch batch;
  for (int i = 0; i < 100; ++i) batch.Put("k", value);
  EXPECT_THAT(batch.violation(), HasSubstr("with change 3 the batch exceeds"));
  EXPECT_LE(batch.size_bytes(), kMaxBatchBytes);
}

}  // namespace
}  // namespace touchstone::storage
