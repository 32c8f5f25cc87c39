// Passport and cards files, as bytes and as changes to a true file: nothing but the true file is
// verified. The first byte chooses which.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/expect.h"
#include "tests/support/test_log.h"
#include "verifier/verdict_json.h"
#include "verifier/verdict_text.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

struct World {
  World() {
    log.Enrol("maison", {v1::ISSUER}, {"maison"});
    log.Register(1, "maison");
    log.FirstSale(1, "maison", "claim key");
    log.Commit();
    passport = log.Passport(1);
    file = TestLog::PassportFile(passport);
    policy = TrustPolicy::Parse(log.PolicyText());
  }
  TestLog log;
  v1::Passport passport;
  std::string file;
  absl::StatusOr<TrustPolicy> policy;
};

void Check(const World& world, absl::string_view file) {
  const Verdict verdict = VerifyPassport(*world.policy, file, Observed{}, world.log.now_ms());
  // Lines of unknown witnesses may be added to the checkpoint; nothing else may differ.
  if (verdict.outcome == Outcome::kVerified && file.size() == world.file.size()) {
    Expect(file == world.file, "only the true file is verified");
  }
  Expect(verdict.record.has_value() != verdict.reason.has_value(), "a record or a reason");
  Expect(!VerdictToJson(verdict).empty() && !VerdictToText(verdict).empty(), "a verdict shows");
  Expect(!CheckCards(*world.policy, file, 0).ok(), "a passport is no cards file");
}

void Fuzz(absl::string_view input) {
  static const World& world = *new World;
  if (input.empty()) return;
  const absl::string_view rest = input.substr(1);
  if (input[0] % 3 == 0) return Check(world, rest);
  if (input[0] % 3 == 1) {
    // (offset u16, byte)*
    std::string changed = world.file;
    for (size_t i = 0; i + 2 < rest.size(); i += 3) {
      const size_t offset =
          static_cast<uint8_t>(rest[i]) * size_t{256} + static_cast<uint8_t>(rest[i + 1]);
      changed[offset % changed.size()] = rest[i + 2];
    }
    return Check(world, changed);
  }
  v1::Passport part;
  if (!part.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) return;
  v1::Passport merged = world.passport;
  merged.MergeFrom(part);
  Check(world, TestLog::PassportFile(merged));
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
