// What a verifier answers about a passport: each thing by itself, and nothing that it does not
// know. There is no word here for "the object is authentic": a record can be genuine, complete and
// fresh while the object in somebody's hand is another. As data; as text it is in
// verifier/verdict_text.h and verifier/verdict_json.h.
#ifndef TOUCHSTONE_VERIFIER_VERDICT_H_
#define TOUCHSTONE_VERIFIER_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/piece.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/chain_head.h"
#include "verifier/claim.h"
#include "verifier/claim_fold.h"
#include "verifier/digest.h"
#include "verifier/participant_state.h"
#include "verifier/passport_id.h"
#include "verifier/passport_state.h"
#include "verifier/piece_life.h"
#include "verifier/refusal.h"
#include "verifier/specification.h"
#include "verifier/statement.h"

namespace touchstone {

enum class Outcome {
  kVerified,     // every check held
  kRefused,      // a check failed: believe nothing of the file
  kCannotJudge,  // something needed is unknown or missing: neither believe nor disbelieve
};

// "verified", "refused", "cannot_judge".
absl::string_view OutcomeName(Outcome outcome);

// Why there is no record.
struct RefusalReason {
  RefusalCode code = RefusalCode::kMalformed;
  std::string detail;  // what exactly was wrong, and where
};

// What the log and its witnesses show.
struct LogEvidence {
  std::string origin;
  std::string operator_name;
  uint64_t size = 0;  // entries under the checkpoint
  Digest root = {};
  bool signed_by_retired_key = false;
  bool quorum_asked = false;  // by the policy; where it is, it was met
  struct Witness {
    std::string name;
    uint64_t time_seconds = 0;  // when it cosigned
  };
  std::vector<Witness> witnesses;  // that the policy names and that cosigned
};

enum class FreshnessKind {
  kWithinMaxAge,
  kStale,        // older than the policy's max_age
  kFinal,        // the log is closed: there will be nothing newer
  kNoMaxAge,     // the policy does not say how old is too old
  kClockBehind,  // by more than kClockSkewMsMax: this clock, or the log's, is wrong
};

// "within_max_age", "stale", "final", "no_max_age", "clock_behind".
absl::string_view FreshnessName(FreshnessKind kind);

// Clocks differ; so far a checkpoint may lie in the future and count as new.
inline constexpr uint64_t kClockSkewMsMax = uint64_t{5} * 60 * 1000;

struct Freshness {
  FreshnessKind kind = FreshnessKind::kNoMaxAge;
  // When the record was complete: the quorum's time where the policy asks for one, else the
  // registry's.
  uint64_t as_of_ms = 0;
  bool by_witnesses = false;
  uint64_t now_ms = 0;
  uint64_t age_ms = 0;  // 0 where as_of_ms is not before now_ms
  std::optional<uint64_t> max_age_ms;
  std::string continued_at;    // kFinal: the origin of the log that goes on; empty if none does
  std::string closing_reason;  // kFinal
};

// What has become of something that the piece has claimed to be the only one to bear.
struct ClaimStatus {
  ClaimSubject claim;
  ClaimStanding standing = ClaimStanding::kHeld;  // never kNone
  uint32_t events = 0;                            // of the claim, by all pieces
};

// Why nothing can have been left out.
struct Completeness {
  uint32_t entries = 0;             // of the piece: all that there are
  uint64_t log_size = 0;            // as of this size of the log
  std::vector<ClaimStatus> claims;  // all that the piece has ever made, ascending
};

// How the piece came to its end.
struct EndOfLifeStatus {
  v1::EndOfLife::Kind kind = v1::EndOfLife::KIND_UNSPECIFIED;
  std::vector<PassportId> successors;
};

struct HoldingStatus {
  OwnershipPhase phase = OwnershipPhase::kWithStore;
  PieceLife life;                       // what lies on the piece
  std::optional<ActingKey> acting_key;  // of whoever holds it; nothing with the store, or retired
  Digest builds_on = {};                // what the next ownership event names
  uint64_t notice_ends_ms = 0;  // where a notice is pending: until when the holder can object
  uint32_t owner_count = 0;     // owners so far, the present one included; never who
  EntryPlace since;             // of the newest ownership entry, or of the end of life
  std::optional<EndOfLifeStatus> end_of_life;  // where phase is kRetired
};

// The one word for it, the gravest first: "retired", "stolen", "reported_lost", "counterfeit" (a
// suspicion that was confirmed), "ownership_disputed", "suspected", "moving" (a notice is pending),
// "pledged", "total_loss", "in_service", "on_consignment", "kept_by_store", and else the phase.
absl::string_view PieceStateName(const HoldingStatus& status);

// Whether it is one of the first nine of them: something that stands against buying the piece, or
// says that there is none.
bool IsGraveState(const HoldingStatus& status);

// How a participant stands behind entries of the piece.
struct Vouching {
  uint32_t number = 0;  // of the entry
  Role role = Role::kIssuer;
  bool as_provided = false;  // a laboratory's report entered by an issuer
  bool doubted = false;      // signed when the key may have been in other hands
};

struct Signer {
  std::string participant_id;
  ParticipantDetails details;  // as of the last entry below
  std::vector<Vouching> entries;
};

// One entry of the piece, for its history.
struct TimelineEntry {
  uint32_t number = 0;
  EntryPlace place;             // its time is the registry's
  uint64_t occurred_at_ms = 0;  // as the signer says
  EventKind event = EventKind::kRegistration;
  // Index into VerifiedRecord::signers; nothing where only owners signed.
  std::optional<size_t> signer;
  bool as_provided = false;
  bool doubted = false;
  // Numbers of the later entries, if there are any: the newest that corrects this one; the report
  // that replaces this one.
  std::optional<uint32_t> corrected_by;
  std::optional<uint32_t> superseded_by;
  std::string what;       // one line for people
  std::string statement;  // the signed bytes, canonical
};

enum class Match { kMatches, kDiffers, kNotRecorded };

// "matches", "differs", "not_recorded".
absl::string_view MatchName(Match match);

// What was observed of the object beside what is recorded.
struct Comparison {
  std::string what;  // stable name: "inscription", "serial", "mass_mg", "measurements_um",
                     // "ring_inner_circumference_um", "card"
  std::string observed;
  std::string recorded;  // empty if nothing is
  Match match = Match::kNotRecorded;
  std::string note;  // for people: tolerance, why it may differ; may be empty
};

struct VerifiedRecord {
  explicit VerifiedRecord(const PassportId& id) : passport_id(id) {}

