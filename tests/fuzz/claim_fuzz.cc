// Claims and what they are made of, from text with '|' between its parts: the normal form of a
// normal form is itself.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/claim.h"
#include "verifier/gtin.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"

namespace touchstone {
namespace {

bool IsNormal(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

void Fuzz(absl::string_view input) {
  if (const absl::StatusOr<ClaimSubject> claim = InscriptionClaim(input); claim.ok()) {
    Expect(IsNormal(claim->subject), "an inscription's normal form is letters and digits");
    const absl::StatusOr<ClaimSubject> again = InscriptionClaim(claim->subject);
    Expect(again.ok() && *again == *claim, "a normal inscription stays as it is");
  }
  if (const absl::StatusOr<ParticipantId> id = ParticipantId::Parse(input); id.ok()) {
    Expect(id->text() == input, "a participant id is its text");
  }
  const size_t bar = std::min(input.find('|'), input.size());
  const absl::string_view first = input.substr(0, bar);
  const absl::string_view second = input.substr(std::min(bar + 1, input.size()));
  if (const absl::StatusOr<ClaimSubject> claim = ReportClaim(first, second); claim.ok()) {
    Expect(claim->subject.size() <= limits::kClaimSubjectBytesMax, "a claim is bounded");
    const size_t zero = claim->subject.find('\0');
    Expect(zero != std::string::npos, "laboratory and number are told apart");
    const absl::StatusOr<ClaimSubject> again =
        ReportClaim(claim->subject.substr(0, zero), claim->subject.substr(zero + 1));
    Expect(again.ok() && *again == *claim, "a normal report number stays as it is");
  }
  if (const absl::StatusOr<Gtin> gtin = Gtin::ParseAnyLength(first); gtin.ok()) {
    const absl::StatusOr<Gtin> again = Gtin::Parse14(gtin->text());
    Expect(again.ok() && *again == *gtin, "a padded GTIN stays as it is");
    if (const absl::StatusOr<ClaimSubject> claim = GtinSerialClaim(*gtin, second); claim.ok()) {
      Expect(claim->subject == gtin->text() + std::string(second), "a serial stays as it is");
      Expect(!DescribeClaim(*claim).empty(), "a claim can be told to people");
    }
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
