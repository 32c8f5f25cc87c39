// The offline check as a command: its options, what it reads, what it prints, what it exits with.
// Shared by `touchstone verify` and touchstone-verify, and so free of everything that only the
// former links. The check itself is verifier/verify_passport.h.
#ifndef TOUCHSTONE_CLI_OFFLINE_CHECK_H_
#define TOUCHSTONE_CLI_OFFLINE_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/exit_status.h"
#include "cli/reservations.h"
#include "verifier/policy.h"

namespace touchstone::cli {

struct OfflineCheckOptions {
  std::string passport_file;  // or an absence file; may be empty if `card` is not
  std::string card;           // the text of the QR code
  std::string cards_file;
  // A proof of ownership and the question that it answers: files, or the texts themselves.
  std::string proof;
  std::string challenge;

  // What was read off the object.
  std::optional<std::string> inscription;
  std::optional<std::string> serial;
  std::optional<uint64_t> mass_mg;
  std::optional<uint64_t> mass_tolerance_mg;
  std::string measurements_um;  // "7310x6420x4680"
  std::optional<uint32_t> measurement_tolerance_um;
  std::optional<uint32_t> ring_size_um;
  std::optional<uint32_t> ring_size_tolerance_um;

  std::string document_file;  // is it one that the passport commits to?
  std::string opening_file;   // of a confidential one; the document's own, ".opening", if empty

  std::string now;      // RFC 3339; the clock's time if empty
  std::string max_age;  // "24h"
  ReservationOptions reservations;
};

// All of them but for the QR code, whose option each program names.
void AddOfflineCheckOptions(CLI::App* command, OfflineCheckOptions* options);
// Of those only the ones that say how to judge: times, and what is allowed.
void AddJudgementOptions(CLI::App* command, OfflineCheckOptions* options);

// For options whose value may not be empty: an empty shell variable asks for another check than was
// meant, and would pass unnoticed. All of the above have it.
CLI::Validator GivenNotEmpty();

struct CheckAnswer {
  std::string text;  // for standard output
  ExitStatus exit_status = kExitRefused;
};

// kExitOk only if the passport (or the card) verifies and everything that was asked for holds: what
// was observed matches, nothing is stale, doubted, disputed, lost or at its end. kExitRefused if
// something is shown to be wrong, kExitCannotJudge if it could not be shown. Errors
// (InvalidArgument, NotFound…): options and files that cannot be read.
absl::StatusOr<CheckAnswer> RunOfflineCheck(const OfflineCheckOptions& options,
                                            const TrustPolicy& policy, bool json);

// The same of a passport whose bytes are at hand; `options` then names no passport_file.
absl::StatusOr<CheckAnswer> RunPassportCheck(const OfflineCheckOptions& options,
                                             const TrustPolicy& policy, absl::string_view passport,
                                             bool json);

// The time as of which to judge: --now, or the clock's, in milliseconds since 1970.
absl::StatusOr<uint64_t> CheckTimeMs(const OfflineCheckOptions& options);

// The same for a proof of ownership: `passport` is the bytes of the .passport file, where it is not
// to be read from options.passport_file.
absl::StatusOr<CheckAnswer> RunOwnershipCheck(const OfflineCheckOptions& options,
                                              const std::optional<std::string>& passport,
                                              const TrustPolicy& policy, bool json);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_OFFLINE_CHECK_H_
