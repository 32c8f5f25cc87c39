// An import under way: rows become registrations, signed by the batch, sent on one stream, and done
// when their receipts have been checked. Reading rows is cli/import/'s; options and words are
// cli/commands/import.cc's.
#ifndef TOUCHSTONE_CLI_IMPORT_RUN_H_
#define TOUCHSTONE_CLI_IMPORT_RUN_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/client/registry_client.h"
#include "cli/import/import_file.h"
#include "cli/import/import_journal.h"
#include "cli/import/rejects_file.h"
#include "verifier/envelope.h"
#include "verifier/participant_id.h"
#include "verifier/policy.h"
#include "verifier/signing/passport_id_derivation.h"
#include "verifier/signing/secret_key.h"

namespace touchstone::cli {

struct ImportTotals {
  uint64_t registered = 0;  // in this run
  uint64_t already = 0;     // by an earlier run, or the same piece under the same serial
  uint64_t rejected = 0;
};

// Everything that an import works with; all must outlive it.
struct ImportParts {
  RegistryClient& client;
  const TrustPolicy& policy;
  const ParticipantId& participant;
  const SecretKey& key;
  const DerivationSecret& secret;
  ImportFile& rows;
  ImportJournal& journal;
  RejectsFile& rejects;
  // How many entries the log had when the import began: what stands before was in already.
  uint64_t log_size = 0;
  // For rows that do not say when they were sold, milliseconds since 1970; the same on every run.
  uint64_t occurred_at_ms = 0;
  size_t batch_rows = 1024;
  // Called after each row that is done, with how many are.
  std::function<void(uint64_t rows_done)> progress;
};

class ImportRun {
 public:
  explicit ImportRun(ImportParts parts) : parts_(std::move(parts)) {}

  // Imports until the list ends. An error means that it stopped before: what is done is in the
  // journal, and running it again goes on from there.
  absl::Status Run();

  const ImportTotals& totals() const { return totals_; }

 private:
  struct Sent {
    ImportRow row;
    Envelope envelope;
  };

  // How many envelopes may be without an answer.
  static constexpr size_t kUnansweredMax = 8192;

  bool NextEnvelope(RegistryClient::TaggedEnvelope* item);
  bool PrepareBatch();
  absl::StatusOr<std::string> StatementOf(const ImportedPiece& piece) const;
  void Reject(const ImportRow& row, absl::string_view reason);
  void Answered(uint64_t tag, const absl::StatusOr<std::string>& receipt);
  void StreamEnded();
  absl::Status Judge(const Sent& sent, const absl::StatusOr<std::string>& receipt);
  absl::Status CompareWithRegistered(const Sent& sent, const absl::Status& refusal);
  void Done(const ImportRow& row, uint64_t ImportTotals::*counter);
  void Fail(const absl::Status& status);

  const ImportParts parts_;

  std::deque<Sent> prepared_;  // the writing thread's

  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<uint64_t, Sent> unanswered_;
  bool stream_ended_ = false;
  ImportTotals totals_;
  uint64_t since_sync_ = 0;
  absl::Status failure_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_RUN_H_
