#include "registry/service/awaited_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace touchstone::service {
namespace {

using ::testing::ElementsAre;

Digest Key(uint8_t byte) {
  Digest digest = {};
  digest[0] = byte;
  return digest;
}

std::vector<WatchedPassport> WhoAwaits(const AwaitedKeys& keys, uint8_t byte) {
  std::vector<WatchedPassport> found;
  keys.ForEach(Key(byte), [&found](const WatchedPassport& who) { found.push_back(who); });
  return found;
}

TEST(AwaitedKeys, FindsAllWhoWaitForAKey) {
  AwaitedKeys keys(10);
  EXPECT_TRUE(keys.Set({1, 0}, {Key(1), Key(2)}));
  EXPECT_TRUE(keys.Set({1, 7}, {Key(2)}));
  EXPECT_TRUE(keys.Set({2, 0}, {Key(2), Key(3)}));
  EXPECT_THAT(WhoAwaits(keys, 0), ElementsAre());
  EXPECT_THAT(WhoAwaits(keys, 1), ElementsAre(WatchedPassport{1, 0}));
  EXPECT_THAT(WhoAwaits(keys, 2),
              ElementsAre(WatchedPassport{1, 0}, WatchedPassport{1, 7}, WatchedPassport{2, 0}));
}

TEST(AwaitedKeys, NewKeysReplaceTheOldOnes) {
  AwaitedKeys keys(10);
  EXPECT_TRUE(keys.Set({1, 0}, {Key(1), Key(2)}));
  EXPECT_TRUE(keys.Set({1, 0}, {Key(2), Key(3)}));
  EXPECT_THAT(WhoAwaits(keys, 1), ElementsAre());
  EXPECT_THAT(WhoAwaits(keys, 3), ElementsAre(WatchedPassport{1, 0}));
  EXPECT_EQ(keys.size(), 2u);
}

TEST(AwaitedKeys, AreForgottenWithTheirWatcherOnly) {
  AwaitedKeys keys(10);
  EXPECT_TRUE(keys.Set({1, 0}, {Key(1)}));
  EXPECT_TRUE(keys.Set({2, 0}, {Key(1)}));
  EXPECT_TRUE(keys.Set({2, 1}, {Key(1)}));
  EXPECT_TRUE(keys.Set({3, 0}, {Key(1)}));
  keys.Remove(2);
  keys.Remove(9);
  EXPECT_THAT(WhoAwaits(keys, 1), ElementsAre(WatchedPassport{1, 0}, WatchedPassport{3, 0}));
}

TEST(AwaitedKeys, HaveAnEnd) {
  AwaitedKeys keys(3);
  EXPECT_TRUE(keys.Set({1, 0}, {Key(1), Key(2)}));
  EXPECT_FALSE(keys.Set({2, 0}, {Key(1), Key(2)}));
  EXPECT_EQ(keys.size(), 2u);
  EXPECT_TRUE(keys.Set({1, 0}, {Key(1), Key(2), Key(3)})) << "its old ones make room";
  keys.Remove(1);
  EXPECT_EQ(keys.size(), 0u);
}

}  // namespace
}  // namespace touchstone::service
