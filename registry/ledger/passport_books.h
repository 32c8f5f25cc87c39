// Finds the book of a passport: in a bounded cache, or by folding its entries out of the store. Not
// for making files (passport_assembly.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_BOOKS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_BOOKS_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "registry/ledger/directory.h"
#include "registry/ledger/lru_cache.h"
#include "registry/ledger/passport_book.h"
#include "registry/storage/store.h"
#include "verifier/passport_id.h"

namespace touchstone::ledger {

// Safe to use from any thread.
class PassportBooks {
 public:
  // All must outlive it.
  PassportBooks(const storage::Reader& store, const Directory& directory, size_t cached_books)
      : store_(store), directory_(directory), cache_(cached_books) {}

  // The passport as entries before position `before` have it; null if there is none. Errors: as of
  // the store; kDataLoss.
  absl::StatusOr<std::shared_ptr<const PassportBook>> Load(const PassportId& id, uint64_t before);

  // Keeps the newest book of a passport that was just changed at hand.
  void Remember(const PassportId& id, std::shared_ptr<const PassportBook> book);

 private:
  const storage::Reader& store_;
  const Directory& directory_;
  // Each book holds for some prefix of its passport's chain, from which it is folded on.
  LruCache<PassportId, std::shared_ptr<const PassportBook>> cache_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_PASSPORT_BOOKS_H_
