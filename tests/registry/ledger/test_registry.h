// A whole ledger for tests, on a store in memory or one that the test brings, with stewards and
// participants whose keys are names (tests/support/test_log.h), a clock that stands still until
// told otherwise, and submissions that wait for their answer. "Crash" and start again as often as
// needed.
#ifndef TOUCHSTONE_TESTS_REGISTRY_LEDGER_TEST_REGISTRY_H_
#define TOUCHSTONE_TESTS_REGISTRY_LEDGER_TEST_REGISTRY_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/ledger/ledger.h"
#include "registry/storage/memory_store.h"
#include "registry/storage/store.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/policy.h"
#include "verifier/verify_receipt.h"

namespace touchstone::ledger {

class FakeClock final : public Clock {
 public:
  uint64_t NowMs() const override { return now_ms_; }
  void Set(uint64_t now_ms) { now_ms_ = now_ms; }
  void Advance(uint64_t ms) { now_ms_ += ms; }

 private:
  std::atomic<uint64_t> now_ms_{1'795'300'000'000};
};

class NamedSigner final : public CheckpointSigner {
 public:
  NamedSigner(absl::string_view origin, absl::string_view key_name);
  const VerifierKey& log_key() const override { return log_key_; }
  absl::StatusOr<std::string> Sign(const Checkpoint& checkpoint) const override;

 private:
  const std::string key_name_;
  const VerifierKey log_key_;
};

inline constexpr char kOrigin[] = "passports.example/log";

class TestRegistry {
 public:
  // On a store of its own, or on `store`, which must then outlive it. Not started.
  explicit TestRegistry(storage::Store* store = nullptr);

  // Begins the log with its genesis; the guard is made.
  absl::Status Initialise();
  // Opens the ledger, on `store` where one is given: a wrapper of the one that holds the log.
  absl::Status Open(storage::Store* store = nullptr);
  absl::Status OpenWith(storage::Store& store, std::unique_ptr<Guard> guard);
  // Initialises, opens, and enrols "maison" (issuer, GTINs under 4006381), "gia" (laboratory "GIA")
  // and "atelier" (workshop), each with a key named "<id> key". Aborts on any failure.
  void Start();
  void Close() { ledger_.reset(); }

  Ledger& ledger() { return *ledger_; }
  std::shared_ptr<const View> Newest() const { return ledger_->Newest(); }
  storage::Store& store() { return store_; }
  FakeClock& clock() { return clock_; }
  NamedSigner& signer() { return signer_; }
  const std::string& guard_path() const { return guard_path_; }
  const storage::ScratchDirectory& scratch() const { return scratch_; }
  TrustPolicy Policy();
  LedgerOptions& options() { return options_; }
  // What the ledger reported as fatal.
  std::vector<absl::Status> fatal() const;

  // ---- Statements, with a fresh nonce. ----
  v1::Statement StewardsStatement();
  v1::Statement ParticipantStatement(absl::string_view id);
  v1::Statement PassportStatement(int passport);
  v1::Statement OwnershipStatement(int passport, const Digest& builds_on);

  Envelope Genesis();
  Envelope Enrolment(absl::string_view id, const std::vector<v1::Role>& roles, const KeyNames& keys,
                     const std::function<void(v1::ParticipantDetails&)>& edit = nullptr);
  Envelope KeyAddition(absl::string_view id, absl::string_view key);
  Envelope KeyRevocation(absl::string_view id, absl::string_view key);
  Envelope CardKey(absl::string_view key);
  Envelope Closing();
  Envelope Registration(int passport, absl::string_view issuer_key = "maison key");
  Envelope Registration(int passport, absl::string_view issuer_key, const v1::Piece& piece);
  Envelope Report(int passport, absl::string_view key, absl::string_view laboratory,
                  absl::string_view report_number);
  Envelope Care(int passport, absl::string_view key = "atelier key");
  Envelope FirstSale(int passport, const Digest& builds_on, absl::string_view issuer_key,
                     absl::string_view claim_key);
  Envelope Claim(int passport, const Digest& builds_on, absl::string_view claim_key,
                 absl::string_view owner_key);
  Envelope Transfer(int passport, const Digest& builds_on, absl::string_view from_key,
                    absl::string_view to_key);

  // ---- Submitting. ----
  // Waits for the answer.
  absl::StatusOr<Receipt> SubmitForReceipt(std::string envelope);
  // The bytes of the receipt.
  absl::StatusOr<std::string> SubmitBytes(std::string envelope);
  absl::StatusOr<std::string> Submit(const Envelope& envelope) {
    return SubmitBytes(envelope.bytes());
  }
  // The entry, after checking the receipt as a submitter does.
  absl::StatusOr<VerifiedReceipt> SubmitAndCheck(const Envelope& envelope);
  // The same; the test fails, and aborts, if it is refused.
  VerifiedReceipt Accepted(const Envelope& envelope);

  // Every key and value of the store, for comparing.
  static std::map<std::string, std::string> Dump(const storage::Store& store);

 private:
  v1::Statement NewStatement();

  storage::MemoryStore own_store_;
  storage::Store& store_;
  storage::ScratchDirectory scratch_;
  const std::string guard_path_;
  FakeClock clock_;
  NamedSigner signer_;
  LedgerOptions options_;
  mutable std::mutex mutex_;
  std::vector<absl::Status> fatal_;
  std::atomic<uint64_t> nonces_{0};
  Digest genesis_ = {};
  std::unique_ptr<Ledger> ledger_;
};

// Checks everything that the view serves with the verifier alone: every entry's digest under the
// checkpoint, its inclusion, and every passport as a file. `passports`: how many must be there.
void ExpectWholeLogHolds(TestRegistry& registry, std::optional<size_t> passports = std::nullopt);

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_TESTS_REGISTRY_LEDGER_TEST_REGISTRY_H_
