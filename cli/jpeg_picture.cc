#include "cli/jpeg_picture.h"

#include <jpeglib.h>  // after stdio.h, which it needs
#include <setjmp.h>
#include <stdio.h>

#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

constexpr int kScansMax = 64;  // a progressive picture has about ten; more is there to cost time
constexpr long kMemoryMax = 512L << 20;

struct ErrorManager {
  jpeg_error_mgr base;  // first: libjpeg hands us a pointer to it
  jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void FailWith(j_common_ptr info, const char* message) {
  auto* errors = reinterpret_cast<ErrorManager*>(info->err);
  std::strncpy(errors->message, message, sizeof(errors->message) - 1);
  longjmp(errors->escape, 1);
}

[[noreturn]] void OnError(j_common_ptr info) {
  char message[JMSG_LENGTH_MAX];
  info->err->format_message(info, message);
  FailWith(info, message);
}

// libjpeg prints warnings and goes on with grey where data is missing.
void OnMessage(j_common_ptr /*info*/, int /*level*/) {}

void OnProgress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kScansMax) {
    FailWith(info, "it has too many scans");
  }
}

// Whether `picture` was filled; if not, errors.message says why. Nothing with a destructor lives in
// this frame, since longjmp would skip it.
bool Decode(absl::string_view file, jpeg_decompress_struct& info, ErrorManager& errors,
            jpeg_progress_mgr& progress, GreyPicture& picture) {
  if (setjmp(errors.escape) != 0) return false;
  jpeg_create_decompress(&info);
  info.progress = &progress;
  info.mem->max_memory_to_use = kMemoryMax;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&info, TRUE);
  const uint64_t pixels = uint64_t{info.image_width} * info.image_height;
  if (pixels > kJpegPixelsMax) FailWith(reinterpret_cast<j_common_ptr>(&info), "it is too large");
  info.scale_num = 8;
  info.scale_denom = 8;
  while (pixels * info.scale_num * info.scale_num / 64 > kPicturePixelsMax) info.scale_num /= 2;
  info.out_color_space = JCS_GRAYSCALE;
  jpeg_start_decompress(&info);
  picture.width = info.output_width;
  picture.height = info.output_height;
  picture.pixels.resize(size_t{picture.width} * picture.height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = picture.pixels.data() + size_t{info.output_scanline} * picture.width;
    jpeg_read_scanlines(&info, &row, 1);
  }
  return true;
}

}  // namespace

absl::StatusOr<GreyPicture> DecodeJpeg(absl::string_view file) {
  jpeg_decompress_struct info = {};
  ErrorManager errors = {};
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = OnError;
  errors.base.emit_message = OnMessage;
  jpeg_progress_mgr progress = {};
  progress.progress_monitor = OnProgress;
  GreyPicture picture;
  const bool decoded = Decode(file, info, errors, progress, picture);
  jpeg_destroy_decompress(&info);
  if (!decoded) {
    return absl::InvalidArgumentError(
        absl::StrCat("the JPEG picture is damaged: ", errors.message));
  }
  return picture;
}

}  // namespace touchstone::cli
