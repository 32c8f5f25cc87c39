// The vault's RPCs over a real connection: streams in and out, breaks, bounds, who is told what;
// and that nothing confidential is in the operator's log, the ledger's rows or an error's text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/storage/memory_store.h"
#include "registry/vault/epoch_keys.h"
#include "registry/vault/vault.h"
#include "tests/registry/service/test_registry.h"
#include "touchstone/v1/access.pb.h"
#include "touchstone/v1/vault_service.grpc.pb.h"
#include "verifier/document_part.h"
#include "verifier/verify_receipt.h"

namespace touchstone::service {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr size_t kPiece = 65536;

class VaultRpcsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    epoch_keys_ = *vault::EpochKeys::Open(scratch_.File("keys"));
    vault::VaultOptions options;
    options.files_directory = scratch_.File("files");
    options.log_origin = registry_.log().origin();
    std::vector<std::string> warnings;
    vault_ = *vault::Vault::Open(store_, *epoch_keys_, registry_.clock(), options, &warnings);
    registry_.server().Serve(registry_.ledger(), vault_.get());
    stub_ = v1::Vault::NewStub(registry_.NewChannel(grpc::InsecureChannelCredentials()));
    const touchstone::Digest registered = Logged(registry_.Registration(1));
    v1::Statement sale = registry_.log().PassportStatement(1);
    sale.set_builds_on(std::string(DigestBytes(registered)));
    sale.mutable_first_sale()->set_claim_key(NamedKeyBytes("claim code"));
    sale.mutable_first_sale()->set_sold_on("2026-11-22");
    const touchstone::Digest sold = Said(sale, {"maison key", "claim code"});
    v1::Statement claim = registry_.log().PassportStatement(1);
    claim.set_builds_on(std::string(DigestBytes(sold)));
    claim.mutable_claim()->set_owner_key(NamedKeyBytes("ann"));
    Said(claim, {"ann", "claim code"});
    v1::Statement added = registry_.log().PassportStatement(1);
    v1::Commitment& commitment = *added.mutable_documents_added()->add_commitments();
    commitment.set_kind(v1::Commitment::RECEIPT);
    commitment.set_sha256(Digest());
    Said(added, {"maison key"});
  }

  // The entry's digest.
  touchstone::Digest Logged(const std::string& envelope) {
    const absl::StatusOr<Envelope> sent = Envelope::Parse(PayloadType::kStatement, envelope);
    return VerifyReceipt(registry_.policy(), registry_.Submit(envelope), *sent)->place.digest;
  }
  touchstone::Digest Said(const v1::Statement& statement, const KeyNames& signers) {
    return Logged(SignStatement(statement, signers).bytes());
  }

  // The vault outlives the calls.
  void TearDown() override { registry_.Drain(absl::Seconds(5)); }

  std::string Digest() const {
    DocumentDigester digester(salt_);
    digester.Update(document_);
    const touchstone::Digest digest = digester.Final();
    return std::string(DigestBytes(digest));
  }

  // "ann" and the like are keys; what ends in " key" is a participant's.
  std::string Signed(const std::string& who, const std::function<void(v1::VaultRequest&)>& fill) {
    v1::VaultRequest request;
    request.set_log_origin(registry_.log().origin());
    request.set_nonce(absl::StrCat("nonce ", 1'000'000'000 + nonces_++));
    request.set_issued_at_ms(registry_.clock().NowMs());
    request.set_passport_id(TestPassportId(1));
    if (who.ends_with(" key")) {
      request.set_participant_id(who.substr(0, who.size() - 4));
    } else {
      request.set_key(NamedKeyBytes(who));
    }
    fill(request);
    return SignedBy(who, request);
  }

  static std::string SignedBy(const std::string& who, const v1::VaultRequest& request) {
    const std::string payload = request.SerializeAsString();
    const std::string pae = Pae(PayloadType::kVaultRequest, payload);
    return Envelope::Create(PayloadType::kVaultRequest, payload,
                            {{NamedKeyId(who), NamedKey(who).Sign(pae), std::nullopt}})
        ->bytes();
  }

  std::string PutEnvelope(const std::string& who) {
    return Signed(who, [&](v1::VaultRequest& request) {
      v1::PutDocument& put = *request.mutable_put_document();
      put.set_document_sha256(Digest());
      put.set_salt(salt_);
      put.set_size(document_.size());
      put.set_media_type("text/plain");
      put.set_name("receipt-of-ann.txt");
    });
  }

  // Sends the request, then the document up to `end`, from where the registry wants it.
  grpc::Status Put(const std::string& envelope, size_t end, v1::PutDocumentResponse* last,
                   bool cancel = false) {
    grpc::ClientContext context;
    auto stream = stub_->PutDocument(&context);
    v1::PutDocumentRequest request;
    request.set_envelope(envelope);
    stream->Write(request);
    if (stream->Read(last)) {
      for (size_t at = last->send_from(); at < end; at += kPiece) {
        request.set_data(document_.substr(at, std::min(kPiece, end - at)));
        if (!stream->Write(request)) break;
      }
      if (cancel) {
        context.TryCancel();
      } else {
        stream->WritesDone();
      }
      while (stream->Read(last)) {
      }
    }
    const grpc::Status status = stream->Finish();
    refusal_ = RefusalOf(context);
    return status;
  }
  grpc::Status PutAll(const std::string& who, v1::PutDocumentResponse* last) {
    return Put(PutEnvelope(who), document_.size(), last);
  }

  // The bytes of all that the registry tells anybody who asks.
  std::string PublicAnswers() {
    v1::Registry::Stub& stub = registry_.stub();
    std::string all;
    const auto ask = [&](auto method, const auto& request, auto response) {
      grpc::ClientContext context;
      const grpc::Status status = (stub.*method)(&context, request, &response);
      absl::StrAppend(&all, status.error_message(), response.SerializeAsString());
      return status.ok();
    };
    using Stub = v1::Registry::Stub;
    v1::GetPassportRequest passport;
    passport.set_passport_id(TestPassportId(1));
    EXPECT_TRUE(ask(&Stub::GetPassport, passport, v1::GetPassportResponse()));
    EXPECT_TRUE(ask(&Stub::Lookup, passport, v1::LookupResponse()));
    EXPECT_TRUE(ask(&Stub::GetCards, v1::GetCardsRequest(), v1::GetCardsResponse()));
    EXPECT_TRUE(ask(&Stub::GetCheckpoint, v1::GetCheckpointRequest(), v1::GetCheckpointResponse()));
    const auto width = static_cast<uint32_t>(registry_.ledger().Newest()->size());
    v1::GetTileRequest tile;
    tile.set_width(width);
    EXPECT_TRUE(ask(&Stub::GetTile, tile, v1::GetTileResponse()));
    v1::GetEntryBundleRequest bundle;
    bundle.set_width(width);
    EXPECT_TRUE(ask(&Stub::GetEntryBundle, bundle, v1::GetEntryBundleResponse()));
    EXPECT_TRUE(ask(&Stub::GetPublicEntries, v1::GetPublicEntriesRequest(),
                    v1::GetPublicEntriesResponse()));
    EXPECT_TRUE(ask(&Stub::GetInsertions, v1::GetInsertionsRequest(), v1::GetInsertionsResponse()));
    EXPECT_TRUE(ask(&Stub::ListParticipants, v1::ListParticipantsRequest(),
                    v1::ListParticipantsResponse()));
    grpc::ClientContext context;
    v1::WatchRequest watch;
    watch.add_passport_ids(TestPassportId(1));
    watch.set_from_position(1);
    auto stream = stub.Watch(&context, watch);
    v1::WatchResponse response;
    for (int i = 0; i < 4 && stream->Read(&response); ++i) {
      absl::StrAppend(&all, response.SerializeAsString());
    }
    context.TryCancel();
    stream->Finish();
    return all;
  }

  std::string GetEnvelope(const std::string& who, uint64_t offset = 0) {
    return Signed(who, [&](v1::VaultRequest& request) {
      request.mutable_get_document()->set_document_sha256(Digest());
      request.mutable_get_document()->set_offset(offset);
    });
  }

  grpc::Status Get(const std::string& envelope, v1::DocumentHead* head, std::string* document) {
    grpc::ClientContext context;
    v1::VaultCall call;
    call.set_envelope(envelope);
    auto stream = stub_->GetDocument(&context, call);
    v1::GetDocumentResponse response;
    while (stream->Read(&response)) {
      if (response.has_head()) *head = response.head();
      document->append(response.data());
    }
    const grpc::Status status = stream->Finish();
    refusal_ = RefusalOf(context);
    return status;
  }

  const std::string document_ =
      absl::StrCat("Sold to Ann Example of Antwerp. ", std::string(3 * kPiece, '.'), " The end.");
  const std::string salt_ = "0123456789 secret salt 012345678";
  storage::ScratchDirectory scratch_;
  storage::MemoryStore store_;
  std::unique_ptr<vault::EpochKeys> epoch_keys_;
  std::unique_ptr<vault::Vault> vault_;
  TestRegistry registry_;
  std::unique_ptr<v1::Vault::Stub> stub_;
  std::string refusal_;
  uint64_t nonces_ = 0;
};

TEST_F(VaultRpcsTest, StoresAndGivesBack) {
  v1::PutDocumentResponse stored;
  grpc::Status status = PutAll("maison key", &stored);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_GT(stored.stored().keep_until_ms(), stored.stored().stored_at_ms());
  v1::DocumentHead head;
  std::string document;
  status = Get(GetEnvelope("ann"), &head, &document);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(document, document_);
  EXPECT_EQ(head.size(), document_.size());
  EXPECT_EQ(head.salt(), salt_);
  EXPECT_EQ(head.name(), "receipt-of-ann.txt");
  document.clear();
  ASSERT_TRUE(Get(GetEnvelope("ann", kPiece + 5), &head, &document).ok());
  EXPECT_EQ(document, document_.substr(kPiece + 5));
}

TEST_F(VaultRpcsTest, GoesOnAfterABreak) {
  v1::PutDocumentResponse answer;
  EXPECT_FALSE(Put(PutEnvelope("maison key"), 2 * kPiece, &answer, true).ok());
  // The broken call may take a moment to end.
  grpc::Status status;
  do {
    status = PutAll("maison key", &answer);
  } while (refusal_ == "wrong_state");
  ASSERT_TRUE(status.ok()) << status.error_message();
  v1::DocumentHead head;
  std::string document;
  ASSERT_TRUE(Get(GetEnvelope("ann"), &head, &document).ok());
  EXPECT_EQ(document, document_);
}

TEST_F(VaultRpcsTest, SaysHowMuchOfAShortDocumentCame) {
  v1::PutDocumentResponse answer;
  const grpc::Status status = Put(PutEnvelope("maison key"), kPiece, &answer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_THAT(status.error_message(), HasSubstr("65536 of them have come"));
}

TEST_F(VaultRpcsTest, TellsStrangersNothing) {
  v1::PutDocumentResponse stored;
  ASSERT_TRUE(PutAll("maison key", &stored).ok());
  v1::DocumentHead head;
  std::string document;
  for (const char* who : {"mallory", "claim code", "lab key"}) {
    const grpc::Status status = Get(GetEnvelope(who), &head, &document);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << who;
    EXPECT_EQ(refusal_, "not_your_document");
    EXPECT_EQ(PutAll(who, &stored).error_code(), grpc::StatusCode::PERMISSION_DENIED) << who;
  }
  EXPECT_EQ(document, "");
  // What ann asks, signed by mallory.
  v1::VaultRequest request;
  request.set_log_origin(registry_.log().origin());
  request.set_nonce("0123456789abcdef");
  request.set_issued_at_ms(registry_.clock().NowMs());
  request.set_passport_id(TestPassportId(1));
  request.set_key(NamedKeyBytes("ann"));
  request.mutable_get_document()->set_document_sha256(Digest());
  EXPECT_EQ(Get(SignedBy("mallory", request), &head, &document).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(VaultRpcsTest, RefusesStaleAndRepeatedRequests) {
  v1::PutDocumentResponse stored;
  ASSERT_TRUE(PutAll("maison key", &stored).ok());
  const std::string once = GetEnvelope("ann");
  v1::DocumentHead head;
  std::string document;
  EXPECT_TRUE(Get(once, &head, &document).ok());
  EXPECT_EQ(Get(once, &head, &document).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(refusal_, "replayed_request");
  const std::string late = GetEnvelope("ann");
  registry_.clock().Advance(6 * 60 * 1000);
  EXPECT_EQ(Get(late, &head, &document).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(refusal_, "stale_request");
}

TEST_F(VaultRpcsTest, NamesWhatIsWrongWithARequest) {
  const auto error_of = [&](const std::string& envelope) {
    v1::DocumentHead head;
    std::string document;
    const grpc::Status status = Get(envelope, &head, &document);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return status.error_message();
  };
  EXPECT_THAT(error_of("garbage"), Not(HasSubstr("internal")));
  EXPECT_THAT(error_of(Signed("ann", [](v1::VaultRequest&) {})), HasSubstr("query"));
  EXPECT_THAT(error_of(Signed("ann", [](v1::VaultRequest& r) { r.mutable_list_documents(); })),
              HasSubstr("query"));
  EXPECT_THAT(error_of(Signed("ann",
                              [](v1::VaultRequest& r) {
                                r.mutable_get_document()->set_document_sha256("short");
                              })),
              HasSubstr("get_document.document_sha256"));
  EXPECT_THAT(error_of(Signed("ann",
                              [&](v1::VaultRequest& r) {
                                r.set_nonce("short");
                                r.mutable_get_document()->set_document_sha256(Digest());
                              })),
              HasSubstr("nonce"));
}

TEST_F(VaultRpcsTest, BoundsWhatAStreamMaySend) {
  grpc::ClientContext context;
  auto stream = stub_->PutDocument(&context);
  v1::PutDocumentRequest request;
  request.set_data("no request before it");
  stream->Write(request);
  v1::PutDocumentResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  const std::string envelope = PutEnvelope("maison key");
  grpc::ClientContext second;
  stream = stub_->PutDocument(&second);
  request.set_envelope(envelope);
  stream->Write(request);
  ASSERT_TRUE(stream->Read(&response));
  // gRPC itself refuses what no message may have; a piece that is a little too long, we do.
  request.set_data(std::string(kPiece + 1, 'x'));
  stream->Write(request);
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(VaultRpcsTest, ListsWhatThereIsAndWhoLooked) {
  v1::PutDocumentResponse stored;
  ASSERT_TRUE(PutAll("maison key", &stored).ok());
  v1::VaultCall call;
  call.set_envelope(Signed("ann", [](v1::VaultRequest& r) { r.mutable_list_documents(); }));
  grpc::ClientContext context;
  v1::ListDocumentsResponse list;
  ASSERT_TRUE(stub_->ListDocuments(&context, call, &list).ok());
  ASSERT_THAT(list.documents(), SizeIs(1));
  EXPECT_EQ(list.documents(0).state(), v1::DocumentInfo::STORED);
  EXPECT_EQ(list.documents(0).document_sha256(), Digest());
  EXPECT_TRUE(list.documents(0).readable());
  grpc::ClientContext second;
  call.set_envelope(Signed("ann", [](v1::VaultRequest& r) { r.mutable_list_accesses(); }));
  v1::ListAccessesResponse accesses;
  ASSERT_TRUE(stub_->ListAccesses(&second, call, &accesses).ok());
  ASSERT_THAT(accesses.accesses(), SizeIs(3));
  EXPECT_EQ(accesses.accesses(0).what(), "put_document");
  EXPECT_EQ(accesses.accesses(0).participant_id(), "maison");
  EXPECT_EQ(accesses.accesses(1).key(), NamedKeyBytes("ann"));
}

TEST_F(VaultRpcsTest, KeepsConfidentialBytesToTheirOwner) {
  v1::PutDocumentResponse stored;
  ASSERT_TRUE(PutAll("maison key", &stored).ok());
  v1::DocumentHead head;
  std::string document;
  std::string errors;
  for (const std::string& envelope :
       {GetEnvelope("mallory"), GetEnvelope("lab key"), GetEnvelope("ann", document_.size() + 1)}) {
    absl::StrAppend(&errors, Get(envelope, &head, &document).error_message(), "\n");
  }
  ASSERT_TRUE(Get(GetEnvelope("ann"), &head, &document).ok());
  const std::string public_answers = PublicAnswers();
  std::string rows;
  const auto take = [&rows](absl::string_view key, absl::string_view value) {
    absl::StrAppend(&rows, key, value);
    return absl::OkStatus();
  };
  ASSERT_TRUE(registry_.store().Scan(storage::KeyRange::Prefix(""), UINT64_MAX, take).ok());
  ASSERT_TRUE(store_.Scan(storage::KeyRange::Prefix(""), UINT64_MAX, take).ok());
  for (const std::string& secret :
       {std::string("Ann Example"), salt_, std::string("receipt-of-ann")}) {
    EXPECT_THAT(registry_.log_text(), Not(HasSubstr(secret)));
    EXPECT_THAT(rows, Not(HasSubstr(secret)));
    EXPECT_THAT(errors, Not(HasSubstr(secret)));
    EXPECT_THAT(public_answers, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(errors, Not(HasSubstr(scratch_.path())));
}

TEST_F(VaultRpcsTest, DoesNotTellItsOwnFaults) {
  v1::PutDocumentResponse stored;
  ASSERT_TRUE(PutAll("maison key", &stored).ok());
  std::filesystem::remove_all(scratch_.File("files"));
  v1::DocumentHead head;
  std::string document;
  const grpc::Status status = Get(GetEnvelope("ann"), &head, &document);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("/")));
  EXPECT_THAT(registry_.log_text(), HasSubstr("rpc_incident"));
}

TEST_F(VaultRpcsTest, EndsItsStreamsWhenTheRegistryStops) {
  grpc::ClientContext context;
  auto stream = stub_->PutDocument(&context);
  v1::PutDocumentRequest request;
  request.set_envelope(PutEnvelope("maison key"));
  stream->Write(request);
  v1::PutDocumentResponse response;
  ASSERT_TRUE(stream->Read(&response));
  registry_.Drain(absl::Seconds(20));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_THAT(stream->Finish().error_code(),
              AnyOf(Eq(grpc::StatusCode::CANCELLED), Eq(grpc::StatusCode::UNAVAILABLE)));
}

TEST(VaultRpcs, WithoutAVaultSaySo) {
  TestRegistry registry;
  const auto stub = v1::Vault::NewStub(registry.NewChannel(grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::ListDocumentsResponse list;
  const grpc::Status status = stub->ListDocuments(&context, v1::VaultCall(), &list);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(), HasSubstr("--vault"));
  grpc::ClientContext second;
  auto stream = stub->GetDocument(&second, v1::VaultCall());
  v1::GetDocumentResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace touchstone::service
