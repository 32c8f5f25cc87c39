// What docs/FORMAT.md calls claims, names for people and card tokens: sections 8, 11 and 12.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_NAMES_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_NAMES_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/message.h"

namespace touchstone::second_reader {

// The table of section 8, out of the document itself: normalised name to what it becomes.
using Aliases = std::map<std::string, std::string>;
Aliases ReadAliases(const std::string& format_document);

// N(text), `min` to `max` bytes long.
absl::StatusOr<std::string> Normalise(const std::string& text, size_t min, size_t max);
// L(name).
absl::StatusOr<std::string> Laboratory(const Aliases& aliases, const std::string& name);

struct Claim {
  uint8_t kind = 0;
  std::string subject;
  friend auto operator<=>(const Claim&, const Claim&) = default;
};
absl::StatusOr<Claim> InscriptionClaim(const std::string& text);
absl::StatusOr<Claim> ReportClaim(const Aliases& aliases, const std::string& laboratory,
                                  const std::string& number);
// The piece that a registration, a modification or a correction describes; an empty message where
// there is none.
const Message& SpecificationIn(const Message& statement);
// All that a statement makes; refused if one stands twice.
absl::StatusOr<std::vector<Claim>> ClaimsOf(const Aliases& aliases, const Message& statement);

// Whether somebody's words could make that claim.
bool CanBeClaimed(const Aliases& aliases, const Claim& claim);

// What a statement refers to: `contests`, `releases`, `claim`.
absl::StatusOr<Claim> ReadReference(const Aliases& aliases, const Message& reference);

std::string PassportIdText(const std::string& id);
absl::StatusOr<std::string> ReadPassportIdText(const std::string& text);

std::string ClaimCodeText(const std::string& code);
// The seed of the claim key.
std::string DeriveClaimKey(const std::string& code, const std::string& origin,
                           const std::string& passport_id);

std::string DerivePassportId(const std::string& secret, const std::string& origin,
                             const std::string& participant, const std::string& serial);
std::string DeriveNonce(const std::string& secret, const std::string& statement_without_nonce);

struct CardToken {
  std::string body;
  std::string signature;
  std::string key_id;  // 8 bytes
  std::string passport_id;
  std::string registration;
  uint64_t day = 0;
  std::string serial;
  std::string inscription;
  std::string title;
};
absl::StatusOr<CardToken> ReadCardToken(const std::string& text);
// "2026-11-22": that many days after 2020-01-01.
std::string DateOfDay(uint64_t day);
std::string CardSignedBytes(const std::string& origin, const std::string& body);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_NAMES_H_
