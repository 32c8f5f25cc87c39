// How the index (the insert-only sparse Merkle tree over the log, docs/FORMAT.md) derives keys,
// values and node hashes. Not for proofs (verifier/index_proof.h), nor for the log's own tree.
#ifndef TOUCHSTONE_VERIFIER_INDEX_HASH_H_
#define TOUCHSTONE_VERIFIER_INDEX_HASH_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "verifier/digest.h"

namespace touchstone {

// What a key of the index stands for. The numbers are hashed: never change one.
enum class IndexKind : uint8_t {
  kPassportEntry = 1,      // the n-th entry of a passport
  kParticipantEntry = 2,   // the n-th entry of a participant
  kStewardsEntry = 3,      // the n-th entry of the stewards
  kInscriptionClaim = 4,   // the n-th event of the claim on an inscription
  kReportNumberClaim = 5,  // the n-th event of the claim on a laboratory report number
  kGtinSerialClaim = 6,    // the n-th event of the claim on a GTIN with serial
};

// What happened under that key. The numbers are hashed: never change one.
enum class IndexEvent : uint8_t {
  kEntry = 0,
  kClaim = 1,
  kContest = 2,
  kRelease = 3,
  kResolve = 4,
};

// SHA-256("touchstone/index/v1\0" ‖ kind u8 ‖ length u16 ‖ subject ‖ number u32), big-endian.
// `subject` is at most limits::kIndexSubjectBytesMax bytes: the caller has checked it.
Digest IndexKey(IndexKind kind, absl::string_view subject, uint32_t number);

// SHA-256("touchstone/value/v1\0" ‖ event u8 ‖ digest ‖ position u64), big-endian: the entry with
// that digest lies at that position of the log.
Digest IndexValue(IndexEvent event, const Digest& entry_digest, uint64_t position);

// SHA-256(02 ‖ key ‖ value).
Digest IndexLeafHash(const Digest& key, const Digest& value);

// SHA-256(03 ‖ left ‖ right). Two empty children make an empty node, and a lone leaf rises: callers
// hash neither.
Digest IndexNodeHash(const Digest& left, const Digest& right);

// The hash of a subtree, and the root of a tree, without leaves: 32 zero bytes.
inline constexpr Digest kEmptyIndexNode = kZeroDigest;

// Bit `i` (0 to 255) of a key, most significant bit of byte 0 first: false is left. It chooses the
// child below a node at depth i.
inline bool IndexKeyBit(const Digest& key, size_t i) {
  return ((key[i / 8] >> (7 - i % 8)) & 1) != 0;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_INDEX_HASH_H_
