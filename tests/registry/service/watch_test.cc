// Watch: what is told, in which order, and that a watcher who is cut off at any point and comes
// back hears everything once; the limits; and every way in which a stream can end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "registry/service/limits.h"
#include "tests/registry/service/test_registry.h"
#include "verifier/entry.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

v1::WatchRequest RequestFor(const std::vector<int>& passports) {
  v1::WatchRequest request;
  for (const int passport : passports) request.add_passport_ids(TestPassportId(passport));
  return request;
}

v1::WatchRequest From(v1::WatchRequest request, uint64_t position) {
  request.set_from_position(position);
  return request;
}

class ClientWatch {
 public:
  ClientWatch(TestRegistry& registry, const v1::WatchRequest& request)
      : stub_(v1::Registry::NewStub(registry.NewChannel(grpc::InsecureChannelCredentials()))),
        stream_(stub_->Watch(&context_, request)) {}
  ~ClientWatch() { Cancel(); }

  bool Read(v1::WatchResponse* response) { return stream_->Read(response); }
  v1::WatchResponse Next() {
    v1::WatchResponse response;
    EXPECT_TRUE(stream_->Read(&response));
    return response;
  }
  // Skips what says that nothing has happened.
  v1::WatchResponse NextHappening() {
    v1::WatchResponse response;
    do {
      if (!stream_->Read(&response)) {
        ADD_FAILURE() << "the stream ended";
        return response;
      }
    } while (!response.has_happening());
    return response;
  }
  // All that happened until the stream has caught up.
  std::vector<v1::Happening> UntilUpToDate() {
    std::vector<v1::Happening> all;
    v1::WatchResponse response;
    while (stream_->Read(&response) && response.has_happening()) {
      all.push_back(response.happening());
    }
    EXPECT_TRUE(response.has_up_to_date());
    return all;
  }
  grpc::Status Finish() {
    v1::WatchResponse response;
    while (stream_->Read(&response)) {
    }
    finished_ = true;
    return stream_->Finish();
  }
  void Cancel() {
    context_.TryCancel();
    if (!finished_) Finish();
  }
  std::string refusal() const { return RefusalOf(context_); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::Registry::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> stream_;
  bool finished_ = false;
};

grpc::Status StatusOf(TestRegistry& registry, const v1::WatchRequest& request) {
  return ClientWatch(registry, request).Finish();
}

// The envelope of a report that the piece was stolen. (What builds on an entry cannot come from the
// TestLog, whose positions are its own.)
std::string Theft(TestRegistry& registry, int passport) {
  v1::Statement statement = registry.log().PassportStatement(passport);
  statement.mutable_incident_reported()->set_kind(v1::IncidentReported::STOLEN);
  statement.mutable_incident_reported()->set_occurred_on("2026-11-22");
  return registry.EnvelopeAt(registry.log().Say(statement, {"maison key"}));
}

std::vector<int> KindsOf(const v1::Concern& concern) {
  return {concern.kinds().begin(), concern.kinds().end()};
}

TEST(Watch, TellsWhatHappensAsItHappens) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  registry.Submit(registry.Registration(2));
  ClientWatch watch(registry, RequestFor({1, 2}));
  const v1::WatchResponse begun = watch.Next();
  ASSERT_TRUE(begun.has_up_to_date());
  const auto checkpoint =
      VerifyProvisionalCheckpointNote(registry.policy(), begun.up_to_date().checkpoint());
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->checkpoint.size(), begun.next_position());

  registry.Submit(registry.Registration(3));  // nobody watches it
  registry.Submit(Theft(registry, 2));
  const v1::WatchResponse stolen = watch.NextHappening();
  ASSERT_THAT(stolen.happening().concerns(), SizeIs(1));
  const v1::Concern& concern = stolen.happening().concerns(0);
  EXPECT_EQ(concern.passport_id(), TestPassportId(2));
  EXPECT_THAT(KindsOf(concern), ElementsAre(v1::WATCH_STOLEN));
  EXPECT_EQ(concern.number(), 1u);
  EXPECT_EQ(stolen.next_position(), stolen.happening().position() + 1);
  const auto entry = DecodeEntry(stolen.happening().entry());
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->position, stolen.happening().position());
  EXPECT_EQ(entry->number, 1u);
}

