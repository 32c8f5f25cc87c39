// What the parts of the vault share: its store, its keys, its files, and a lock for each bucket.
// For the files of registry/vault/ only.
#ifndef TOUCHSTONE_REGISTRY_VAULT_CORE_H_
#define TOUCHSTONE_REGISTRY_VAULT_CORE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/ledger/clock.h"
#include "registry/storage/store.h"
#include "registry/vault/access_book.h"
#include "registry/vault/document_secrets.h"
#include "registry/vault/epoch_keys.h"
#include "registry/vault/piece_keys.h"
#include "registry/vault/rows.h"
#include "registry/vault/vault.h"

namespace touchstone::vault {

struct VaultCore {
  VaultCore(storage::Store& the_store, EpochKeys& epoch_keys, const ledger::Clock& the_clock,
            VaultOptions the_options)
      : store(the_store),
        clock(the_clock),
        options(std::move(the_options)),
        piece_keys(the_store, epoch_keys),
        book(the_store) {}

  std::mutex& LockOf(const PassportId& passport) { return locks[BucketOf(passport)]; }

  // Of a document that is stored, or of one that is coming; nothing where there is none.
  absl::StatusOr<std::optional<DocumentRow>> Find(const std::string& key) const;
  absl::StatusOr<std::vector<std::pair<Digest, DocumentRow>>> All(
      const storage::KeyRange& range) const;

  // Under the bucket's lock.
  absl::StatusOr<DocumentSecrets> SecretsOf(const PassportId& passport, const Digest& document,
                                            const DocumentRow& row) const;

  std::string PathOf(const std::string& file) const;

  // Whether the row is of the document as that entry commits to it, and it was not erased since.
  static bool IsOf(const DocumentRow& row, const Paper& paper) {
    return row.entry_number == paper.entry_number && row.owners_time == paper.owners_time &&
           paper.erased_at_ms == 0;
  }

  storage::Store& store;
  const ledger::Clock& clock;
  const VaultOptions options;
  PieceKeys piece_keys;
  AccessBook book;
  std::array<std::mutex, kBuckets> locks;  // one for all of a bucket's pieces

  std::atomic<uint64_t> bytes = 0;  // of all documents, coming ones included

  std::mutex uploads_mutex;       // for what follows
  std::set<std::string> uploads;  // UploadKey of each that is under way
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_CORE_H_
