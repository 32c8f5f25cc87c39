// The machine-readable reasons for which the verifier refuses bytes, and how they travel in an
// absl::Status. Not for a server's own faults (a full disk, a lost peer): those have no code here.
#ifndef TOUCHSTONE_VERIFIER_REFUSAL_H_
#define TOUCHSTONE_VERIFIER_REFUSAL_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone {

// Whether a refusal says that something is wrong, or that this verifier cannot know.
enum class RefusalKind {
  kRefused,      // the bytes are wrong: forged, damaged, out of order, out of role
  kCannotJudge,  // nothing is shown to be wrong, but something needed is unknown or missing
};

// The one table of refusals. Columns: code, stable snake_case name (a promise to programs: never
// rename or reuse one), absl::StatusCode, kind, and what it means in one sentence for a person.
// clang-format off
#define TOUCHSTONE_REFUSAL_TABLE(ROW)                                                              \
  /* Encodings and limits. */                                                                      \
  ROW(kMalformed, "malformed", kInvalidArgument, kRefused,                                         \
      "The bytes are not in the format that they claim to be in.")                                 \
  ROW(kTooLarge, "too_large", kInvalidArgument, kRefused,                                          \
      "The bytes exceed a limit of this verifier.")                                                \
  ROW(kNotCanonical, "not_canonical", kInvalidArgument, kRefused,                                  \
      "The bytes are not the one plain encoding of what they mean.")                               \
  ROW(kUnknownField, "unknown_field", kUnimplemented, kCannotJudge,                                \
      "There is a field that this version of the schema does not define.")                         \
  ROW(kUnknownEnumValue, "unknown_enum_value", kUnimplemented, kCannotJudge,                       \
      "There is an enum value that this version of the schema does not define.")                   \
  ROW(kUnknownEntryType, "unknown_entry_type", kUnimplemented, kCannotJudge,                       \
      "A log entry is of a type that this verifier does not know.")                                \
  ROW(kUnknownPayloadType, "unknown_payload_type", kUnimplemented, kCannotJudge,                   \
      "An envelope holds something of a type that this verifier does not know.")                   \
  ROW(kWrongPayloadType, "wrong_payload_type", kInvalidArgument, kRefused,                         \
      "An envelope holds one kind of thing (statement, request, proof) where another belongs.")    \
  ROW(kUnknownVersion, "unknown_version", kUnimplemented, kCannotJudge,                            \
      "This is of a version of the format that this verifier does not know.")                      \
  /* Numbers that people type. */                                                                  \
  ROW(kWrongCheckDigit, "wrong_check_digit", kInvalidArgument, kRefused,                           \
      "The check digit of a GTIN does not fit: a digit was mistyped.")                             \
  ROW(kWrongCheckSymbol, "wrong_check_symbol", kInvalidArgument, kRefused,                         \
      "The check symbol of a passport id or a claim code does not fit: a symbol was mistyped.")    \
  /* Keys and signatures. */                                                                       \
  ROW(kUnknownKeyAlgorithm, "unknown_key_algorithm", kUnimplemented, kCannotJudge,                 \
      "A key is of an algorithm that this verifier does not know.")                                \
  ROW(kInvalidKey, "invalid_key", kInvalidArgument, kRefused,                                      \
      "A public key is not a canonical point of the main subgroup, so anyone could sign for it.")  \
  ROW(kBadSignature, "bad_signature", kInvalidArgument, kRefused,                                  \
      "A signature does not match the key and the bytes that it is said to sign.")                 \
  /* Notes, checkpoints and the trust policy. */                                                   \
  ROW(kNoKnownSignature, "no_known_signature", kPermissionDenied, kRefused,                        \
      "No key that the trust policy names has signed this.")                                       \
  ROW(kWrongOrigin, "wrong_origin", kPermissionDenied, kRefused,                                   \
      "This belongs to another log than the one that the trust policy names.")                     \
  ROW(kQuorumNotMet, "quorum_not_met", kFailedPrecondition, kRefused,                              \
      "Too few of the witnesses that the trust policy asks for have cosigned the checkpoint.")     \
  ROW(kRetiredKey, "retired_key", kPermissionDenied, kRefused,                                     \
      "A retired log key signed something that lies beyond the point up to which it counts.")      \
  ROW(kRetiredKeyUnproven, "retired_key_unproven", kFailedPrecondition, kCannotJudge,              \
      "A retired log key signed this, and no proof shows that it leads up to the retirement.")     \
  ROW(kInvalidPolicy, "invalid_policy", kInvalidArgument, kRefused,                                \
      "The trust policy itself contains a mistake.")                                               \
  /* Proofs. */                                                                                    \
  ROW(kBadInclusionProof, "bad_inclusion_proof", kInvalidArgument, kRefused,                       \
      "The proof does not show that the entry is in the log.")                                     \
  ROW(kBadConsistencyProof, "bad_consistency_proof", kInvalidArgument, kRefused,                   \
      "The proof does not show that the later log continues the earlier one.")                     \
  ROW(kBadIndexProof, "bad_index_proof", kInvalidArgument, kRefused,                               \
      "The proof does not show what the index holds, or lacks, under that key.")                   \
  /* Statements: what each must look like. */                                                      \
  ROW(kUnknownRules, "unknown_rules", kUnimplemented, kCannotJudge,                                \
      "A statement follows rules of a version that this verifier does not know.")                  \
  ROW(kInvalidStatement, "invalid_statement", kInvalidArgument, kRefused,                          \
      "A statement breaks a rule about what a statement of its kind must say.")                    \
  ROW(kInvalidField, "invalid_field", kInvalidArgument, kRefused,                                  \
      "A field of a statement is missing or holds what it may not hold.")                          \
  /* Statements: who may say them, and when. */                                                    \
  ROW(kLogClosed, "log_closed", kFailedPrecondition, kRefused,                                     \
      "Nothing is appended to a log after it was closed.")                                         \
  ROW(kNoSuchSubject, "no_such_subject", kNotFound, kRefused,                                      \
      "The passport or participant that this is about does not exist.")                            \
  ROW(kSubjectExists, "subject_exists", kAlreadyExists, kRefused,                                  \
      "The passport or participant that this would create exists already.")                        \
  ROW(kUnknownSigner, "unknown_signer", kPermissionDenied, kRefused,                               \
      "A signature is by a key that belongs to nobody who may say this.")                          \
  ROW(kKeyNotYetEnrolled, "key_not_yet_enrolled", kPermissionDenied, kRefused,                     \
      "A key signed something before it was enrolled.")                                            \
  ROW(kKeyRevoked, "key_revoked", kPermissionDenied, kRefused,                                     \
      "A key signed something after it was revoked.")                                              \
  ROW(kWrongRole, "wrong_role", kPermissionDenied, kRefused,                                       \
      "The signer's roles do not allow saying this.")                                              \
  ROW(kMissingSignature, "missing_signature", kPermissionDenied, kRefused,                         \
      "A signature that this statement needs is not there.")                                       \
  ROW(kSurplusSignature, "surplus_signature", kPermissionDenied, kRefused,                         \
      "There is a signature that this statement does not need.")                                   \
  ROW(kForeignGtin, "foreign_gtin", kPermissionDenied, kRefused,                                   \
      "The GTIN is under none of the GS1 company prefixes of the issuer.")                         \
  ROW(kKeyInUse, "key_in_use", kAlreadyExists, kRefused,                                           \
      "A key that is to be enrolled is, or was, enrolled already.")                                \
  ROW(kNoSuchKey, "no_such_key", kFailedPrecondition, kRefused,                                    \
      "A key that is to be revoked is not the participant's, or is revoked already.")              \
  ROW(kKeyReused, "key_reused", kFailedPrecondition, kRefused,                                     \
      "An owner's key has been named in this passport before; each owner needs a fresh one.")      \
  ROW(kWrongPhase, "wrong_phase", kFailedPrecondition, kRefused,                                   \
      "Who holds the piece, as the log has it, does not allow this.")                              \
  ROW(kFrozen, "frozen", kFailedPrecondition, kRefused,                                            \
      "A report of loss or theft, a dispute, a notice or a pledge stops this.")                    \
  ROW(kWrongState, "wrong_state", kFailedPrecondition, kRefused,                                   \
      "What has happened to the piece so far does not allow this.")                                \
  ROW(kNoSuchEntry, "no_such_entry", kFailedPrecondition, kRefused,                                \
      "The passport has no entry that this could refer to.")                                       \
  ROW(kTooEarly, "too_early", kFailedPrecondition, kRefused,                                       \
      "The present holder can still object to what was announced.")                                \
  ROW(kOfferExpired, "offer_expired", kFailedPrecondition, kRefused,                               \
      "The offer to pass the piece on has expired.")                                               \
  ROW(kNoEntitlement, "no_entitlement", kFailedPrecondition, kRefused,                             \
      "The piece has no such service entitlement left.")                                           \
  ROW(kWrongSpecification, "wrong_specification", kFailedPrecondition, kRefused,                   \
      "A changed specification names another GTIN or serial than the piece was registered with.")  \
  ROW(kStaleBuildsOn, "stale_builds_on", kAborted, kRefused,                                       \
      "A change of ownership builds on an entry that is no longer the newest one.")                \
  ROW(kQuotaExceeded, "quota_exceeded", kResourceExhausted, kRefused,                              \
      "The passport, or a claim, holds as many entries as it may.")                                \
  ROW(kClaimTaken, "claim_taken", kAlreadyExists, kRefused,                                        \
      "Another piece holds this inscription, report number or GTIN with serial.")                  \
  ROW(kWrongClaimStep, "wrong_claim_step", kFailedPrecondition, kRefused,                          \
      "What has happened to this claim so far does not allow this.")                               \
  ROW(kWrongPredecessors, "wrong_predecessors", kFailedPrecondition, kRefused,                     \
      "A claim is made anew, and not exactly the entries that released it for this are named.")    \
  /* Passport files, cards files and receipts. */                                                  \
  ROW(kNoGenesis, "no_genesis", kFailedPrecondition, kCannotJudge,                                 \
      "The trust policy names no genesis, without which nobody's keys can be known.")              \
  ROW(kWrongGenesis, "wrong_genesis", kPermissionDenied, kRefused,                                 \
      "The log does not begin with the genesis that the trust policy names.")                      \
  ROW(kBrokenChain, "broken_chain", kInvalidArgument, kRefused,                                    \
      "The entries are not the whole, unbroken chain of their subject.")                           \
  ROW(kWrongParticipants, "wrong_participants", kInvalidArgument, kRefused,                        \
      "The file does not hold exactly the participants who signed.")                               \
  ROW(kWrongClaims, "wrong_claims", kInvalidArgument, kRefused,                                    \
      "The file does not hold exactly the claims that the entries make, with all their events.")   \
  ROW(kWrongReceipt, "wrong_receipt", kInvalidArgument, kRefused,                                  \
      "The receipt is for something else than what was sent.")                                     \
  ROW(kWrongCard, "wrong_card", kInvalidArgument, kRefused,                                        \
      "The link on a card names another piece than the token behind it.")                          \
  ROW(kUnknownCardKey, "unknown_card_key", kFailedPrecondition, kCannotJudge,                      \
      "The key that signed the card is not known here.")                                           \
  /* Proofs of ownership. */                                                                       \
  ROW(kWrongChallenge, "wrong_challenge", kPermissionDenied, kRefused,                             \
      "The proof of ownership answers another question than the one that was asked.")              \
  ROW(kChallengeExpired, "challenge_expired", kFailedPrecondition, kRefused,                       \
      "The question that a proof of ownership answers has expired.")                               \
  ROW(kChallengeInFuture, "challenge_in_future", kFailedPrecondition, kCannotJudge,                \
      "The question was asked later than it is now: this clock, or the asker's, is wrong.")        \
  ROW(kWrongPassport, "wrong_passport", kInvalidArgument, kRefused,                                \
      "The passport is of another piece than the one that this is about.")                         \
  ROW(kNotTheHolder, "not_the_holder", kPermissionDenied, kRefused,                                \
      "The key that signed a proof of ownership does not hold the piece.")                         \
  /* Signed requests. */                                                                           \
  ROW(kStaleRequest, "stale_request", kUnauthenticated, kRefused,                                  \
      "A signed request was made too long ago, or by a clock that is too far off.")                \
  ROW(kReplayedRequest, "replayed_request", kUnauthenticated, kRefused,                            \
      "A signed request was made before.")                                                         \
  /* Documents beside the log, and grants to see them. */                                          \
  ROW(kNoSuchDocument, "no_such_document", kNotFound, kRefused,                                    \
      "No entry of the passport commits to that document, or it was never stored.")                \
  ROW(kNotYourDocument, "not_your_document", kPermissionDenied, kRefused,                          \
      "Whoever asks may not see, store or erase that document.")                                   \
  ROW(kDocumentErased, "document_erased", kFailedPrecondition, kRefused,                           \
      "The document was erased, or its retention has ended.")                                      \
  ROW(kWrongDocument, "wrong_document", kInvalidArgument, kRefused,                                \
      "The document is not the one that the passport commits to.")                                 \
  ROW(kGrantExpired, "grant_expired", kPermissionDenied, kRefused,                                 \
      "The grant has expired, or does not count yet.")                                             \
  ROW(kGrantWithdrawn, "grant_withdrawn", kPermissionDenied, kRefused,                             \
      "The grant was withdrawn, or its owner no longer holds the piece.")                          \
  ROW(kWrongGrantee, "wrong_grantee", kPermissionDenied, kRefused,                                 \
      "The grant is for somebody else, or for another piece.")
// clang-format on

enum class RefusalCode {
#define TOUCHSTONE_REFUSAL_ROW(code, name, status_code, kind, meaning) code,
  TOUCHSTONE_REFUSAL_TABLE(TOUCHSTONE_REFUSAL_ROW)
#undef TOUCHSTONE_REFUSAL_ROW
};

// The stable name, e.g. "bad_signature".
absl::string_view RefusalCodeName(RefusalCode code);

// One sentence for a person who does not know the formats.
absl::string_view RefusalMeaning(RefusalCode code);

RefusalKind RefusalKindOf(RefusalCode code);

// The code with that stable name, or nothing.
std::optional<RefusalCode> RefusalCodeFromName(absl::string_view name);

// A status that carries `code` as its payload. `message` says what was wrong, where, and, where
// anything can be done about it, what.
absl::Status Refuse(RefusalCode code, absl::string_view message);

// The code that Refuse() put into `status`; nothing for OK and for any other status.
std::optional<RefusalCode> RefusalCodeOf(const absl::Status& status);

// `status` with "where: " in front of its message, and the same codes. OK stays OK.
absl::Status InContext(absl::string_view where, const absl::Status& status);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_REFUSAL_H_
