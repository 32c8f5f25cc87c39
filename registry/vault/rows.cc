#include "registry/vault/rows.h"

#include <concepts>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/sha256.h"

namespace touchstone::vault {
namespace {

using storage::KeyRange;

// Numbers as they are, texts behind their length.
class Writer {
 public:
  explicit Writer(char first) : row_(1, first) {}

  template <std::unsigned_integral T>
  Writer& Number(T value) {
    AppendBigEndian<T>(row_, value);
    return *this;
  }
  Writer& Text(absl::string_view text) {
    AppendBigEndian<uint32_t>(row_, static_cast<uint32_t>(text.size()));
    absl::StrAppend(&row_, text);
    return *this;
  }
  std::string Take() { return std::move(row_); }

 private:
  std::string row_;
};

// Values begin with the version of their layout.
constexpr char kVersion = 1;

class Reader {
 public:
  explicit Reader(absl::string_view row) : rest_(row) {
    fine_ = !rest_.empty() && rest_[0] == kVersion;
    if (fine_) rest_.remove_prefix(1);
  }

  template <std::unsigned_integral T>
  Reader& Number(T& value) {
    const absl::string_view bytes = Take(sizeof(T));
    if (fine_) value = LoadBigEndian<T>(bytes);
    return *this;
  }
  Reader& Flag(bool& value) {
    uint8_t byte = 0;
    Number(byte);
    value = byte != 0;
    return *this;
  }
  Reader& Text(std::string& value) {
    uint32_t size = 0;
    Number(size);
    value = std::string(Take(size));
    return *this;
  }
  absl::Status End() const {
    if (fine_ && rest_.empty()) return absl::OkStatus();
    return absl::DataLossError("a row of the vault's database is damaged");
  }

