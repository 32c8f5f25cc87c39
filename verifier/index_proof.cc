#include "verifier/index_proof.h"

#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/index_hash.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr size_t kKeyBits = 8 * kDigestBytes;
static_assert(limits::kIndexProofDepthMax == kKeyBits);

absl::Status Malformed(absl::string_view message) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("an index proof ", message));
}

absl::Status Bad(absl::string_view message) {
  return Refuse(RefusalCode::kBadIndexProof, absl::StrCat("the index proof ", message));
}

size_t BitmapBytes(size_t depth) { return (depth + 7) / 8; }

bool BitmapBit(absl::string_view bitmap, size_t i) {
  return ((static_cast<unsigned char>(bitmap[i / 8]) >> (7 - i % 8)) & 1) != 0;
}

// Takes `size` bytes off the front of `bytes`.
absl::StatusOr<absl::string_view> Take(absl::string_view& bytes, size_t size) {
  if (bytes.size() < size) return Malformed("ends too early");
  const absl::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}

absl::StatusOr<Digest> TakeDigest(absl::string_view& bytes) {
  const absl::StatusOr<absl::string_view> taken = Take(bytes, kDigestBytes);
  if (!taken.ok()) return taken.status();
  return DigestFromBytes(*taken);
}

absl::StatusOr<IndexTerminal> TerminalFromByte(unsigned char byte) {
  switch (static_cast<IndexTerminal>(byte)) {
    case IndexTerminal::kOwnLeaf:
    case IndexTerminal::kEmpty:
    case IndexTerminal::kOtherLeaf:
      return static_cast<IndexTerminal>(byte);
  }
  return Malformed(absl::StrCat("has an unknown end ", byte));
}

// Whether the keys agree in their first `depth` bits.
bool SharePrefix(const Digest& a, const Digest& b, size_t depth) {
  for (size_t i = 0; i < depth; ++i) {
    if (IndexKeyBit(a, i) != IndexKeyBit(b, i)) return false;
  }
  return true;
}

// What holds for every proof, whatever it proves: a leaf lies as high as it can.
absl::Status CheckShape(const IndexProof& proof) {
  const size_t depth = proof.siblings.size();
  if (depth > limits::kIndexProofDepthMax) return Bad("is deeper than a key has bits");
  if (depth > 0 && proof.siblings.back() == kEmptyIndexNode) {
    return Bad("ends below where the tree ends: its deepest sibling is empty");
  }
  return absl::OkStatus();
}

// The root that `hash`, at the end of the way along `key`, leads to.
Digest Climb(Digest hash, const Digest& key, const std::vector<Digest>& siblings, NodeMemo* memo) {
  const auto parent = [memo](const Digest& left, const Digest& right) {
    return memo == nullptr ? IndexNodeHash(left, right) : memo->Hash(left, right);
  };
  for (size_t depth = siblings.size(); depth-- > 0;) {
    hash = IndexKeyBit(key, depth) ? parent(siblings[depth], hash) : parent(hash, siblings[depth]);
  }
  return hash;
}

}  // namespace

std::string EncodeIndexProof(const IndexProof& proof) {
  const size_t depth = proof.siblings.size();
  std::string bytes;
  bytes.reserve(sizeof(uint16_t) + BitmapBytes(depth) + (depth + 2) * kDigestBytes + 1);
  AppendBigEndian<uint16_t>(bytes, static_cast<uint16_t>(depth));
  const size_t bitmap = bytes.size();
  bytes.resize(bitmap + BitmapBytes(depth), '\0');
  for (size_t i = 0; i < depth; ++i) {
    if (proof.siblings[i] == kEmptyIndexNode) continue;
    char& bits = bytes[bitmap + i / 8];
    bits = static_cast<char>(static_cast<unsigned char>(bits) | (0x80u >> (i % 8)));
    absl::StrAppend(&bytes, DigestBytes(proof.siblings[i]));
  }
  AppendBigEndian<uint8_t>(bytes, static_cast<uint8_t>(proof.terminal));
  if (proof.terminal == IndexTerminal::kOtherLeaf) {
    absl::StrAppend(&bytes, DigestBytes(proof.other_key), DigestBytes(proof.other_value));
  }
  return bytes;
}

