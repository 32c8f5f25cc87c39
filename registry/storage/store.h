// The ordered key-value store that the ledger keeps everything in: what it promises, not how. It
// knows nothing of entries, trees or passports, and nothing of the engine behind it.
//
// Keys are byte strings of 1 to kMaxKeyBytes, values of 0 to kMaxValueBytes; keys are ordered as
// by memcmp, a prefix before its extensions.
//
// DURABILITY. When Commit() returns OK, the whole batch is on stable storage (it has been through
// fdatasync or the like), and every later read sees all of it, also after a crash of the process
// or of the machine. Nothing ever sees a part of a batch. When Commit() returns an error other
// than kInvalidArgument, the OUTCOME IS UNKNOWN: after the next start the batch is there in whole
// or not at all, and nobody can say which before. The caller must not retry and not acknowledge;
// it must stop and let recovery find out on the next start. To make that hard to get wrong, the
// store then refuses every further commit with kFailedPrecondition.
//
// What no store can promise by itself: a disk that lies about flushes, an operator who puts back
// an old copy. The guard file (guard_file.h) is there to notice.
//
// THREADS. Get, MultiGet, Scan, NewSnapshot and ApproximateSizeBytes may be called from any thread
// at any time, also during a commit; one snapshot may be read by many threads at once. Commits may
// be called concurrently and take effect one after the other in some order. Close() and the
// destructor must be called while nothing else is.
//
// LIFETIMES. A snapshot must be destroyed before its store is closed or destroyed. Returned
// strings are the caller's.

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
  // Called for each key in turn. The views are valid during the call only. An error ends the scan,
  // which returns it as it is.
  using Visitor = absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view value)>;

  virtual ~Reader() = default;

  // The value under `key`.
  //   kNotFound: there is none, for certain; a failed read never looks like this. The message does
  //     not name the key: absence is an ordinary answer and must be cheap.
  //   kDataLoss: what is stored fails its checksum.
  //   kUnavailable and others: the disk could not be read.
  virtual absl::StatusOr<std::string> Get(absl::string_view key) const = 0;

  // Get() for each key, in the order asked, from one state; faster than one by one.
  virtual std::vector<absl::StatusOr<std::string>> MultiGet(
      absl::Span<const absl::string_view> keys) const = 0;

  // Visits the keys of `range` in ascending order, at most `max_items` of them, from one state: a
  // scan does not see commits made after it began. Errors: as Get(), except kNotFound (an empty
  // range is no error), or what `visit` returned.
  virtual absl::StatusOr<ScanEnd> Scan(const KeyRange& range, uint64_t max_items,
                                       Visitor visit) const = 0;
};

// The store as it was when NewSnapshot() returned, whatever is committed since. Holding one for
// long keeps old versions on disk from being reclaimed.
class Snapshot : public Reader {};

class Store : public Reader {
 public:
  // Applies all changes of `batch`, or none; see DURABILITY above. An empty batch does nothing.
  //   kInvalidArgument: the batch breaks the bounds of write_batch.h. Nothing was written, and the
  //     store goes on.
  //   kResourceExhausted: the disk is full.   kPermissionDenied: it is read-only.
  //   kUnavailable: it failed otherwise.   kDataLoss: the store found itself damaged.
  //     With these four the outcome is unknown.
  //   kFailedPrecondition: an earlier write failed (in a commit, or behind it), or the store is
  //     closed. This batch was not written.
  // The messages are for the operator (they name paths) and not for clients.
  virtual absl::Status Commit(const WriteBatch& batch) = 0;

  // Never null. Not to be called on a closed store.
  virtual std::unique_ptr<const Snapshot> NewSnapshot() const = 0;

  // Bytes that the store takes on disk (in memory, where it has none), give or take what is being
  // rewritten at the moment.
  virtual absl::StatusOr<uint64_t> ApproximateSizeBytes() const = 0;

  // Brings everything into the form that opens fastest and lets go of all files. Afterwards reads
  // and commits are answered kFailedPrecondition. Not needed for durability: a store that is killed
  // loses nothing that was committed. Closing twice is OK.
  //   kFailedPrecondition: a snapshot still lives; nothing was closed.
  //   Others: tidying up failed (a full disk), or a write had failed before. The store is closed
  //     nevertheless, and what was committed is safe in its log.
  virtual absl::Status Close() = 0;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_STORE_H_
