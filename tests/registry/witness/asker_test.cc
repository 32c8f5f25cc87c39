// A ledger and its witnesses: what is cosigned, who fails, who lies, and what a database that was
// put back looks like to those who remember.
#include "registry/witness/asker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "registry/storage/guard_file.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/registry/witness/test_witness.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_passport.h"

namespace touchstone::witness {
namespace {

using ledger::TestRegistry;
using ledger::View;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::chrono::seconds kPatience(60);

// Until it is so; a test that waits longer has failed.
template <typename Condition>
void Await(const Condition& holds) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    ASSERT_LT(std::chrono::steady_clock::now(), until);
    std::this_thread::yield();
  }
}

class AskerTest : public ::testing::Test {
 protected:
  AskerTest() {
    registry_.Start();
    for (const char* name : {"w1", "w2"}) {
      witnesses_.push_back(
          std::make_unique<TestWitness>(name, registry_.signer().log_key().Format()));
    }
    Open();
  }

  TestWitness& w1() { return *witnesses_[0]; }
  TestWitness& w2() { return *witnesses_[1]; }

  WitnessPolicy Policy() {
    std::string text = absl::StrCat("log ", registry_.signer().log_key().Format(), "\ngenesis ",
                                    DigestToHex(*registry_.Policy().genesis()), "\n");
    for (const auto& witness : witnesses_) text += witness->PolicyLine();
    absl::StrAppend(&text, "group all ", quorum_, " w1 w2\nquorum all\n");
    return ValueOrDie(WitnessPolicy::Parse(text, registry_.signer().log_key()));
  }

  void Open() {
    asker_.reset();
    registry_.Close();
    policy_ = std::make_unique<WitnessPolicy>(Policy());
    registry_.options().witness_policy = policy_->policy();
    ASSERT_THAT(registry_.Open(), IsOk());
  }

  void StartAsking() {
    asker_.reset();
    http_ = ValueOrDie(NewHttpClient(""));
    AskerOptions options;
    options.round_min = absl::ZeroDuration();
    options.retry_min = absl::Milliseconds(1);
    options.retry_max = absl::Milliseconds(2);
    options.request_max = absl::Seconds(30);
    asker_ =
        std::make_unique<Asker>(Asker::Parts{registry_.ledger(), *policy_, *http_, clock_, log_,
                                             [this](const absl::Status& status) {
                                               registry_.ledger().Halt(status);
                                               contradicted_ = true;
                                             }},
                                options);
  }

  uint64_t Register(int passport) {
    registry_.Accepted(registry_.Registration(passport));
    return registry_.Newest()->size();
  }
  uint64_t CosignedSize() {
    const std::shared_ptr<const View> view = registry_.ledger().Cosigned();
    return view == nullptr ? 0 : view->size();
  }
  void AwaitCosigned(uint64_t size) {
    Await([&] { return CosignedSize() >= size; });
  }
  int Lines(absl::string_view event) {
    absl::MutexLock lock(&mutex_);
    int count = 0;
    for (const std::string& line : lines_) count += absl::StrContains(line, event);
    return count;
  }
  std::string LogText() {
    absl::MutexLock lock(&mutex_);
    return absl::StrJoin(lines_, "\n");
  }

  // Puts the database back to what it was, and the guard to what it is then: as who restores a
  // whole machine does.
  void PutBack(const std::map<std::string, std::string>& dump) {
    asker_.reset();
    registry_.Close();
    storage::WriteBatch batch;
    for (const auto& [key, value] : TestRegistry::Dump(registry_.store())) batch.Delete(key);
    for (const auto& [key, value] : dump) batch.Put(key, value);
    ASSERT_THAT(registry_.store().Commit(batch), IsOk());
    std::filesystem::remove(registry_.guard_path());
    ASSERT_THAT(storage::GuardFile::Create(registry_.guard_path(), dump.at("H")), IsOk());
    Open();
  }

  TestRegistry registry_;
  std::string quorum_ = "2";
  std::vector<std::unique_ptr<TestWitness>> witnesses_;
  std::unique_ptr<WitnessPolicy> policy_;
  std::unique_ptr<HttpClient> http_;
  const ledger::SystemClock clock_;
  absl::Mutex mutex_;
  std::vector<std::string> lines_;
  service::Log log_{service::LogLevel::kDebug, service::LogFormat::kText,
                    [this](const std::string& line) {
                      absl::MutexLock lock(&mutex_);
                      lines_.push_back(line);
                    },
                    [] { return absl::UnixEpoch(); }};
  std::atomic<bool> contradicted_ = false;
  std::unique_ptr<Asker> asker_;
};

