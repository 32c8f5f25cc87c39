// SUMMARY.txt of an insurer's pack: what the passport proves and what the pack holds, for people,
// in words that need no program. It depends on nothing but the pack, so that whoever checks the
// pack makes the same text again.
#ifndef TOUCHSTONE_CLI_PACK_PACK_SUMMARY_H_
#define TOUCHSTONE_CLI_PACK_PACK_SUMMARY_H_

#include <cstdint>
#include <string>

#include "cli/pack/pack_manifest.h"
#include "verifier/grant.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// Counted up whenever the text comes out otherwise: an older pack's is then not compared.
inline constexpr uint32_t kSummaryVersion = 2;

// `checkpoint_time_ms` is the registry's, of the passport's checkpoint; `grant` may be null.
std::string SummaryText(const VerifiedRecord& record, uint64_t checkpoint_time_ms,
                        const PackManifest& manifest, const SignedGrant* grant);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_PACK_PACK_SUMMARY_H_
