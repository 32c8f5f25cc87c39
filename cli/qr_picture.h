// A QR code drawn: for a terminal, as PNG, as SVG. Always with its quiet zone of four modules.
#ifndef TOUCHSTONE_CLI_QR_PICTURE_H_
#define TOUCHSTONE_CLI_QR_PICTURE_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/qr_code.h"
#include "cli/terminal.h"

namespace touchstone::cli {

// How a terminal without colours looks; with colours, the code brings its own.
enum class Background { kDark, kLight };

// Lines of text. Two modules a character with half blocks (U+2580, U+2584, U+2588) where the
// terminal shows Unicode; else two blanks on coloured ground a module; else, without colours, "##"
// and blanks, for looking at rather than scanning.
std::string DrawQrForTerminal(const QrCode& code, const Terminal& terminal, Background background);

inline constexpr int kQrScaleMax = 100;

// Grey, `scale` pixels a module, 1 to kQrScaleMax. InvalidArgument for another scale.
absl::StatusOr<std::string> DrawQrAsPng(const QrCode& code, int scale);

// One user unit a module, to be printed at any size.
std::string DrawQrAsSvg(const QrCode& code);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_QR_PICTURE_H_
