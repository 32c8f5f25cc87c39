// Where an audit reads a log from: the files of an export (docs/EXPORT.md), or a registry. What is
// read is not believed.
#ifndef TOUCHSTONE_CLI_AUDIT_LOG_SOURCE_H_
#define TOUCHSTONE_CLI_AUDIT_LOG_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/client/registry_client.h"
#include "verifier/tlog_tiles.h"

namespace touchstone::cli {

class LogSource {
 public:
  virtual ~LogSource() = default;

  // The checkpoint note.
  virtual absl::StatusOr<std::string> Checkpoint() = 0;
  // A tile, or an entry bundle.
  virtual absl::StatusOr<std::string> Tile(const TileName& name) = 0;
  // The frames of the entries of the bundle `name`, as an entry bundle. Unimplemented where the
  // source does not give contents.
  virtual absl::StatusOr<std::string> Frames(const TileName& name) = 0;
};

// Errors of what it gives: NotFound and others, naming the file.
std::unique_ptr<LogSource> OpenExport(const std::string& directory);

// `client` must outlive it.
std::unique_ptr<LogSource> OpenRegistry(RegistryClient* client);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_LOG_SOURCE_H_