TEST(Watch, OtherPiecesEntriesAreToldByWhatTheyDoToClaims) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  registry.Submit(registry.Registration(2));
  const auto claim = ReportClaim("GIA", "2141438167");
  registry.Submit(registry.EnvelopeAt(registry.log().Report(1, "lab key", "GIA", "2141438167")));
  ClientWatch watch(registry, RequestFor({1}));
  watch.Next();
  // The piece of the others contests the number of this one.
  v1::Statement contest = registry.log().PassportStatement(2);
  v1::LaboratoryReport& report = *contest.mutable_laboratory_report();
  report.set_laboratory("GIA");
  report.set_report_number("2141438167");
  report.add_contests()->set_kind(static_cast<uint32_t>(claim->kind));
  report.mutable_contests(0)->set_subject(claim->subject);
  registry.Submit(registry.EnvelopeAt(registry.log().Say(contest, {"lab key"})));
  const v1::Happening contested = watch.NextHappening().happening();
  EXPECT_EQ(contested.entry(), "") << "that is another piece's";
  ASSERT_THAT(contested.concerns(), SizeIs(1));
  EXPECT_FALSE(contested.concerns(0).has_number());
  EXPECT_THAT(KindsOf(contested.concerns(0)), ElementsAre(v1::WATCH_CLAIM_CONTESTED));
  ASSERT_THAT(contested.concerns(0).claims(), SizeIs(1));
  EXPECT_EQ(contested.concerns(0).claims(0).subject(), claim->subject);
  EXPECT_EQ(contested.concerns(0).claims(0).number(), 1u);

  registry.Submit(registry.EnvelopeAt(registry.log().Resolve(2, "lab key", *claim)));
  EXPECT_THAT(KindsOf(watch.NextHappening().happening().concerns(0)),
              ElementsAre(v1::WATCH_CLAIM_RESOLVED));
}

TEST(Watch, ARevokedKeyConcernsThosePiecesThatItHasVouchedFor) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  registry.Submit(registry.Registration(2));
  registry.Submit(registry.EnvelopeAt(registry.log().Report(2, "lab key", "GIA", "2141438167")));
  ClientWatch watch(registry, RequestFor({1, 2}));
  watch.Next();
  registry.Submit(registry.EnvelopeAt(registry.log().RevokeKey("lab", "lab key", 3)));
  const v1::Happening revoked = watch.NextHappening().happening();
  ASSERT_THAT(revoked.concerns(), SizeIs(1));
  EXPECT_EQ(revoked.concerns(0).passport_id(), TestPassportId(2));
  EXPECT_THAT(KindsOf(revoked.concerns(0)), ElementsAre(v1::WATCH_KEY_REVOKED));
  EXPECT_NE(revoked.entry(), "") << "participants' entries are public";
  registry.Submit(registry.EnvelopeAt(registry.log().RevokeKey("maison", "maison key")));
  EXPECT_THAT(watch.NextHappening().happening().concerns(), SizeIs(2));
}

TEST(Watch, OnlyTheKindsThatWereAskedFor) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  v1::WatchRequest request = From(RequestFor({1}), 0);
  request.add_kinds(v1::WATCH_STOLEN);
  registry.Submit(registry.EnvelopeAt(registry.log().Care(1, "maison key")));
  registry.Submit(Theft(registry, 1));
  ClientWatch watch(registry, request);
  const std::vector<v1::Happening> told = watch.UntilUpToDate();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(KindsOf(told[0].concerns(0)), ElementsAre(v1::WATCH_STOLEN));
}

// More than lies ready for one stream at a time, from both ends.
TEST(Watch, CatchesUpWithALongHistory) {
  TestRegistry registry;
  constexpr int kPieces = 40;
  constexpr int kEntries = 2 * static_cast<int>(limits::kWatchPageEntries);
  std::vector<int> passports;
  for (int piece = 0; piece < kPieces; ++piece) {
    passports.push_back(piece);
    registry.Submit(registry.Registration(piece));
  }
  // Of two pieces more than a page; of the others a few.
  std::vector<std::string> envelopes;
  for (int i = 0; i < kEntries; ++i) {
    envelopes.push_back(registry.EnvelopeAt(registry.log().Care(i % 2, "maison key")));
    envelopes.push_back(registry.EnvelopeAt(registry.log().Care(2 + i % 38, "maison key")));
  }
  for (const std::string& envelope : envelopes) registry.Submit(envelope);
  ClientWatch watch(registry, From(RequestFor(passports), 0));
  const std::vector<v1::Happening> told = watch.UntilUpToDate();
  ASSERT_THAT(told, SizeIs(kPieces + 2 * kEntries));
  for (size_t i = 1; i < told.size(); ++i) EXPECT_GT(told[i].position(), told[i - 1].position());
}

