#include "registry/ledger/schema.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/hex.h"

namespace touchstone::ledger::schema {
namespace {

constexpr char kVersionTag = 'V';
constexpr char kCheckpointTag = 'H';
constexpr char kCosignedTag = 'W';
constexpr char kEntryTag = 'E';
constexpr char kDigestsTag = 'D';
constexpr char kTileTag = 'T';
constexpr char kLeafTag = 'L';
constexpr char kInsertionsTag = 'N';
constexpr char kSerialTag = 'S';
constexpr char kIssuedTag = 'I';
constexpr char kPublicTag = 'U';

std::string PositionKey(char tag, uint64_t position) {
  std::string key(1, tag);
  AppendBigEndian<uint64_t>(key, position);
  return key;
}

// Everything under `tag` from `first` on.
storage::KeyRange From(char tag, const std::string& first) {
  return storage::KeyRange::Between(first, std::string(1, static_cast<char>(tag + 1)));
}

std::string LeafPrefix(IndexKind kind, absl::string_view subject) {
  std::string key(1, kLeafTag);
  AppendBigEndian<uint8_t>(key, static_cast<uint8_t>(kind));
  AppendBigEndian<uint16_t>(key, static_cast<uint16_t>(subject.size()));
  absl::StrAppend(&key, subject);
  return key;
}

std::string IssuerPrefix(char tag, absl::string_view issuer) {
  std::string key(1, tag);
  AppendBigEndian<uint8_t>(key, static_cast<uint8_t>(issuer.size()));
  absl::StrAppend(&key, issuer);
  return key;
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat(what, " in the store is damaged"));
}

}  // namespace

std::string VersionKey() { return std::string(1, kVersionTag); }
std::string CheckpointKey() { return std::string(1, kCheckpointTag); }
std::string CosignedKey() { return std::string(1, kCosignedTag); }
std::string EntryKey(uint64_t position) { return PositionKey(kEntryTag, position); }
std::string DigestsKey(uint64_t index) { return PositionKey(kDigestsTag, index); }

std::string TileKey(uint32_t level, uint64_t index) {
  std::string key(1, kTileTag);
  AppendBigEndian<uint8_t>(key, static_cast<uint8_t>(level));
  AppendBigEndian<uint64_t>(key, index);
  return key;
}

std::string LeafKey(IndexKind kind, absl::string_view subject, uint32_t number) {
  std::string key = LeafPrefix(kind, subject);
  AppendBigEndian<uint32_t>(key, number);
  return key;
}

std::string InsertionsKey(uint64_t index_root_position) {
  return PositionKey(kInsertionsTag, index_root_position);
}

std::string SerialKey(absl::string_view issuer, absl::string_view serial) {
  return absl::StrCat(IssuerPrefix(kSerialTag, issuer), serial);
}

std::string IssuedKey(absl::string_view issuer, uint64_t position) {
  std::string key = IssuerPrefix(kIssuedTag, issuer);
  AppendBigEndian<uint64_t>(key, position);
  return key;
}

std::string PublicPositionKey(uint64_t position) { return PositionKey(kPublicTag, position); }

storage::KeyRange EntriesFrom(uint64_t position) { return From(kEntryTag, EntryKey(position)); }
storage::KeyRange InsertionsFrom(uint64_t index_root_position) {
  return From(kInsertionsTag, InsertionsKey(index_root_position));
}
storage::KeyRange InsertionsBefore(uint64_t index_root_position) {
  return storage::KeyRange::Between(InsertionsKey(0), InsertionsKey(index_root_position));
}
storage::KeyRange PublicFrom(uint64_t position) {
  return From(kPublicTag, PublicPositionKey(position));
}

storage::KeyRange LeavesOf(IndexKind kind, absl::string_view subject) {
  return storage::KeyRange::Prefix(LeafPrefix(kind, subject));
}

storage::KeyRange LeavesOfKind(IndexKind kind) {
  std::string prefix(1, kLeafTag);
  AppendBigEndian<uint8_t>(prefix, static_cast<uint8_t>(kind));
  return storage::KeyRange::Prefix(prefix);
}

