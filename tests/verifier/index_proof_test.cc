#include "verifier/index_proof.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/verifier/reference_index.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/index_hash.h"
#include "verifier/limits.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

Digest Key(int number) { return Sha256Of("key " + std::to_string(number)); }
Digest Value(int number) { return Sha256Of("value " + std::to_string(number)); }

IndexLeaves Leaves(int count) {
  IndexLeaves leaves;
  for (int i = 0; i < count; ++i) leaves[Key(i)] = Value(i);
  return leaves;
}

// `key` with one bit turned over.
Digest Flipped(Digest key, size_t bit) {
  key[bit / 8] = static_cast<uint8_t>(key[bit / 8] ^ (0x80 >> bit % 8));
  return key;
}

IndexProof ThroughBytes(const IndexProof& proof) {
  return ValueOrDie(ParseIndexProof(EncodeIndexProof(proof)));
}

TEST(IndexProof, ShowsEveryLeafAndNoOtherInTreesOfEverySize) {
  for (int count = 0; count <= 40; ++count) {
    const IndexLeaves leaves = Leaves(count);
    const Digest root = ReferenceIndexRoot(leaves);
    for (int i = 0; i < count + 20; ++i) {
      const IndexProof proof = ThroughBytes(ReferenceIndexProof(leaves, Key(i)));
      const absl::Status present = VerifyIndexPresent(root, Key(i), Value(i), proof);
      const absl::Status absent = VerifyIndexAbsent(root, Key(i), proof);
      if (i < count) {
        EXPECT_THAT(present, IsOk());
        EXPECT_THAT(absent, IsRefused(RefusalCode::kBadIndexProof));
        EXPECT_THAT(VerifyIndexPresent(root, Key(i), Value(i + 1), proof),
                    IsRefused(RefusalCode::kBadIndexProof));
        EXPECT_THAT(VerifyIndexPresent(root, Key(i + 1), Value(i), proof),
                    IsRefused(RefusalCode::kBadIndexProof));
      } else {
        EXPECT_THAT(present, IsRefused(RefusalCode::kBadIndexProof));
        EXPECT_THAT(absent, IsOk());
      }
    }
  }
}

TEST(IndexProof, TheEmptyTreeHoldsNothing) {
  IndexProof proof;
  EXPECT_EQ(ReferenceIndexRoot({}), kZeroDigest);
  EXPECT_THAT(VerifyIndexAbsent(kZeroDigest, Key(0), proof), IsOk());
  EXPECT_THAT(VerifyIndexPresent(kZeroDigest, Key(0), Value(0), proof),
              IsRefused(RefusalCode::kBadIndexProof));
  EXPECT_EQ(EncodeIndexProof(proof), std::string("\0\0\1", 3));
}

// The last bit is where two keys can part at the latest.
TEST(IndexProof, WorksDownToTheLastBit) {
  for (const size_t bit : {0, 7, 8, 127, 254, 255}) {
    const IndexLeaves leaves = {{Key(0), Value(0)}, {Flipped(Key(0), bit), Value(1)}};
    const Digest root = ReferenceIndexRoot(leaves);
    for (const auto& [key, value] : leaves) {
      const IndexProof proof = ThroughBytes(ReferenceIndexProof(leaves, key));
      EXPECT_EQ(proof.siblings.size(), bit + 1);
      EXPECT_THAT(VerifyIndexPresent(root, key, value, proof), IsOk());
    }
    // A key that parts from both earlier meets nothing there; one that parts later, another leaf.
    if (bit > 0) {
      const Digest key = Flipped(Key(0), bit - 1);
      const IndexProof proof = ThroughBytes(ReferenceIndexProof(leaves, key));
      EXPECT_EQ(proof.terminal, IndexTerminal::kEmpty);
      EXPECT_EQ(proof.siblings.size(), bit);
      EXPECT_THAT(VerifyIndexAbsent(root, key, proof), IsOk());
    }
    if (bit < 255) {
      const Digest key = Flipped(Key(0), 255);
      const IndexProof proof = ThroughBytes(ReferenceIndexProof(leaves, key));
      EXPECT_EQ(proof.terminal, IndexTerminal::kOtherLeaf);
      EXPECT_THAT(VerifyIndexAbsent(root, key, proof), IsOk());
    }
  }
}

