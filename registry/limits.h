// Every limit that the registry sets, in one place; they lie below the verifier's
// (verifier/limits.h), so that what the registry accepts and hands out, every verifier can read.
#ifndef TOUCHSTONE_REGISTRY_LIMITS_H_
#define TOUCHSTONE_REGISTRY_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "verifier/limits.h"

namespace touchstone::limits {

// Pages of what can be listed.
inline constexpr uint32_t kPublicEntriesPageMax = 1000;
inline constexpr uint32_t kPiecesPageMax = 500;
inline constexpr uint32_t kParticipantsPageMax = 100;

}  // namespace touchstone::limits

#endif  // TOUCHSTONE_REGISTRY_LIMITS_H_