TEST_F(AskerTest, WhatAQuorumCosignsIsServed) {
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  for (int i = 0; i < 30; ++i) AwaitCosigned(Register(i));
  const auto file = registry_.ledger().Cosigned()->PassportFile(
      ValueOrDie(PassportId::FromBytes(TestPassportId(29))));
  ASSERT_THAT(file, IsOk());
  const auto record =
      CheckPassport(policy_->policy(), *file, Observed{}, registry_.clock().NowMs());
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->log.witnesses.size(), 2u);
  EXPECT_EQ(Lines("(witness_cosigns)"), 2);
  EXPECT_EQ(Lines("(witness_fails)"), 0);
  EXPECT_FALSE(contradicted_);
}

TEST_F(AskerTest, AWitnessThatIsDownHoldsBackTheCosignedViewOnly) {
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  const uint64_t cosigned = Register(1);
  AwaitCosigned(cosigned);
  w2().Pause();
  const uint64_t newest = Register(2);
  w1().AwaitSize(newest);
  EXPECT_EQ(CosignedSize(), cosigned);
  EXPECT_EQ(registry_.Newest()->size(), newest);
  Await([&] { return Lines("(witness_fails)") == 1; });
  w2().Resume();
  AwaitCosigned(newest);
  EXPECT_EQ(Lines("(witness_fails)"), 1);
  EXPECT_EQ(Lines("(witness_cosigns)"), 3);
}

TEST_F(AskerTest, AChangeOfStateIsLoggedOnce) {
  const auto busy = [](const TestWitness::Answer&) {
    return TestWitness::Answer{503, "text/plain", ""};
  };
  w2().AnswerAlways(busy);
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  w2().AwaitAsked(10);
  EXPECT_EQ(Lines("(witness_fails)"), 1);
  EXPECT_EQ(CosignedSize(), 0u);
  // It fails in another way, and after that not at all.
  w2().AnswerAlways([](const TestWitness::Answer&) {
    return TestWitness::Answer{200, "text/plain", "thank you\n"};
  });
  w2().AwaitAsked(w2().asked() + 10);
  EXPECT_EQ(Lines("(witness_fails)"), 2);
  w2().AnswerAlways(nullptr);
  AwaitCosigned(registry_.Newest()->size());
  EXPECT_EQ(Lines("(witness_fails)"), 2);
}

TEST_F(AskerTest, WhereOneIsEnoughTheOtherMayLie) {
  quorum_ = "1";
  Open();
  // Another's cosignature in place of its own, and a checkpoint of its own making.
  w2().AnswerAlways([this](const TestWitness::Answer& proper) {
    return TestWitness::Answer{200, "text/plain",
                               absl::StrCat("x/y\n1\nAAAA\n\n", proper.body, w1().vkey(), "\n")};
  });
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  for (int i = 0; i < 5; ++i) AwaitCosigned(Register(i));
  EXPECT_EQ(Lines("(witness_fails)"), 1);
}

TEST_F(AskerTest, NoCommitWaitsForAWitnessAndNoEndDoes) {
  quorum_ = "1";
  Open();
  std::promise<void> let_go;
  std::shared_future<void> gone = let_go.get_future().share();
  w2().AnswerAlways([gone](const TestWitness::Answer& proper) {
    gone.wait();
    return proper;
  });
  StartAsking();
  for (int i = 0; i < 5; ++i) AwaitCosigned(Register(i));
  asker_.reset();  // though one is still being asked
  let_go.set_value();
}

TEST_F(AskerTest, AfterAStartItGoesOnFromWhatTheWitnessesHave) {
  StartAsking();
  AwaitCosigned(Register(1));
  Open();
  EXPECT_GT(CosignedSize(), 0u);
  const uint64_t before = Register(2);
  EXPECT_LT(CosignedSize(), before);
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  AwaitCosigned(before);
  // A witness that has lost everything begins anew.
  asker_.reset();
  witnesses_[1].reset();
  witnesses_[1] = std::make_unique<TestWitness>("w2", registry_.signer().log_key().Format());
  Open();
  const uint64_t after = Register(3);
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  AwaitCosigned(after);
}

