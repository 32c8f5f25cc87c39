#include "registry/ledger/lru_cache.h"

#include <memory>
#include <optional>

#include "gtest/gtest.h"

namespace touchstone::ledger {
namespace {

TEST(LruCache, FindsWhatWasPutAndReplacesIt) {
  LruCache<int, int> cache(1000);
  EXPECT_EQ(cache.Find(1), std::nullopt);
  cache.Put(1, 10);
  EXPECT_EQ(cache.Find(1), 10);
  cache.Put(1, 11);
  EXPECT_EQ(cache.Find(1), 11);
}

TEST(LruCache, StaysWithinItsCapacityAndLetsGo) {
  const auto value = std::make_shared<int>(7);
  LruCache<int, std::shared_ptr<int>> cache(160);
  for (int key = 0; key < 10000; ++key) cache.Put(key, value);
  EXPECT_LE(value.use_count(), 160 + 1);
  EXPECT_GE(value.use_count(), 100);
}

TEST(LruCache, ForgetsWhatWasNotUsedForLongest) {
  LruCache<int, int> cache(320);
  cache.Put(-1, 0);
  for (int key = 0; key < 10000; ++key) {
    cache.Put(key, key);
    ASSERT_TRUE(cache.Find(-1).has_value()) << "used all the time, forgotten after " << key;
  }
  EXPECT_EQ(cache.Find(0), std::nullopt);
}

}  // namespace
}  // namespace touchstone::ledger