  PassportId passport_id;
  v1::Piece piece;              // as registered
  Specification specification;  // as it is now
  Digest registration = {};     // digest of the registration entry
  std::vector<Signer> signers;  // ascending by participant id
  std::string issuer_of_record;
  LogEvidence log;
  Completeness completeness;
  Freshness freshness;
  HoldingStatus status;
  std::vector<Comparison> object;       // in the order of Observed; empty if nothing was observed
  std::vector<TimelineEntry> timeline;  // by number
};

// What a failed check comes to. The status of a check of this library carries a refusal code.
Outcome OutcomeOf(const absl::Status& status);
RefusalReason ReasonOf(const absl::Status& status);

struct Verdict {
  static Verdict FromStatus(const absl::Status& status);
  static Verdict FromRecord(VerifiedRecord record);

  Outcome outcome = Outcome::kRefused;
  std::optional<RefusalReason> reason;   // unless verified
  std::optional<VerifiedRecord> record;  // if verified
};

// Whether a caller that must not go on with doubts may go on: verified, not stale and with no wrong
// clock, no entry doubted, no claim disputed or lost, not at the end of its life, nothing that was
// observed differs, and an inscription that was observed is one that this piece alone bears.
bool IsWithoutReservation(const Verdict& verdict);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_VERDICT_H_