// Cut off at random, while more and more is logged: the sequence that is heard is the log's.
TEST(Watch, WhoComesBackHearsEverythingOnce) {
  TestRegistry registry([](Options& options) { options.watch_streams_per_address = 1000; });
  constexpr int kPieces = 6;
  constexpr int kEntries = 300;
  for (int piece = 0; piece < kPieces; ++piece) registry.Submit(registry.Registration(piece));
  std::vector<std::string> envelopes;
  std::mt19937 random(20261126);
  std::map<int, uint32_t> entries_of;
  for (int i = 0; i < kEntries; ++i) {
    const int piece = static_cast<int>(random() % kPieces);
    ++entries_of[piece];
    envelopes.push_back(registry.EnvelopeAt(registry.log().Care(piece, "maison key")));
  }
  const uint64_t start = registry.ledger().Newest()->size();
  auto writer = std::async(std::launch::async, [&] {
    for (const std::string& envelope : envelopes) registry.Submit(envelope);
  });

  const v1::WatchRequest request = RequestFor({0, 1, 2});  // half of them
  const uint32_t wanted = entries_of[0] + entries_of[1] + entries_of[2];
  uint64_t next = start;
  std::vector<uint64_t> heard;
  std::map<std::string, std::vector<uint32_t>> numbers;
  while (heard.size() < wanted) {
    ClientWatch watch(registry, From(request, next));
    for (uint64_t left = random() % 12; left > 0 && heard.size() < wanted; --left) {
      const v1::WatchResponse response = watch.Next();
      ASSERT_GE(response.next_position(), next);
      next = response.next_position();
      if (!response.has_happening()) continue;
      heard.push_back(response.happening().position());
      for (const v1::Concern& concern : response.happening().concerns()) {
        numbers[concern.passport_id()].push_back(concern.number());
      }
    }
  }
  writer.get();
  for (size_t i = 1; i < heard.size(); ++i) EXPECT_GT(heard[i], heard[i - 1]);
  for (int piece = 0; piece < 3; ++piece) {
    std::vector<uint32_t> all;
    for (uint32_t number = 1; number <= entries_of[piece]; ++number) all.push_back(number);
    EXPECT_EQ(numbers[TestPassportId(piece)], all);
  }
  ClientWatch last(registry, From(request, next));
  EXPECT_THAT(last.UntilUpToDate(), SizeIs(0));
}

// Right after a commit, the thread that wakes streams may not have seen it; who asks has.
TEST(Watch, BeginsNoEarlierThanWhatTheClientMayKnow) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  ClientWatch other(registry, RequestFor({1}));
  other.Next();
  for (int i = 0; i < 30; ++i) {
    registry.Submit(registry.EnvelopeAt(registry.log().Care(1, "maison key")));
    const uint64_t size = registry.ledger().Newest()->size();
    ClientWatch watch(registry, From(RequestFor({1}), size - 2));
    const std::vector<v1::Happening> told = watch.UntilUpToDate();
    ASSERT_THAT(told, SizeIs(1)) << i;
    ClientWatch from_here(registry, From(RequestFor({1}), size));
    EXPECT_EQ(from_here.Next().next_position(), size);
  }
}

TEST(Watch, SilenceIsSaidToBeSilence) {
  TestRegistry registry([](Options& options) { options.watch_heartbeat_seconds = 0; });
  registry.Submit(registry.Registration(1));
  ClientWatch watch(registry, RequestFor({1}));
  const uint64_t begun = watch.Next().next_position();
  registry.Submit(registry.Registration(2));
  // What others log moves the place from which to go on.
  uint64_t position = begun;
  while (position == begun) {
    registry.server().Tick();
    const v1::WatchResponse response = watch.Next();
    ASSERT_TRUE(response.has_up_to_date());
    position = response.next_position();
  }
  EXPECT_GT(position, begun);
}

