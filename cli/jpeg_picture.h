// JPEG pictures as grey pixels; alone because libjpeg reports errors by longjmp. For use by
// cli/grey_picture.h only.
#ifndef TOUCHSTONE_CLI_JPEG_PICTURE_H_
#define TOUCHSTONE_CLI_JPEG_PICTURE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/grey_picture.h"

namespace touchstone::cli {

// At most kJpegPixelsMax, read at a half, a quarter or an eighth of the size if it has more than
// kPicturePixelsMax. InvalidArgument for anything else, and for a file that libjpeg finds damaged.
absl::StatusOr<GreyPicture> DecodeJpeg(absl::string_view file);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_JPEG_PICTURE_H_