TEST_F(AskerTest, ADatabaseThatWasPutBackIsFoundOutAtTheStart) {
  Register(1);
  const auto dump = TestRegistry::Dump(registry_.store());
  StartAsking();
  AwaitCosigned(Register(2));
  PutBack(dump);
  StartAsking();
  const absl::Status refused = asker_->AwaitFirstAnswers();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("the witness 'w"), HasSubstr("put back to an earlier state"),
                    HasSubstr("Put the newest copy of the database back"),
                    HasSubstr("take its line out of the witness policy")));
  EXPECT_FALSE(contradicted_) << "it was returned";
}

TEST_F(AskerTest, AHistoryOfItsOwnIsFoundOutAtTheStart) {
  Register(1);
  const auto dump = TestRegistry::Dump(registry_.store());
  for (const int more : {1, 2}) {  // as long as what the witness has seen, and longer
    Open();
    StartAsking();
    AwaitCosigned(Register(10 * more));
    PutBack(dump);
    for (int i = 0; i < more; ++i) Register(10 * more + 1 + i);
    StartAsking();
    const absl::Status refused = asker_->AwaitFirstAnswers();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("another history"));
    asker_.reset();
    for (auto& witness : witnesses_) {
      witness.reset();
    }
    for (size_t i = 0; i < witnesses_.size(); ++i) {
      witnesses_[i] = std::make_unique<TestWitness>(absl::StrCat("w", i + 1),
                                                    registry_.signer().log_key().Format());
    }
    PutBack(dump);
  }
}

TEST_F(AskerTest, AContradictionLaterStopsTheLedger) {
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  AwaitCosigned(Register(1));
  w1().AnswerAlways([](const TestWitness::Answer&) {
    return TestWitness::Answer{409, "text/x.tlog.size", "1000000\n"};
  });
  Register(2);
  Await([&] { return contradicted_.load(); });
  EXPECT_EQ(registry_.Submit(registry_.Registration(3)).status().code(),
            absl::StatusCode::kUnavailable);
  ASSERT_EQ(registry_.fatal().size(), 1u);
  EXPECT_THAT(std::string(registry_.fatal()[0].message()), HasSubstr("1000000 entries"));
}

TEST_F(AskerTest, OneWrongWordIsNotEnough) {
  StartAsking();
  ASSERT_THAT(asker_->AwaitFirstAnswers(), IsOk());
  std::atomic<int> times = 0;
  w1().AnswerAlways([&times](const TestWitness::Answer& proper) {
    if (times++ > 0) return proper;
    return TestWitness::Answer{409, "text/x.tlog.size", "1000000\n"};
  });
  AwaitCosigned(Register(1));
  EXPECT_FALSE(contradicted_);
  w1().AnswerAlways(nullptr);
}

TEST_F(AskerTest, WhatSomebodyElseShowedAWitnessIsNoContradiction) {
  const std::shared_ptr<const View> older = registry_.Newest();
  Register(1);
  http_ = ValueOrDie(NewHttpClient(""));
  const ExchangeParts parts{registry_.ledger(), *http_, clock_, policy_->policy().witnesses()[0],
                            policy_->urls()[0]};
  const auto ask = [&](const View& view, uint64_t known) {
    return AskToCosign(parts, view.checkpoint(), view.checkpoint_note(), known, absl::Seconds(30));
  };
  const auto newest = ask(*registry_.Newest(), 0);
  ASSERT_THAT(newest, IsOk());
  EXPECT_TRUE(newest->cosigned.has_value());
  const auto late = ask(*older, 0);
  ASSERT_THAT(late, IsOk());
  EXPECT_FALSE(late->cosigned.has_value());
  EXPECT_EQ(late->witness_size, registry_.Newest()->size());
  // Whatever it was believed to have, it cosigns the same once more.
  for (const uint64_t known :
       {uint64_t{0}, uint64_t{1}, older->size(), registry_.Newest()->size()}) {
    const auto again = ask(*registry_.Newest(), known);
    ASSERT_THAT(again, IsOk()) << known;
    EXPECT_TRUE(again->cosigned.has_value());
  }
}

}  // namespace
}  // namespace touchstone::witness
