#include "cli/qr_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/grey_picture.h"
#include "cli/qr_scan.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;

const std::string kText = absl::StrCat(
    "HTTPS://PASSPORTS.EXAMPLE/01/09521234100478/21/AF-2026-00417#",
    "AGZFYXKD3ZOT6Y5LCKEDZCRNVNBV4KQ2YGWZPPSBZSL3HX3HXQ7JQBVGM4ZWQYLTNFSGK3TFEBZGKZ3J");

// A PGM picture of cells, each `scale` pixels wide and high; a cell is light or dark.
std::string Pgm(const std::vector<std::vector<bool>>& light, size_t scale) {
  std::string pixels;
  for (const std::vector<bool>& row : light) {
    std::string line;
    for (const bool one : row) line.append(scale, one ? '\xff' : '\0');
    for (size_t i = 0; i < scale; ++i) pixels += line;
  }
  return absl::StrCat("P5\n", light[0].size() * scale, " ", light.size() * scale, "\n255\n",
                      pixels);
}

// What a terminal of light blocks on a dark screen would show.
std::vector<std::vector<bool>> ScreenOfHalfBlocks(absl::string_view drawn) {
  std::vector<std::vector<bool>> screen;
  for (const absl::string_view line : absl::StrSplit(drawn, '\n', absl::SkipEmpty())) {
    std::vector<bool> upper;
    std::vector<bool> lower;
    for (size_t i = 0; i < line.size();) {
      const size_t size = line[i] == ' ' ? 1 : 3;
      const absl::string_view cell = line.substr(i, size);
      EXPECT_THAT(std::string(cell), ::testing::AnyOf(" ", "█", "▀", "▄"));
      upper.push_back(cell == "█" || cell == "▀");
      lower.push_back(cell == "█" || cell == "▄");
      i += size;
    }
    screen.push_back(upper);
    screen.push_back(lower);
  }
  return screen;
}

std::vector<std::vector<bool>> Inverted(std::vector<std::vector<bool>> screen) {
  for (std::vector<bool>& row : screen) row.flip();
  return screen;
}

Terminal UnicodeTerminal() {
  Terminal terminal;
  terminal.unicode = true;
  return terminal;
}

TEST(QrPictureTest, PngIsReadBack) {
  const QrCode code = ValueOrDie(QrCode::Encode(kText));
  for (const int scale : {1, 2, 5, 12}) {
    const std::string png = ValueOrDie(DrawQrAsPng(code, scale));
    EXPECT_EQ(ValueOrDie(DecodePicture(png)).width,
              static_cast<uint32_t>((code.size() + 8) * scale));
    EXPECT_THAT(ValueOrDie(ScanQrCodes(png)), ElementsAre(kText)) << scale;
  }
  EXPECT_FALSE(DrawQrAsPng(code, 0).ok());
  EXPECT_FALSE(DrawQrAsPng(code, kQrScaleMax + 1).ok());
}

TEST(QrPictureTest, TextsOfEveryKindAreReadBack) {
  for (const std::string& text :
       {std::string("0123456789"), std::string("mixed 0123456789012345 CAPITALS and ünïcödé"),
        std::string("a"), std::string("HTTPS://X/P/0000#AAAA"), std::string(1500, 'Z')}) {
    const QrCode code = ValueOrDie(QrCode::Encode(text));
    EXPECT_THAT(ValueOrDie(ScanQrCodes(ValueOrDie(DrawQrAsPng(code, 4)))), ElementsAre(text));
  }
}

TEST(QrPictureTest, DarkTerminalShowsTheCode) {
  const std::string drawn =
      DrawQrForTerminal(ValueOrDie(QrCode::Encode(kText)), UnicodeTerminal(), Background::kDark);
  EXPECT_THAT(ValueOrDie(ScanQrCodes(Pgm(ScreenOfHalfBlocks(drawn), 4))), ElementsAre(kText));
}

