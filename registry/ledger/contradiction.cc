#include "registry/ledger/contradiction.h"

#include "absl/strings/str_cat.h"

namespace touchstone::ledger {

absl::Status Contradiction(absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the database contradicts itself: ", what,
                   ". Put a copy of the database back that is newer than the guard, or continue "
                   "the log in a new one whose genesis names this one's last checkpoint"));
}

}  // namespace touchstone::ledger