absl::StatusOr<IndexProof> ParseIndexProof(absl::string_view bytes) {
  if (bytes.size() > limits::kIndexProofBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("an index proof has ", bytes.size(), " bytes; at most ",
                               limits::kIndexProofBytesMax, " are read"));
  }
  const absl::StatusOr<absl::string_view> depth_bytes = Take(bytes, sizeof(uint16_t));
  if (!depth_bytes.ok()) return depth_bytes.status();
  const size_t depth = LoadBigEndian<uint16_t>(*depth_bytes);
  if (depth > limits::kIndexProofDepthMax) {
    return Refuse(RefusalCode::kTooLarge, absl::StrCat("an index proof has depth ", depth,
                                                       "; a key has ", kKeyBits, " bits"));
  }
  const absl::StatusOr<absl::string_view> bitmap = Take(bytes, BitmapBytes(depth));
  if (!bitmap.ok()) return bitmap.status();
  for (size_t i = depth; i < 8 * bitmap->size(); ++i) {
    if (BitmapBit(*bitmap, i)) return Malformed("has a spare bit set");
  }

  IndexProof proof;
  proof.siblings.assign(depth, kEmptyIndexNode);
  for (size_t i = 0; i < depth; ++i) {
    if (!BitmapBit(*bitmap, i)) continue;
    const absl::StatusOr<Digest> hash = TakeDigest(bytes);
    if (!hash.ok()) return hash.status();
    if (*hash == kEmptyIndexNode) return Malformed("spells out an empty sibling");
    proof.siblings[i] = *hash;
  }

  const absl::StatusOr<absl::string_view> terminal_byte = Take(bytes, 1);
  if (!terminal_byte.ok()) return terminal_byte.status();
  const absl::StatusOr<IndexTerminal> terminal =
      TerminalFromByte(static_cast<unsigned char>((*terminal_byte)[0]));
  if (!terminal.ok()) return terminal.status();
  proof.terminal = *terminal;
  if (proof.terminal == IndexTerminal::kOtherLeaf) {
    const absl::StatusOr<Digest> key = TakeDigest(bytes);
    if (!key.ok()) return key.status();
    const absl::StatusOr<Digest> value = TakeDigest(bytes);
    if (!value.ok()) return value.status();
    proof.other_key = *key;
    proof.other_value = *value;
  }
  if (!bytes.empty()) return Malformed(absl::StrCat("has ", bytes.size(), " bytes too many"));
  return proof;
}

absl::Status VerifyIndexPresent(const Digest& root, const Digest& key, const Digest& value,
                                const IndexProof& proof, NodeMemo* memo) {
  if (const absl::Status status = CheckShape(proof); !status.ok()) return status;
  if (proof.terminal != IndexTerminal::kOwnLeaf) {
    return Bad("does not end in the key's own leaf, so it shows no presence");
  }
  if (Climb(IndexLeafHash(key, value), key, proof.siblings, memo) != root) {
    return Bad("does not lead from that key and value to the index root");
  }
  return absl::OkStatus();
}

absl::Status VerifyIndexAbsent(const Digest& root, const Digest& key, const IndexProof& proof,
                               NodeMemo* memo) {
  if (const absl::Status status = CheckShape(proof); !status.ok()) return status;
  const size_t depth = proof.siblings.size();
  // At the last bit the sibling can be no more than one leaf, which would have risen.
  if (depth == kKeyBits && proof.terminal != IndexTerminal::kOwnLeaf) {
    return Bad("ends at the last bit of the key, where only the key's own leaf can lie");
  }
  Digest end = kEmptyIndexNode;
  switch (proof.terminal) {
    case IndexTerminal::kOwnLeaf:
      return Bad("ends in the key's own leaf, so it shows no absence");
    case IndexTerminal::kEmpty:
      break;
    case IndexTerminal::kOtherLeaf:
      if (proof.other_key == key) return Bad("calls the key's own leaf another one");
      if (!SharePrefix(proof.other_key, key, depth)) {
        return Bad("ends in a leaf that does not lie on the key's way");
      }
      end = IndexLeafHash(proof.other_key, proof.other_value);
      break;
  }
  if (Climb(end, key, proof.siblings, memo) != root) {
    return Bad("does not lead from that key to the index root");
  }
  return absl::OkStatus();
}

}  // namespace touchstone
