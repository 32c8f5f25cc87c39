// Submit: what a submitter gets back, for each kind of answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "tests/registry/service/test_registry.h"
#include "verifier/verify_receipt.h"

namespace touchstone::service {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Outcome {
  grpc::Status status;
  std::string refusal;
  std::string receipt;
};

Outcome Send(TestRegistry& registry, const std::string& envelope) {
  grpc::ClientContext context;
  v1::SubmitRequest request;
  request.set_envelope(envelope);
  v1::SubmitResponse response;
  Outcome outcome;
  outcome.status = registry.stub().Submit(&context, request, &response);
  outcome.refusal = RefusalOf(context);
  outcome.receipt = response.receipt();
  return outcome;
}

VerifiedReceipt Verified(const TestRegistry& registry, const std::string& envelope,
                         const std::string& receipt) {
  const auto sent = Envelope::Parse(PayloadType::kStatement, envelope);
  EXPECT_TRUE(sent.ok()) << sent.status();
  const auto verified = VerifyReceipt(registry.policy(), receipt, *sent);
  EXPECT_TRUE(verified.ok()) << verified.status();
  return verified.value_or(VerifiedReceipt{});
}

TEST(Submit, TheReceiptProvesTheEntry) {
  TestRegistry registry;
  const std::string envelope = registry.Registration(1);
  const VerifiedReceipt receipt = Verified(registry, envelope, registry.Submit(envelope));
  EXPECT_EQ(receipt.event, EventKind::kRegistration);
  EXPECT_EQ(receipt.subject.bytes, TestPassportId(1));
  EXPECT_EQ(receipt.number, 0u);
}

TEST(Submit, TheSameEnvelopeAgainIsTheSameEntry) {
  TestRegistry registry;
  const std::string envelope = registry.Registration(1);
  const VerifiedReceipt first = Verified(registry, envelope, registry.Submit(envelope));
  registry.Submit(registry.Registration(2));
  const VerifiedReceipt again = Verified(registry, envelope, registry.Submit(envelope));
  EXPECT_EQ(again.place.position, first.place.position);
  EXPECT_EQ(again.place.digest, first.place.digest);
}

TEST(Submit, SayInWhatWayItIsRefused) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  const std::string fine = registry.Registration(2);

  struct Case {
    const char* name;
    std::string envelope;
    grpc::StatusCode code;
    const char* refusal;
  };
  v1::Statement foreign = registry.log().PassportStatement(3);
  foreign.set_log_origin("elsewhere.example/log");
  *foreign.mutable_registration()->mutable_piece() = SamplePiece(3);
  v1::Statement unnamed = registry.log().PassportStatement(4);
  *unnamed.mutable_registration()->mutable_piece() = SamplePiece(4);
  unnamed.mutable_registration()->mutable_piece()->clear_serial();
  v1::Piece taken = SamplePiece(1);
  taken.set_serial("OTHER");
  // The signature stands at the end of the envelope, before its key id.
  std::string forged = fine;
  forged[forged.size() - 40] ^= 1;

  const Case cases[] = {
      {"empty", "", grpc::INVALID_ARGUMENT, "unknown_payload_type"},
      {"garbage", "garbage", grpc::INVALID_ARGUMENT, nullptr},
      {"cut", fine.substr(0, fine.size() - 1), grpc::INVALID_ARGUMENT, nullptr},
      {"forged", forged, grpc::UNAUTHENTICATED, "bad_signature"},
      {"foreign", SignStatement(foreign, {"maison key"}).bytes(), grpc::PERMISSION_DENIED,
       "wrong_origin"},
      {"unnamed", SignStatement(unnamed, {"maison key"}).bytes(), grpc::INVALID_ARGUMENT,
       "invalid_field"},
      {"stranger", registry.EnvelopeAt(registry.log().Register(5, "nobody's key")),
       grpc::PERMISSION_DENIED, "unknown_signer"},
      {"wrong role", registry.EnvelopeAt(registry.log().Register(6, "lab key")),
       grpc::PERMISSION_DENIED, "wrong_role"},
      {"taken", registry.EnvelopeAt(registry.log().Register(7, "maison key", taken)),
       grpc::ALREADY_EXISTS, "claim_taken"},
      {"exists", registry.EnvelopeAt(registry.log().Register(1, "maison key", SamplePiece(8))),
       grpc::ALREADY_EXISTS, "subject_exists"},
      {"no such piece", registry.EnvelopeAt(registry.log().Care(9, "maison key")), grpc::NOT_FOUND,
       "no_such_subject"},
  };
  const uint64_t size = registry.ledger().Newest()->size();
  for (const Case& c : cases) {
    const Outcome outcome = Send(registry, c.envelope);
    EXPECT_EQ(outcome.status.error_code(), c.code)
        << c.name << ": " << outcome.status.error_message();
    if (c.refusal != nullptr) {
      EXPECT_EQ(outcome.refusal, c.refusal) << c.name;
    } else {
      EXPECT_NE(outcome.refusal, "") << c.name;
    }
    EXPECT_NE(outcome.status.error_message(), "") << c.name;
  }
  EXPECT_EQ(registry.ledger().Newest()->size(), size) << "a refusal changes nothing";
  registry.Submit(fine);
}