storage::KeyRange IssuedFrom(absl::string_view issuer, uint64_t position) {
  const std::string last = IssuedKey(issuer, UINT64_MAX);
  return storage::KeyRange::Between(IssuedKey(issuer, position), last);
}

uint64_t PositionInKey(absl::string_view key) {
  return LoadBigEndian<uint64_t>(key.substr(key.size() - sizeof(uint64_t)));
}

absl::string_view SubjectInKey(absl::string_view key) {
  constexpr size_t kBefore = 1 + 1 + sizeof(uint16_t);
  return key.substr(kBefore, key.size() - kBefore - sizeof(uint32_t));
}

std::string DescribeKey(absl::string_view key) {
  return absl::StrCat(key.substr(0, 1), " ",
                      HexEncode(key.substr(std::min<size_t>(1, key.size()))));
}

std::string EncodeVersionRow(const VersionRow& row) {
  std::string value;
  AppendBigEndian<uint32_t>(value, row.version);
  absl::StrAppend(&value, row.origin);
  return value;
}

absl::StatusOr<VersionRow> DecodeVersionRow(absl::string_view value) {
  if (value.size() <= sizeof(uint32_t)) return Damaged("the version row");
  return VersionRow{LoadBigEndian<uint32_t>(value), std::string(value.substr(sizeof(uint32_t)))};
}

namespace {
constexpr size_t kLeafRowBytes = 8 + 1 + kDigestBytes;
}

std::string EncodeLeafRow(const LeafRow& row) {
  std::string value;
  AppendBigEndian<uint64_t>(value, row.position);
  AppendBigEndian<uint8_t>(value, static_cast<uint8_t>(row.event));
  absl::StrAppend(&value, DigestBytes(row.digest));
  if (row.claimant) absl::StrAppend(&value, row.claimant->bytes());
  return value;
}

absl::StatusOr<LeafRow> DecodeLeafRow(absl::string_view value) {
  if (value.size() != kLeafRowBytes && value.size() != kLeafRowBytes + PassportId::kBytes) {
    return Damaged("a leaf row");
  }
  LeafRow row;
  row.position = LoadBigEndian<uint64_t>(value);
  row.event = static_cast<IndexEvent>(LoadBigEndian<uint8_t>(value.substr(8)));
  absl::StatusOr<Digest> digest = DigestFromBytes(value.substr(9, kDigestBytes));
  if (!digest.ok()) return digest.status();
  row.digest = *digest;
  if (value.size() > kLeafRowBytes) {
    absl::StatusOr<PassportId> claimant = PassportId::FromBytes(value.substr(kLeafRowBytes));
    if (!claimant.ok()) return claimant.status();
    row.claimant = *claimant;
  }
  return row;
}

std::string EncodeSerialRow(const SerialRow& row) {
  std::string value;
  AppendBigEndian<uint64_t>(value, row.position);
  absl::StrAppend(&value, row.passport.bytes());
  return value;
}

absl::StatusOr<SerialRow> DecodeSerialRow(absl::string_view value) {
  if (value.size() != sizeof(uint64_t) + PassportId::kBytes) return Damaged("a serial row");
  absl::StatusOr<PassportId> passport = PassportId::FromBytes(value.substr(sizeof(uint64_t)));
  if (!passport.ok()) return passport.status();
  return SerialRow{LoadBigEndian<uint64_t>(value), *passport};
}

std::string EncodeInsertions(absl::Span<const IndexLeaf> leaves) {
  return std::string(reinterpret_cast<const char*>(leaves.data()), leaves.size() * kIndexLeafBytes);
}

absl::StatusOr<absl::Span<const IndexLeaf>> InsertionsIn(absl::string_view value) {
  if (value.size() % kIndexLeafBytes != 0) return Damaged("a row of insertions into the index");
  const absl::Span<const IndexLeaf> leaves(reinterpret_cast<const IndexLeaf*>(value.data()),
                                           value.size() / kIndexLeafBytes);
  for (size_t i = 1; i < leaves.size(); ++i) {
    if (leaves[i - 1].key >= leaves[i].key) {
      return Damaged("the order of a row of insertions into the index");
    }
  }
  return leaves;
}

}  // namespace touchstone::ledger::schema
