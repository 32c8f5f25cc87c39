// How the vault's own store (apart from the ledger's) is laid out: keys and values of its rows.
// Numbers are big-endian, so that keys sort. Not for what they mean together (vault.h).
//
//   'b' bucket                         epoch and check of the newest key that sealed any of its
//   keys 'k' passport owner's-time          a key of that piece and owner, sealed under the epoch's
//   'd' passport document              a stored document
//   'u' passport document              one that is coming
//   'x' keep-until passport document   what is to be erased when; empty
//   't' passport document              one that is gone
//   'c' passport                       how many accesses there were, and how many are forgotten
//   'a' passport number                an access
//   'g' passport grant                 how often a grant was used, and when it was withdrawn
//   'q' passport asker                 how often somebody without a grant has asked on a day
//   'n' issued-at digest               a request that was answered; empty
//   'f'                                up to where the log was followed
//   'p' passport                       it is still to be brought in line with the log; empty
//   'o'                                the origin of the log that it belongs to
#ifndef TOUCHSTONE_REGISTRY_VAULT_ROWS_H_
#define TOUCHSTONE_REGISTRY_VAULT_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/storage/key_range.h"
#include "registry/vault/epoch_keys.h"
#include "registry/vault/papers.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::vault {

std::string BucketKey(Bucket bucket);
std::string PieceKeyKey(const PassportId& passport, OwnersTime time);
// Every piece's keys of a bucket.
storage::KeyRange PieceKeysOf(Bucket bucket);
std::string DocumentKey(const PassportId& passport, const Digest& document);
storage::KeyRange DocumentsOf(const PassportId& passport);
std::string UploadKey(const PassportId& passport, const Digest& document);
storage::KeyRange UploadsOf(const PassportId& passport);
storage::KeyRange AllUploads();
std::string DueKey(uint64_t keep_until_ms, const PassportId& passport, const Digest& document);
storage::KeyRange DueBefore(uint64_t now_ms);
std::string GoneKey(const PassportId& passport, const Digest& document);
std::string AccessCountKey(const PassportId& passport);
std::string AccessKey(const PassportId& passport, uint64_t number);
storage::KeyRange AccessesAfter(const PassportId& passport, uint64_t number);
std::string AskerKey(const PassportId& passport, absl::string_view asker);
std::string GrantKey(const PassportId& passport, absl::string_view grant_nonce);
std::string NonceKey(uint64_t issued_at_ms, absl::string_view requester, absl::string_view nonce);
storage::KeyRange NoncesBefore(uint64_t issued_at_ms);
std::string FollowedKey();
std::string PendingKey(const PassportId& passport);
storage::KeyRange AllPending();
std::string OriginKey();

// The passport and the document at the end of a key of 'd', 'u', 'x' or 't'.
struct DocumentName {
  PassportId passport;
  Digest document;
};
absl::StatusOr<DocumentName> DocumentNameIn(absl::string_view key);

// kDataLoss for what Encode() does not write.

// Of a bucket: under which epoch's key its newest keys are sealed. `check` is of that key, so that
// another key of the same number is noticed.
struct BucketRow {
  uint32_t epoch = 0;
  std::string check;

  std::string Encode() const;
  static absl::StatusOr<BucketRow> Decode(absl::string_view row);
};

// A key of a piece, sealed.
struct PieceKeyRow {
  uint32_t epoch = 0;
  std::string sealed;

  std::string Encode() const;
  static absl::StatusOr<PieceKeyRow> Decode(absl::string_view row);
};

// A document that is stored, or coming.
struct DocumentRow {
  OwnersTime owners_time = kWithPiece;
  uint32_t entry_number = 0;  // of the entry that commits to it
  uint32_t kind = 0;          // as DocumentPart has it
  uint64_t size = 0;
  uint64_t since_ms = 0;       // stored; of one that is coming, begun
  uint64_t keep_until_ms = 0;  // 0: as long as the piece
  std::string file;            // its name among the sealed files, 32 hexadecimal digits
  std::string sealed;          // DocumentSecrets, under the piece's key

  std::string Encode() const;
  static absl::StatusOr<DocumentRow> Decode(absl::string_view row);
};

struct GoneRow {
  uint32_t entry_number = 0;  // of the entry that committed to it
  uint64_t gone_at_ms = 0;
  bool retention_ended = false;

  std::string Encode() const;
  static absl::StatusOr<GoneRow> Decode(absl::string_view row);
};

struct AccessCountRow {
  uint64_t count = 0;
  uint64_t forgotten = 0;

  std::string Encode() const;
  static absl::StatusOr<AccessCountRow> Decode(absl::string_view row);
};

struct AccessRow {
  uint64_t time_ms = 0;
  OwnersTime owners_time = 1;  // in which it was
  bool refused = false;
  std::string participant_id;
  std::string key;          // 33 bytes
  std::string grant_nonce;  // 16 bytes
  std::string what;
  std::string document;  // 32 bytes

  std::string Encode() const;
  static absl::StatusOr<AccessRow> Decode(absl::string_view row);
};

struct GrantRow {
  uint32_t uses = 0;
  uint64_t withdrawn_at_ms = 0;

  std::string Encode() const;
  static absl::StatusOr<GrantRow> Decode(absl::string_view row);
};

struct AskerRow {
  uint64_t day = 0;  // since 1970
  uint32_t asked = 0;

  std::string Encode() const;
  static absl::StatusOr<AskerRow> Decode(absl::string_view row);
};

std::string EncodeNumber(uint64_t number);
absl::StatusOr<uint64_t> DecodeNumber(absl::string_view row);

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_ROWS_H_
