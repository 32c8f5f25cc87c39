// ListPieces and FindPiece: only for whoever signed, freshly, once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/registry/service/test_registry.h"

namespace touchstone::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SignedRequestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 1; i <= 5; ++i) registry_.Submit(registry_.Registration(i));
  }

  v1::Request ListRequest() {
    v1::Request request;
    request.set_log_origin(registry_.log().origin());
    request.set_nonce(absl::StrCat("nonce ", 1'000'000'000 + nonces_++));
    request.set_issued_at_ms(registry_.clock().NowMs());
    request.set_participant_id("maison");
    request.mutable_list_pieces();
    return request;
  }

  static std::string Sign(const v1::Request& request, const KeyNames& signers = {"maison key"}) {
    return SignBytes(request.SerializeAsString(), signers);
  }

  static std::string SignBytes(const std::string& payload, const KeyNames& signers) {
    const std::string pae = Pae(PayloadType::kRequest, payload);
    std::vector<EnvelopeSignature> signatures;
    for (const std::string& name : signers) {
      signatures.push_back({NamedKeyId(name), NamedKey(name).Sign(pae), std::nullopt});
    }
    return Envelope::Create(PayloadType::kRequest, payload, std::move(signatures))->bytes();
  }

  grpc::Status List(const std::string& envelope, v1::ListPiecesResponse* response) {
    grpc::ClientContext context;
    v1::SignedRequest request;
    request.set_envelope(envelope);
    const grpc::Status status = registry_.stub().ListPieces(&context, request, response);
    refusal_ = RefusalOf(context);
    return status;
  }

  grpc::Status Find(const std::string& envelope, v1::FindPieceResponse* response) {
    grpc::ClientContext context;
    v1::SignedRequest request;
    request.set_envelope(envelope);
    const grpc::Status status = registry_.stub().FindPiece(&context, request, response);
    refusal_ = RefusalOf(context);
    return status;
  }

  // ListPieces with that envelope is refused in that way, and nothing is answered.
  void ExpectRefused(const std::string& envelope, grpc::StatusCode code, const char* refusal) {
    v1::ListPiecesResponse response;
    const grpc::Status status = List(envelope, &response);
    EXPECT_EQ(status.error_code(), code) << refusal << ": " << status.error_message();
    EXPECT_EQ(refusal_, refusal) << status.error_message();
    EXPECT_EQ(response.pieces_size(), 0);
  }

  TestRegistry registry_;
  int nonces_ = 0;
  std::string refusal_;
};

TEST_F(SignedRequestTest, AnIssuerSeesItsPiecesInPages) {
  std::vector<std::string> serials;
  std::string token;
  do {
    v1::Request request = ListRequest();
    request.mutable_list_pieces()->set_page_size(2);
    request.mutable_list_pieces()->set_page_token(token);
    v1::ListPiecesResponse response;
    const grpc::Status status = List(Sign(request), &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_LE(response.pieces_size(), 2);
    for (const v1::PieceSummary& piece : response.pieces()) {
      serials.push_back(piece.serial());
      EXPECT_EQ(piece.title(), "Solitaire ring");
    }
    token = response.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(serials, ElementsAre("R-1", "R-2", "R-3", "R-4", "R-5"));
}

TEST_F(SignedRequestTest, APieceIsFoundByItsSerialByItsIssuerOnly) {
  v1::Request request = ListRequest();
  request.mutable_find_piece()->set_serial("R-3");
  v1::FindPieceResponse response;
  grpc::Status status = Find(Sign(request), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.piece().passport_id(), TestPassportId(3));

  request = ListRequest();
  request.mutable_find_piece()->set_serial("R-99");
  EXPECT_EQ(Find(Sign(request), &response).error_code(), grpc::NOT_FOUND);

  request = ListRequest();
  request.set_participant_id("lab");
  request.mutable_find_piece()->set_serial("R-3");
  EXPECT_EQ(Find(Sign(request, {"lab key"}), &response).error_code(), grpc::NOT_FOUND);

  request = ListRequest();
  request.set_participant_id("lab");
  v1::ListPiecesResponse none;
  EXPECT_TRUE(List(Sign(request, {"lab key"}), &none).ok());
  EXPECT_EQ(none.pieces_size(), 0);
}

TEST_F(SignedRequestTest, ASecondUseIsAReplay) {
  const std::string envelope = Sign(ListRequest());
  v1::ListPiecesResponse response;
  ASSERT_TRUE(List(envelope, &response).ok());
  ExpectRefused(envelope, grpc::UNAUTHENTICATED, "replayed_request");
  // For as long as its time lets it through, and then its time does not.
  registry_.clock().Advance(5 * 60 * 1000);
  ExpectRefused(envelope, grpc::UNAUTHENTICATED, "replayed_request");
  registry_.clock().Advance(1);
  ExpectRefused(envelope, grpc::UNAUTHENTICATED, "stale_request");
}

TEST_F(SignedRequestTest, AClockMayBeFiveMinutesOff) {
  for (const int64_t off_ms : {-300'000, 300'000}) {
    v1::Request request = ListRequest();
    request.set_issued_at_ms(
        static_cast<uint64_t>(static_cast<int64_t>(registry_.clock().NowMs()) + off_ms));
    v1::ListPiecesResponse response;
    EXPECT_TRUE(List(Sign(request), &response).ok()) << off_ms;
  }
  for (const int64_t off_ms : {-300'001, 300'001}) {
    v1::Request request = ListRequest();
    request.set_issued_at_ms(
        static_cast<uint64_t>(static_cast<int64_t>(registry_.clock().NowMs()) + off_ms));
    ExpectRefused(Sign(request), grpc::UNAUTHENTICATED, "stale_request");
  }
  v1::Request request = ListRequest();
  request.set_issued_at_ms(UINT64_MAX);
  ExpectRefused(Sign(request), grpc::UNAUTHENTICATED, "stale_request");
}

TEST_F(SignedRequestTest, WhoeverDidNotSignIsRefused) {
  ExpectRefused(Sign(ListRequest(), {"nobody's key"}), grpc::PERMISSION_DENIED, "unknown_signer");
  ExpectRefused(Sign(ListRequest(), {"lab key"}), grpc::PERMISSION_DENIED, "unknown_signer");
  ExpectRefused(Sign(ListRequest(), {"maison key", "lab key"}), grpc::PERMISSION_DENIED,
                "surplus_signature");
  std::string forged = Sign(ListRequest());
  forged[forged.size() - 40] ^= 1;
  ExpectRefused(forged, grpc::UNAUTHENTICATED, "bad_signature");

  registry_.Submit(registry_.EnvelopeAt(registry_.log().RevokeKey("maison", "maison key")));
  ExpectRefused(Sign(ListRequest()), grpc::PERMISSION_DENIED, "key_revoked");
}

TEST_F(SignedRequestTest, AForgedRequestUsesUpNoNonce) {
  const std::string envelope = Sign(ListRequest());
  std::string forged = envelope;
  forged[forged.size() - 40] ^= 1;
  ExpectRefused(forged, grpc::UNAUTHENTICATED, "bad_signature");
  v1::ListPiecesResponse response;
  EXPECT_TRUE(List(envelope, &response).ok());
}

TEST_F(SignedRequestTest, ARequestMustBeWellFormed) {
  const std::pair<std::function<void(v1::Request&)>, const char*> cases[] = {
      {[](v1::Request& r) { r.clear_nonce(); }, "invalid_field"},
      {[](v1::Request& r) { r.set_nonce("fifteen bytes.."); }, "invalid_field"},
      {[](v1::Request& r) { r.clear_query(); }, "invalid_field"},
      {[](v1::Request& r) { r.set_participant_id("No Such Form"); }, "malformed"},
      {[](v1::Request& r) { r.clear_participant_id(); }, "malformed"},
  };
  for (const auto& [edit, refusal] : cases) {
    v1::Request request = ListRequest();
    edit(request);
    ExpectRefused(Sign(request), grpc::INVALID_ARGUMENT, refusal);
  }
  v1::Request foreign = ListRequest();
  foreign.set_log_origin("elsewhere.example/log");
  ExpectRefused(Sign(foreign), grpc::PERMISSION_DENIED, "wrong_origin");
  ExpectRefused(registry_.Registration(50), grpc::INVALID_ARGUMENT, "wrong_payload_type");
  ExpectRefused(SignBytes(ListRequest().SerializeAsString() + "\xf8\x01\x01", {"maison key"}),
                grpc::INVALID_ARGUMENT, "unknown_field");
  ExpectRefused("", grpc::INVALID_ARGUMENT, "unknown_payload_type");
}

TEST_F(SignedRequestTest, TheQueryMustBeOfTheRpc) {
  v1::Request find = ListRequest();
  find.mutable_find_piece()->set_serial("R-1");
  v1::ListPiecesResponse pieces;
  EXPECT_THAT(List(Sign(find), &pieces).error_message(), HasSubstr("list_pieces only"));
  v1::FindPieceResponse piece;
  EXPECT_THAT(Find(Sign(ListRequest()), &piece).error_message(), HasSubstr("find_piece only"));

  v1::Request token = ListRequest();
  token.mutable_list_pieces()->set_page_token("not a token");
  EXPECT_EQ(List(Sign(token), &pieces).error_code(), grpc::INVALID_ARGUMENT);
  v1::Request size = ListRequest();
  size.mutable_list_pieces()->set_page_size(501);
  EXPECT_THAT(List(Sign(size), &pieces).error_message(), HasSubstr("page_size: 501"));
}

}  // namespace
}  // namespace touchstone::service
