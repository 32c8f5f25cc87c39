// What keeps a verified answer from being one to go on with: it is old, disputed, at its end… Every
// command that shows such an answer ends with these, in its last line and its exit status. Not for
// whether it verifies (verifier/verdict.h).
#ifndef TOUCHSTONE_CLI_RESERVATIONS_H_
#define TOUCHSTONE_CLI_RESERVATIONS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/exit_status.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// What was asked for and does not hold, and whether it is shown to be wrong.
class Reservations {
 public:
  void Wrong(absl::string_view what);
  void NotShown(absl::string_view what);

  // kExitOk without any, kExitRefused if one is wrong, else kExitCannotJudge.
  ExitStatus exit_status() const { return exit_status_; }
  // A last line; empty if there are none.
  std::string Text() const;

 private:
  std::vector<std::string> whats_;
  ExitStatus exit_status_ = kExitOk;
};

// What the user has asked for besides.
struct ReservationOptions {
  bool require_fresh = false;      // to fail too where nothing says how old is too old
  std::vector<std::string> allow;  // "disputed", "doubted", "retired": no reservations
};

void ReserveFreshness(const Freshness& freshness, const ReservationOptions& options,
                      Reservations* reservations);

// For a proof of ownership by a claim key: its code may be in other hands still.
void ReserveUnclaimed(const ReservationOptions& options, Reservations* reservations);

// All that a record gives cause for: freshness, claims, the end of its life, what was observed of
// the object, doubted entries.
void ReserveRecord(const VerifiedRecord& record, const ReservationOptions& options,
                   Reservations* reservations);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_RESERVATIONS_H_
