// Whose signatures a statement about a piece needs: docs/FORMAT.md, the column "exactly these
// signatures" of section 9. In which state of the piece it may be said: piece.h.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_SPEAKERS_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_SPEAKERS_H_

#include <string>

#include "absl/status/status.h"
#include "tests/vectors/second_reader/piece.h"

namespace touchstone::second_reader {

// end_of_life and stone_removed.
bool IsRemoval(const Said& said);

// Exactly the signatures that the event calls for, each of them good. Fills the participant of
// `line`. `piece` is as it was before the entry.
absl::Status CheckSpeakers(const Participants& participants, const Aliases& aliases,
                           const Piece& piece, const Link& link, Line& line);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_SPEAKERS_H_
