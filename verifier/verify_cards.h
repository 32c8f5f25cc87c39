// The check of a cards file (docs/FORMAT.md, section 7), and with it of a card's token with no
// network. Not for passports (verifier/verify_passport.h).
#ifndef TOUCHSTONE_VERIFIER_VERIFY_CARDS_H_
#define TOUCHSTONE_VERIFIER_VERIFY_CARDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/card_token.h"
#include "verifier/policy.h"
#include "verifier/stewards_state.h"
#include "verifier/verdict.h"

namespace touchstone {

// What the stewards' chain says as of a checkpoint: the card keys that were enrolled, who the
// stewards are, whether the log was closed.
struct VerifiedCards {
  LogEvidence log;
  Freshness freshness;
  std::vector<CardKey> keys;
  StewardsState::Board stewards;
  std::optional<LogClosing> closing;
  std::string continues;  // the final checkpoint of the log that this one continues, or empty
};

// Every error carries a refusal code, as those of CheckPassport do.
absl::StatusOr<VerifiedCards> CheckCards(const TrustPolicy& policy, absl::string_view file,
                                         uint64_t now_ms);

// What is known about a card. Its text was issued on that day, by whoever held that card key; a
// copied card says the same.
struct CardVerdict {
  Outcome outcome = Outcome::kRefused;
  std::optional<RefusalReason> reason;  // unless verified
  // Where the token can be read at all; to be believed only if verified.
  std::optional<CardText> text;
  // If verified: which key, and as of when it was enrolled.
  std::string card_key_label;
  Digest card_key_id = {};
  std::optional<LogEvidence> log;
  std::optional<Freshness> freshness;
};

// `card` is the token's text, or the whole link of the QR code. `cards_file` is a cards file; empty
// if there is none, and then nothing can be judged (kUnknownCardKey).
CardVerdict VerifyCard(const TrustPolicy& policy, absl::string_view card,
                       absl::string_view cards_file, uint64_t now_ms);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERIFY_CARDS_H_
