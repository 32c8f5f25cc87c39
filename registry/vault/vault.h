// The vault: the documents of pieces, sealed, beside the log. Start here; who may do what is
// rights.h, what an erasure does is erasure.h, what is done without being asked maintenance.h. No
// gRPC here. It believes the ledger, and asks it for what a passport commits to and who holds it.
#ifndef TOUCHSTONE_REGISTRY_VAULT_VAULT_H_
#define TOUCHSTONE_REGISTRY_VAULT_VAULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/view.h"
#include "registry/storage/store.h"
#include "registry/vault/access_book.h"
#include "registry/vault/download.h"
#include "registry/vault/epoch_keys.h"
#include "registry/vault/papers.h"
#include "registry/vault/retention.h"
#include "registry/vault/rights.h"
#include "registry/vault/upload.h"
#include "touchstone/v1/access.pb.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"

namespace touchstone::vault {

// Asks for the log's newest state; never null.
using NewestView = absl::FunctionRef<std::shared_ptr<const ledger::View>()>;

struct VaultOptions {
  std::string files_directory;  // of the sealed files; made if there is none
  std::string log_origin;
  RetentionRules retention;
  uint64_t bytes_max = UINT64_MAX;  // of all documents together
};

// A request whose signature was checked, by whom it is.
struct VaultRequest {
  PassportId passport;
  Asker asker;
  v1::VaultRequest message;
};

// What a list says of a document.
struct ListedDocument {
  enum class State { kNeverStored, kStored, kErased, kRetentionEnded };

  Paper paper;
  State state = State::kNeverStored;
  bool readable = false;  // by the asker
  uint64_t size = 0;      // this and what follows of a stored one
  uint64_t stored_at_ms = 0;
  uint64_t keep_until_ms = 0;
  std::string media_type;  // these two where it is readable
  std::string name;
  uint64_t gone_at_ms = 0;  // of one that is gone
};

// What the disk and the store say of themselves must not look like an answer about what was asked:
// everything but refusals, and what the vault says in its own words (kOutOfRange,
// kResourceExhausted), becomes a fault.
absl::Status OwnFault(const absl::Status& status);

struct VaultCore;

// Thread-safe.
//
// Errors of what is asked, besides those named: kNoSuchSubject; those of Rights::Of;
// kNotYourDocument; kNoSuchDocument; kDocumentErased; kReplayedRequest; kQuotaExceeded. Those of
// the store and the disk are for the operator.
class Vault {
 public:
  // `store` is the vault's own; it, the keys and the clock must outlive it. Ends what a crash has
  // interrupted. `warnings` are for the operator. Errors: those of PieceKeys::Recover.
  static absl::StatusOr<std::unique_ptr<Vault>> Open(storage::Store& store, EpochKeys& epoch_keys,
                                                     const ledger::Clock& clock,
                                                     VaultOptions options,
                                                     std::vector<std::string>* warnings);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  // Everything that the passport commits to and that is the asker's to read, store or erase.
  absl::StatusOr<std::vector<ListedDocument>> List(const ledger::View& view,
                                                   const VaultRequest& request);
  absl::StatusOr<AccessPage> Accesses(const ledger::View& view, const VaultRequest& request);
  // Returns since when the grant is withdrawn.
  absl::StatusOr<uint64_t> Withdraw(const ledger::View& view, const VaultRequest& request);
  // Returns what was stored and is gone, ascending.
  absl::StatusOr<std::vector<Digest>> Erase(const ledger::View& view, const VaultRequest& request);

  // kFailedPrecondition: another upload of the document is under way. kResourceExhausted: too many
  // are, or the vault is full.
  absl::StatusOr<std::unique_ptr<Upload>> Put(const ledger::View& view,
                                              const VaultRequest& request);
  // kDataLoss: its key was destroyed with an epoch.
  absl::StatusOr<std::unique_ptr<Download>> Get(const ledger::View& view,
                                                const VaultRequest& request);
  absl::StatusOr<std::unique_ptr<Download>> GetPublic(const ledger::View& view,
                                                      const PassportId& passport,
                                                      const Digest& document, uint64_t offset);

  // What is done without being asked (maintenance.h). Call it every few seconds, from one thread.
  // False: there is more to do at once. An error: something could not be done; all else was.
  absl::StatusOr<bool> Maintain(NewestView newest);

 private:
  explicit Vault(std::unique_ptr<VaultCore> core);
  const std::unique_ptr<VaultCore> core_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_VAULT_H_
