// The ordered key-value store that the ledger keeps everything in: what it promises, not how. It
// knows nothing of entries, trees or passports, and nothing of the engine behind it.
//
// Keys are byte strings of 1 to kMaxKeyBytes, values of 0 to kMaxValueBytes; keys are ordered by
// memcmp.
//
// DURABILITY. When Commit() returns OK, the whole batch is on stable storage (it has been through
// fdatasync or the like) and every later read, also after a crash of the process or of the machine,
// sees all of it. Nothing ever sees a part of a batch. When Commit() returns an error other than
// kInvalidArgument, the OUTCOME IS UNKNOWN: after the next start the batch is there in whole or not
// at all, and no one can say which before. The caller must not retry and not acknowledge; it must
// stop, and let recovery on the next start find out. To make that hard to get wrong, the store then
// refuses every further commit (kFailedPrecondition). What no store can promise alone: a disk that
// lies about flushes, or an operator who puts back an old copy. The guard file (guard_file.h) is
// there to notice.
//
// THREADS. Get, MultiGet, Scan, NewSnapshot and ApproximateSizeBytes may be called from any thread
// at any time, also during a commit; a snapshot may be read by many threads at once. Commits may be
// called concurrently and take effect one after the other in some order. Close() and the destructor
// must be called while nothing else is.
//
// LIFETIMES. A snapshot must be destroyed before its store is closed or destroyed. Returned strings
// are the caller's.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_STORE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/key_range.h"
#include "registry/storage/write_batch.h"

namespace touchstone::storage {

// Whether a scan that ended well saw the last key of its range.
enum class ScanEnd {
  kRangeExhausted,
  kMoreRemain,  // it stopped at max_items; go on with range.After(last key seen)
};

// What can be read: the newest state (a Store) or a state held fast (a Snapshot).
class Reader {
 public:
  // Called for each key in turn. The views are valid during the call only. An error ends the scan
  // and is returned by it as it is. It must not commit to the store that is being scanned.
  using Visitor = absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view value)>;

  virtual ~Reader() = default;

  // The value under `key`.
  //   kNotFound: there is none (and that is certain; a failed read never looks like this). The
  //   message does not
  //              name the key, since absence is an ordinary answer and must be cheap; the caller
  //              knows what it asked.
  //   kDataLoss: what is stored fails its checksum.   kUnavailable and others: the disk could not
  //   be read.
  virtual absl::StatusOr<std::string> Get(absl::string_view key) const = 0;

  // Get() for each key, in the order asked, from one state; faster than one by one.
  virtual std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const = 0;

  // Visits the keys of `range` in ascending order, at most `max_items` of them, from one state: a
  // scan does not see commits made after it began. Errors: as Get(), except kNotFound (an empty
  // range is not an error), or what `visit` returned.
  virtual absl::StatusOr<ScanEnd> Scan(const KeyRange& range, uint64_t max_items,
                                       Visitor visit) const = 0;
};

// The store as it was when NewSnapshot() returned, whatever is committed since. Holding one for
// long keeps old versions on disk from being reclaimed.
class Snapshot : public Reader {};

class Store : public Reader {
 public:
  // Applies all changes of `batch`, or none; see DURABILITY above. An empty batch is OK and does
  // nothing.
  //   kInvalidArgument: the batch breaks the bounds of write_batch.h; nothing was written, the
  //   store goes on. kResourceExhausted: the disk is full.  kPermissionDenied: it is read-only.
  //   kUnavailable: it failed otherwise. kDataLoss: the store found itself damaged.  All of these:
  //   outcome unknown, see above. kFailedPrecondition: an earlier commit failed, or the store is
  //   closed; this batch was not written.
  // The messages are for the operator (they name paths), not for clients.
  virtual absl::Status Commit(const WriteBatch& batch) = 0;

  virtual std::unique_ptr<const Snapshot> NewSnapshot() const = 0;

  // Bytes that the store takes on disk (in memory, where it has no disk), give or take what is
  // being compacted.
  virtual absl::StatusOr<uint64_t> ApproximateSizeBytes() const = 0;

  // Brings everything into the form that opens fastest and lets go of all files. Afterwards every
  // call is answered kFailedPrecondition. Not needed for durability: a store that is killed loses
  // nothing that was committed. Closing twice is OK.
  //   kFailedPrecondition: a snapshot still lives; nothing was closed.
  //   Others: tidying up failed (a full disk). The store is closed nevertheless and commits are
  //   safe in its log.
  virtual absl::Status Close() = 0;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_STORE_H_
