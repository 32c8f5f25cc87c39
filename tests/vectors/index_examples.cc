#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "tests/support/reference_index.h"
#include "tests/vectors/examples.h"
#include "tests/vectors/reading.h"
#include "verifier/big_endian.h"
#include "verifier/hex.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

struct Leaf {
  std::string name;
  uint32_t number = 0;  // of an entry of the ring's
  Digest digest = {};   // of that entry, made up
  Digest key = {};
  Digest value = {};
};

size_t SharedBits(const Digest& a, const Digest& b) {
  size_t bits = 0;
  while (bits < 256 && IndexKeyBit(a, bits) == IndexKeyBit(b, bits)) ++bits;
  return bits;
}

Digest KeyOf(const ExampleLog& example, uint32_t number) {
  return IndexKey(IndexKind::kPassportEntry, example.ring.bytes(), number);
}

// The first number, from 1 on, whose key shares exactly `bits` with `key` and is none of `but`.
uint32_t NumberSharing(const ExampleLog& example, const Digest& key, size_t bits,
                       const std::vector<uint32_t>& but = {}) {
  for (uint32_t number = 1;; ++number) {
    bool is_free = true;
    for (const uint32_t taken : but) is_free = is_free && taken != number;
    if (is_free && SharedBits(KeyOf(example, number), key) == bits) return number;
  }
}

Leaf MakeLeaf(const ExampleLog& example, absl::string_view name, uint32_t number) {
  Leaf leaf{std::string(name), number, Sha256Of(absl::StrCat("index example ", name)), {}, {}};
  leaf.key = KeyOf(example, number);
  leaf.value = IndexValue(IndexEvent::kEntry, leaf.digest, number);
  return leaf;
}

std::vector<Row> ProofReading(const IndexProof& proof, absl::string_view what) {
  const std::string bytes = EncodeIndexProof(proof);
  const size_t depth = proof.siblings.size();
  const size_t bitmap = (depth + 7) / 8;
  std::vector<Part> parts = {{"depth", bytes.substr(0, 2), absl::StrCat(depth)},
                             {"bitmap", bytes.substr(2, bitmap)}};
  size_t at = 2 + bitmap;
  for (size_t i = 0; i < depth; ++i) {
    if (proof.siblings[i] == kEmptyIndexNode) continue;
    parts.push_back({"sibling", bytes.substr(at, kDigestBytes), absl::StrCat("at depth ", i + 1)});
    at += kDigestBytes;
  }
  parts.push_back({"terminal", bytes.substr(at, 1), std::string(what)});
  ++at;
  if (at < bytes.size()) {
    parts.push_back({"key", bytes.substr(at, kDigestBytes)});
    parts.push_back({"value", bytes.substr(at + kDigestBytes)});
  }
  return ReadingOf(parts, bytes);
}

std::string FirstBits(const Digest& key) {
  std::string bits;
  for (size_t i = 0; i < 4; ++i) bits.push_back(IndexKeyBit(key, i) ? '1' : '0');
  return absl::StrCat("key ", bits, "...");
}

std::vector<Leaf> MakeLeaves(const ExampleLog& example) {
  const Leaf a = MakeLeaf(example, "a", 0);
  const uint32_t b = NumberSharing(example, a.key, 3);
  const uint32_t c = NumberSharing(example, a.key, 0);
  return {a, MakeLeaf(example, "b", b), MakeLeaf(example, "c", c)};
}

ReferenceIndex IndexOf(absl::Span<const Leaf> leaves) {
  ReferenceIndex index;
  for (const Leaf& leaf : leaves) index.Insert(leaf.key, leaf.value);
  return index;
}

// Keys that are not there, as numbers of entries.
struct Absent {
  uint32_t beside_nothing = 0;
  uint32_t beside_other = 0;
};
Absent MakeAbsent(const ExampleLog& example, const std::vector<Leaf>& leaves) {
  return {NumberSharing(example, leaves[0].key, 1),
          NumberSharing(example, leaves[2].key, 1, {leaves[2].number})};
}

