// Absence files, as bytes and as changes to a true one: what is accepted is about something that
// nobody bears. The first byte chooses which.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/expect.h"
#include "tests/support/test_log.h"
#include "verifier/claim.h"
#include "verifier/refusal.h"
#include "verifier/verify_absence.h"

namespace touchstone {
namespace {

struct World {
  World() {
    log.Enrol("maison", {v1::ISSUER}, {"maison"});
    log.Register(1, "maison");
    log.Commit();
    absence = log.Absence(IndexKind::kInscriptionClaim, "GIA2141438002");
    policy = TrustPolicy::Parse(log.PolicyText());
  }
  TestLog log;
  v1::Absence absence;
  absl::StatusOr<TrustPolicy> policy;
};

void Check(const World& world, absl::string_view file) {
  const absl::StatusOr<ProvenAbsence> absence = CheckAbsence(*world.policy, file, 0);
  if (!absence.ok()) {
    Expect(RefusalCodeOf(absence.status()).has_value(), "a refusal has a code");
    return;
  }
  if (absence->sought.kind == IndexKind::kInscriptionClaim) {
    // However it is written: what a person reads is what it would be claimed as.
    const absl::StatusOr<ClaimSubject> read = InscriptionClaim(absence->sought.subject);
    Expect(read.ok(), "what nobody bears could be borne");
    Expect(read->subject != "GIA2141438001", "the inscription of the piece is borne by it");
  }
  Expect(absence->sought.subject != TestPassportId(1), "and so is its id");
}

void Fuzz(absl::string_view input) {
  static const World& world = *new World;
  if (input.empty()) return;
  const absl::string_view rest = input.substr(1);
  if (input[0] % 2 == 0) return Check(world, rest);
  v1::Absence part;
  if (!part.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) return;
  v1::Absence merged = world.absence;
  merged.MergeFrom(part);
  Check(world, TestLog::AbsenceFile(merged));
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