 private:
  absl::string_view Take(size_t size) {
    fine_ = fine_ && rest_.size() >= size;
    if (!fine_) return "";
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  absl::string_view rest_;
  bool fine_ = false;
};

std::string KeyOf(char kind, const PassportId& passport, absl::string_view rest = "") {
  return absl::StrCat(absl::string_view(&kind, 1), passport.bytes(), rest);
}

std::string NumberBytes(uint64_t number) {
  std::string bytes;
  AppendBigEndian<uint64_t>(bytes, number);
  return bytes;
}

}  // namespace

std::string BucketKey(Bucket bucket) { return {'b', static_cast<char>(bucket)}; }

std::string PieceKeyKey(const PassportId& passport, OwnersTime time) {
  std::string key = KeyOf('k', passport);
  AppendBigEndian<uint32_t>(key, time);
  return key;
}

KeyRange PieceKeysOf(Bucket bucket) {
  const char prefix[] = {'k', static_cast<char>(bucket)};
  return KeyRange::Prefix(absl::string_view(prefix, 2));
}

std::string DocumentKey(const PassportId& passport, const Digest& document) {
  return KeyOf('d', passport, DigestBytes(document));
}
KeyRange DocumentsOf(const PassportId& passport) { return KeyRange::Prefix(KeyOf('d', passport)); }

std::string UploadKey(const PassportId& passport, const Digest& document) {
  return KeyOf('u', passport, DigestBytes(document));
}
KeyRange UploadsOf(const PassportId& passport) { return KeyRange::Prefix(KeyOf('u', passport)); }
KeyRange AllUploads() { return KeyRange::Prefix("u"); }

std::string DueKey(uint64_t keep_until_ms, const PassportId& passport, const Digest& document) {
  return absl::StrCat("x", NumberBytes(keep_until_ms), passport.bytes(), DigestBytes(document));
}
KeyRange DueBefore(uint64_t now_ms) {
  return KeyRange::Between("x", absl::StrCat("x", NumberBytes(now_ms)));
}

std::string GoneKey(const PassportId& passport, const Digest& document) {
  return KeyOf('t', passport, DigestBytes(document));
}

std::string AccessCountKey(const PassportId& passport) { return KeyOf('c', passport); }
std::string AccessKey(const PassportId& passport, uint64_t number) {
  return KeyOf('a', passport, NumberBytes(number));
}
KeyRange AccessesAfter(const PassportId& passport, uint64_t number) {
  return KeyRange::Prefix(KeyOf('a', passport)).After(AccessKey(passport, number));
}

std::string AskerKey(const PassportId& passport, absl::string_view asker) {
  return KeyOf('q', passport, asker);
}
std::string GrantKey(const PassportId& passport, absl::string_view grant_nonce) {
  return KeyOf('g', passport, grant_nonce);
}

std::string NonceKey(uint64_t issued_at_ms, absl::string_view requester, absl::string_view nonce) {
  const Digest digest = Sha256Of(absl::StrCat(requester, "\n", nonce));
  return absl::StrCat("n", NumberBytes(issued_at_ms), DigestBytes(digest));
}
KeyRange NoncesBefore(uint64_t issued_at_ms) {
  return KeyRange::Between("n", absl::StrCat("n", NumberBytes(issued_at_ms)));
}

std::string FollowedKey() { return "f"; }
std::string PendingKey(const PassportId& passport) { return KeyOf('p', passport); }
KeyRange AllPending() { return KeyRange::Prefix("p"); }
std::string OriginKey() { return "o"; }

absl::StatusOr<DocumentName> DocumentNameIn(absl::string_view key) {
  if (key.size() < PassportId::kBytes + kDigestBytes) {
    return absl::DataLossError("a row of the vault's database is damaged");
  }
  key.remove_prefix(key.size() - PassportId::kBytes - kDigestBytes);
  const absl::StatusOr<PassportId> passport =
      PassportId::FromBytes(key.substr(0, PassportId::kBytes));
  if (!passport.ok()) return passport.status();
  const absl::StatusOr<Digest> document = DigestFromBytes(key.substr(PassportId::kBytes));
  if (!document.ok()) return document.status();
  return DocumentName{*passport, *document};
}

std::string BucketRow::Encode() const { return Writer(kVersion).Number(epoch).Text(check).Take(); }
absl::StatusOr<BucketRow> BucketRow::Decode(absl::string_view row) {
  BucketRow read;
  const absl::Status status = Reader(row).Number(read.epoch).Text(read.check).End();
  if (!status.ok()) return status;
  return read;
}

std::string PieceKeyRow::Encode() const {
  return Writer(kVersion).Number(epoch).Text(sealed).Take();
}
absl::StatusOr<PieceKeyRow> PieceKeyRow::Decode(absl::string_view row) {
  PieceKeyRow read;
  const absl::Status status = Reader(row).Number(read.epoch).Text(read.sealed).End();
  if (!status.ok()) return status;
  return read;
}

std::string DocumentRow::Encode() const {
  return Writer(kVersion)
      .Number(owners_time)
      .Number(entry_number)
      .Number(kind)
      .Number(size)
      .Number(since_ms)
      .Number(keep_until_ms)
      .Text(file)
      .Text(sealed)
      .Take();
}
absl::StatusOr<DocumentRow> DocumentRow::Decode(absl::string_view row) {
  DocumentRow read;
  const absl::Status status = Reader(row)
                                  .Number(read.owners_time)
                                  .Number(read.entry_number)
                                  .Number(read.kind)
                                  .Number(read.size)
                                  .Number(read.since_ms)
                                  .Number(read.keep_until_ms)
                                  .Text(read.file)
                                  .Text(read.sealed)
                                  .End();
  if (!status.ok()) return status;
  return read;
}

std::string GoneRow::Encode() const {
  return Writer(kVersion)
      .Number(entry_number)
      .Number(gone_at_ms)
      .Number(static_cast<uint8_t>(retention_ended))
      .Take();
}
absl::StatusOr<GoneRow> GoneRow::Decode(absl::string_view row) {
  GoneRow read;
  const absl::Status status = Reader(row)
                                  .Number(read.entry_number)
                                  .Number(read.gone_at_ms)
                                  .Flag(read.retention_ended)
                                  .End();
  if (!status.ok()) return status;
  return read;
}

std::string AccessCountRow::Encode() const {
  return Writer(kVersion).Number(count).Number(forgotten).Take();
}
absl::StatusOr<AccessCountRow> AccessCountRow::Decode(absl::string_view row) {
  AccessCountRow read;
  const absl::Status status = Reader(row).Number(read.count).Number(read.forgotten).End();
  if (!status.ok()) return status;
  return read;
}

std::string AccessRow::Encode() const {
  return Writer(kVersion)
      .Number(time_ms)
      .Number(owners_time)
      .Number(static_cast<uint8_t>(refused))
      .Text(participant_id)
      .Text(key)
      .Text(grant_nonce)
      .Text(what)
      .Text(document)
      .Take();
}
absl::StatusOr<AccessRow> AccessRow::Decode(absl::string_view row) {
  AccessRow read;
  const absl::Status status = Reader(row)
                                  .Number(read.time_ms)
                                  .Number(read.owners_time)
                                  .Flag(read.refused)
                                  .Text(read.participant_id)
                                  .Text(read.key)
                                  .Text(read.grant_nonce)
                                  .Text(read.what)
                                  .Text(read.document)
                                  .End();
  if (!status.ok()) return status;
  return read;
}

std::string GrantRow::Encode() const {
  return Writer(kVersion).Number(uses).Number(withdrawn_at_ms).Take();
}
absl::StatusOr<GrantRow> GrantRow::Decode(absl::string_view row) {
  GrantRow read;
  const absl::Status status = Reader(row).Number(read.uses).Number(read.withdrawn_at_ms).End();
  if (!status.ok()) return status;
  return read;
}

std::string AskerRow::Encode() const { return Writer(kVersion).Number(day).Number(asked).Take(); }
absl::StatusOr<AskerRow> AskerRow::Decode(absl::string_view row) {
  AskerRow read;
  const absl::Status status = Reader(row).Number(read.day).Number(read.asked).End();
  if (!status.ok()) return status;
  return read;
}

std::string EncodeNumber(uint64_t number) { return Writer(kVersion).Number(number).Take(); }
absl::StatusOr<uint64_t> DecodeNumber(absl::string_view row) {
  uint64_t number = 0;
  const absl::Status status = Reader(row).Number(number).End();
  if (!status.ok()) return status;
  return number;
}

}  // namespace touchstone::vault