TEST(QrPictureTest, LightTerminalShowsTheCode) {
  const std::string drawn =
      DrawQrForTerminal(ValueOrDie(QrCode::Encode(kText)), UnicodeTerminal(), Background::kLight);
  // Blocks are dark there.
  EXPECT_THAT(ValueOrDie(ScanQrCodes(Pgm(Inverted(ScreenOfHalfBlocks(drawn)), 4))),
              ElementsAre(kText));
}

TEST(QrPictureTest, ColouredTerminalShowsTheCodeOnItsOwnColours) {
  Terminal terminal = UnicodeTerminal();
  terminal.color = true;
  const QrCode code = ValueOrDie(QrCode::Encode(kText));
  const std::string drawn = DrawQrForTerminal(code, terminal, Background::kLight);
  const std::string plain =
      absl::StrReplaceAll(drawn, {{"\033[38;5;231;48;5;16m", ""}, {"\033[0m", ""}});
  EXPECT_THAT(ValueOrDie(ScanQrCodes(Pgm(ScreenOfHalfBlocks(plain), 4))), ElementsAre(kText));
}

TEST(QrPictureTest, ColouredTerminalWithoutUnicodeShowsTheCode) {
  Terminal terminal;
  terminal.color = true;
  const std::string drawn =
      DrawQrForTerminal(ValueOrDie(QrCode::Encode(kText)), terminal, Background::kDark);
  std::vector<std::vector<bool>> screen;
  for (const absl::string_view line : absl::StrSplit(drawn, '\n', absl::SkipEmpty())) {
    screen.emplace_back();
    for (const absl::string_view cell : absl::StrSplit(line, "  ", absl::SkipEmpty())) {
      if (cell == "\033[0m") continue;
      screen.back().push_back(cell.find("231") != absl::string_view::npos);
    }
  }
  EXPECT_THAT(ValueOrDie(ScanQrCodes(Pgm(screen, 4))), ElementsAre(kText));
}

TEST(QrPictureTest, PlainTerminalShowsTheCode) {
  const std::string drawn =
      DrawQrForTerminal(ValueOrDie(QrCode::Encode(kText)), Terminal(), Background::kDark);
  std::vector<std::vector<bool>> screen;
  for (const absl::string_view line : absl::StrSplit(drawn, '\n', absl::SkipEmpty())) {
    screen.emplace_back();
    for (size_t i = 0; i < line.size(); i += 2) screen.back().push_back(line[i] == '#');
  }
  EXPECT_THAT(ValueOrDie(ScanQrCodes(Pgm(screen, 4))), ElementsAre(kText));
}

TEST(QrPictureTest, SvgHasOneRectangleForEachRun) {
  const QrCode code = ValueOrDie(QrCode::Encode(kText));
  const std::string svg = DrawQrAsSvg(code);
  const int side = code.size() + 8;
  EXPECT_NE(svg.find(absl::StrCat("viewBox=\"0 0 ", side, " ", side, "\"")), std::string::npos);
  // Draw it again from its own commands "M<x> <y>h<width>v1h-<width>z".
  std::vector<std::vector<bool>> light(static_cast<size_t>(side),
                                       std::vector<bool>(static_cast<size_t>(side), true));
  const std::string path = svg.substr(svg.rfind(" d=\"") + 4);
  for (size_t at = path.find('M'); at != std::string::npos; at = path.find('M', at + 1)) {
    unsigned x = 0;
    unsigned y = 0;
    unsigned width = 0;
    ASSERT_EQ(sscanf(path.c_str() + at, "M%u %uh%uv1h-", &x, &y, &width), 3);
    for (unsigned i = 0; i < width; ++i) light.at(y).at(x + i) = false;
  }
  EXPECT_THAT(ValueOrDie(ScanQrCodes(Pgm(light, 4))), ElementsAre(kText));
}

}  // namespace
}  // namespace touchstone::cli
