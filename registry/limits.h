// Every limit that the registry sets, in one place; they lie below the verifier's
// (verifier/limits.h), so that what the registry accepts and hands out, every verifier can read.
#ifndef TOUCHSTONE_REGISTRY_LIMITS_H_
#define TOUCHSTONE_REGISTRY_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "registry/storage/write_batch.h"
#include "verifier/limits.h"

namespace touchstone::limits {

// Pages of what can be listed. A page may also end early for its bytes, so that it fits an RPC's
// message with room to spare.
inline constexpr uint32_t kPublicEntriesPageMax = 1000;
inline constexpr uint32_t kInsertionsPageMax = 1000;
inline constexpr uint32_t kPiecesPageMax = 500;
inline constexpr uint32_t kParticipantsPageMax = 100;
inline constexpr size_t kPageBytesMax = size_t{2} << 20;
static_assert(kPageBytesMax > kEntryFrameBytesMax);

// The log. Positions need five bytes and a little; at a million entries a second that is 34 years.
inline constexpr uint64_t kLogEntriesMax = uint64_t{1} << 40;
static_assert(kLogEntriesMax < kTreeSizeMax);

// Submissions that wait for a commit. More are answered RESOURCE_EXHAUSTED.
inline constexpr size_t kQueueEntriesMax = size_t{1} << 14;
inline constexpr size_t kQueueBytesMax = size_t{64} << 20;
static_assert(kQueueBytesMax > kEnvelopeBytesMax);

// One commit: how many submissions it takes from the queue, and of how many bytes.
inline constexpr size_t kCommitEntriesMax = 2048;
inline constexpr size_t kCommitBytesMax = size_t{16} << 20;
static_assert(kCommitEntriesMax <= kQueueEntriesMax && kCommitBytesMax <= kQueueBytesMax);

// ---- Witnesses. ----

// What is taken of an answer: a few signature lines, of algorithms to come perhaps, and what HTTP
// puts before them.
inline constexpr size_t kHttpHeadBytesMax = size_t{8} << 10;
inline constexpr size_t kHttpBodyBytesMax = size_t{16} << 10;
static_assert(kHttpBodyBytesMax > 2 * kSignatureBytesMax);

// How far a witness's clock may be off for its cosignature to be taken.
inline constexpr uint64_t kWitnessClockSeconds = 600;

// ---- Quotas: with them, every passport fits its file (16 MiB). ----

// A passport. What settles (verifier/event_rules.h) may use all; interventions leave its reserve
// free, so that a dispute about a full passport can still end; what holders agree on leaves room
// for interventions besides, so that it can still be reported stolen, and records for what holders
// agree on, so that it can still be sold (the rules' own quota, kPassportEntriesMax, does the
// same).
inline constexpr size_t kPassportFramesBytesMax = size_t{4} << 20;
inline constexpr size_t kPassportSettlementReserveBytes = size_t{256} << 10;
inline constexpr size_t kPassportOwnershipReserveBytes = size_t{1} << 20;
inline constexpr size_t kPassportInterventionReserveBytes = size_t{256} << 10;
inline constexpr size_t kPassportClaimsMax = 64;
inline constexpr size_t kPassportParticipantsMax = 40;
inline constexpr size_t kPassportSettlementReserveParticipants = 4;
static_assert(kPassportSettlementReserveBytes >= 2 * kEntryFrameBytesMax);
static_assert(kPassportClaimsMax <= kClaimReferencesMax,
              "a piece must be able to release them all");

// A participant's chain. Revocations of keys may use all.
inline constexpr size_t kParticipantEntriesMax = 64;
inline constexpr size_t kParticipantRevocationReserveEntries = 16;
inline constexpr size_t kParticipantFramesBytesMax = size_t{64} << 10;
inline constexpr size_t kParticipantRevocationReserveBytes = size_t{16} << 10;

// The stewards' chain. Closing the log may use all. The genesis alone may take one whole frame.
inline constexpr size_t kStewardsEntriesMax = 512;
inline constexpr size_t kStewardsFramesBytesMax = size_t{1} << 20;
inline constexpr size_t kStewardsClosingReserveEntries = 1;
inline constexpr size_t kStewardsClosingReserveBytes = kEntryFrameBytesMax;

// ---- The vault of documents (registry/vault/). ----

// Of one piece, in number and in bytes, what is coming included.
inline constexpr size_t kPieceDocumentsMax = 256;
inline constexpr uint64_t kPieceDocumentsBytesMax = uint64_t{1} << 30;
// And of these, what others than the piece's owner and its issuer of record have committed to.
inline constexpr size_t kPieceDocumentsOfOthersMax = 64;
inline constexpr uint64_t kPieceDocumentsOfOthersBytesMax = uint64_t{256} << 20;
// What of a stream that broke is kept for going on with it, and how many may come at a time.
inline constexpr uint64_t kUploadKeptMs = uint64_t{24} * 3600 * 1000;
inline constexpr size_t kUploadsAtOnceMax = 256;
// Accesses of one piece that its owner can list; older ones are forgotten.
inline constexpr uint64_t kAccessesKeptMax = 10'000;
inline constexpr uint64_t kAccessesPageMax = 500;
// Requests under one grant; and in a day, of one asker about one piece who has none and does not
// own it: so that nobody can push others' accesses out of the list.
inline constexpr uint32_t kGrantUsesMax = 2'000;
inline constexpr uint32_t kAsksPerDayMax = 300;
static_assert(kGrantUsesMax < kAccessesKeptMax);
// How long a request is remembered, so that nobody makes it again: beyond the clock window within
// which one is taken (registry/service/limits.h), both ways.
inline constexpr uint64_t kRequestKeptMs = uint64_t{30} * 60 * 1000;
// Rows that one round of maintenance looks at.
inline constexpr uint64_t kVaultMaintenanceRowsMax = 10'000;

// What an entry takes in a file besides its frame: its path (40 hashes in a log of 2^40 entries)
// and the lengths around it. And an index proof: a sibling at depth d that is not empty takes 2^d
// tries to make, so eighty of them are more than anybody can have.
inline constexpr size_t kPathBytesMax = 40 * 32 + 32;
static_assert(kLogEntriesMax <= uint64_t{1} << 40);
inline constexpr size_t kIndexProofBytesMaxInPractice = 2 + 32 + 80 * 32 + 1 + 64 + 8;
static_assert(kIndexProofBytesMaxInPractice <= kIndexProofBytesMax);

inline constexpr size_t kPieceFileBytesMax =
    kPassportFramesBytesMax + kPassportEntriesMax * kPathBytesMax;
inline constexpr size_t kParticipantFileBytesMax =
    kParticipantFramesBytesMax + kParticipantEntriesMax * kPathBytesMax;
inline constexpr size_t kStewardsFileBytesMax =
    kStewardsFramesBytesMax + kStewardsEntriesMax * kPathBytesMax;
// Each chain has two index proofs. Each claim has its subject and a proof that there are no more
// events than those; each event a proof of its own, and what the entry is.
inline constexpr size_t kClaimFileBytesMax = kClaimSubjectBytesMax + 16 +
                                             kIndexProofBytesMaxInPractice +
                                             kClaimEventsMax * (kIndexProofBytesMaxInPractice + 64);
inline constexpr size_t kProofsFileBytesMax =
    (2 + kPassportParticipantsMax) * 2 * kIndexProofBytesMaxInPractice +
    kPassportClaimsMax * kClaimFileBytesMax;
inline constexpr size_t kCheckpointFileBytesMax = kNoteBytesMax + kPathBytesMax + 256;
static_assert(kPieceFileBytesMax + kPassportParticipantsMax * kParticipantFileBytesMax +
                      kStewardsFileBytesMax + kProofsFileBytesMax + kCheckpointFileBytesMax <=
                  kPassportFileBytesMax,
              "a passport within its quotas must fit its file");

// What an entry writes besides its frame (registry/ledger/schema.h): a row for each claim, and a
// handful of others, each with its key and what the store adds.
inline constexpr size_t kClaimRowBytesMax = (8 + kClaimSubjectBytesMax) + 57 + 9;
inline constexpr size_t kRowsBytesMax = kPassportClaimsMax * kClaimRowBytesMax + 1024;
// Besides, a commit writes its insertions into the index as one row: its own leaf for each entry
// and one for each claim, 64 bytes each.
inline constexpr size_t kInsertionsBytesMax = kCommitEntriesMax * (1 + kPassportClaimsMax) * 64;
static_assert(kInsertionsBytesMax <= storage::kMaxValueBytes);
static_assert(kCommitBytesMax + kCommitEntriesMax * (kEntryHeaderBytes + kRowsBytesMax) +
                      kInsertionsBytesMax +
                      (size_t{1} << 20) <=  // tiles that became full, the checkpoint
                  storage::kMaxBatchBytes,
              "a commit must fit one batch of the store");

}  // namespace touchstone::limits

#endif  // TOUCHSTONE_REGISTRY_LIMITS_H_
