// Where an audit reads a log from: the files of an export (docs/EXPORT.md), or a registry. What is
// read is not believed.
#ifndef TOUCHSTONE_CLI_AUDIT_LOG_SOURCE_H_
#define TOUCHSTONE_CLI_AUDIT_LOG_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/client/registry_client.h"
#include "verifier/digest.h"
#include "verifier/tlog_tiles.h"

namespace touchstone::cli {

class LogSource {
 public:
  virtual ~LogSource() = default;

  // The checkpoint note.
  virtual absl::StatusOr<std::string> Checkpoint() = 0;
  // The last one that enough witnesses have cosigned. FailedPrecondition where the source has none
  // besides Checkpoint().
  virtual absl::StatusOr<std::string> CosignedCheckpoint() {
    return absl::FailedPreconditionError("this log has one checkpoint");
  }
  // A tile, or an entry bundle.
  virtual absl::StatusOr<std::string> Tile(const TileName& name) = 0;

  // The public entries from `first_position` on, of a log of `size` > `first_position` entries, as
  // many as the source gives at once; and where to go on.
  virtual absl::StatusOr<PublicEntries> EntriesFrom(uint64_t first_position, uint64_t size) = 0;
  // The same of what commits inserted into the index, by the positions of their index roots.
  virtual absl::StatusOr<InsertionsPage> InsertionsFrom(uint64_t first_position, uint64_t size) = 0;

  // RFC 6962 section 2.1.2, for 0 < first_size < second_size. Unimplemented where the source has
  // none.
  virtual absl::StatusOr<std::vector<Digest>> ConsistencyPath(uint64_t first_size,
                                                              uint64_t second_size) = 0;

  // Whether the source has the contents of all entries.
  virtual bool HasFrames() const = 0;
  // The frames of the entries of the bundle `name`, as an entry bundle. Unimplemented where the
  // source has none.
  virtual absl::StatusOr<std::string> Frames(const TileName& name) = 0;
};

// Errors of what it gives: NotFound and others, naming the file.
std::unique_ptr<LogSource> OpenExport(const std::string& directory);

// `client` must outlive it.
std::unique_ptr<LogSource> OpenRegistry(RegistryClient* client);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_LOG_SOURCE_H_
