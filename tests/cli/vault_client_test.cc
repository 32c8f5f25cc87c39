#include "cli/client/vault_client.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/vault_service.grpc.pb.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;

// A vault whose streams break after so many bytes; what has come is kept.
class BreakingVault final : public v1::Vault::Service {
 public:
  BreakingVault() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) std::abort();
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  size_t bytes_a_stream = 100'000;
  int calls = 0;
  int held_for = 0;  // so many calls after a break find the upload under way
  size_t size = 0;   // of the document that is put
  std::string stored;
  // What a get gives; lies, in tests.
  std::string document;
  uint64_t announced_size = 0;
  std::string second_salt;

 private:
  using Context = grpc::ServerContext;
  using PutStream = grpc::ServerReaderWriter<v1::PutDocumentResponse, v1::PutDocumentRequest>;

  static grpc::Status Broken() { return {grpc::StatusCode::UNAVAILABLE, "broken"}; }

  grpc::Status PutDocument(Context* context, PutStream* stream) override {
    ++calls;
    v1::PutDocumentRequest request;
    if (!stream->Read(&request) || request.envelope() != absl::StrCat("signed ", calls)) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "no fresh envelope"};
    }
    if (calls > 1 && held_for-- > 0) {
      context->AddTrailingMetadata("touchstone-refusal", "wrong_state");
      return {grpc::StatusCode::FAILED_PRECONDITION, "it is being stored by another call"};
    }
    v1::PutDocumentResponse answer;
    answer.set_send_from(stored.size());
    stream->Write(answer);
    size_t taken = 0;
    while (stream->Read(&request)) {
      stored += request.data();
      taken += request.data().size();
      if (taken > bytes_a_stream) return Broken();
    }
    if (stored.size() != size) return {grpc::StatusCode::INVALID_ARGUMENT, "not all of it"};
    answer.mutable_stored()->set_keep_until_ms(17);
    stream->Write(answer);
    return grpc::Status::OK;
  }

  grpc::Status GetDocument(Context*, const v1::VaultCall* call,
                           grpc::ServerWriter<v1::GetDocumentResponse>* writer) override {
    ++calls;
    v1::GetDocumentResponse answer;
    answer.mutable_head()->set_size(announced_size);
    answer.mutable_head()->set_salt(calls > 1 ? second_salt : "");
    writer->Write(answer);
    size_t offset = static_cast<size_t>(std::stoul(call->envelope()));
    size_t given = 0;
    while (offset < document.size()) {
      answer.set_data(document.substr(offset, 65536));
      writer->Write(answer);
      offset += answer.data().size();
      given += answer.data().size();
      if (given > bytes_a_stream) return Broken();
    }
    return grpc::Status::OK;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class VaultClientTest : public testing::Test {
 protected:
  VaultClientTest() {
    ConnectionOptions options;
    options.address = vault_.address();
    client_ = ValueOrDie(
        VaultClient::Create(options, {.attempts_max = 4, .first_pause = absl::Milliseconds(1)}));
  }

  absl::StatusOr<StoredDocument> Put(const std::string& document) {
    vault_.size = document.size();
    int calls = 0;
    return client_->PutDocument([&calls](uint64_t) { return absl::StrCat("signed ", ++calls); },
                                document, [this](uint64_t bytes) { progress_ = bytes; });
  }
  absl::StatusOr<ReceivedDocument> Get() {
    return client_->GetDocument([](uint64_t offset) { return absl::StrCat(offset); },
                                [this](uint64_t bytes) { progress_ = bytes; });
  }

  static std::string LongDocument() {
    std::string document;
    for (int i = 0; i < 100'000; ++i) absl::StrAppend(&document, i, " ");
    return document;
  }

  BreakingVault vault_;
  std::unique_ptr<VaultClient> client_;
  uint64_t progress_ = 0;
};

TEST_F(VaultClientTest, PutsGoOnFromWhereTheRegistrySays) {
  const std::string document = LongDocument();
  const absl::StatusOr<StoredDocument> stored = Put(document);
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->keep_until_ms, 17u);
  EXPECT_EQ(vault_.stored, document);
  EXPECT_GT(vault_.calls, 3);
  EXPECT_EQ(progress_, document.size());
}

TEST_F(VaultClientTest, PutsNothingTwice) {
  vault_.stored = "all there";
  EXPECT_THAT(Put("all there"), IsOk());
  EXPECT_EQ(vault_.stored, "all there");
}

TEST_F(VaultClientTest, WaitsForABrokenUploadToBeLetGo) {
  vault_.held_for = 2;
  EXPECT_THAT(Put(LongDocument()), IsOk());
}

TEST_F(VaultClientTest, GivesUpWhereNothingComesOver) {
  vault_.stored = "more than the document has";
  EXPECT_TRUE(absl::IsDataLoss(Put("small").status()));
  vault_.stored.clear();
  vault_.calls = 0;
  vault_.held_for = 1000;
  const absl::Status status = Put(LongDocument()).status();
  EXPECT_EQ(RefusalNameOf(status), "wrong_state");
  EXPECT_LT(vault_.calls, 10);
}

TEST_F(VaultClientTest, TellsARefusalAtOnce) {
  vault_.held_for = 1;
  vault_.calls = 1;  // not after a break of ours
  int calls = 1;
  const absl::Status status =
      client_
          ->PutDocument([&calls](uint64_t) { return absl::StrCat("signed ", ++calls); }, "x",
                        [](uint64_t) {})
          .status();
  EXPECT_EQ(RefusalNameOf(status), "wrong_state");
  EXPECT_EQ(vault_.calls, 2);
}

TEST_F(VaultClientTest, GetsGoOnByOffset) {
  vault_.document = LongDocument();
  vault_.announced_size = vault_.document.size();
  const absl::StatusOr<ReceivedDocument> received = Get();
  ASSERT_THAT(received, IsOk());
  EXPECT_EQ(received->bytes, vault_.document);
  EXPECT_GT(vault_.calls, 3);
}

TEST_F(VaultClientTest, BelievesNoStream) {
  vault_.document = LongDocument();
  vault_.announced_size = vault_.document.size() - 1;
  EXPECT_TRUE(absl::IsDataLoss(Get().status()));
  vault_.announced_size = vault_.document.size() + 1;
  EXPECT_TRUE(absl::IsDataLoss(Get().status()));
  vault_.announced_size = uint64_t{1} << 40;  // nothing is allocated for it
  EXPECT_TRUE(absl::IsDataLoss(Get().status()));
  vault_.calls = 0;
  vault_.announced_size = vault_.document.size();
  vault_.second_salt = "another document's";
  const absl::Status status = Get().status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("another document"));
}

TEST_F(VaultClientTest, SaysThatNobodyAnswers) {
  ConnectionOptions options;
  options.address = "127.0.0.1:1";
  const auto nobody = ValueOrDie(VaultClient::Create(options));
  const absl::Status status = nobody->ListDocuments("x").status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace touchstone::cli
