// --export: the whole log as plain files, in the layout of C2SP tlog-tiles with the entries'
// frames, the public ones among them once more, and the index's insertions beside it
// (docs/EXPORT.md), for touchstone audit and for copies that outlive the registry.
#ifndef TOUCHSTONE_REGISTRY_EXPORT_LOG_H_
#define TOUCHSTONE_REGISTRY_EXPORT_LOG_H_

#include <string>

#include "absl/status/status.h"
#include "registry/ledger/view.h"

namespace touchstone {

// Writes `view` into `directory`, which is made if it is not there. Files that an earlier
// export has written whole are left as they are; the checkpoint is written last, in one step, so
// that what a checkpoint in the directory covers is there. Errors name the file.
absl::Status ExportLog(const ledger::View& view, const std::string& directory);

}  // namespace touchstone

#endif  // TOUCHSTONE_REGISTRY_EXPORT_LOG_H_
