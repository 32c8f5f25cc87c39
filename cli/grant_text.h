// A grant in words: whom it lets see what, until when. Not for whether it counts.
#ifndef TOUCHSTONE_CLI_GRANT_TEXT_H_
#define TOUCHSTONE_CLI_GRANT_TEXT_H_

#include <string>

#include "cli/json_writer.h"
#include "verifier/grant.h"

namespace touchstone::cli {

// "atelier-aurum", "the key 01ab…".
std::string DescribeGrantee(const v1::Grant& grant);

// "receipts, photographs", "all confidential documents", "2 documents".
std::string DescribeScope(const v1::Grant& grant);

// Some labelled lines, each ended; what an owner wrote is made plain (PlainText).
std::string GrantToText(const SignedGrant& grant);

// An object.
void WriteGrant(const SignedGrant& grant, JsonWriter& json);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_GRANT_TEXT_H_
