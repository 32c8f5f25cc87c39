// The index, written down as the recursive definition of docs/FORMAT.md, section 6: slow, and
// plainly the same as the text. For tests of what checks index proofs and of what makes them
// quickly; shares nothing with either but the hash functions and the proof's encoding.
#ifndef TOUCHSTONE_TESTS_SUPPORT_REFERENCE_INDEX_H_
#define TOUCHSTONE_TESTS_SUPPORT_REFERENCE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "verifier/digest.h"
#include "verifier/index_proof.h"

namespace touchstone {

class ReferenceIndex {
 public:
  // A key that is there already keeps its value, as in a log that breaks the rule it would not.
  void Insert(const Digest& key, const Digest& value) { leaves_.emplace(key, value); }

  size_t size() const { return leaves_.size(); }

  // root(S, 0).
  Digest Root() const;

  // The proof that fits: presence where the key is there, absence where it is not.
  IndexProof Prove(const Digest& key) const;

 private:
  using Leaves = std::vector<std::pair<Digest, Digest>>;  // (key, value), ascending by key

  static Digest RootOf(const Leaves& leaves, size_t depth);

  std::map<Digest, Digest> leaves_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_SUPPORT_REFERENCE_INDEX_H_
