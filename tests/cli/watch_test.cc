// What `touchstone watch` makes of what a registry tells: nothing is written that the verified
// passport does not show, and what the registry leaves out shows, loudly. And the file that keeps
// its place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/app.h"
#include "cli/exit_status.h"
#include "cli/watch/watch_state.h"
#include "tests/cli/fake_registry.h"
#include "tests/cli/temporary_directory.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/registry_service.pb.h"

namespace touchstone::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TestLog::Options LongAgo() {
  TestLog::Options options;
  options.genesis_time_ms = 1'600'000'000'000;
  return options;
}

class Watch : public testing::Test {
 protected:
  Watch() : log_(LongAgo()) {
    log_.Enrol("maison", {v1::ISSUER}, {"maison"});
    log_.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
    log_.Register(1, "maison");
    log_.Register(2, "maison");
    begin_ = log_.Commit();
    registry_.log = &log_;
    directory_.Write("policy.txt", log_.PolicyText());
  }

  // A record of piece 1; its position.
  uint64_t Care() {
    const uint64_t position = log_.Care(1, "atelier").position;
    log_.Commit();
    registry_.passport = log_.PassportFile(1);
    return position;
  }

  // What a registry says of it.
  v1::WatchResponse Told(uint64_t position, uint32_t number) const {
    v1::WatchResponse response;
    response.set_next_position(position + 1);
    v1::Happening& happening = *response.mutable_happening();
    happening.set_position(position);
    happening.set_entry(log_.Frame(position));
    v1::Concern& concern = *happening.add_concerns();
    concern.set_passport_id(TestPassportId(1));
    concern.add_kinds(v1::WATCH_RECORD);
    concern.set_number(number);
    return response;
  }
  v1::WatchResponse UpToDate() const {
    v1::WatchResponse response;
    response.set_next_position(log_.size());
    response.mutable_up_to_date()->set_checkpoint(log_.Checkpoint());
    return response;
  }
  void Tell(const std::vector<v1::WatchResponse>& responses) {
    registry_.watch.clear();
    for (const v1::WatchResponse& each : responses) {
      registry_.watch.push_back(each.SerializeAsString());
    }
  }

  int Touchstone(std::vector<std::string> more = {}) {
    more.push_back("--once");
    return UntilItEnds(more);
  }
  int UntilItEnds(const std::vector<std::string>& more) {
    const std::string id = ValueOrDie(PassportId::FromBytes(TestPassportId(1))).Format();
    std::vector<std::string> arguments = {"touchstone",
                                          "--registry",
                                          registry_.address(),
                                          "--policy",
                                          directory_.Path("policy.txt"),
                                          "watch",
                                          id,
                                          "--state",
                                          directory_.Path("state")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = RunTouchstone(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return status;
  }
  // From where the log was when all began.
  int FromBegin() { return Touchstone({"--from", absl::StrCat(begin_)}); }

  WatchState State() const {
    const auto state = LoadWatchState(directory_.Path("state"));
    EXPECT_THAT(state, IsOk());
    return **state;
  }

  TestLog log_;
  uint64_t begin_ = 0;
  FakeRegistry registry_;
  TemporaryDirectory directory_;
  std::string out_;
  std::string err_;
};

TEST_F(Watch, WhatIsToldAndIsSoIsWritten) {
  const uint64_t position = Care();
  Tell({Told(position, 1), UpToDate()});
  EXPECT_EQ(FromBegin(), kExitOk) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(absl::StrCat(position, "  ")), HasSubstr("  record  ")));
  EXPECT_EQ(State().next_position, log_.size());
  // And it goes on from there.
  const uint64_t next = Care();
  Tell({Told(next, 2), UpToDate()});
  EXPECT_EQ(Touchstone(), kExitOk) << err_;
  EXPECT_THAT(out_, testing::StartsWith(absl::StrCat(next, "  ")));
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 1);
}

TEST_F(Watch, SilenceAboutWhatHappenedIsFoundOut) {
  Care();
  Tell({UpToDate()});
  EXPECT_EQ(FromBegin(), kExitRefused);
  EXPECT_THAT(out_, HasSubstr("(LEFT OUT BY THE REGISTRY)"));
  EXPECT_THAT(err_, HasSubstr("LEFT OUT 1"));
  // It was said; the next run goes on behind it.
  EXPECT_EQ(Touchstone(), kExitOk) << err_;
  EXPECT_EQ(out_, "");
}

TEST_F(Watch, WhatIsLeftOutBeforeSomethingElseIsFoundOutAtOnce) {
  const uint64_t left_out = Care();
  const uint64_t told = Care();
  Tell({Told(told, 2)});
  EXPECT_EQ(FromBegin(), kExitRefused);
  EXPECT_THAT(out_, AllOf(HasSubstr(absl::StrCat(left_out, "  ")), HasSubstr("LEFT OUT"),
                          HasSubstr(absl::StrCat(told, "  "))));
  // Both were written: whoever begins again hears neither twice.
  Tell({Told(told, 2), UpToDate()});
  EXPECT_EQ(Touchstone(), kExitOk) << err_;
  EXPECT_EQ(out_, "");
}