TEST(Watch, RequestsThatAskForNothingThatCanBe) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  EXPECT_EQ(StatusOf(registry, {}).error_code(), grpc::INVALID_ARGUMENT);

  v1::WatchRequest short_id;
  short_id.add_passport_ids("short");
  const grpc::Status of_short = StatusOf(registry, short_id);
  EXPECT_EQ(of_short.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(of_short.error_message(), HasSubstr("passport_ids[0]"));

  EXPECT_THAT(StatusOf(registry, RequestFor({1, 1})).error_message(), HasSubstr("twice"));

  std::vector<int> many;
  for (int i = 0; i <= static_cast<int>(limits::kWatchedPassportsMax); ++i) many.push_back(i);
  const grpc::Status of_many = StatusOf(registry, RequestFor(many));
  EXPECT_EQ(of_many.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(of_many.error_message(), HasSubstr("several streams"));

  v1::WatchRequest unknown_kind = RequestFor({1});
  unknown_kind.add_kinds(static_cast<v1::WatchKind>(99));
  EXPECT_THAT(StatusOf(registry, unknown_kind).error_message(), HasSubstr("99"));

  ClientWatch unknown(registry, RequestFor({1, 77}));
  EXPECT_EQ(unknown.Finish().error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(unknown.refusal(), "no_such_subject");

  const grpc::Status beyond = StatusOf(registry, From(RequestFor({1}), 1'000'000));
  EXPECT_EQ(beyond.error_code(), grpc::OUT_OF_RANGE);
  EXPECT_THAT(beyond.error_message(), HasSubstr("1000000"));

  std::string response;
  const grpc::Status garbage =
      CallRaw(registry.NewChannel(grpc::InsecureChannelCredentials()),
              "/touchstone.v1.Registry/Watch", "\xff\xff garbage", &response);
  EXPECT_EQ(garbage.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(ClientWatch(registry, RequestFor({1})).UntilUpToDate(), SizeIs(0));
}

TEST(Watch, OneTooManyIsTurnedAway) {
  TestRegistry registry([](Options& options) { options.watch_streams = 2; });
  registry.Submit(registry.Registration(1));
  ClientWatch first(registry, RequestFor({1})), second(registry, RequestFor({1}));
  first.Next();
  second.Next();
  EXPECT_EQ(StatusOf(registry, RequestFor({1})).error_code(), grpc::RESOURCE_EXHAUSTED);
  first.Cancel();
  // Its place is free again before long.
  grpc::Status status(grpc::RESOURCE_EXHAUSTED, "");
  while (status.error_code() == grpc::RESOURCE_EXHAUSTED) {
    ClientWatch third(registry, RequestFor({1}));
    v1::WatchResponse response;
    if (third.Read(&response)) break;
    status = third.Finish();
  }
}

TEST(Watch, OneAddressHasItsShareOnly) {
  TestRegistry registry([](Options& options) { options.watch_streams_per_address = 1; });
  registry.Submit(registry.Registration(1));
  ClientWatch first(registry, RequestFor({1}));
  first.Next();
  const grpc::Status second = StatusOf(registry, RequestFor({1}));
  EXPECT_EQ(second.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_THAT(second.error_message(), HasSubstr("this address"));
}

TEST(Watch, AStopEndsItWithWhatToDo) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  ClientWatch watch(registry, RequestFor({1}));
  watch.Next();
  registry.Drain(absl::Seconds(10));
  const grpc::Status status = watch.Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("next_position"));
}

// Whoever reads slowly keeps nothing but his place: what he has not read is read for him later.
TEST(Watch, ASlowReaderHoldsNothingUp) {
  TestRegistry registry;
  registry.Submit(registry.Registration(1));
  ClientWatch slow(registry, From(RequestFor({1}), 0));
  slow.Next();
  for (int i = 0; i < 100; ++i) {
    registry.Submit(registry.EnvelopeAt(registry.log().Care(1, "maison key")));
  }
  ClientWatch quick(registry, From(RequestFor({1}), 0));
  EXPECT_THAT(quick.UntilUpToDate(), SizeIs(101));
  uint32_t number = 0;
  while (number < 100) number = slow.NextHappening().happening().concerns(0).number();
}

// Once the connection's buffers are full, nothing moves: the stream is given up, and with it its
// place.
TEST(Watch, WhoTakesNothingIsCutOff) {
  TestRegistry registry([](Options& options) {
    options.watch_streams = 1;
    options.stream_idle_seconds = 0;
  });
  constexpr int kPieces = 8;
  std::vector<int> passports;
  for (int piece = 0; piece < kPieces; ++piece) {
    passports.push_back(piece);
    registry.Submit(registry.Registration(piece));
    for (int i = 0; i < 100; ++i) {
      v1::Statement care = registry.log().PassportStatement(piece);
      care.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
      care.mutable_care_record()->set_performed_on("2026-11-22");
      care.mutable_care_record()->set_description(std::string(1000, 'd'));
      registry.Submit(registry.EnvelopeAt(registry.log().Say(care, {"maison key"})));
    }
  }
  ClientWatch deaf(registry, From(RequestFor(passports), 0));
  deaf.Next();  // it has begun
  bool is_free = false;
  while (!is_free) {
    ClientWatch other(registry, RequestFor({0}));
    v1::WatchResponse response;
    is_free = other.Read(&response);
    registry.server().Tick();
  }
  EXPECT_EQ(deaf.Finish().error_code(), grpc::CANCELLED);
}

}  // namespace
}  // namespace touchstone::service
