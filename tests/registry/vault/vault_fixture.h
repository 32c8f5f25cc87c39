// A vault beside a whole ledger, both in memory but for the sealed files and the epoch keys; with a
// ring that its owner "ann" has claimed, and requests by whoever a test names.
#ifndef TOUCHSTONE_TESTS_REGISTRY_VAULT_VAULT_FIXTURE_H_
#define TOUCHSTONE_TESTS_REGISTRY_VAULT_VAULT_FIXTURE_H_

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "registry/storage/memory_store.h"
#include "registry/vault/vault.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/support/sample_statement.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/document_part.h"
#include "verifier/signing/secret_bytes.h"
#include "verifier/statement.h"

namespace touchstone::vault {

inline constexpr int kRing = 1;

struct TestPaper {
  std::string bytes;
  std::string salt;  // empty: public
  v1::Commitment::Kind kind = v1::Commitment::RECEIPT;

  Digest digest() const {
    DocumentDigester digester(salt);
    digester.Update(bytes);
    return digester.Final();
  }
  std::string digest_bytes() const {
    const Digest mine = digest();
    return std::string(DigestBytes(mine));
  }
};

inline TestPaper ConfidentialPaper(v1::Commitment::Kind kind, std::string bytes) {
  return {std::move(bytes), std::string(32, static_cast<char>('a' + kind)), kind};
}

class VaultFixture : public testing::Test {
 protected:
  void SetUp() override {
    registry_.Start();
    registry_.clock().Advance(1000);
    const auto registered = registry_.Accepted(registry_.Registration(kRing));
    const auto sold = registry_.Accepted(
        registry_.FirstSale(kRing, registered.place.digest, "maison key", "claim code"));
    newest_ = registry_.Accepted(registry_.Claim(kRing, sold.place.digest, "claim code", "ann"))
                  .place.digest;
    OpenVault();
  }

  void OpenVault() {
    vault_.reset();
    epoch_keys_.reset();
    epoch_keys_ = ValueOrDie(EpochKeys::Open(scratch_.File("keys")));
    VaultOptions options;
    options.files_directory = scratch_.File("files");
    options.log_origin = ledger::kOrigin;
    vault_ = ValueOrDie(Vault::Open(store_, *epoch_keys_, registry_.clock(), options, &warnings_));
  }

  PassportId ring() const { return ValueOrDie(PassportId::FromBytes(TestPassportId(kRing))); }

  // An entry that commits to the papers, said by whom the key belongs to.
  void CommitTo(const std::vector<TestPaper>& papers, const std::string& key) {
    v1::Statement statement = registry_.PassportStatement(kRing);
    for (const TestPaper& paper : papers) {
      if (paper.salt.empty()) {
        v1::Media& media = *statement.mutable_documents_added()->add_media();
        media.set_kind(v1::Media::PHOTOGRAPH);
        media.set_sha256(paper.digest_bytes());
        media.set_media_type("image/jpeg");
      } else {
        v1::Commitment& commitment = *statement.mutable_documents_added()->add_commitments();
        commitment.set_kind(paper.kind);
        commitment.set_sha256(paper.digest_bytes());
      }
    }
    registry_.Accepted(SignStatement(statement, {key}));
  }

  void GiveTo(const std::string& from, const std::string& to) {
    newest_ = registry_.Accepted(registry_.Transfer(kRing, newest_, from, to)).place.digest;
  }

