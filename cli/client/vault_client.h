// The registry's vault as the command line sees it: its RPCs as plain functions on bytes. Streams
// that break are gone on with. It believes nothing that comes back; whoever calls checks documents
// against a verified passport. Not for making and signing requests (cli/vault_request.h).
#ifndef TOUCHSTONE_CLI_CLIENT_VAULT_CLIENT_H_
#define TOUCHSTONE_CLI_CLIENT_VAULT_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/client/connection.h"

namespace touchstone::cli {

enum class DocumentState { kNeverStored, kStored, kErased, kRetentionEnded, kUnknown };

// What the registry says of a document that the passport commits to.
struct DocumentInfo {
  std::string sha256;  // what the log holds of it
  bool confidential = false;
  uint32_t kind = 0;
  uint32_t entry_number = 0;
  DocumentState state = DocumentState::kUnknown;
  uint64_t size = 0;
  std::string media_type;
  std::string name;
  uint64_t stored_at_ms = 0;
  uint64_t keep_until_ms = 0;  // 0: as long as the piece lasts
  uint64_t gone_at_ms = 0;
  bool readable = false;  // by who asked
};

struct StoredDocument {
  uint64_t stored_at_ms = 0;
  uint64_t keep_until_ms = 0;
};

struct ReceivedDocument {
  std::string bytes;
  std::string media_type;
  std::string name;  // as whoever stored it called it: never a path
  std::string salt;  // of a confidential one
};

struct AccessRecord {
  uint64_t number = 0;
  uint64_t time_ms = 0;
  std::string participant_id;  // who asked; or
  std::string key;             // by which key
  std::string grant_nonce;     // empty: by a right of their own
  std::string what;
  std::string document_sha256;
  bool refused = false;
};

struct AccessPage {
  std::vector<AccessRecord> accesses;
  uint64_t next_after = 0;  // 0 on the last page
  uint64_t forgotten = 0;
};

// How a stream that broke is gone on with: so often without a byte of progress, and after what
// pause first; each is twice the one before.
struct RetryOptions {
  int attempts_max = 6;
  absl::Duration first_pause = absl::Milliseconds(250);
};

// Errors of all calls: as of RegistryClient. Not safe to use from several threads.
class VaultClient {
 public:
  // Errors: those of RegistryClient::Create.
  static absl::StatusOr<std::unique_ptr<VaultClient>> Create(const ConnectionOptions& options,
                                                             const RetryOptions& retry = {});
  ~VaultClient();

  absl::StatusOr<std::vector<DocumentInfo>> ListDocuments(absl::string_view envelope);
  absl::StatusOr<AccessPage> ListAccesses(absl::string_view envelope);
  // When it was withdrawn.
  absl::StatusOr<uint64_t> WithdrawGrant(absl::string_view envelope);
  // Digests of what was stored and is gone.
  absl::StatusOr<std::vector<std::string>> EraseDocuments(absl::string_view envelope);

  // A freshly signed request for a stream; `offset` is where it goes on (of a get).
  using MakeEnvelope = std::function<absl::StatusOr<std::string>(uint64_t offset)>;
  // How many bytes are over there, or here.
  using Progress = std::function<void(uint64_t bytes)>;

  // Sends `document` from where the registry says.
  absl::StatusOr<StoredDocument> PutDocument(const MakeEnvelope& make, absl::string_view document,
                                             const Progress& progress);

  // DataLoss for one that is larger than documents are, or not as large as was announced.
  absl::StatusOr<ReceivedDocument> GetDocument(const MakeEnvelope& make, const Progress& progress);
  // The same of a public one, which anybody may ask for. Both are bytes: 16 and 32.
  absl::StatusOr<ReceivedDocument> GetPublicDocument(absl::string_view passport_id,
                                                     absl::string_view document_sha256,
                                                     const Progress& progress);

 private:
  class Impl;
  explicit VaultClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLIENT_VAULT_CLIENT_H_