TEST_F(Watch, OneThatNeverSaysAnythingIsFoundOutToo) {
  const uint64_t position = Care();
  Tell({});
  registry_.watch_stays_open = true;
  EXPECT_EQ(UntilItEnds({"--from", absl::StrCat(begin_), "--check-every", "50ms", "--silence-max",
                         "150ms"}),
            kExitRefused);
  EXPECT_THAT(out_, AllOf(testing::StartsWith(absl::StrCat(position, "  ")),
                          HasSubstr("(LEFT OUT BY THE REGISTRY)")));
  EXPECT_THAT(err_, HasSubstr("LEFT OUT 1"));
  // Nor is it waited for for ever.
  EXPECT_EQ(Touchstone({"--silence-max", "50ms"}), kExitUnavailable);
  EXPECT_THAT(err_, HasSubstr("has said nothing for"));
}

TEST_F(Watch, WhatIsBeyondTheLogIsNotWaitedFor) {
  const uint64_t position = Care();
  v1::WatchResponse beyond = Told(position, 1);
  beyond.mutable_happening()->set_position(log_.size() + 5);
  beyond.set_next_position(log_.size() + 6);
  Tell({beyond});
  EXPECT_EQ(UntilItEnds({"--from", absl::StrCat(begin_)}), kExitRefused);
  EXPECT_THAT(err_, HasSubstr(absl::StrCat("its log has ", log_.size(), " entries only")));
}

TEST_F(Watch, WhatIsNotSoIsNotWritten) {
  const uint64_t position = Care();
  v1::WatchResponse stolen = Told(position, 1);
  stolen.mutable_happening()->mutable_concerns(0)->set_kinds(0, v1::WATCH_STOLEN);
  v1::WatchResponse other_frame = Told(position, 1);
  other_frame.mutable_happening()->set_entry(log_.Frame(2));
  v1::WatchResponse other_number = Told(position, 7);
  v1::WatchResponse index_root = Told(position + 1, 1);
  registry_.passport = log_.PassportFile(1);
  for (const v1::WatchResponse& lie : {stolen, other_frame, other_number}) {
    std::remove(directory_.Path("state").c_str());
    Tell({lie, UpToDate()});
    EXPECT_EQ(FromBegin(), kExitRefused);
    EXPECT_EQ(out_, "");
    EXPECT_THAT(err_, HasSubstr("that is not so"));
  }
  std::remove(directory_.Path("state").c_str());
  Tell({index_root});
  EXPECT_EQ(FromBegin(), kExitRefused);
  EXPECT_THAT(out_, HasSubstr("LEFT OUT")) << "the care record is so";
}

TEST_F(Watch, OfOtherPiecesAndOtherPlacesNothingIsBelieved) {
  const uint64_t position = Care();
  v1::WatchResponse other = Told(position, 1);
  other.mutable_happening()->mutable_concerns(0)->set_passport_id(TestPassportId(2));
  v1::WatchResponse before = Told(begin_ - 2, 0);
  v1::WatchResponse skips = Told(position, 1);
  skips.set_next_position(position + 100);
  v1::WatchResponse larger = UpToDate();
  larger.set_next_position(log_.size() + 10);
  v1::WatchResponse forged = UpToDate();
  (*forged.mutable_up_to_date()->mutable_checkpoint())[2] ^= 1;
  for (const v1::WatchResponse& lie : {other, before, skips, larger, forged, v1::WatchResponse()}) {
    std::remove(directory_.Path("state").c_str());
    Tell({lie});
    EXPECT_NE(FromBegin(), kExitOk);
    EXPECT_EQ(out_, "");
    EXPECT_EQ(State().next_position, begin_);
  }
}

TEST_F(Watch, AnotherPassportIsNoAnswer) {
  const uint64_t position = Care();
  Tell({Told(position, 1), UpToDate()});
  registry_.passport = log_.PassportFile(2);
  EXPECT_EQ(FromBegin(), kExitRefused);
  EXPECT_EQ(out_, "");
}

TEST(WatchState, IsReadAsItWasWrittenAndNotOtherwise) {
  WatchState state;
  state.origin = "passports.example/log";
  state.next_position = 17;
  state.log = LogState{18, Digest{7}};
  state.complete_to.emplace(ValueOrDie(PassportId::FromBytes(std::string(16, 'p'))), 12);
  const std::string text = EncodeWatchState(state);
  const WatchState read = ValueOrDie(DecodeWatchState(text));
  EXPECT_EQ(read.origin, state.origin);
  EXPECT_EQ(read.next_position, 17u);
  EXPECT_EQ(read.log->size, 18u);
  EXPECT_EQ(read.log->root, Digest{7});
  EXPECT_EQ(read.complete_to, state.complete_to);
  for (size_t length = 0; length < text.size(); ++length) {
    const auto cut = DecodeWatchState(text.substr(0, length));
    // Whole lines that are missing at the end leave a state in which less is known.
    if (!cut.ok()) continue;
    EXPECT_EQ(EncodeWatchState(*cut), text.substr(0, length));
  }
  EXPECT_FALSE(DecodeWatchState(text + "next 18\n").ok());
  EXPECT_FALSE(DecodeWatchState(text + "what is this\n").ok());
  EXPECT_FALSE(DecodeWatchState("").ok());
}

}  // namespace
}  // namespace touchstone::cli
