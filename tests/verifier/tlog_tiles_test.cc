#include "verifier/tlog_tiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"

namespace touchstone {
namespace {

using ::testing::ElementsAre;

constexpr struct {
  TileName name;
  absl::string_view path;
} kPaths[] = {
    {{0, 1234067}, "tile/0/x001/x234/067"},  // the specification's example
    {{0, 0}, "tile/0/000"},
    {{63, 999}, "tile/63/999"},
    {{1, 1000}, "tile/1/x001/000"},
    {{0, 1234067, 5}, "tile/0/x001/x234/067.p/5"},
    {{0, 256, 255}, "tile/0/256.p/255"},
    {{std::nullopt, 0, 1}, "tile/entries/000.p/1"},
    {{std::nullopt, 1000000}, "tile/entries/x001/x000/000"},
    {{0, limits::kTreeSizeMax}, "tile/0/x009/x223/x372/x036/x854/x775/807"},
};

TEST(TilePath, IsWrittenAndReadAsTheSpecificationSays) {
  for (const auto& [name, path] : kPaths) {
    EXPECT_EQ(FormatTilePath(name), path);
    EXPECT_EQ(ValueOrDie(ParseTilePath(path)), name) << path;
  }
}

TEST(TilePath, RefusesOtherSpellings) {
  for (const absl::string_view path : {
           "",
           "tile",
           "tile/",
           "tile/0",
           "tile/0/",
           "/tile/0/000",
           "tile/0/000/",
           "tile//000",
           "tile/64/000",
           "tile/00/000",
           "tile/-1/000",
           "tile/data/000",
           "tile/Entries/000",
           "tile/0/0",
           "tile/0/00",
           "tile/0/0000",
           "tile/0/x000/000",
           "tile/0/x000",
           "tile/0/x000/",
           "tile/0/001/000",
           "tile/0/x001/x000",
           "tile/0/x001/0a0",
           "tile/0/x001x000/000",
           "tile/0/X001/000",
           "tile/0/xx001/000",
           "tile/0/x1/000",
           "tile/0/x009/x223/x372/x036/x854/x775/808",  // 2^63
           "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
           "tile/0/000.p",
           "tile/0/000.p/",
           "tile/0/000.p/0",
           "tile/0/000.p/256",
           "tile/0/000.p/01",
           "tile/0/000.p/1/",
           "tile/0/000.p/1.p/1",
           "tile/0/000.P/1",
           "tile/0/../000",
           "tile/0/%30",
           "tile/0/000 ",
           "tile/0/000\n",
       }) {
    EXPECT_THAT(ParseTilePath(path), IsRefused(RefusalCode::kMalformed)) << path;
  }
}

// floor(size / 256^level) mod 256, as the specification gives it.
TEST(TilePath, PartialWidthFollowsFromTheSize) {
  EXPECT_EQ(PartialTileWidth(0, 0), 0u);
  EXPECT_EQ(PartialTileWidth(255, 0), 255u);
  EXPECT_EQ(PartialTileWidth(256, 0), 0u);
  EXPECT_EQ(PartialTileWidth(70000, 0), 112u);
  EXPECT_EQ(PartialTileWidth(70000, 1), 17u);
  EXPECT_EQ(PartialTileWidth(70000, 2), 1u);
  EXPECT_EQ(PartialTileWidth(70000, 3), 0u);
  EXPECT_EQ(PartialTileWidth(limits::kTreeSizeMax, 7), 127u);
  EXPECT_EQ(PartialTileWidth(limits::kTreeSizeMax, 8), 0u);
  EXPECT_EQ(PartialTileWidth(limits::kTreeSizeMax, 63), 0u);
}

TEST(Tile, HoldsExactlyItsHashes) {
  const Digest first = LeafHash("a");
  const Digest second = LeafHash("b");
  const std::string bytes = std::string(DigestBytes(first)) + std::string(DigestBytes(second));
  EXPECT_THAT(ValueOrDie(DecodeTile(bytes, 2)), ElementsAre(first, second));
  for (const uint32_t width : {0, 1, 3, 257}) {
    EXPECT_THAT(DecodeTile(bytes, width), IsRefused(RefusalCode::kMalformed)) << width;
  }
  EXPECT_THAT(DecodeTile(bytes.substr(1), 2), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DecodeTile("", 0), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DecodeTile(std::string(8192, 'x'), 256), IsOk());
  EXPECT_THAT(DecodeTile(std::string(257 * 32, 'x'), 257), IsRefused(RefusalCode::kMalformed));
}

TEST(EntryBundle, PutsTheLengthBeforeEachEntry) {
  const std::string bytes = ValueOrDie(EncodeEntryBundle({"", "a", "bcd"}));
  EXPECT_EQ(bytes, std::string("\0\0\0\1a\0\3bcd", 10));
  EXPECT_THAT(ValueOrDie(DecodeEntryBundle(bytes, 3)), ElementsAre("", "a", "bcd"));
}

TEST(EntryBundle, HoldsExactlyItsEntries) {
  const std::string bytes = ValueOrDie(EncodeEntryBundle({"", "a", "bcd"}));
  for (const uint32_t width : {0, 1, 2, 4, 257}) {
    EXPECT_THAT(DecodeEntryBundle(bytes, width), IsRefused(RefusalCode::kMalformed)) << width;
  }
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THAT(DecodeEntryBundle(absl::string_view(bytes).substr(0, length), 3),
                IsRefused(RefusalCode::kMalformed));
  }
  EXPECT_THAT(DecodeEntryBundle(bytes + '\0', 3), IsRefused(RefusalCode::kMalformed));
}

TEST(EntryBundle, HoldsItsLimits) {
  const std::string longest(65535, 'x');
  const std::string bytes = ValueOrDie(EncodeEntryBundle({longest}));
  EXPECT_EQ(bytes.size(), 65537u);
  EXPECT_THAT(ValueOrDie(DecodeEntryBundle(bytes, 1)), ElementsAre(longest));
  EXPECT_THAT(EncodeEntryBundle({longest + "x"}), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(EncodeEntryBundle({}), IsRefused(RefusalCode::kMalformed));
  const std::vector<absl::string_view> full(256, "entry");
  EXPECT_THAT(EncodeEntryBundle(full), IsOk());
  const std::vector<absl::string_view> overfull(257, "entry");
  EXPECT_THAT(EncodeEntryBundle(overfull), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
