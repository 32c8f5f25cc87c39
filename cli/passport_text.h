// A verified passport as a person likes to read it: what the piece is, who vouches, what has
// happened to it. Not for the verdict alone (verifier/verdict_text.h), nor for programs.
#ifndef TOUCHSTONE_CLI_PASSPORT_TEXT_H_
#define TOUCHSTONE_CLI_PASSPORT_TEXT_H_

#include <string>

#include "cli/terminal.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

std::string PassportToText(const VerifiedRecord& record, const Terminal& terminal);

// "with the store", "sold, waiting to be claimed", "owned, by its 2nd owner".
std::string DescribeHolding(const HoldingStatus& status);

// "Aurelle & Finch Ltd, GB, aurelle.example (aurelle-finch)".
std::string DescribeParticipant(const Signer& signer);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PASSPORT_TEXT_H_
