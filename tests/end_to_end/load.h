// Clients that submit all the time, each its own records and some to passports of the others, check
// every receipt, and go on with what has no answer when the registry is back, as real ones must.
// They remember what was acknowledged, so that a test can ask for it again later.
#ifndef TOUCHSTONE_TESTS_END_TO_END_LOAD_H_
#define TOUCHSTONE_TESTS_END_TO_END_LOAD_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/client/registry_client.h"
#include "tests/end_to_end/site.h"
#include "verifier/envelope.h"
#include "verifier/verify_receipt.h"

namespace touchstone::end_to_end {

struct Acknowledged {
  Envelope envelope;
  VerifiedReceipt receipt;
};

class Load {
 public:
  // `callers` that submit one envelope at a time, and one that keeps many on a stream. They wait
  // for an address to begin.
  Load(const Site& site, int callers);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load();

  // The registry serves there (again).
  void MoveTo(const std::string& address);
  // No registry is there now; what fails from here on is sent again after the next MoveTo().
  void MoveAway();

  uint64_t acknowledged_count() const;
  // Size of the largest log that a receipt was under.
  uint64_t newest_log_size() const;
  // Until so many are acknowledged; false if patience ends before.
  bool AwaitAcknowledged(uint64_t count) const;
  // Until some call fails with a status that is no refusal, and that status; OK if patience ends.
  absl::Status AwaitFailure() const;

  // Lets every client finish what it has begun. The registry serves meanwhile.
  void Stop();
  // Stops them where they are, answered or not.
  void Abandon();

  // For when it has stopped. What was acknowledged, in no order.
  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  // What went wrong: receipts that do not hold, refusals, codes that a client must not be given.
  const std::vector<std::string>& complaints() const { return complaints_; }
  // How often calls failed for want of a registry, by code.
  const std::map<absl::StatusCode, int>& failures() const { return failures_; }

 private:
  class Submitter;
  struct Place {
    std::string address;  // empty: nowhere
    uint64_t number = 0;  // of moves
  };

  void CallOneByOne(int submitter);
  void CallOnStream(int submitter);

  // The place after `known`; nothing when it is time to stop.
  std::optional<Place> AwaitPlaceAfter(uint64_t known);
  bool stopping() const;
  // Whether that was the answer; otherwise the envelope is to be sent again elsewhere.
  bool Take(const Envelope& sent, const absl::StatusOr<std::string>& receipt);
  std::string SomePassport(uint64_t choice) const;
  std::unique_ptr<cli::RegistryClient> ClientAt(const Place& place) const;

  const TrustPolicy policy_;
  const SecretKey key_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Place place_;  // under mutex_, as all that follow
  bool stop_ = false;
  bool abandon_ = false;
  std::vector<Acknowledged> acknowledged_;
  uint64_t newest_log_size_ = 0;
  std::vector<std::string> passports_;  // registered, 16 bytes each
  std::vector<std::string> complaints_;
  std::map<absl::StatusCode, int> failures_;
  absl::Status last_failure_;
  std::vector<std::thread> threads_;
};

}  // namespace touchstone::end_to_end

#endif  // TOUCHSTONE_TESTS_END_TO_END_LOAD_H_
