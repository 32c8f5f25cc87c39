// Receipts, as bytes and as changes to a true one: what is accepted is for the entry that was sent.
// The first byte chooses which.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/expect.h"
#include "tests/support/test_log.h"
#include "verifier/refusal.h"
#include "verifier/verify_receipt.h"

namespace touchstone {
namespace {

constexpr uint64_t kPosition = 3;

struct World {
  World() {
    log.Enrol("maison", {v1::ISSUER}, {"maison"});
    log.Register(1, "maison");
    log.Commit();
    receipt = log.Receipt(kPosition);
    policy = TrustPolicy::Parse(log.PolicyText());
    sent = Envelope::Parse(PayloadType::kStatement, DecodeEntry(log.Frame(kPosition))->payload);
  }
  TestLog log;
  v1::Receipt receipt;
  absl::StatusOr<TrustPolicy> policy;
  absl::StatusOr<Envelope> sent;
};

void Check(const World& world, absl::string_view bytes) {
  const absl::StatusOr<VerifiedReceipt> receipt = VerifyReceipt(*world.policy, bytes, *world.sent);
  if (receipt.ok()) {
    Expect(receipt->place.position == kPosition, "the entry lies where it lies");
    Expect(receipt->place.digest == EntryDigest(world.log.Frame(kPosition)), "and is that one");
  } else {
    Expect(RefusalCodeOf(receipt.status()).has_value(), "a refusal has a code");
  }
}

void Fuzz(absl::string_view input) {
  static const World& world = *new World;
  if (input.empty()) return;
  const absl::string_view rest = input.substr(1);
  if (input[0] % 2 == 0) return Check(world, rest);
  v1::Receipt part;
  if (!part.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) return;
  v1::Receipt merged = world.receipt;
  merged.MergeFrom(part);
  Check(world, merged.SerializeAsString());
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
