// A piece's vault as somebody may use it: each call makes a fresh signed request and sends it. What
// comes back is as the registry tells it, but for documents: those are checked against a verified
// passport before they are given out.
#ifndef TOUCHSTONE_CLI_VAULT_SESSION_H_
#define TOUCHSTONE_CLI_VAULT_SESSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/client/vault_client.h"
#include "cli/committed_document.h"
#include "cli/context.h"
#include "cli/opening_file.h"
#include "cli/vault_request.h"
#include "verifier/digest.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

// A document that is what the passport commits to.
struct CheckedDocument {
  CommittedDocument committed;
  std::string bytes;
  std::string media_type;                  // as whoever stored it said
  std::optional<DocumentOpening> opening;  // of a confidential one
};

class VaultSession {
 public:
  // Errors: those of VaultAsker::Open and VaultClient::Create.
  static absl::StatusOr<VaultSession> Open(Context& context, const VaultAskerOptions& options,
                                           const PassportId& passport);

  const VaultAsker& asker() const { return asker_; }

  absl::StatusOr<std::vector<DocumentInfo>> List();
  absl::StatusOr<AccessPage> Accesses(uint64_t after);
  absl::StatusOr<uint64_t> Withdraw(absl::string_view grant_nonce);
  absl::StatusOr<std::vector<std::string>> Erase(absl::Span<const Digest> documents);

  // `opening` is null for a public document.
  absl::StatusOr<StoredDocument> Put(const Digest& digest, const DocumentOpening* opening,
                                     absl::string_view document, absl::string_view media_type,
                                     absl::string_view name);
  // Errors besides: kWrongDocument, if what came is not what the passport commits to.
  absl::StatusOr<CheckedDocument> Get(const VerifiedRecord& record,
                                      const CommittedDocument& document);

 private:
  VaultSession(Context& context, VaultAsker asker, std::unique_ptr<VaultClient> client)
      : context_(&context), asker_(std::move(asker)), client_(std::move(client)) {}
  v1::VaultRequest NewRequest() const { return asker_.NewRequest(context_->NowMs()); }

  Context* context_;
  VaultAsker asker_;
  std::unique_ptr<VaultClient> client_;
};

// What the registry says of that document; nothing of what is not the asker's to know.
std::optional<DocumentInfo> FindInfo(const std::vector<DocumentInfo>& infos, const Digest& digest);

// A public document, which anybody may ask for.
absl::StatusOr<CheckedDocument> GetPublicDocument(Context& context, const VerifiedRecord& record,
                                                  const CommittedDocument& document);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_VAULT_SESSION_H_