TEST(Submit, AStaleChangeOfOwnershipIsAbortedWithTheNewestDigest) {
  TestRegistry registry;
  const VerifiedReceipt registered = [&] {
    const std::string envelope = registry.Registration(1);
    return Verified(registry, envelope, registry.Submit(envelope));
  }();
  v1::Statement sale = registry.log().PassportStatement(1);
  sale.mutable_first_sale()->set_claim_key(NamedKeyBytes("claim"));
  sale.mutable_first_sale()->set_sold_on("2026-11-22");
  sale.set_builds_on(std::string(32, 'x'));
  const Outcome stale = Send(registry, SignStatement(sale, {"maison key", "claim"}).bytes());
  EXPECT_EQ(stale.status.error_code(), grpc::ABORTED) << stale.status.error_message();
  EXPECT_EQ(stale.refusal, "stale_builds_on");
  EXPECT_THAT(stale.status.error_message(), HasSubstr(DigestToHex(registered.place.digest)));

  sale.set_builds_on(std::string(DigestBytes(registered.place.digest)));
  registry.Submit(SignStatement(sale, {"maison key", "claim"}).bytes());
  const Outcome phase = Send(registry, registry.EnvelopeAt(registry.log().Transfer(1, "a", "b")));
  EXPECT_FALSE(phase.status.ok());
}

TEST(Submit, OversizedMessagesAreRefusedAndTheConnectionGoesOn) {
  TestRegistry registry;
  EXPECT_EQ(Send(registry, std::string(65477, 'x')).status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(Send(registry, std::string(80 << 10, 'x')).status.error_code(),
            grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Send(registry, std::string(8 << 20, 'x')).status.error_code(),
            grpc::RESOURCE_EXHAUSTED);
  registry.Submit(registry.Registration(1));
}

TEST(Submit, CompressedMessagesAreNotUnpacked) {
  TestRegistry registry;
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::SubmitRequest request;
  request.set_envelope(std::string(8 << 20, 'x'));  // packed, a few KiB
  v1::SubmitResponse response;
  EXPECT_EQ(registry.stub().Submit(&context, request, &response).error_code(), grpc::UNIMPLEMENTED);
  registry.Submit(registry.Registration(1));
}

TEST(Submit, ADeadlineThatIsOverChangesNothingAndOneThatPassesIsHonoured) {
  TestRegistry registry;
  const std::string envelope = registry.Registration(1);
  registry.store().Shut();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  v1::SubmitRequest request;
  request.set_envelope(envelope);
  v1::SubmitResponse response;
  EXPECT_EQ(registry.stub().Submit(&context, request, &response).error_code(),
            grpc::DEADLINE_EXCEEDED);
  registry.store().Open();
  // Whether it was logged or not: asked again, it is there once.
  Verified(registry, envelope, registry.Submit(envelope));
}

TEST(Submit, AnUnknownOutcomeIsSaidToBeUnknownAndNothingElseIsAccepted) {
  TestRegistry registry;
  const std::string envelope = registry.Registration(1);
  registry.faults().FailCommit(1, storage::Fault::kFailedButPersisted,
                               absl::ResourceExhaustedError("/srv/secret/path: disk full"));
  const Outcome outcome = Send(registry, envelope);
  EXPECT_EQ(outcome.status.error_code(), grpc::UNKNOWN);
  EXPECT_THAT(outcome.status.error_message(),
              AllOf(HasSubstr("which is safe"), Not(HasSubstr("secret"))));
  EXPECT_TRUE(registry.failed());
  EXPECT_EQ(Send(registry, registry.Registration(2)).status.error_code(), grpc::UNAVAILABLE);
}

TEST(Submit, ManyCallersAtOnceAllGetTheirOwn) {
  TestRegistry registry;
  constexpr int kCallers = 8;
  constexpr int kEach = 4;
  std::vector<std::string> envelopes;
  for (int i = 0; i < kCallers * kEach; ++i) envelopes.push_back(registry.Registration(100 + i));
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = caller * kEach; i < (caller + 1) * kEach; ++i) {
        const std::string& envelope = envelopes[static_cast<size_t>(i)];
        const Outcome outcome = Send(registry, envelope);
        ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
        EXPECT_EQ(Verified(registry, envelope, outcome.receipt).subject.bytes,
                  TestPassportId(100 + i));
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
}

TEST(Submit, DrainAnswersWhatWasBegunAndTurnsAwayTheRest) {
  TestRegistry registry;
  const std::string envelope = registry.Registration(1);
  registry.store().Shut();
  auto begun = std::async(std::launch::async, [&] { return Send(registry, envelope); });
  registry.store().AwaitCommit();
  auto drained = std::async(std::launch::async, [&] { registry.Drain(absl::Seconds(20)); });
  // The open call goes on; new ones are turned away.
  grpc::Status status;
  do {
    grpc::ClientContext context;
    v1::GetCheckpointResponse response;
    status = registry.stub().GetCheckpoint(&context, v1::GetCheckpointRequest(), &response);
  } while (status.ok());
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  registry.store().Open();
  drained.get();
  const Outcome outcome = begun.get();
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  Verified(registry, envelope, outcome.receipt);
}

}  // namespace
}  // namespace touchstone::service