TEST(IndexProof, FallsWithEveryAlteredByte) {
  const IndexLeaves leaves = Leaves(20);
  const Digest root = ReferenceIndexRoot(leaves);
  for (int i = 0; i < 40; ++i) {
    const std::string bytes = EncodeIndexProof(ReferenceIndexProof(leaves, Key(i)));
    for (size_t at = 0; at < bytes.size(); ++at) {
      for (const int flip : {0x01, 0x02, 0x80}) {
        std::string altered = bytes;
        altered[at] = static_cast<char>(altered[at] ^ flip);
        const absl::StatusOr<IndexProof> proof = ParseIndexProof(altered);
        if (!proof.ok()) continue;
        EXPECT_FALSE(VerifyIndexPresent(root, Key(i), Value(i), *proof).ok()) << i << " " << at;
        EXPECT_FALSE(VerifyIndexAbsent(root, Key(i), *proof).ok()) << i << " " << at;
      }
    }
  }
}

TEST(IndexProof, IsReadToTheLastByteAndNoFurther) {
  const IndexLeaves leaves = Leaves(20);
  for (int i = 0; i < 40; ++i) {
    const std::string bytes = EncodeIndexProof(ReferenceIndexProof(leaves, Key(i)));
    EXPECT_EQ(EncodeIndexProof(ValueOrDie(ParseIndexProof(bytes))), bytes);
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_THAT(ParseIndexProof(absl::string_view(bytes).substr(0, length)),
                  IsRefused(RefusalCode::kMalformed));
    }
    EXPECT_THAT(ParseIndexProof(bytes + '\0'), IsRefused(RefusalCode::kMalformed));
  }
}

TEST(IndexProof, EncodesAsTheFormatSays) {
  IndexProof proof;
  proof.siblings.assign(9, kEmptyIndexNode);
  proof.siblings[0].fill(0xA0);
  proof.siblings[8].fill(0xA8);
  proof.terminal = IndexTerminal::kOtherLeaf;
  proof.other_key.fill(0xBB);
  proof.other_value.fill(0xCC);
  EXPECT_EQ(EncodeIndexProof(proof), std::string("\x00\x09\x80\x80", 4) + std::string(32, '\xA0') +
                                         std::string(32, '\xA8') + "\x02" +
                                         std::string(32, '\xBB') + std::string(32, '\xCC'));
  proof.terminal = IndexTerminal::kOwnLeaf;
  EXPECT_EQ(EncodeIndexProof(proof).size(), 4u + 64 + 1);
}

