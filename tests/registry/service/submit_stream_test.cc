// SubmitStream: per-item answers, back-pressure, and every way in which a stream can end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/registry/service/test_registry.h"
#include "verifier/verify_receipt.h"

namespace touchstone::service {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ClientStream {
 public:
  explicit ClientStream(TestRegistry& registry)
      : stub_(v1::Registry::NewStub(registry.NewChannel(grpc::InsecureChannelCredentials()))),
        stream_(stub_->SubmitStream(&context_)) {}

  bool Write(uint64_t tag, const std::string& envelope) {
    v1::SubmitStreamRequest request;
    request.set_tag(tag);
    request.set_envelope(envelope);
    return stream_->Write(request);
  }
  // All answers until the server ends the stream, by their tags.
  std::map<uint64_t, v1::SubmitStreamResponse> ReadAll() {
    std::map<uint64_t, v1::SubmitStreamResponse> answers;
    v1::SubmitStreamResponse answer;
    while (stream_->Read(&answer)) {
      EXPECT_TRUE(answers.emplace(answer.tag(), answer).second) << "answered twice";
    }
    return answers;
  }
  v1::SubmitStreamResponse ReadOne() {
    v1::SubmitStreamResponse answer;
    EXPECT_TRUE(stream_->Read(&answer));
    return answer;
  }
  void WritesDone() { stream_->WritesDone(); }
  grpc::Status Finish() { return stream_->Finish(); }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::Registry::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>>
      stream_;
};

TEST(SubmitStream, EachStatementIsAnsweredByItself) {
  TestRegistry registry;
  std::vector<std::string> envelopes;
  for (int i = 0; i < 50; ++i) envelopes.push_back(registry.Registration(i));
  std::string forged = registry.Registration(50);
  forged[forged.size() - 40] ^= 1;

  ClientStream stream(registry);
  for (size_t i = 0; i < envelopes.size(); ++i) ASSERT_TRUE(stream.Write(i, envelopes[i]));
  ASSERT_TRUE(stream.Write(1000, "garbage"));
  ASSERT_TRUE(stream.Write(1001, forged));
  ASSERT_TRUE(stream.Write(1002, envelopes[0]));  // again
  stream.WritesDone();
  const auto answers = stream.ReadAll();
  const grpc::Status status = stream.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();

  ASSERT_THAT(answers, SizeIs(53));
  for (size_t i = 0; i < envelopes.size(); ++i) {
    const auto sent = Envelope::Parse(PayloadType::kStatement, envelopes[i]);
    const auto receipt = VerifyReceipt(registry.policy(), answers.at(i).receipt(), *sent);
    ASSERT_TRUE(receipt.ok()) << receipt.status() << answers.at(i).error().message();
    EXPECT_EQ(receipt->subject.bytes, TestPassportId(static_cast<int>(i)));
  }
  EXPECT_EQ(answers.at(1000).error().status_code(), uint32_t{grpc::INVALID_ARGUMENT});
  EXPECT_NE(answers.at(1000).error().refusal(), "");
  EXPECT_EQ(answers.at(1001).error().refusal(), "bad_signature");
  EXPECT_EQ(answers.at(1001).error().status_code(), uint32_t{grpc::UNAUTHENTICATED});
  EXPECT_NE(answers.at(1002).receipt(), "");
}

TEST(SubmitStream, AnEmptyStreamEndsWell) {
  TestRegistry registry;
  ClientStream stream(registry);
  stream.WritesDone();
  EXPECT_THAT(stream.ReadAll(), SizeIs(0));
  EXPECT_TRUE(stream.Finish().ok());
}

// While nothing is answered, the server takes no more than its window and what lies in the
// buffers of the connection; the rest waits at the client.
TEST(SubmitStream, IsReadOnOnlyWhileFewAreUnanswered) {
  constexpr uint32_t kWindow = 4;
  TestRegistry registry([](Options& options) { options.stream_window = kWindow; });
  const std::string envelope = registry.Registration(1);
  // Big enough for a few to fill the connection's window of 64 KiB.
  const std::string big = std::string(60 << 10, 'x');
  registry.store().Shut();
  ClientStream stream(registry);
  ASSERT_TRUE(stream.Write(0, envelope));
  registry.store().AwaitCommit();
  std::vector<std::string> more;
  for (int i = 2; i <= 4; ++i) more.push_back(registry.Registration(i));
  for (const std::string& each : more) ASSERT_TRUE(stream.Write(1, each));

  // The window is full: of those that follow, garbage which would be answered at once, none is.
  std::atomic<int> written = 0;
  auto writer = std::async(std::launch::async, [&] {
    for (int i = 0; i < 200; ++i) {
      if (!stream.Write(static_cast<uint64_t>(100 + i), big)) return false;
      ++written;
    }
    stream.WritesDone();
    return true;
  });
  EXPECT_EQ(writer.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout)
      << "12 MB were taken in although nothing was answered";
  EXPECT_LT(written, 200);

  registry.store().Open();
  v1::SubmitStreamResponse answer;
  int receipts = 0;
  int errors = 0;
  for (int i = 0; i < 204; ++i) {
    answer = stream.ReadOne();
    if (answer.has_error()) {
      ++errors;
    } else {
      ++receipts;
    }
  }
  EXPECT_TRUE(writer.get());
  EXPECT_EQ(receipts, 4);
  EXPECT_EQ(errors, 200);
  EXPECT_TRUE(stream.Finish().ok());
}

TEST(SubmitStream, AClientThatGoesAwayLeavesNothingBehind) {
  TestRegistry registry([](Options& options) { options.bulk_streams = 1; });
  const std::string envelope = registry.Registration(1);
  registry.store().Shut();
  {
    ClientStream stream(registry);
    ASSERT_TRUE(stream.Write(1, envelope));
    registry.store().AwaitCommit();
    stream.Cancel();
    EXPECT_EQ(stream.Finish().error_code(), grpc::CANCELLED);
  }
  registry.store().Open();
  registry.Submit(envelope);  // was taken, or is now: once
  // The only stream that may be open is free again before long.
  grpc::Status status;
  do {
    ClientStream stream(registry);
    stream.WritesDone();
    stream.ReadAll();
    status = stream.Finish();
  } while (status.error_code() == grpc::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(SubmitStream, OneTooManyIsTurnedAway) {
  TestRegistry registry([](Options& options) { options.bulk_streams = 2; });
  ClientStream first(registry), second(registry);
  first.Write(1, "garbage");
  second.Write(1, "garbage");
  first.ReadOne();
  second.ReadOne();
  ClientStream third(registry);
  third.ReadAll();
  EXPECT_EQ(third.Finish().error_code(), grpc::RESOURCE_EXHAUSTED);
  first.WritesDone();
  EXPECT_TRUE(first.Finish().ok());
  second.WritesDone();
  EXPECT_TRUE(second.Finish().ok());
}

TEST(SubmitStream, OversizedMessagesEndTheStreamAndNothingElse) {
  TestRegistry registry;
  ClientStream stream(registry);
  stream.Write(1, std::string(80 << 10, 'x'));
  stream.WritesDone();
  stream.ReadAll();
  EXPECT_EQ(stream.Finish().error_code(), grpc::RESOURCE_EXHAUSTED);
  registry.Submit(registry.Registration(1));
}

TEST(SubmitStream, ASilentStreamIsEnded) {
  TestRegistry registry([](Options& options) { options.stream_idle_seconds = 0; });
  ClientStream stream(registry);
  auto ended = std::async(std::launch::async, [&] { return stream.ReadAll().size(); });
  // The stream may not have reached the server yet.
  while (ended.wait_for(std::chrono::milliseconds(1)) == std::future_status::timeout) {
    registry.server().Tick();
  }
  EXPECT_EQ(ended.get(), 0u);
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED) << status.error_message();
}

TEST(SubmitStream, OneThatWaitsForTheLedgerIsNotSilent) {
  TestRegistry registry([](Options& options) { options.stream_idle_seconds = 0; });
  const std::string envelope = registry.Registration(1);
  registry.store().Shut();
  ClientStream stream(registry);
  stream.Write(1, envelope);
  registry.store().AwaitCommit();
  registry.server().Tick();
  registry.store().Open();
  EXPECT_NE(stream.ReadOne().receipt(), "");
  stream.WritesDone();
  EXPECT_TRUE(stream.Finish().ok());
}

TEST(SubmitStream, DrainAnswersWhatWasReadAndEndsTheStream) {
  TestRegistry registry;
  const std::string envelope = registry.Registration(1);
  registry.store().Shut();
  ClientStream stream(registry);
  ASSERT_TRUE(stream.Write(1, envelope));
  registry.store().AwaitCommit();
  auto drained = std::async(std::launch::async, [&] { registry.Drain(absl::Seconds(20)); });
  EXPECT_EQ(drained.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  registry.store().Open();
  const auto answers = stream.ReadAll();
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_NE(answers.at(1).receipt(), "");
  EXPECT_EQ(stream.Finish().error_code(), grpc::UNAVAILABLE);
  drained.get();
}

TEST(SubmitStream, DrainCancelsOneThatDoesNotTakeItsAnswers) {
  TestRegistry registry;
  ClientStream stream(registry);
  stream.Write(1, "garbage");
  registry.Drain(absl::Milliseconds(1));  // returns, whatever the client does
  stream.ReadAll();
  EXPECT_FALSE(stream.Finish().ok());
}

TEST(SubmitStream, AfterAFailedCommitTheOutcomeIsSaidToBeUnknown) {
  TestRegistry registry;
  registry.faults().FailCommit(1, storage::Fault::kFailed);
  ClientStream stream(registry);
  stream.Write(1, registry.Registration(1));
  stream.WritesDone();
  const auto answers = stream.ReadAll();
  ASSERT_THAT(answers, SizeIs(1));
  EXPECT_EQ(answers.at(1).error().status_code(), uint32_t{grpc::UNKNOWN});
  EXPECT_THAT(answers.at(1).error().message(), HasSubstr("which is safe"));
  EXPECT_TRUE(registry.failed());
}

}  // namespace
}  // namespace touchstone::service
