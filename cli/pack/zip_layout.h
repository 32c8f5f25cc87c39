// That a ZIP is nothing but its members, their directory and the end record: no program before
// them, no comment behind them, nothing between. Programs find a ZIP by its end and pass over the
// rest, so one that holds could be run, or shown, as something else too. Not for what is in the
// members (cli/pack/zip_file.h).
#ifndef TOUCHSTONE_CLI_PACK_ZIP_LAYOUT_H_
#define TOUCHSTONE_CLI_PACK_ZIP_LAYOUT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// kMalformed, saying where the foreign bytes are. Also for a ZIP64, which no pack is large enough
// to need, and for a member that its own header names otherwise than the directory.
absl::Status CheckZipLayout(absl::string_view zip);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PACK_ZIP_LAYOUT_H_
