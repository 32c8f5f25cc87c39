#include "registry/storage/key_range.h"

#include <string>

#include "gtest/gtest.h"

namespace touchstone::storage {
namespace {

TEST(KeyRangeTest, PrefixHoldsExactlyTheKeysThatStartWithIt) {
  const KeyRange range = KeyRange::Prefix("ab");
  EXPECT_TRUE(range.Contains("ab"));
  EXPECT_TRUE(range.Contains("ab\xff\xff\xff"));
  EXPECT_TRUE(range.Contains(std::string("ab\0", 3)));
  EXPECT_FALSE(range.Contains("aa\xff"));
  EXPECT_FALSE(range.Contains("a"));
  EXPECT_FALSE(range.Contains("ac"));
  EXPECT_FALSE(range.Contains(""));
}

TEST(KeyRangeTest, PrefixMayEndInTheLargestByte) {
  const KeyRange range = KeyRange::Prefix("a\xff\xff");
  EXPECT_EQ(range.end(), "b");
  EXPECT_TRUE(range.Contains("a\xff\xff\x01"));
  EXPECT_FALSE(range.Contains("a\xff\xfe"));
  EXPECT_FALSE(range.Contains("b"));

  const KeyRange last = KeyRange::Prefix("\xff\xff");
  EXPECT_EQ(last.end(), "");
  EXPECT_TRUE(last.Contains("\xff\xff\xff"));
  EXPECT_FALSE(last.Contains("\xff"));
}

TEST(KeyRangeTest, PrefixCrossesFrom7fTo80) {
  const KeyRange range = KeyRange::Prefix("\x7f");
  EXPECT_EQ(range.end(), "\x80");
  EXPECT_TRUE(range.Contains("\x7f\xff"));
  EXPECT_FALSE(range.Contains("\x80"));
}

TEST(KeyRangeTest, EmptyPrefixHoldsEverything) {
  const KeyRange range = KeyRange::Prefix("");
  EXPECT_TRUE(range.Contains(std::string("\0", 1)));
  EXPECT_TRUE(range.Contains("\xff\xff"));
}

TEST(KeyRangeTest, BetweenIncludesItsBeginAndNotItsEnd) {
  const KeyRange range = KeyRange::Between("b", "d");
  EXPECT_FALSE(range.Contains("a"));
  EXPECT_TRUE(range.Contains("b"));
  EXPECT_TRUE(range.Contains("c\xff"));
  EXPECT_FALSE(range.Contains("d"));
  EXPECT_TRUE(KeyRange::Between("b", "").Contains("\xff"));
  EXPECT_FALSE(KeyRange::Between("d", "b").Contains("c"));
}

TEST(KeyRangeTest, AfterLeavesOutTheKeyAndWhatComesBefore) {
  const KeyRange rest = KeyRange::Prefix("a").After("ab");
  EXPECT_FALSE(rest.Contains("aa"));
  EXPECT_FALSE(rest.Contains("ab"));
  EXPECT_TRUE(rest.Contains(std::string("ab\0", 3)));
  EXPECT_TRUE(rest.Contains("ac"));
  EXPECT_FALSE(rest.Contains("b"));
  // A key before the range does not make it larger.
  EXPECT_FALSE(KeyRange::Prefix("b").After("a").Contains("ab"));
}

}  // namespace
}  // namespace touchstone::storage
