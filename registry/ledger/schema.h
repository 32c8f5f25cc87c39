// Where everything lies in the ledger's store: one function for each kind of key, and reading and
// writing what stands there. The table below is the format on disk. Nothing is ever changed or
// deleted, except the newest checkpoint and the last cosigned one.
//
//   key                                            value
//   'V'                                            version of this table u32 ‖ the log's origin
//   'H'                                            the newest checkpoint, a signed note
//   'W'                                            the last checkpoint that a quorum of witnesses
//                                                  cosigned, with their cosignatures; or nothing
//   'E' position u64                               the entry's frame
//   'D' n u64                                      digests of entries 256n to 256n + 255, once all
//                                                  are there
//   'T' level u8 ‖ n u64                           full tile n of that level (1 up), 256 hashes
//   'L' kind u8 ‖ length u16 ‖ subject ‖ number u32   the opened leaf of the index: position u64 ‖
//                                                  event u8 ‖ digest[32] ‖ for claims the passport
//                                                  id[16]
//   'N' position u64 of an index root              the leaves that its commit inserted: (key[32] ‖
//                                                  value[32])*, ascending by key; empty for none
//   'S' length u8 ‖ issuer ‖ serial                position u64 of the registration ‖ passport
//   id[16] 'I' length u8 ‖ issuer ‖ position u64          passport id[16] registered there 'U'
//   position u64                               nothing: that entry is public
//
// Big-endian; so entries, an issuer's pieces and a subject's chain are read in order. Rows that
// answer a question ("is this taken?") carry the position of the entry that put them there, so that
// the answer as of any earlier position can be read from them too.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_SCHEMA_H_
#define TOUCHSTONE_REGISTRY_LEDGER_SCHEMA_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "registry/storage/key_range.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/passport_id.h"

namespace touchstone::ledger::schema {

inline constexpr uint32_t kVersion = 2;

std::string VersionKey();
std::string CheckpointKey();
std::string CosignedKey();
std::string EntryKey(uint64_t position);
std::string DigestsKey(uint64_t index);
std::string TileKey(uint32_t level, uint64_t index);
std::string LeafKey(IndexKind kind, absl::string_view subject, uint32_t number);
std::string InsertionsKey(uint64_t index_root_position);
std::string SerialKey(absl::string_view issuer, absl::string_view serial);
std::string IssuedKey(absl::string_view issuer, uint64_t position);
std::string PublicPositionKey(uint64_t position);

// Ranges that are read in order: entries, insertions and public positions from one on, insertions
// before one, the leaves
// of one subject or of all of a kind, an issuer's pieces from a position on.
storage::KeyRange EntriesFrom(uint64_t position);
storage::KeyRange InsertionsFrom(uint64_t index_root_position);
storage::KeyRange InsertionsBefore(uint64_t index_root_position);
storage::KeyRange PublicFrom(uint64_t position);
storage::KeyRange LeavesOf(IndexKind kind, absl::string_view subject);
storage::KeyRange LeavesOfKind(IndexKind kind);
storage::KeyRange IssuedFrom(absl::string_view issuer, uint64_t position);

// The u64 at the end of a key of EntryKey, InsertionsKey, IssuedKey or PublicPositionKey.
uint64_t PositionInKey(absl::string_view key);

// The subject in a key of LeafKey.
absl::string_view SubjectInKey(absl::string_view key);

// A key for the operator's eyes.
std::string DescribeKey(absl::string_view key);

// Value of VersionKey().
struct VersionRow {
  uint32_t version = kVersion;
  std::string origin;
};
std::string EncodeVersionRow(const VersionRow& row);
absl::StatusOr<VersionRow> DecodeVersionRow(absl::string_view value);

// Value of LeafKey().
struct LeafRow {
  uint64_t position = 0;
  IndexEvent event = IndexEvent::kEntry;
  Digest digest = {};
  std::optional<PassportId> claimant;  // for claims
};
std::string EncodeLeafRow(const LeafRow& row);
absl::StatusOr<LeafRow> DecodeLeafRow(absl::string_view value);

// Value of SerialKey().
struct SerialRow {
  uint64_t position = 0;
  PassportId passport;
};
std::string EncodeSerialRow(const SerialRow& row);
absl::StatusOr<SerialRow> DecodeSerialRow(absl::string_view value);

// Value of InsertionsKey(). `leaves` ascend by key.
std::string EncodeInsertions(absl::Span<const IndexLeaf> leaves);
// The leaves in `value`, where they lie. kDataLoss unless they are whole and each has a larger key
// than the one before.
absl::StatusOr<absl::Span<const IndexLeaf>> InsertionsIn(absl::string_view value);

}  // namespace touchstone::ledger::schema

#endif  // TOUCHSTONE_REGISTRY_LEDGER_SCHEMA_H_
