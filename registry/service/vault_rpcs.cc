#include "registry/service/vault_rpcs.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/service/rpc_message.h"
#include "registry/service/status_map.h"
#include "registry/service/vault_requests.h"
#include "verifier/digest.h"
#include "verifier/passport_id.h"
#include "verifier/refusal.h"

namespace touchstone::service {
namespace {

v1::DocumentInfo::State StateOf(const vault::ListedDocument& listed) {
  switch (listed.state) {
    case vault::ListedDocument::State::kNeverStored:
      return v1::DocumentInfo::NEVER_STORED;
    case vault::ListedDocument::State::kStored:
      return v1::DocumentInfo::STORED;
    case vault::ListedDocument::State::kErased:
      return v1::DocumentInfo::ERASED;
    case vault::ListedDocument::State::kRetentionEnded:
      return v1::DocumentInfo::RETENTION_ENDED;
  }
  return v1::DocumentInfo::NEVER_STORED;
}

absl::Status List(vault::Vault& vault, const ledger::View& view, const vault::VaultRequest& request,
                  v1::ListDocumentsResponse* response) {
  const absl::StatusOr<std::vector<vault::ListedDocument>> list = vault.List(view, request);
  if (!list.ok()) return list.status();
  for (const vault::ListedDocument& listed : *list) {
    const DocumentPart& part = listed.paper.part;
    v1::DocumentInfo& info = *response->add_documents();
    info.set_document_sha256(std::string(DigestBytes(part.digest)));
    info.set_confidential(part.confidential);
    info.set_kind(part.kind);
    info.set_entry_number(listed.paper.entry_number);
    info.set_state(StateOf(listed));
    info.set_size(listed.size);
    info.set_media_type(listed.media_type);
    info.set_name(listed.name);
    info.set_stored_at_ms(listed.stored_at_ms);
    info.set_keep_until_ms(listed.keep_until_ms);
    info.set_gone_at_ms(listed.gone_at_ms);
    info.set_readable(listed.readable);
  }
  return absl::OkStatus();
}

absl::Status Accesses(vault::Vault& vault, const ledger::View& view,
                      const vault::VaultRequest& request, v1::ListAccessesResponse* response) {
  const absl::StatusOr<vault::AccessPage> page = vault.Accesses(view, request);
  if (!page.ok()) return page.status();
  for (const auto& [number, row] : page->accesses) {
    v1::Access& access = *response->add_accesses();
    access.set_number(number);
    access.set_time_ms(row.time_ms);
    access.set_participant_id(row.participant_id);
    access.set_key(row.key);
    access.set_grant_nonce(row.grant_nonce);
    access.set_what(row.what);
    access.set_document_sha256(row.document);
    access.set_refused(row.refused);
  }
  response->set_next_after(page->next_after);
  response->set_forgotten(page->forgotten);
  return absl::OkStatus();
}

absl::Status Withdraw(vault::Vault& vault, const ledger::View& view,
                      const vault::VaultRequest& request, v1::WithdrawGrantResponse* response) {
  const absl::StatusOr<uint64_t> since = vault.Withdraw(view, request);
  if (!since.ok()) return since.status();
  response->set_withdrawn_at_ms(*since);
  return absl::OkStatus();
}

absl::Status Erase(vault::Vault& vault, const ledger::View& view,
                   const vault::VaultRequest& request, v1::EraseDocumentsResponse* response) {
  const absl::StatusOr<std::vector<Digest>> erased = vault.Erase(view, request);
  if (!erased.ok()) return erased.status();
  for (const Digest& digest : *erased) {
    response->add_erased_sha256(std::string(DigestBytes(digest)));
  }
  return absl::OkStatus();
}

// A stream that ends before it has begun.
template <typename Base>
class EndedStream final : public Base {
 public:
  explicit EndedStream(const ClientError& error) { this->Finish(ToGrpc(error)); }
  void OnDone() override { delete this; }
};

using EndedDownload = EndedStream<VaultStreams::DownloadReactor>;
using EndedUpload = EndedStream<VaultStreams::UploadReactor>;

}  // namespace

VaultRpcs::VaultRpcs(std::string log_origin, const ledger::Clock& clock, UnaryCalls calls,
                     VaultStreams& streams, Log& log)
    : log_origin_(std::move(log_origin)),
      clock_(clock),
      calls_(calls),
      streams_(streams),
      log_(log) {}

absl::Status VaultRpcs::NoVault() const {
  if (!serving_) return absl::UnavailableError("starting");
  return ForClient(absl::StatusCode::kUnimplemented,
                   "this registry keeps no documents; its operator has not given it a vault "
                   "(--vault)");
}

template <typename Response>
VaultRpcs::Reactor* VaultRpcs::Answer(Context* context, const Bytes* request, Bytes* response,
                                      v1::VaultRequest::QueryCase asked,
                                      Answering<Response> answering) {
  vault::Vault* const vault = vault_;
  if (vault == nullptr) return calls_.FinishNow(context, NoVault());
  v1::VaultCall call;
  if (absl::Status decoded = Decode(*request, &call); !decoded.ok()) {
    return calls_.FinishNow(context, decoded);
  }
  return calls_.RunOnPool(context, response, v1::NEWEST,
                          [this, vault, call = std::move(call), response, asked,
                           answering](const ledger::View& view) -> absl::Status {
                            const absl::StatusOr<vault::VaultRequest> read = ReadVaultRequest(
                                view, call.envelope(), asked, log_origin_, clock_.NowMs());
                            if (!read.ok()) return read.status();
                            Response answer;
                            absl::Status status =
                                vault::OwnFault(answering(*vault, view, *read, &answer));
                            return status.ok() ? Encode(answer, response) : status;
                          });
}

VaultRpcs::Reactor* VaultRpcs::ListDocuments(Context* context, const Bytes* request,
                                             Bytes* response) {
  return Answer(context, request, response, v1::VaultRequest::kListDocuments, &List);
}

VaultRpcs::Reactor* VaultRpcs::ListAccesses(Context* context, const Bytes* request,
                                            Bytes* response) {
  return Answer(context, request, response, v1::VaultRequest::kListAccesses, &Accesses);
}

VaultRpcs::Reactor* VaultRpcs::WithdrawGrant(Context* context, const Bytes* request,
                                             Bytes* response) {
  return Answer(context, request, response, v1::VaultRequest::kWithdrawGrant, &Withdraw);
}

VaultRpcs::Reactor* VaultRpcs::EraseDocuments(Context* context, const Bytes* request,
                                              Bytes* response) {
  return Answer(context, request, response, v1::VaultRequest::kEraseDocuments, &Erase);
}

grpc::ServerBidiReactor<VaultRpcs::Bytes, VaultRpcs::Bytes>* VaultRpcs::PutDocument(
    Context* context) {
  vault::Vault* const vault = vault_;
  if (vault == nullptr) return new EndedUpload(ToClientError(NoVault(), log_));
  return streams_.StartUpload(context, *vault);
}

grpc::ServerWriteReactor<VaultRpcs::Bytes>* VaultRpcs::GetDocument(Context* context,
                                                                   const Bytes* request) {
  vault::Vault* const vault = vault_;
  if (vault == nullptr) return new EndedDownload(ToClientError(NoVault(), log_));
  v1::VaultCall call;
  if (absl::Status decoded = Decode(*request, &call); !decoded.ok()) {
    return new EndedDownload(ToClientError(decoded, log_));
  }
  return streams_.StartDownload(
      context,
      [this, vault, call = std::move(call)](
          const ledger::View& view) -> absl::StatusOr<std::unique_ptr<vault::Download>> {
        const absl::StatusOr<vault::VaultRequest> read = ReadVaultRequest(
            view, call.envelope(), v1::VaultRequest::kGetDocument, log_origin_, clock_.NowMs());
        if (!read.ok()) return read.status();
        return vault->Get(view, *read);
      });
}

grpc::ServerWriteReactor<VaultRpcs::Bytes>* VaultRpcs::GetPublicDocument(Context* context,
                                                                         const Bytes* request) {
  vault::Vault* const vault = vault_;
  if (vault == nullptr) return new EndedDownload(ToClientError(NoVault(), log_));
  v1::GetPublicDocumentRequest asked;
  if (absl::Status decoded = Decode(*request, &asked); !decoded.ok()) {
    return new EndedDownload(ToClientError(decoded, log_));
  }
  return streams_.StartDownload(
      context,
      [vault, asked = std::move(asked)](
          const ledger::View& view) -> absl::StatusOr<std::unique_ptr<vault::Download>> {
        const absl::StatusOr<PassportId> passport = PassportId::FromBytes(asked.passport_id());
        if (!passport.ok()) return InContext("passport_id", passport.status());
        const absl::StatusOr<Digest> document = DigestFromBytes(asked.document_sha256());
        if (!document.ok()) return InContext("document_sha256", document.status());
        return vault->GetPublic(view, *passport, *document, asked.offset());
      });
}

}  // namespace touchstone::service
