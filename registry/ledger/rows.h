// What the store's rows (schema.h) say as of a position of the log, together with rows that a
// commit being made will add. Because everything is appended and carries its position, any past
// state can be read from the newest store: recovery asks with these functions as the live commit
// does.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_ROWS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/schema.h"
#include "registry/storage/store.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/known_claims.h"

namespace touchstone::ledger {

// Rows of a commit that is being made, by key.
using PendingRows = absl::flat_hash_map<std::string, std::string>;

// Cheap to make. Errors of all functions: as of the store; kDataLoss for damaged rows.
class Rows {
 public:
  // Sees what entries before position `before` put there. `pending` may be null; both must outlive
  // it.
  Rows(const storage::Reader& store, uint64_t before, const PendingRows* pending = nullptr)
      : store_(store), before_(before), pending_(pending) {}

  // Nothing, where there is no such row.
  absl::StatusOr<std::optional<schema::LeafRow>> Leaf(IndexKind kind, absl::string_view subject,
                                                      uint32_t number) const;
  absl::StatusOr<std::optional<schema::SerialRow>> Serial(absl::string_view issuer,
                                                          absl::string_view serial) const;

  // All events of a claim, by number from 0; also pending ones.
  absl::StatusOr<std::vector<KnownClaimEvent>> ClaimEvents(const ClaimSubject& claim) const;

  // All leaves of one subject, by number from 0; without pending ones.
  absl::StatusOr<std::vector<schema::LeafRow>> Leaves(IndexKind kind,
                                                      absl::string_view subject) const;

  // The leaves that the commit which ends in the index root at that position inserted: (key[32] ‖
  // value[32])*, ascending by key; empty where it inserted none. Without pending ones. kDataLoss
  // where there is no such row: every index root has one.
  absl::StatusOr<std::string> Insertions(uint64_t index_root_position) const;

  // Frames of stored entries, in that order. kDataLoss where one is missing.
  absl::StatusOr<std::vector<std::string>> Frames(const std::vector<uint64_t>& positions) const;
  absl::StatusOr<std::string> Frame(uint64_t position) const;

 private:
  // Nothing for kNotFound.
  absl::StatusOr<std::optional<std::string>> Find(const std::string& key) const;

  const storage::Reader& store_;
  const uint64_t before_;
  const PendingRows* const pending_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_ROWS_H_