void AddToAppendix(const ExampleLog& example, const std::vector<Leaf>& leaves, const Absent& absent,
                   Appendix& appendix) {
  appendix.Heading("Section 6: an index");
  appendix.Prose(absl::StrCat(
      "Three leaves as of entries ", leaves[0].number, ", ", leaves[1].number, " and ",
      leaves[2].number,
      " of the ring's passport (kind 1), with made-up digests and the number as the position."));
  std::vector<Row> rows;
  for (const Leaf& leaf : leaves) {
    rows.push_back({"key " + leaf.name, DigestToHex(leaf.key), FirstBits(leaf.key)});
    rows.push_back({"value " + leaf.name, DigestToHex(leaf.value)});
    rows.push_back({"leaf " + leaf.name, DigestToHex(IndexLeafHash(leaf.key, leaf.value))});
  }
  appendix.Table(rows);
  const absl::Span<const Leaf> all = leaves;
  rows.clear();
  for (size_t count = 1; count <= leaves.size(); ++count) {
    constexpr absl::string_view kWhat[] = {"leaf a: it rises to depth 0", "a and b part at bit 3",
                                           "c is alone at depth 1"};
    rows.push_back({absl::StrCat("root of ", count), DigestToHex(IndexOf(all.first(count)).Root()),
                    std::string(kWhat[count - 1])});
  }
  appendix.Table(rows);
  const ReferenceIndex index = IndexOf(leaves);
  appendix.Prose("In the index of three, key a is present:");
  appendix.Table(ProofReading(index.Prove(leaves[0].key), "the key's own leaf"));
  appendix.Prose(absl::StrCat("Number ", absent.beside_nothing, " (",
                              FirstBits(KeyOf(example, absent.beside_nothing)),
                              ") is absent, where nothing stands:"));
  appendix.Table(ProofReading(index.Prove(KeyOf(example, absent.beside_nothing)), "nothing"));
  appendix.Prose(absl::StrCat("Number ", absent.beside_other, " (",
                              FirstBits(KeyOf(example, absent.beside_other)),
                              ") is absent, where c stands:"));
  appendix.Table(ProofReading(index.Prove(KeyOf(example, absent.beside_other)), "another leaf"));
}

}  // namespace

void AddIndex(const ExampleLog& example, Examples& examples) {
  const std::vector<Leaf> leaves = MakeLeaves(example);
  const Absent absent = MakeAbsent(example, leaves);
  VectorFile file("Section 6: leaves, roots and proofs of a small index");
  const auto number_of = [](uint32_t number) {
    std::string bytes;
    AppendBigEndian<uint32_t>(bytes, number);
    return bytes;
  };
  file.Section("all of kind 1, event 0; subject is the ring's passport id; position is the number");
  file.Add("subject", example.ring.bytes());
  for (const Leaf& leaf : leaves) {
    const Digest hash = IndexLeafHash(leaf.key, leaf.value);
    file.Section("leaf " + leaf.name);
    file.Add(leaf.name + ".number", number_of(leaf.number));
    file.Add(leaf.name + ".digest", DigestBytes(leaf.digest));
    file.Add(leaf.name + ".key", DigestBytes(leaf.key));
    file.Add(leaf.name + ".value", DigestBytes(leaf.value));
    file.Add(leaf.name + ".leaf", DigestBytes(hash));
  }
  for (size_t count = 1; count <= leaves.size(); ++count) {
    const ReferenceIndex index = IndexOf(absl::MakeSpan(leaves).first(count));
    const Digest root = index.Root();
    file.Section(absl::StrCat("the index of the first ", count));
    file.Add(absl::StrCat("root.", count), DigestBytes(root));
    for (const Leaf& leaf : leaves) {
      file.Add(absl::StrCat("proof.", count, ".", leaf.name),
               EncodeIndexProof(index.Prove(leaf.key)));
    }
  }
  const ReferenceIndex index = IndexOf(leaves);
  file.Section("absent from the index of three: nothing stands there; another leaf stands there");
  file.Add("nothing.number", number_of(absent.beside_nothing));
  file.Add("nothing.proof", EncodeIndexProof(index.Prove(KeyOf(example, absent.beside_nothing))));
  file.Add("other.number", number_of(absent.beside_other));
  file.Add("other.proof", EncodeIndexProof(index.Prove(KeyOf(example, absent.beside_other))));
  examples.Add("index.txt", file);
  AddToAppendix(example, leaves, absent, examples.appendix);
}

}  // namespace touchstone
