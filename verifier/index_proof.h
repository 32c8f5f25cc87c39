// Proofs that the index holds a value under a key, or holds nothing there. Not for building the
// index; its hashing is verifier/index_hash.h.
#ifndef TOUCHSTONE_VERIFIER_INDEX_PROOF_H_
#define TOUCHSTONE_VERIFIER_INDEX_PROOF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/digest.h"
#include "verifier/node_memo.h"

namespace touchstone {

// What lies at the end of the way along a key's bits.
enum class IndexTerminal : uint8_t {
  kOwnLeaf = 0,    // the leaf of the key itself
  kEmpty = 1,      // nothing
  kOtherLeaf = 2,  // the leaf of another key, alone under the prefix that both share
};

// A well-formed proof, not yet checked against a root.
struct IndexProof {
  // Hashes of the siblings along the key's bits, root side first: siblings[i] lies at depth i + 1.
  // kEmptyIndexNode where there is nothing. At most 256.
  std::vector<Digest> siblings;
  IndexTerminal terminal = IndexTerminal::kEmpty;
  // For kOtherLeaf only.
  Digest other_key = {};
  Digest other_value = {};
};

// depth u16 ‖ ceil(depth / 8) bytes of bitmap (bit i, most significant first: siblings[i] is not
// empty; spare bits zero) ‖ the siblings that are not empty ‖ terminal u8 (‖ other key ‖ other
// value). Big-endian. `proof.siblings` holds at most limits::kIndexProofDepthMax.
std::string EncodeIndexProof(const IndexProof& proof);

// Reads only what EncodeIndexProof writes, to the last byte. Errors: kMalformed, kTooLarge.
absl::StatusOr<IndexProof> ParseIndexProof(absl::string_view bytes);

// OK if `proof` shows that the index with `root` holds `value` under `key`; kBadIndexProof
// otherwise. The proof must have the one shape that the tree's rules give it: a leaf lies as high
// as it can. `memo`, of IndexNodeHash, spares what other proofs of the same index have hashed
// already.
absl::Status VerifyIndexPresent(const Digest& root, const Digest& key, const Digest& value,
                                const IndexProof& proof, NodeMemo* memo = nullptr);

// OK if `proof` shows that the index with `root` holds nothing under `key`; kBadIndexProof
// otherwise.
absl::Status VerifyIndexAbsent(const Digest& root, const Digest& key, const IndexProof& proof,
                               NodeMemo* memo = nullptr);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_INDEX_PROOF_H_