  // "ann" and the like are keys; what ends in " key" is a participant's.
  VaultRequest RequestBy(const std::string& who, const std::function<void(v1::VaultRequest&)>& fill,
                         const std::optional<SignedGrant>& grant = std::nullopt) {
    VaultRequest request{ring(), {}, {}};
    if (who.ends_with(" key")) {
      request.asker.participant = who.substr(0, who.size() - 4);
    } else {
      request.asker.key = NamedKey(who).public_key();
    }
    request.asker.grant = grant;
    request.message.set_nonce(absl::StrCat("nonce ", 1'000'000'000 + nonces_++).substr(0, 16));
    request.message.set_issued_at_ms(registry_.clock().NowMs());
    fill(request.message);
    return request;
  }

  SignedGrant GrantBy(const std::string& owner, const std::string& to,
                      const std::function<void(v1::Grant&)>& edit = nullptr) {
    v1::Grant grant;
    grant.set_log_origin(ledger::kOrigin);
    grant.set_passport_id(TestPassportId(kRing));
    grant.set_nonce(absl::StrCat("grant ", 1'000'000'000 + nonces_++).substr(0, 16));
    grant.set_issued_at_ms(registry_.clock().NowMs());
    grant.set_expires_at_ms(registry_.clock().NowMs() + 86'400'000);
    if (to.ends_with(" key")) {
      grant.set_participant_id(to.substr(0, to.size() - 4));
    } else {
      grant.set_key(NamedKeyBytes(to));
    }
    if (edit) edit(grant);
    const std::string payload = grant.SerializeAsString();
    const EnvelopeSignature signature{
        .keyid = NamedKeyId(owner),
        .sig = NamedKey(owner).Sign(Pae(PayloadType::kGrant, payload)),
        .batch = std::nullopt};
    const Envelope envelope =
        ValueOrDie(Envelope::Create(PayloadType::kGrant, payload, {signature}));
    return ValueOrDie(SignedGrant::Parse(envelope.bytes()));
  }

  VaultRequest PutRequest(const std::string& who, const TestPaper& paper) {
    return RequestBy(who, [&](v1::VaultRequest& request) {
      v1::PutDocument& put = *request.mutable_put_document();
      put.set_document_sha256(paper.digest_bytes());
      put.set_salt(paper.salt);
      put.set_size(paper.bytes.size());
      put.set_media_type("application/pdf");
      put.set_name("paper.pdf");
    });
  }

  absl::StatusOr<StoredDocument> Put(const std::string& who, const TestPaper& paper) {
    auto upload = vault_->Put(*registry_.Newest(), PutRequest(who, paper));
    if (!upload.ok()) return upload.status();
    const auto offset = static_cast<size_t>((*upload)->offset());
    absl::Status appended = (*upload)->Append(absl::string_view(paper.bytes).substr(offset));
    if (!appended.ok() && offset < paper.bytes.size()) return appended;
    return (*upload)->Finish(*registry_.Newest());
  }

  VaultRequest GetRequest(const std::string& who, const TestPaper& paper,
                          const std::optional<SignedGrant>& grant = std::nullopt) {
    return RequestBy(
        who,
        [&](v1::VaultRequest& request) {
          request.mutable_get_document()->set_document_sha256(paper.digest_bytes());
        },
        grant);
  }

  static absl::StatusOr<std::string> ReadAll(absl::StatusOr<std::unique_ptr<Download>> download) {
    if (!download.ok()) return download.status();
    std::string bytes;
    for (;;) {
      absl::StatusOr<std::string> piece = (*download)->Next();
      if (!piece.ok()) return piece.status();
      if (piece->empty()) return bytes;
      bytes += *piece;
    }
  }

  absl::StatusOr<std::string> Get(const std::string& who, const TestPaper& paper,
                                  const std::optional<SignedGrant>& grant = std::nullopt) {
    return ReadAll(vault_->Get(*registry_.Newest(), GetRequest(who, paper, grant)));
  }

  absl::StatusOr<std::vector<Digest>> Erase(const std::string& who,
                                            const std::vector<TestPaper>& papers) {
    return vault_->Erase(*registry_.Newest(), RequestBy(who, [&](v1::VaultRequest& request) {
      request.mutable_erase_documents();
      for (const TestPaper& paper : papers) {
        request.mutable_erase_documents()->add_documents_sha256(paper.digest_bytes());
      }
    }));
  }

  absl::StatusOr<std::vector<ListedDocument>> List(
      const std::string& who, const std::optional<SignedGrant>& grant = std::nullopt) {
    return vault_->List(*registry_.Newest(),
                        RequestBy(
                            who, [](v1::VaultRequest& r) { r.mutable_list_documents(); }, grant));
  }

  absl::StatusOr<AccessPage> Accesses(const std::string& who) {
    return vault_->Accesses(*registry_.Newest(), RequestBy(who, [](v1::VaultRequest& request) {
      request.mutable_list_accesses();
    }));
  }

  void Maintain() {
    for (;;) {
      const absl::StatusOr<bool> done = vault_->Maintain([this] { return registry_.Newest(); });
      ASSERT_THAT(done.status(), IsOk());
      if (*done) return;
    }
  }

  // Everything that lies on the vault's disk, keys apart.
  std::string OnDisk() const {
    std::string all;
    for (const auto& [key, value] : ledger::TestRegistry::Dump(store_)) {
      absl::StrAppend(&all, key, value);
    }
    const std::filesystem::path files = scratch_.File("files");
    for (const auto& file : std::filesystem::recursive_directory_iterator(files)) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }

  storage::ScratchDirectory scratch_;
  ledger::TestRegistry registry_;
  storage::MemoryStore store_;
  std::unique_ptr<EpochKeys> epoch_keys_;
  std::unique_ptr<Vault> vault_;
  std::vector<std::string> warnings_;
  Digest newest_ = {};
  uint64_t nonces_ = 0;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_TESTS_REGISTRY_VAULT_VAULT_FIXTURE_H_
