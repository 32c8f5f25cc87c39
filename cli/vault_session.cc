#include "cli/vault_session.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/utf8.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

// A bar on a terminal, for what takes longer than one piece of a stream; nothing in a log.
class TransferBar {
 public:
  TransferBar(const Context& context, uint64_t size)
      : bar_(
            DescribeTerminal(STDERR_FILENO, context.options().color), "bytes", size, 0,
            [](absl::string_view text) {
              std::fwrite(text.data(), 1, text.size(), stderr);
              std::fflush(stderr);
            },
            [] { return absl::Now(); }),
        shown_(DescribeTerminal(STDERR_FILENO, context.options().color).interactive) {}
  ~TransferBar() {
    if (shown_) bar_.Finish();
  }
  VaultClient::Progress Callback() {
    return [this](uint64_t bytes) {
      if (shown_) bar_.Update(bytes);
    };
  }

 private:
  Progress bar_;
  const bool shown_;
};

std::string BytesOf(const Digest& digest) { return std::string(DigestBytes(digest)); }

// What the registry says of a document, if it is fit to be written down.
std::string Told(const std::string& text, size_t bytes_max) {
  return text.size() <= bytes_max && ValidateUtf8(text).ok() ? PlainText(text) : "";
}

absl::StatusOr<CheckedDocument> Check(const VerifiedRecord& record,
                                      const CommittedDocument& document,
                                      ReceivedDocument received) {
  const bool confidential = document.part.confidential;
  const std::string digest = DigestToHex(document.part.digest);
  if (confidential != !received.salt.empty() ||
      DocumentDigest(received.salt, received.bytes) != document.part.digest) {
    return Refuse(RefusalCode::kWrongDocument,
                  absl::StrCat("the registry answered for ", digest,
                               " with something that is not the document that the passport "
                               "commits to; it was not saved"));
  }
  CheckedDocument checked = {.committed = document,
                             .bytes = std::move(received.bytes),
                             .media_type = Told(received.media_type, limits::kMediaTypeBytesMax),
                             .opening = {}};
  if (confidential) {
    checked.opening = DocumentOpening{
        .passport = record.passport_id,
        .kind = v1::Commitment::Kind_Name(static_cast<v1::Commitment::Kind>(document.part.kind)),
        .document_sha256 = document.part.digest,
        .salt = std::move(received.salt),
        .name = Told(received.name, limits::kDocumentNameBytesMax),
        .media_type = checked.media_type,
        .size = checked.bytes.size()};
  }
  return checked;
}

}  // namespace

absl::StatusOr<VaultSession> VaultSession::Open(Context& context, const VaultAskerOptions& options,
                                                const PassportId& passport) {
  absl::StatusOr<VaultAsker> asker = VaultAsker::Open(context, options, passport);
  if (!asker.ok()) return asker.status();
  absl::StatusOr<std::unique_ptr<VaultClient>> client =
      VaultClient::Create(context.options().connection);
  if (!client.ok()) return client.status();
  return VaultSession(context, *std::move(asker), *std::move(client));
}

absl::StatusOr<std::vector<DocumentInfo>> VaultSession::List() {
  v1::VaultRequest request = NewRequest();
  request.mutable_list_documents();
  const absl::StatusOr<std::string> envelope = asker_.Sign(request);
  if (!envelope.ok()) return envelope.status();
  return client_->ListDocuments(*envelope);
}

absl::StatusOr<AccessPage> VaultSession::Accesses(uint64_t after) {
  v1::VaultRequest request = NewRequest();
  request.mutable_list_accesses()->set_after(after);
  const absl::StatusOr<std::string> envelope = asker_.Sign(request);
  if (!envelope.ok()) return envelope.status();
  return client_->ListAccesses(*envelope);
}

absl::StatusOr<uint64_t> VaultSession::Withdraw(absl::string_view grant_nonce) {
  v1::VaultRequest request = NewRequest();
  request.mutable_withdraw_grant()->set_grant_nonce(std::string(grant_nonce));
  const absl::StatusOr<std::string> envelope = asker_.Sign(request);
  if (!envelope.ok()) return envelope.status();
  return client_->WithdrawGrant(*envelope);
}

absl::StatusOr<std::vector<std::string>> VaultSession::Erase(absl::Span<const Digest> documents) {
  v1::VaultRequest request = NewRequest();
  v1::EraseDocuments* const erase = request.mutable_erase_documents();
  for (const Digest& digest : documents) erase->add_documents_sha256(BytesOf(digest));
  const absl::StatusOr<std::string> envelope = asker_.Sign(request);
  if (!envelope.ok()) return envelope.status();
  return client_->EraseDocuments(*envelope);
}

absl::StatusOr<StoredDocument> VaultSession::Put(const Digest& digest,
                                                 const DocumentOpening* opening,
                                                 absl::string_view document,
                                                 absl::string_view media_type,
                                                 absl::string_view name) {
  TransferBar bar(*context_, document.size());
  return client_->PutDocument(
      [&](uint64_t) {
        v1::VaultRequest request = NewRequest();
        v1::PutDocument* const put = request.mutable_put_document();
        put->set_document_sha256(BytesOf(digest));
        if (opening != nullptr) put->set_salt(opening->salt);
        put->set_size(document.size());
        put->set_media_type(std::string(media_type));
        put->set_name(std::string(name));
        return asker_.Sign(request);
      },
      document, bar.Callback());
}

absl::StatusOr<CheckedDocument> VaultSession::Get(const VerifiedRecord& record,
                                                  const CommittedDocument& document) {
  TransferBar bar(*context_, 0);
  absl::StatusOr<ReceivedDocument> received = client_->GetDocument(
      [&](uint64_t offset) {
        v1::VaultRequest request = NewRequest();
        request.mutable_get_document()->set_document_sha256(BytesOf(document.part.digest));
        request.mutable_get_document()->set_offset(offset);
        return asker_.Sign(request);
      },
      bar.Callback());
  if (!received.ok()) return received.status();
  return Check(record, document, *std::move(received));
}

std::optional<DocumentInfo> FindInfo(const std::vector<DocumentInfo>& infos, const Digest& digest) {
  for (const DocumentInfo& info : infos) {
    if (info.sha256 == DigestBytes(digest)) return info;
  }
  return std::nullopt;
}

absl::StatusOr<CheckedDocument> GetPublicDocument(Context& context, const VerifiedRecord& record,
                                                  const CommittedDocument& document) {
  const auto client = VaultClient::Create(context.options().connection);
  if (!client.ok()) return client.status();
  TransferBar bar(context, 0);
  absl::StatusOr<ReceivedDocument> received = (*client)->GetPublicDocument(
      record.passport_id.bytes(), DigestBytes(document.part.digest), bar.Callback());
  if (!received.ok()) return received.status();
  return Check(record, document, *std::move(received));
}

}  // namespace touchstone::cli
