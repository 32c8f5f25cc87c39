// Who has looked at a piece's papers: every answered request is written down, durably, before it is
// answered, so that the owner can list it; and with it that the request was made, so that nobody
// makes it again, after a restart neither. Here too, which grants were withdrawn. Not for who may
// look (rights.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_ACCESS_BOOK_H_
#define TOUCHSTONE_REGISTRY_VAULT_ACCESS_BOOK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/storage/store.h"
#include "registry/vault/rights.h"
#include "registry/vault/rows.h"
#include "verifier/passport_id.h"

namespace touchstone::vault {

struct AccessPage {
  std::vector<std::pair<uint64_t, AccessRow>> accesses;  // ascending by number
  uint64_t next_after = 0;                               // 0 on the last page
  uint64_t forgotten = 0;
};

// What an access is recorded as.
struct AccessNote {
  std::string what;      // "get_document"
  std::string document;  // 32 bytes, or none
  bool refused = false;
};

// A bucket's pieces are to be used by one thread at a time.
class AccessBook {
 public:
  // It must outlive this.
  explicit AccessBook(storage::Store& store) : store_(store) {}

  // That a grant was not withdrawn, and was not used as often as one may be. kGrantWithdrawn;
  // kQuotaExceeded.
  absl::Status CheckGrant(const PassportId& passport, const SignedGrant& grant) const;

  // Counts a request without a grant by somebody who does not own the piece now: so many a day, so
  // that nobody pushes others' accesses out of the list. kQuotaExceeded.
  absl::Status CountAsker(const PassportId& passport, const Asker& asker, uint64_t now_ms,
                          storage::WriteBatch& batch) const;

  // Adds to `batch` what Record() writes. kReplayedRequest: the request was answered before.
  absl::Status Record(const PassportId& passport, OwnersTime time, const Asker& asker,
                      absl::string_view nonce, uint64_t issued_at_ms, uint64_t now_ms,
                      const AccessNote& note, storage::WriteBatch& batch) const;

  // The accesses of that owner's time behind number `after`, at most a page of them.
  absl::StatusOr<AccessPage> List(const PassportId& passport, OwnersTime time,
                                  uint64_t after) const;

  // From here on the grant counts no more. Returns when it was withdrawn first.
  absl::StatusOr<uint64_t> Withdraw(const PassportId& passport, absl::string_view grant_nonce,
                                    uint64_t now_ms, storage::WriteBatch& batch) const;

  // Forgets requests that are too old to be made again.
  absl::Status ForgetRequestsBefore(uint64_t issued_at_ms);

 private:
  template <typename Row>
  absl::StatusOr<Row> Load(const std::string& key) const;

  storage::Store& store_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_ACCESS_BOOK_H_
