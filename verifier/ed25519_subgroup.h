// Whether 32 bytes are an Ed25519 key that only one party can sign for: a point of the main
// subgroup. It costs a fifth of a signature check, a quarter of what libsodium's
// crypto_core_ed25519_is_valid_point takes for the same answer
// (docs/decisions/2026-11-25-subgroup-test.md). Not for secret points: its time depends on them.
#ifndef TOUCHSTONE_VERIFIER_ED25519_SUBGROUP_H_
#define TOUCHSTONE_VERIFIER_ED25519_SUBGROUP_H_

#include "absl/strings/string_view.h"
#include "verifier/field25519.h"

namespace touchstone {

// The slope λ of a tangent to a curve near Ed25519's, see ed25519_subgroup.cc: (λ + 2)^2 = A + 2
// for the A = 486662 of Curve25519, where λ + 2 is a square and λ is none.
inline constexpr FieldElement kTangentSlope = {
    {0x248ef9c884413, 0x0e509526c7d34, 0x7d29bbd8d6847, 0x157e10fd3bd6b, 0x6be4f497f9a9c}};

// Whether `encoding` is the canonical encoding (RFC 8032 section 5.1.2; 32 bytes) of a point of
// the subgroup of prime order, other than its identity.
bool IsInMainSubgroup(absl::string_view encoding);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_ED25519_SUBGROUP_H_
