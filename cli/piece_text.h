// What a piece is made of, in the words of the trade: lines for people out of the messages of
// proto/touchstone/v1/piece.proto. The messages are those of a verified record; nothing is checked
// here.
#ifndef TOUCHSTONE_CLI_PIECE_TEXT_H_
#define TOUCHSTONE_CLI_PIECE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "cli/text_page.h"
#include "touchstone/v1/piece.pb.h"

namespace touchstone::cli {

// "BAND_INSIDE" as "band inside", "HS_CODE" as "HS code".
std::string EnumWords(absl::string_view name);

// "sapphire (corundum), treated: heating, 2.04 ct, …". `quantity` 0 means 1.
std::string DescribeGemstone(const v1::Gemstone& stone, uint32_t quantity);
// "platinum 950, white, 5.62 g, hallmark …".
std::string DescribeMetal(const v1::Metal& metal);

// The title with what names the piece, then sections for what it is made of. Sections that have
// nothing to say are left out.
void WritePieceTitle(const v1::Piece& piece, TextPage& page);
void WritePieceSections(const v1::Piece& piece, TextPage& page);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PIECE_TEXT_H_
