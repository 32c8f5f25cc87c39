// The registry as the command line sees it: its RPCs as plain functions on bytes, with deadlines
// and with statuses that carry the registry's refusal. It believes nothing that comes back; whoever
// calls checks receipts and passports with the verifier. Not for documents
// (cli/client/vault_client.h).
#ifndef TOUCHSTONE_CLI_CLIENT_REGISTRY_CLIENT_H_
#define TOUCHSTONE_CLI_CLIENT_REGISTRY_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/client/connection.h"
#include "cli/client/piece_key.h"

namespace touchstone::cli {

// Which of the registry's checkpoints an answer is to be proven under.
enum class CheckpointChoice {
  kNewest,
  kCosigned,  // the last one that enough of the registry's witnesses have cosigned
};

struct PieceSummary {
  std::string passport_id;  // 16 bytes
  std::string serial;
  std::string gtin14;
  std::string title;
  uint64_t position = 0;
  uint64_t registered_at_ms = 0;
};

struct FoundPiece {
  bool present = false;
  std::string file;  // a passport file if present, else an absence file
};

struct PiecePage {
  std::vector<PieceSummary> pieces;
  std::string next_page_token;  // empty on the last page
};

struct ParticipantPage {
  std::vector<std::string> chains;  // touchstone.v1.Chain, without proofs
  std::string next_page_token;
};

struct PublicEntries {
  std::vector<std::string> entries;  // frames
  uint64_t next_position = 0;
};

// What one commit inserted into the index.
struct CommitInsertions {
  uint64_t index_root_position = 0;
  std::string leaves;  // (key[32] ‖ value[32])*, if it is what it should be
};

struct InsertionsPage {
  std::vector<CommitInsertions> commits;
  uint64_t next_position = 0;
};

// What a registry says about pieces that are watched. As it came: nothing of it is verified.
struct WatchedConcern {
  std::string passport_id;
  std::vector<uint32_t> kinds;
  std::optional<uint32_t> number;  // of the entry, where it is the piece's own
};
struct WatchedHappening {
  uint64_t position = 0;
  std::string entry;  // the frame, or empty
  std::vector<WatchedConcern> concerns;
};
struct WatchMessage {
  uint64_t next_position = 0;
  std::optional<WatchedHappening> happening;
  std::string checkpoint;  // where there is no happening
};

// Errors of all calls: what the registry answered, with its message, or kUnavailable and
// kDeadlineExceeded with the address in the message. Safe to use from several threads.
class RegistryClient {
 public:
  // Does not connect yet. kInvalidArgument: no TLS to another host without `insecure`, a file that
  // cannot be read, half of a client certificate.
  static absl::StatusOr<std::unique_ptr<RegistryClient>> Create(const ConnectionOptions& options);
  ~RegistryClient();

  absl::StatusOr<std::string> Submit(absl::string_view envelope);

  // With kCosigned, besides: kFailedPrecondition, the registry asks no witnesses; kUnavailable,
  // they have cosigned nothing yet.
  absl::StatusOr<std::string> GetPassport(const PieceKey& key,
                                          CheckpointChoice choice = CheckpointChoice::kNewest);
  // The passport, or the proof that there is none.
  absl::StatusOr<FoundPiece> Lookup(const PieceKey& key,
                                    CheckpointChoice choice = CheckpointChoice::kNewest);
  absl::StatusOr<std::string> GetCards(CheckpointChoice choice = CheckpointChoice::kNewest);
  absl::StatusOr<PiecePage> ListPieces(absl::string_view request_envelope);
  absl::StatusOr<PieceSummary> FindPiece(absl::string_view request_envelope);

  absl::StatusOr<std::string> GetCheckpoint(CheckpointChoice choice = CheckpointChoice::kNewest);
  absl::StatusOr<std::string> GetTile(uint32_t level, uint64_t index, uint32_t width);
  absl::StatusOr<std::string> GetEntryBundle(uint64_t index, uint32_t width);
  // Hashes of 32 bytes each, one after another.
  absl::StatusOr<std::vector<std::string>> GetConsistencyPath(uint64_t first_size,
                                                              uint64_t second_size);
  // Pages of at most `limit`, 1 to 1000.
  absl::StatusOr<PublicEntries> GetPublicEntries(uint64_t first_position, uint32_t limit);
  absl::StatusOr<InsertionsPage> GetInsertions(uint64_t first_position, uint32_t limit);
  absl::StatusOr<ParticipantPage> ListParticipants(absl::string_view page_token);

  // Submits many envelopes on one stream. `next` gives the next envelope under a tag of the
  // caller's, or false when there are no more; `done` is called once for each answer, in any order,
  // on another thread than `next`, and `ended` there when no more answers will come, so that a
  // `next` that waits for some does not wait for ever. Blocks until all are answered. An error
  // means that the stream broke; what was not answered may or may not be logged, and can be
  // submitted again without harm.
  struct TaggedEnvelope {
    uint64_t tag = 0;
    std::string envelope;
  };
  using NextEnvelope = std::function<bool(TaggedEnvelope*)>;
  using EnvelopeDone = std::function<void(uint64_t tag, absl::StatusOr<std::string> receipt)>;
  absl::Status SubmitStream(const NextEnvelope& next, const EnvelopeDone& done,
                            const std::function<void()>& ended);

  // Watches passports, by their ids of 16 bytes, from a position on. Calls `on_message` for each
  // thing that the registry says until that returns false, which returns OK; or until the stream
  // ends or breaks, which is an error: kUnavailable where it is to be opened again. Before each
  // message it asks `patience` how long to wait for it; when nothing has come by then, the stream
  // is given up: kDeadlineExceeded.
  absl::Status Watch(const std::vector<std::string>& passport_ids, uint64_t from_position,
                     const std::function<absl::Duration()>& patience,
                     const std::function<bool(const WatchMessage&)>& on_message);

 private:
  class Impl;
  explicit RegistryClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_CLIENT_REGISTRY_CLIENT_H_
