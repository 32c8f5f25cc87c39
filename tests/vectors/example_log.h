// The log that the worked examples of docs/FORMAT.md are taken from: the same bytes in every run.
// Not for tests of the verifier, which make their own logs: a change here changes every example.
#ifndef TOUCHSTONE_TESTS_VECTORS_EXAMPLE_LOG_H_
#define TOUCHSTONE_TESTS_VECTORS_EXAMPLE_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/claim.h"
#include "verifier/envelope.h"
#include "verifier/passport_id.h"
#include "verifier/signing/batch.h"

namespace touchstone {

// What must not fail here: the value, or the end of the program with the status.
[[noreturn]] void StopWith(const absl::Status& status);
template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) StopWith(value.status());
  return *std::move(value);
}

inline constexpr absl::string_view kMaisonId = "maison.example";
inline constexpr absl::string_view kLaboratoryId = "laboratory.example";
inline constexpr absl::string_view kAtelierId = "atelier.example";
inline constexpr absl::string_view kRivalId = "rival.example";
inline constexpr absl::string_view kRingSerial = "R-1001";
inline constexpr absl::string_view kBandSerial = "R-1002";
inline constexpr absl::string_view kCopySerial = "C-1";  // the rival's
inline constexpr absl::string_view kSuccessorSerial = "R-1003";

// Names of keys, as NamedKey has them: the seed is SHA-256("test key " ‖ name).
inline constexpr absl::string_view kKeyNames[] = {
    "log",        "steward 1", "steward 2", "steward 3", "maison",
    "laboratory", "atelier 1", "atelier 2", "rival",     "card",
    "claim",      "owner",     "witness 1", "witness 2", "witness 3"};

struct ExampleLog {
  TestLog log;
  std::string issuer_secret;               // 32 bytes
  PassportId ring;                         // with everything that can be
  PassportId band;                         // with nothing that need not be
  PassportId copy;                         // contests what the ring bears, and loses it
  PassportId successor;                    // with the ring's stone, later
  std::string registration_without_nonce;  // of the ring
  EntryPlace registration;
  EntryPlace report;
  Batch batch;                       // of three care records
  std::vector<Envelope> cares;       // in the order of the batch; number 1 is the ring's
  uint64_t first_care = 0;           // the position of cares[0]; the others follow it
  uint64_t sale = 0;                 // the position of the ring's first sale
  std::vector<ClaimSubject> claims;  // of the ring, ascending
  uint64_t size = 0;                 // of the checkpoint below
  std::string checkpoint;            // with cosignatures
  // After the dispute about the ring's stone and its remount.
  uint64_t later_size = 0;
  std::string later_checkpoint;
  // After the successor was taken apart: nobody bears the stone's numbers.
  uint64_t freed_size = 0;
  std::string freed_checkpoint;
};

ExampleLog MakeExampleLog();

// The checkpoint of ExampleLog, a quorum of two of three witnesses, and a max_age.
std::string ExamplePolicy(const ExampleLog& example);

v1::Passport RingPassport(const ExampleLog& example);
// Any piece's, under the later checkpoint.
v1::Passport LaterPassport(const ExampleLog& example, const PassportId& id);
// That nobody bears it any more, or ever did, under the last checkpoint.
v1::Absence ExampleAbsence(const ExampleLog& example, IndexKind kind, const std::string& subject);
v1::Passport ExampleCards(const ExampleLog& example);
// For the entry at `position`; its checkpoint has no cosignatures yet.
v1::Receipt ExampleReceipt(const ExampleLog& example, uint64_t position);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VECTORS_EXAMPLE_LOG_H_
