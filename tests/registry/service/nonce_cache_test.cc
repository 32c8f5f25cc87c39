#include "registry/service/nonce_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace touchstone::service {
namespace {

using Answer = NonceCache::Answer;

TEST(NonceCache, ASecondUseIsAReplayForAsLongAsItIsRemembered) {
  NonceCache cache(10, 1000);
  EXPECT_EQ(cache.See("a", 5000), Answer::kFresh);
  EXPECT_EQ(cache.See("a", 5000), Answer::kReplay);
  EXPECT_EQ(cache.See("b", 5500), Answer::kFresh);
  EXPECT_EQ(cache.See("a", 6000), Answer::kReplay);
  EXPECT_EQ(cache.See("a", 6001), Answer::kFresh);
  EXPECT_EQ(cache.See("b", 6001), Answer::kReplay);
}

TEST(NonceCache, WhenFullForgetsNothingBeforeItsTime) {
  NonceCache cache(2, 1000);
  EXPECT_EQ(cache.See("a", 0), Answer::kFresh);
  EXPECT_EQ(cache.See("b", 500), Answer::kFresh);
  EXPECT_EQ(cache.See("c", 1000), Answer::kFull);
  EXPECT_EQ(cache.See("a", 1000), Answer::kReplay);
  EXPECT_EQ(cache.See("c", 1001), Answer::kFresh);
}

TEST(NonceCache, AClockThatGoesBackForgetsNothing) {
  NonceCache cache(10, 1000);
  EXPECT_EQ(cache.See("a", 5000), Answer::kFresh);
  EXPECT_EQ(cache.See("b", 100), Answer::kFresh);
  EXPECT_EQ(cache.See("a", 100), Answer::kReplay);
  EXPECT_EQ(cache.See("b", 5500), Answer::kReplay);
}

}  // namespace
}  // namespace touchstone::service
