// What the cells of a stock list say, one kind of cell a function. Not for which cell is where.
// All take text without blanks around it, not empty, and answer InvalidArgument with a sentence
// that quotes it and says what would do.
#ifndef TOUCHSTONE_CLI_IMPORT_COLUMN_VALUES_H_
#define TOUCHSTONE_CLI_IMPORT_COLUMN_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/piece.pb.h"

namespace touchstone::cli {

// One line of text of at most `bytes_max`: line breaks and runs of blanks become one blank.
// Refused: control characters; a long number that a spreadsheet has rounded ("2.14E+09").
absl::StatusOr<std::string> ParseTextCell(absl::string_view text, size_t bytes_max);

// ISO 3166-1 alpha-2, in capitals.
absl::StatusOr<std::string> ParseCountryCell(absl::string_view text);

// "2026-11-22", checked against the calendar.
absl::StatusOr<std::string> ParseDateCell(absl::string_view text);

// Millimetres: "6.41-6.45x3.98", "7.31 x 6.42 x 4.68", "5.05*5.12*3.15".
absl::StatusOr<v1::Measurements> ParseMeasurementsCell(absl::string_view text);

// Parts per thousand, or karat for gold: "750", "18K", "18 ct".
absl::StatusOr<uint32_t> ParseFinenessCell(absl::string_view text);

// AGTA codes or names, separated by blanks, ',' or ';': "H", "HP L", "heating".
absl::StatusOr<std::vector<v1::Treatment::Code>> ParseTreatmentsCell(absl::string_view text);

// The names of the .proto file in any case, with blanks and '-' for '_'; besides:
// "earring", "rings", "loose diamond"
absl::StatusOr<v1::Piece::Category> ParseCategoryCell(absl::string_view text);
// "CVD", "HPHT", "lab-grown CVD", "lab-grown HPHT"
absl::StatusOr<v1::Gemstone::Formation> ParseFormationCell(absl::string_view text);
// chemical symbols, "Au"
absl::StatusOr<v1::Metal::Element> ParseElementCell(absl::string_view text);
absl::StatusOr<v1::Inscription::Kind> ParseInscriptionKindCell(absl::string_view text);
absl::StatusOr<v1::Inscription::Location> ParseInscriptionLocationCell(absl::string_view text);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_COLUMN_VALUES_H_
