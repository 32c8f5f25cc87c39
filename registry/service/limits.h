// Limits of the RPC layer that are no matter of configuration. What may be appended and listed is
// limited in registry/limits.h, what a verifier reads in verifier/limits.h.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_LIMITS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "registry/limits.h"
#include "verifier/limits.h"

namespace touchstone::limits {

// A request is an envelope and a few bytes around it. gRPC refuses a longer message before it
// reads it to the end, so this bounds what one call can make us hold.
inline constexpr int kRpcRequestBytesMax = 72 << 10;
static_assert(size_t{kRpcRequestBytesMax} > kEnvelopeBytesMax + 1024);

// The longest answer is a passport, and what protobuf puts around it.
inline constexpr int kRpcResponseBytesMax = (16 << 20) + (64 << 10);
static_assert(size_t{kRpcResponseBytesMax} > kPassportFileBytesMax + 1024);

// Metadata that may come with a call.
inline constexpr int kRpcMetadataBytesMax = 8 << 10;

// What a page token or a text to look up may have; longer text is nobody's.
inline constexpr size_t kLookupTextBytesMax = 256;

// How many networks are remembered with their lookups; beyond, those that have most left are not.
inline constexpr size_t kLookupNetworksMax = size_t{1} << 16;

// Pages where the caller does not say how long.
inline constexpr uint32_t kPiecesPageDefault = 100;
inline constexpr uint32_t kParticipantsPageDefault = 50;

// A page ends early for its bytes, and then has at most one entry more.
static_assert(kPageBytesMax + kEntryFrameBytesMax < size_t{kRpcResponseBytesMax});
static_assert(kPageBytesMax + kInsertionsBytesMax + kInsertionsPageMax * 32 <
              size_t{kRpcResponseBytesMax});

// All bulk streams together may have this many statements waiting, so that those who submit one by
// one always find room in the queue.
inline constexpr size_t kBulkUnansweredMax = kQueueEntriesMax / 2;

// Watching: how many pieces on one stream; how many entries of each source are read at a time, and
// how many news at most lie ready for a stream (their places and kinds, not their contents); and
// for how many keys of the index all streams together wait, some 100 bytes each.
inline constexpr size_t kWatchedPassportsMax = 256;
inline constexpr size_t kWatchPageEntries = 64;
inline constexpr size_t kWatchQueueMax = 1024;
inline constexpr size_t kWatchedKeysMax = size_t{1} << 19;
static_assert(kWatchedPassportsMax * (16 + 2) + 1024 < size_t{kRpcRequestBytesMax});
// What one message says at most: a frame, and of each passport what one entry did to its claims.
static_assert(kEntryFrameBytesMax + kWatchedPassportsMax * 64 +
                  kPassportClaimsMax * kWatchedPassportsMax * (kClaimSubjectBytesMax + 64) <
              size_t{kRpcResponseBytesMax});

// Signed requests: how far the asker's clock may be off, and how many nonces are remembered. When
// that many came within the window, further ones are refused until some are old enough: one that
// were forgotten early could be replayed.
inline constexpr uint64_t kRequestClockWindowMs = uint64_t{5} * 60 * 1000;
inline constexpr size_t kRequestNoncesMax = size_t{1} << 17;

}  // namespace touchstone::limits

#endif  // TOUCHSTONE_REGISTRY_SERVICE_LIMITS_H_
