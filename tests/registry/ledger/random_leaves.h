// For tests of the index: leaves at random, checks of a version against the definition, and scratch
// pages that fail when told to.
#ifndef TOUCHSTONE_TESTS_REGISTRY_LEDGER_RANDOM_LEAVES_H_
#define TOUCHSTONE_TESTS_REGISTRY_LEDGER_RANDOM_LEAVES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/ledger/index_leaf.h"
#include "registry/ledger/index_version.h"
#include "registry/storage/scratch_pages.h"
#include "tests/support/reference_index.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/index_proof.h"

namespace touchstone::ledger {

using Leaves = std::map<Digest, Digest>;

inline Digest RandomDigest(std::mt19937_64& random) {
  Digest digest;
  for (uint8_t& byte : digest) byte = static_cast<uint8_t>(random());
  return digest;
}

// Half of the keys share a long prefix with an earlier one.
inline IndexLeaf RandomLeaf(std::mt19937_64& random, const Leaves& leaves) {
  IndexLeaf leaf{RandomDigest(random), RandomDigest(random)};
  if (!leaves.empty() && random() % 2 == 0) {
    auto model = leaves.lower_bound(RandomDigest(random));
    if (model == leaves.end()) model = leaves.begin();
    const size_t shared = 1 + random() % 31;
    std::copy_n(model->first.begin(), shared, leaf.key.begin());
  }
  return leaf;
}

inline std::vector<IndexLeaf> InOrder(const Leaves& leaves) {
  std::vector<IndexLeaf> ordered;
  for (const auto& [key, value] : leaves) ordered.push_back({key, value});
  return ordered;
}

inline ReferenceIndex Reference(const Leaves& leaves) {
  ReferenceIndex reference;
  for (const auto& [key, value] : leaves) reference.Insert(key, value);
  return reference;
}

inline std::string Proof(const IndexVersion& version, const Digest& key) {
  return EncodeIndexProof(ValueOrDie(version.Prove(key)));
}

// The reference makes each proof by hashing everything: of large trees it is asked for a few.
inline constexpr size_t kReferenceProofs = 150;

// The very proofs of the definition, and that they verify.
inline void ExpectProves(const IndexVersion& version, const Leaves& leaves, const Digest& absent) {
  const ReferenceIndex reference = Reference(leaves);
  ASSERT_EQ(version.root(), reference.Root());
  ASSERT_EQ(version.size(), leaves.size());
  const size_t compared_each =
      leaves.size() <= kReferenceProofs ? 1 : leaves.size() / (kReferenceProofs / 10);
  std::vector<Digest> keys;
  for (const auto& [key, value] : leaves) keys.push_back(key);
  const std::vector<IndexProof> together = ValueOrDie(version.Prove(keys));
  ASSERT_EQ(together.size(), keys.size());
  size_t number = 0;
  for (const auto& [key, value] : leaves) {
    const IndexProof proof = ValueOrDie(version.Prove(key));
    ASSERT_EQ(EncodeIndexProof(together[number]), EncodeIndexProof(proof));
    if (number++ % compared_each == 0) {
      ASSERT_EQ(EncodeIndexProof(proof), EncodeIndexProof(reference.Prove(key)));
    }
    EXPECT_THAT(VerifyIndexPresent(version.root(), key, value, proof), IsOk());
    EXPECT_FALSE(VerifyIndexAbsent(version.root(), key, proof).ok());
  }
  std::vector<Digest> others = {absent, kZeroDigest};
  if (!leaves.empty()) {  // neighbours of a leaf, near and far
    others.push_back(leaves.begin()->first);
    others.back()[31] ^= 1;
    others.push_back(leaves.rbegin()->first);
    others.back()[0] ^= 1;
  }
  for (const Digest& key : others) {
    if (leaves.count(key) > 0) continue;
    ASSERT_EQ(Proof(version, key), EncodeIndexProof(reference.Prove(key)));
    EXPECT_THAT(VerifyIndexAbsent(version.root(), key, ValueOrDie(version.Prove(key))), IsOk());
  }
}

// Pages in memory, which fail when told to.
class FaultyPages final : public storage::ScratchPages {
 public:
  absl::Status Write(uint32_t page, absl::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    if (full_) return absl::ResourceExhaustedError("/secret/path: no space left on device");
    pages_[page] = std::string(bytes);
    ++writes_;
    return absl::OkStatus();
  }
  absl::Status Read(uint32_t page, absl::Span<char> bytes) const override {
    const std::lock_guard lock(mutex_);
    if (unreadable_) return absl::UnavailableError("/secret/path: input/output error");
    const auto found = pages_.find(page);
    if (found == pages_.end() || found->second.size() < bytes.size()) {
      return absl::DataLossError("/secret/path: ends before");
    }
    std::copy_n(found->second.begin(), bytes.size(), bytes.begin());
    return absl::OkStatus();
  }

  void SetFull(bool full) { Set(full_, full); }
  void SetUnreadable(bool unreadable) { Set(unreadable_, unreadable); }
  void FlipABitInEach(size_t at) {
    const std::lock_guard lock(mutex_);
    for (auto& [page, bytes] : pages_) bytes[at % bytes.size()] ^= 4;
  }
  void CutEach() {
    const std::lock_guard lock(mutex_);
    for (auto& [page, bytes] : pages_) bytes.resize(bytes.size() - 1);
  }
  size_t writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

 private:
  void Set(bool& what, bool value) {
    const std::lock_guard lock(mutex_);
    what = value;
  }

  mutable std::mutex mutex_;
  std::map<uint32_t, std::string> pages_;
  bool full_ = false;
  bool unreadable_ = false;
  size_t writes_ = 0;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_TESTS_REGISTRY_LEDGER_RANDOM_LEAVES_H_