TEST(IndexProof, RefusesSecondEncodings) {
  const std::string sibling(32, 's');
  ASSERT_THAT(ParseIndexProof(std::string("\x00\x01\x80", 3) + sibling + '\x01'), IsOk());
  // A spare bit, an empty sibling spelled out, an unknown end, a depth beyond the key.
  EXPECT_THAT(ParseIndexProof(std::string("\x00\x01\xC0", 3) + sibling + '\x01'),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseIndexProof(std::string("\x00\x01\x80", 3) + std::string(32, '\0') + '\x01'),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseIndexProof(std::string("\x00\x01\x80", 3) + sibling + '\x03'),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseIndexProof(std::string("\x01\x01", 2) + std::string(33, '\0') + '\x01'),
              IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(ParseIndexProof(std::string(limits::kIndexProofBytesMax + 1, '\xFF')),
              IsRefused(RefusalCode::kTooLarge));
}

TEST(IndexProof, TheLongestProofFitsTheLimit) {
  IndexProof proof;
  proof.siblings.assign(limits::kIndexProofDepthMax, Key(1));
  proof.terminal = IndexTerminal::kOtherLeaf;
  const std::string bytes = EncodeIndexProof(proof);
  EXPECT_EQ(bytes.size(), limits::kIndexProofBytesMax);
  EXPECT_THAT(ParseIndexProof(bytes), IsOk());
}

// The root that a proof of any shape would have to match.
Digest RootAbove(Digest hash, const Digest& key, const std::vector<Digest>& siblings) {
  for (size_t depth = siblings.size(); depth-- > 0;) {
    hash = IndexKeyBit(key, depth) ? IndexNodeHash(siblings[depth], hash)
                                   : IndexNodeHash(hash, siblings[depth]);
  }
  return hash;
}

// Trees that break the rules of the index, with roots to match: a dishonest registry's.
TEST(IndexProof, RefusesShapesThatNoIndexHas) {
  const Digest leaf = IndexLeafHash(Key(0), Value(0));

  // A lone leaf that did not rise.
  IndexProof proof;
  proof.terminal = IndexTerminal::kOwnLeaf;
  proof.siblings = {Key(1), kEmptyIndexNode};
  EXPECT_THAT(VerifyIndexPresent(RootAbove(leaf, Key(0), proof.siblings), Key(0), Value(0), proof),
              IsRefused(RefusalCode::kBadIndexProof));
  proof.siblings = {kEmptyIndexNode};
  EXPECT_THAT(VerifyIndexPresent(RootAbove(leaf, Key(0), proof.siblings), Key(0), Value(0), proof),
              IsRefused(RefusalCode::kBadIndexProof));
  // Higher up an empty sibling is right.
  proof.siblings = {kEmptyIndexNode, Key(1)};
  EXPECT_THAT(VerifyIndexPresent(RootAbove(leaf, Key(0), proof.siblings), Key(0), Value(0), proof),
              IsOk());

  // A node of two empty children.
  proof = IndexProof();
  proof.siblings = {kEmptyIndexNode};
  EXPECT_THAT(VerifyIndexAbsent(RootAbove(kEmptyIndexNode, Key(0), proof.siblings), Key(0), proof),
              IsRefused(RefusalCode::kBadIndexProof));

  // Nothing beside a single leaf at the last bit.
  proof.siblings.assign(256, Key(1));
  EXPECT_THAT(VerifyIndexAbsent(RootAbove(kEmptyIndexNode, Key(0), proof.siblings), Key(0), proof),
              IsRefused(RefusalCode::kBadIndexProof));
  proof.siblings.pop_back();
  EXPECT_THAT(VerifyIndexAbsent(RootAbove(kEmptyIndexNode, Key(0), proof.siblings), Key(0), proof),
              IsOk());

  // Deeper than the key has bits.
  proof.terminal = IndexTerminal::kOwnLeaf;
  proof.siblings.assign(257, Key(1));
  EXPECT_THAT(VerifyIndexPresent(leaf, Key(0), Value(0), proof),
              IsRefused(RefusalCode::kBadIndexProof));
}

TEST(IndexProof, AnotherLeafMustLieOnTheWayAndBeAnother) {
  IndexProof proof;
  proof.terminal = IndexTerminal::kOtherLeaf;
  proof.siblings.assign(8, Key(1));
  const auto verify = [&proof](const Digest& other) {
    proof.other_key = other;
    proof.other_value = Value(0);
    return VerifyIndexAbsent(RootAbove(IndexLeafHash(other, Value(0)), Key(0), proof.siblings),
                             Key(0), proof);
  };
  EXPECT_THAT(verify(Key(0)), IsRefused(RefusalCode::kBadIndexProof));
  for (const size_t bit : {0, 3, 7}) {
    EXPECT_THAT(verify(Flipped(Key(0), bit)), IsRefused(RefusalCode::kBadIndexProof)) << bit;
  }
  for (const size_t bit : {8, 9, 255}) EXPECT_THAT(verify(Flipped(Key(0), bit)), IsOk()) << bit;
}

}  // namespace
}  // namespace touchstone
