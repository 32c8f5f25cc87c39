// The life of a piece: docs/FORMAT.md, "The state of a piece" and "What may be said of a piece",
// folded over a chain that was checked. Whose signatures each statement needs: speakers.h.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_PIECE_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_PIECE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/chains.h"
#include "tests/vectors/second_reader/names.h"
#include "tests/vectors/second_reader/rules.h"

namespace touchstone::second_reader {

// What entry `line` of a piece does to a claim: 1 claim, 2 contest, 3 release, 4 resolve.
struct Step {
  uint8_t event = 0;
  size_t line = 0;
};

struct Line {
  std::string event;
  uint64_t position = 0;
  std::string digest;
  std::string participant;  // who vouches; empty where only owners signed
  bool as_provided = false;
  bool doubted = false;
  std::vector<std::string> predecessors;  // the digests that the statement names
  std::string entitlement;                // which one a care record uses, as corrected so far
};

struct Incident {
  uint64_t kind = 0;
  std::string reporter;  // a participant; empty: a holder
  bool is_confirmed = false;
};

struct Notice {
  uint64_t kind = 0;
  std::string giver;  // a participant
  std::string to_key;
  uint64_t time_ms = 0;  // of its entry
  bool is_objected = false;
};

struct Entitlement {
  uint64_t uses = 0;  // 0: no limit
  std::string valid_until;
  uint64_t used = 0;
};

struct Piece {
  std::string passport_id;
  std::string issuer;  // of record
  std::string gtin14;
  std::string serial;

  std::string holding = "with_store";  // its phase
  std::string holder;                  // key; empty where there is none
  std::string newest_ownership;        // digest
  std::set<std::string> named_keys;
  uint64_t owners = 0;
  bool is_on_consignment = false;
  bool is_kept_by_store = false;

  std::map<std::string, Incident> incidents;  // the open ones, by the digest of the report
  std::optional<Notice> notice;
  bool holder_has_objected = false;
  std::string pledgee;    // key; empty: not pledged
  std::string custodian;  // a participant; empty: in nobody's custody
  std::map<std::string, Entitlement> entitlements;

  std::vector<Line> lines;
  std::map<std::string, uint64_t> said_by;  // how many entries each participant vouches for
  uint64_t said_by_holder = 0;              // alone, as long as it is the holder

  std::map<Claim, std::vector<Step>> claims;
  std::set<Claim> makes;       // and has not released since
  std::set<Claim> contested;   // at any time
  std::set<Claim> superseded;  // report numbers

  // Empty if the passport has no such entry.
  const Line* FindLine(const std::string& digest) const;
  // How many incidents of these kinds are open.
  size_t CountOpen(const std::set<uint64_t>& kinds) const;
};

// IncidentReported.Kind.
constexpr uint64_t kLost = 1;
constexpr uint64_t kStolen = 2;
constexpr uint64_t kCounterfeitSuspected = 3;
constexpr uint64_t kInscriptionMismatch = 4;
constexpr uint64_t kDamaged = 5;
constexpr uint64_t kTotalLoss = 6;
constexpr uint64_t kOwnershipDisputed = 7;

// IncidentResolved.Outcome.
constexpr uint64_t kRecovered = 1;
constexpr uint64_t kUnfounded = 2;
constexpr uint64_t kRepaired = 3;
constexpr uint64_t kSettled = 4;
constexpr uint64_t kConfirmed = 5;

// TransferNotice.Kind.
constexpr uint64_t kInheritance = 1;
constexpr uint64_t kLostCode = 2;
constexpr uint64_t kCourtOrder = 3;
constexpr uint64_t kSubrogation = 4;

// Transfer.Kind and Custody.Kind.
constexpr uint64_t kConsignment = 4;
constexpr uint64_t kReturn = 5;
constexpr uint64_t kReceived = 1;
constexpr uint64_t kReturned = 2;

absl::StatusOr<Piece> FoldPiece(const Stewards& stewards, const Participants& participants,
                                const Aliases& aliases, const Chain& chain);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_PIECE_H_
