#include "cli/grey_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jpeglib.h>  // after stdio.h
#include <png.h>
#include <stdio.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/qr_picture.h"
#include "cli/qr_scan.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string QrPng(absl::string_view text, int scale) {
  return ValueOrDie(DrawQrAsPng(ValueOrDie(QrCode::Encode(text)), scale));
}

std::string JpegOf(const GreyPicture& picture, int quality, bool progressive) {
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = picture.width;
  info.image_height = picture.height;
  info.input_components = 1;
  info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row =
        const_cast<unsigned char*>(&picture.pixels[size_t{info.next_scanline} * picture.width]);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string file(reinterpret_cast<char*>(memory), size);
  free(memory);
  return file;
}

// Of a PNG chunk (ISO 3309).
uint32_t Crc32(absl::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1) * 0xEDB88320;
  }
  return ~crc;
}

std::string TransparentPng() {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = 2;
  image.height = 1;
  image.format = PNG_FORMAT_RGBA;
  const unsigned char pixels[] = {0, 0, 0, 0, 0, 0, 0, 255};
  std::string png(1000, '\0');
  png_alloc_size_t size = png.size();
  EXPECT_NE(png_image_write_to_memory(&image, png.data(), &size, 0, pixels, 0, nullptr), 0);
  png.resize(size);
  return png;
}

TEST(GreyPictureTest, TransparentIsWhite) {
  EXPECT_THAT(ValueOrDie(DecodePicture(TransparentPng())).pixels, ElementsAre(255, 0));
}

TEST(GreyPictureTest, ReadsPgm) {
  const GreyPicture picture =
      ValueOrDie(DecodePicture(absl::StrCat("P5 # of a camera\n2\n#\n 2 255\n", "abcd")));
  EXPECT_EQ(picture.width, 2u);
  EXPECT_THAT(picture.pixels, ElementsAre('a', 'b', 'c', 'd'));
}

TEST(GreyPictureTest, RefusesDamagedPgm) {
  for (const char* file :
       {"P5", "P5 2", "P5 2 2", "P5 2 2 255", "P5 2 2 255\nabc", "P5 x 2 255\nabcd",
        "P5 2 2 65535\nabcdefgh", "P5 0 2 255\n", "P5 -2 2 255\nabcd", "P5 # no end"}) {
    EXPECT_EQ(DecodePicture(file).status().code(), absl::StatusCode::kInvalidArgument) << file;
  }
}

TEST(GreyPictureTest, RefusesWhatIsTooLargeBeforeItIsRead) {
  EXPECT_THAT(std::string(DecodePicture("P5 100000 100000 255\n").status().message()),
              HasSubstr("pixels"));
  EXPECT_FALSE(DecodePicture("P5 99999999999999999999999 2 255\n").ok());
  // A PNG whose header says 100,000 by 100,000; its checksum is the right one.
  std::string png = QrPng("OPAL", 1);
  const std::string side("\x00\x01\x86\xa0", 4);
  png.replace(16, 8, side + side);
  const uint32_t crc = Crc32(absl::string_view(png).substr(12, 17));
  for (size_t i = 0; i < 4; ++i) png[29 + i] = static_cast<char>(crc >> (24 - 8 * i));
  EXPECT_THAT(std::string(DecodePicture(png).status().message()), HasSubstr("pixels"));
}

TEST(GreyPictureTest, ReadsPhotographs) {
  const GreyPicture picture = ValueOrDie(DecodePicture(QrPng("HTTPS://X/P/0#A", 8)));
  for (const bool progressive : {false, true}) {
    const std::string jpeg = JpegOf(picture, 60, progressive);
    EXPECT_EQ(ValueOrDie(DecodePicture(jpeg)).width, picture.width);
    EXPECT_THAT(ValueOrDie(ScanQrCodes(jpeg)), ElementsAre("HTTPS://X/P/0#A"));
  }
}

TEST(GreyPictureTest, DamagedFilesAreRefusedOrReadButNeverCrash) {
  const GreyPicture picture = ValueOrDie(DecodePicture(QrPng("OPAL", 4)));
  std::minstd_rand random(7);  // NOLINT: the same damage on every run
  for (const std::string& file :
       {QrPng("OPAL", 4), JpegOf(picture, 50, false), JpegOf(picture, 50, true)}) {
    for (size_t size = 0; size < file.size(); size += 23) {
      static_cast<void>(ScanQrCodes(file.substr(0, size)));
    }
    for (int round = 0; round < 100; ++round) {
      std::string damaged = file;
      for (int i = 0; i < 4; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
      static_cast<void>(ScanQrCodes(damaged));
    }
  }
}

TEST(GreyPictureTest, OtherFilesAreNoPictures) {
  for (const char* file : {"", "GIF89a", "%PDF-1.7", "PK"}) {
    EXPECT_THAT(std::string(DecodePicture(file).status().message()), HasSubstr("PNG, JPEG or PGM"));
  }
}

TEST(QrScanTest, FindsSeveralCodesAndCodesWithoutQuietZone) {
  const GreyPicture one = ValueOrDie(DecodePicture(QrPng("FIRST", 6)));
  const GreyPicture two = ValueOrDie(DecodePicture(QrPng("OTHER", 6)));
  ASSERT_EQ(one.width, two.width);
  const std::string both = absl::StrCat("P5 ", one.width, " ", 2 * one.height, " 255\n",
                                        std::string(one.pixels.begin(), one.pixels.end()),
                                        std::string(two.pixels.begin(), two.pixels.end()));
  EXPECT_THAT(ValueOrDie(ScanQrCodes(both)), ::testing::UnorderedElementsAre("FIRST", "OTHER"));

  const QrCode code = ValueOrDie(QrCode::Encode("CUT OUT"));
  std::string bare = absl::StrCat("P5 ", code.size(), " ", code.size(), " 255\n");
  for (int y = 0; y < code.size(); ++y) {
    for (int x = 0; x < code.size(); ++x) bare.push_back(code.dark(x, y) ? '\0' : '\xff');
  }
  EXPECT_THAT(ValueOrDie(ScanQrCodes(bare)), ElementsAre("CUT OUT"));
}

TEST(QrScanTest, APictureWithoutACodeIsNotFound) {
  const std::string blank = absl::StrCat("P5 200 200 255\n", std::string(40000, '\x80'));
  EXPECT_EQ(ScanQrCodes(blank).status().code(), absl::StatusCode::kNotFound);
}

TEST(QrScanTest, ArgumentIsATextOrAPicture) {
  EXPECT_THAT(ValueOrDie(ReadQrArgument("https://x/p/0#A")), ElementsAre("https://x/p/0#A"));
  EXPECT_THAT(ValueOrDie(ReadQrArgument("HTTPS://X/P/0#A")), ElementsAre("HTTPS://X/P/0#A"));
  EXPECT_FALSE(ReadQrArgument("https://x/p/0#" + std::string(kQrTextBytesMax, 'A')).ok());
  const storage::ScratchDirectory scratch;
  const std::string path = scratch.File("card.png");
  FILE* file = fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  const std::string png = QrPng("HTTPS://X/P/0#A", 4);
  ASSERT_EQ(fwrite(png.data(), 1, png.size(), file), png.size());
  fclose(file);
  EXPECT_THAT(ValueOrDie(ReadQrArgument(path)), ElementsAre("HTTPS://X/P/0#A"));
  EXPECT_THAT(std::string(ReadQrArgument(scratch.File("none.png")).status().message()),
              HasSubstr("none.png"));
}

}  // namespace
}  // namespace touchstone::cli
