#include "tests/end_to_end/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/statement_draft.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/passport_id.h"

namespace touchstone::end_to_end {
namespace {

constexpr size_t kOnStreamMax = 48;  // envelopes without an answer

}  // namespace

// The envelopes of one client: every third is a care record on a piece that somebody registered.
class Load::Submitter {
 public:
  Submitter(const Load& load, int number) : load_(load), number_(number) {}

  Envelope Next() {
    const int index = made_++;
    const std::string other = index % 3 == 2 ? load_.SomePassport(index * 7919u + number_) : "";
    const int piece = number_ * 1'000'000 + index;
    v1::Statement statement = cli::NewPassportStatement(
        kOrigin, 1'795'300'000'000,
        ValueOrDie(PassportId::FromBytes(other.empty() ? TestPassportId(piece) : other)));
    if (other.empty()) {
      *statement.mutable_registration()->mutable_piece() = SamplePiece(piece);
    } else {
      v1::CareRecord& care = *statement.mutable_care_record();
      care.set_kind(v1::CareRecord::CLEANING);
      care.set_performed_on("2026-11-22");
      care.set_description(absl::StrCat("record ", index, " of client ", number_));
    }
    const SecretKey* const keys[] = {&load_.key_};
    return ValueOrDie(cli::SignEnvelope(PayloadType::kStatement,
                                        ValueOrDie(cli::FinishStatement(statement)), keys));
  }

 private:
  const Load& load_;
  const int number_;
  int made_ = 0;
};

Load::Load(const Site& site, int callers) : policy_(site.Policy()), key_(site.MaisonKey()) {
  for (int i = 0; i < callers; ++i) threads_.emplace_back([this, i] { CallOneByOne(i); });
  threads_.emplace_back([this, callers] { CallOnStream(callers); });
}

Load::~Load() {
  if (!threads_.empty()) Abandon();
}

void Load::MoveTo(const std::string& address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  place_ = {address, place_.number + 1};
  changed_.notify_all();
}

void Load::MoveAway() { MoveTo(""); }

uint64_t Load::acknowledged_count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return acknowledged_.size();
}

uint64_t Load::newest_log_size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return newest_log_size_;
}

bool Load::AwaitAcknowledged(uint64_t count) const {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, kPatience,
                           [this, count] { return acknowledged_.size() >= count; });
}

absl::Status Load::AwaitFailure() const {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, kPatience, [this] { return !last_failure_.ok(); });
  return last_failure_;
}

void Load::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Load::Abandon() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    abandon_ = true;
  }
  Stop();
}

std::optional<Load::Place> Load::AwaitPlaceAfter(uint64_t known) {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool moved = changed_.wait_for(lock, kPatience, [this, known] {
    return abandon_ || (place_.number > known && !place_.address.empty());
  });
  if (!moved) complaints_.push_back("a client waits for a registry that never comes");
  if (!moved || abandon_) return std::nullopt;
  return place_;
}

bool Load::stopping() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return stop_;
}

std::string Load::SomePassport(uint64_t choice) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return passports_.empty() ? "" : passports_[choice % passports_.size()];
}

std::unique_ptr<cli::RegistryClient> Load::ClientAt(const Place& place) const {
  cli::ConnectionOptions options;
  options.address = place.address;
  return ValueOrDie(cli::RegistryClient::Create(options));
}

bool Load::Take(const Envelope& sent, const absl::StatusOr<std::string>& receipt) {
  const absl::StatusOr<VerifiedReceipt> verified =
      receipt.ok() ? VerifyReceipt(policy_, *receipt, sent) : receipt.status();
  const std::lock_guard<std::mutex> lock(mutex_);
  changed_.notify_all();
  if (verified.ok()) {
    if (verified->event == EventKind::kRegistration) {
      passports_.push_back(verified->subject.bytes);
    }
    acknowledged_.push_back({sent, *verified});
    newest_log_size_ = std::max(newest_log_size_, verified->log_size);
    return true;
  }
  if (receipt.ok()) {
    complaints_.push_back(absl::StrCat("a receipt: ", verified.status().ToString()));
    return true;
  }
  // What a client may be told by a registry that is stopping, killed, or out of space.
  const absl::StatusCode code = receipt.status().code();
  if (code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kUnknown) {
    ++failures_[code];
    last_failure_ = receipt.status();
    return false;
  }
  complaints_.push_back(absl::StrCat("an answer: ", receipt.status().ToString()));
  return true;
}

void Load::CallOneByOne(int submitter) {
  Submitter source(*this, submitter);
  std::optional<Place> place = AwaitPlaceAfter(0);
  std::unique_ptr<cli::RegistryClient> client = place ? ClientAt(*place) : nullptr;
  while (place.has_value() && !stopping()) {
    const Envelope envelope = source.Next();
    while (place.has_value() && !Take(envelope, client->Submit(envelope.bytes()))) {
      place = AwaitPlaceAfter(place->number);
      if (place.has_value()) client = ClientAt(*place);
    }
  }
}

void Load::CallOnStream(int submitter) {
  Submitter source(*this, submitter);
  std::map<uint64_t, Envelope> unanswered;  // under mutex_
  uint64_t tags = 0;
  std::optional<Place> place = AwaitPlaceAfter(0);
  while (place.has_value()) {
    const std::unique_ptr<cli::RegistryClient> client = ClientAt(*place);
    bool no_more_answers = false;  // under mutex_
    std::deque<uint64_t> again;
    for (const auto& [tag, envelope] : unanswered) again.push_back(tag);
    const auto next = [&](cli::RegistryClient::TaggedEnvelope* item) {
      if (again.empty()) {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock,
                      [&] { return stop_ || no_more_answers || unanswered.size() < kOnStreamMax; });
        if (stop_ || no_more_answers) return false;
        lock.unlock();
        Envelope envelope = source.Next();
        lock.lock();
        again.push_back(tags);
        unanswered.emplace(tags++, std::move(envelope));
      }
      const std::lock_guard<std::mutex> lock(mutex_);
      item->tag = again.front();
      item->envelope = unanswered.at(item->tag).bytes();
      again.pop_front();
      return true;
    };
    const auto done = [&](uint64_t tag, const absl::StatusOr<std::string>& receipt) {
      std::optional<Envelope> sent;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = unanswered.find(tag);
        if (found == unanswered.end()) {
          complaints_.push_back("an answer to what was not asked");
          return;
        }
        sent = found->second;
      }
      if (!Take(*sent, receipt)) return;
      const std::lock_guard<std::mutex> lock(mutex_);
      unanswered.erase(tag);
      changed_.notify_all();
    };
    const auto over = [&] {
      const std::lock_guard<std::mutex> lock(mutex_);
      no_more_answers = true;
      changed_.notify_all();
    };
    const absl::Status status = client->SubmitStream(next, done, over);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (status.ok() && unanswered.empty() && stop_) return;
      if (!status.ok()) {
        ++failures_[status.code()];
        last_failure_ = status;
        changed_.notify_all();
      }
    }
    place = AwaitPlaceAfter(place->number);
  }
}

}  // namespace touchstone::end_to_end
