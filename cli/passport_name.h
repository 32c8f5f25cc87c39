// What a passport is named by on the command line: its id, a file, or something that the piece
// alone bears. Not for getting hold of it (cli/passport_source.h).
#ifndef TOUCHSTONE_CLI_PASSPORT_NAME_H_
#define TOUCHSTONE_CLI_PASSPORT_NAME_H_

#include <string>
#include <variant>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "cli/client/piece_key.h"
#include "verifier/passport_id.h"
#include "verifier/verify_absence.h"

namespace touchstone::cli {

struct PassportFile {
  std::string path;  // "-" is standard input
};
using PassportName = std::variant<PassportFile, PassportId, ByGtinSerial, ByInscription, ByReport>;

// What a registry is asked for; InvalidArgument for a file.
absl::StatusOr<PieceKey> PieceKeyOf(const PassportName& name);

// The same as the index has it, in its normal form: what an answer must be about. InvalidArgument
// for a file, and for what no piece can bear.
absl::StatusOr<Sought> SoughtBy(const PassportName& name);

// For messages: "ring.passport", "inscription GIA 2141438167".
std::string DescribePassportName(const PassportName& name);

// An existing file, "-", or an id in its text form. InvalidArgument if it is neither, saying which
// it resembles.
absl::StatusOr<PassportName> PassportNameFromArgument(const std::string& argument);

// The options PASSPORT, --gtin with --serial, --inscription, --laboratory with --report-number.
struct PassportNameOptions {
  std::string argument;
  std::string gtin;
  std::string serial;
  std::string inscription;
  std::string laboratory;
  std::string report_number;
};
void AddPassportNameOptions(CLI::App* command, PassportNameOptions* options);

// InvalidArgument unless exactly one way was used, and wholly.
absl::StatusOr<PassportName> PassportNameFromOptions(const PassportNameOptions& options);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PASSPORT_NAME_H_
