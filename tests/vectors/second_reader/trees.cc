#include "tests/vectors/second_reader/trees.h"

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

constexpr size_t kHash = 32;
const std::string& Empty() {
  static const auto& empty = *new std::string(kHash, '\0');
  return empty;
}

bool BitOf(const std::string& key, size_t depth) {
  return (static_cast<unsigned char>(key[depth / 8]) >> (7 - depth % 8) & 1) != 0;
}

std::string HashOf(const IndexLeaf& leaf) { return Sha256("\x02" + leaf.key + leaf.value); }
std::string IndexNode(const std::string& left, const std::string& right) {
  return Sha256("\x03" + left + right);
}

struct IndexProof {
  std::vector<std::string> siblings;  // from the root's side, empty ones included
  uint64_t terminal = 0;
  IndexLeaf other;
};

absl::StatusOr<IndexProof> ReadProof(const std::string& bytes) {
  Cursor cursor(bytes);
  IndexProof proof;
  const uint64_t depth = cursor.TakeNumber(2);
  if (depth > 256) return Refused("an index proof that is deeper than a key");
  const std::string bitmap = cursor.Take((depth + 7) / 8);
  if (cursor.CameShort()) return Refused("an index proof that is cut off");
  for (size_t i = depth; i < bitmap.size() * 8; ++i) {
    if (BitOf(bitmap, i)) return Refused("a spare bit");
  }
  for (size_t i = 0; i < depth; ++i) {
    if (!BitOf(bitmap, i)) {
      proof.siblings.push_back(Empty());
      continue;
    }
    proof.siblings.push_back(cursor.Take(kHash));
    if (proof.siblings.back() == Empty()) return Refused("an empty sibling that is spelled out");
  }
  if (depth > 0 && proof.siblings.back() == Empty()) {
    return Refused("a proof that ends below where the tree does");
  }
  proof.terminal = cursor.TakeNumber(1);
  if (proof.terminal > 2) return Refused("a terminal that there is not");
  if (proof.terminal == 2) proof.other = {cursor.Take(kHash), cursor.Take(kHash)};
  if (!cursor.TookAll()) return Refused("an index proof of another length");
  return proof;
}

std::string Climb(std::string hash, const std::string& key, const IndexProof& proof) {
  for (size_t depth = proof.siblings.size(); depth-- > 0;) {
    const std::string& sibling = proof.siblings[depth];
    hash = BitOf(key, depth) ? IndexNode(sibling, hash) : IndexNode(hash, sibling);
  }
  return hash;
}

}  // namespace

std::string LeafHash(const std::string& data) { return Sha256(std::string(1, '\0') + data); }
std::string NodeHash(const std::string& left, const std::string& right) {
  return Sha256("\x01" + left + right);
}

// RFC 9162, section 2.1.3.2.
absl::StatusOr<std::string> RootFromPath(const std::string& leaf, uint64_t index, uint64_t size,
                                         const std::string& path) {
  if (index >= size || path.size() % kHash != 0) return Refused("a path that leads nowhere");
  uint64_t fn = index;
  uint64_t sn = size - 1;
  std::string root = leaf;
  for (size_t at = 0; at < path.size(); at += kHash) {
    if (sn == 0) return Refused("a path that is too long");
    const std::string sibling = path.substr(at, kHash);
    if (fn % 2 == 1 || fn == sn) {
      root = NodeHash(sibling, root);
      while (fn % 2 == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      root = NodeHash(root, sibling);
    }
    fn >>= 1, sn >>= 1;
  }
  if (sn != 0) return Refused("a path that is too short");
  return root;
}

std::string IndexKey(uint8_t kind, const std::string& subject, uint32_t number) {
  return Sha256("touchstone/index/v1" + std::string(1, '\0') + Number(kind, 1) +
                Number(subject.size(), 2) + subject + Number(number, 4));
}

std::string IndexValue(uint8_t event, const std::string& digest, uint64_t position) {
  return Sha256("touchstone/value/v1" + std::string(1, '\0') + Number(event, 1) + digest +
                Number(position, 8));
}

std::string IndexRoot(const std::vector<IndexLeaf>& leaves, size_t depth) {
  if (leaves.empty()) return Empty();
  if (leaves.size() == 1) return HashOf(leaves[0]);
  std::vector<IndexLeaf> sides[2];
  for (const IndexLeaf& leaf : leaves) sides[BitOf(leaf.key, depth) ? 1 : 0].push_back(leaf);
  return IndexNode(IndexRoot(sides[0], depth + 1), IndexRoot(sides[1], depth + 1));
}

absl::Status CheckPresent(const std::string& root, const IndexLeaf& leaf,
                          const std::string& proof) {
  const absl::StatusOr<IndexProof> read = ReadProof(proof);
  if (!read.ok()) return read.status();
  if (read->terminal != 0) return Refused("a proof of absence where presence is to be shown");
  if (Climb(HashOf(leaf), leaf.key, *read) != root) return Refused("not in the index");
  return absl::OkStatus();
}

absl::Status CheckAbsent(const std::string& root, const std::string& key,
                         const std::string& proof) {
  const absl::StatusOr<IndexProof> read = ReadProof(proof);
  if (!read.ok()) return read.status();
  const size_t depth = read->siblings.size();
  if (read->terminal == 0) return Refused("a proof of presence where absence is to be shown");
  if (depth == 256) return Refused("only the key's own leaf can stand there");
  std::string end = Empty();
  if (read->terminal == 2) {
    if (read->other.key == key) return Refused("the key's own leaf, called another");
    for (size_t i = 0; i < depth; ++i) {
      if (BitOf(read->other.key, i) != BitOf(key, i)) return Refused("a leaf beside the way");
    }
    end = HashOf(read->other);
  }
  if (Climb(end, key, *read) != root) return Refused("not absent from the index");
  return absl::OkStatus();
}

}  // namespace touchstone::second_reader
