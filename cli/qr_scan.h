// Reads QR codes from pictures that people took or were sent. Not for what the text means: that is
// verifier/digital_link.h and verifier/card_token.h.
#ifndef TOUCHSTONE_CLI_QR_SCAN_H_
#define TOUCHSTONE_CLI_QR_SCAN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

inline constexpr size_t kQrTextBytesMax = 4096;

// The texts of the QR codes in a picture (the bytes of a PNG, JPEG or PGM file), each once, at
// least one. Errors: those of DecodePicture; NotFound, with advice on taking the picture.
absl::StatusOr<std::vector<std::string>> ScanQrCodes(absl::string_view picture_file);

// What --qr was given: a text that begins with http:// or https:// in any case is the QR code's
// text itself; everything else names a picture. Errors: those of ReadPublicFile and ScanQrCodes,
// naming the file.
absl::StatusOr<std::vector<std::string>> ReadQrArgument(const std::string& argument);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_QR_SCAN_H_
