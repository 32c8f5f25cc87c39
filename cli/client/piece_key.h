// What a registry can be asked for a passport by. Not for files (cli/passport_name.h).
#ifndef TOUCHSTONE_CLI_CLIENT_PIECE_KEY_H_
#define TOUCHSTONE_CLI_CLIENT_PIECE_KEY_H_

#include <string>
#include <variant>

namespace touchstone::cli {

struct ByPassportId {
  std::string bytes;  // 16
};
struct ByGtinSerial {
  std::string gtin;  // 8, 12, 13 or 14 digits
  std::string serial;
};
struct ByInscription {
  std::string text;  // in any spelling
};
struct ByReport {
  std::string laboratory;
  std::string report_number;
};
using PieceKey = std::variant<ByPassportId, ByGtinSerial, ByInscription, ByReport>;

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLIENT_PIECE_KEY_H_
