// One published state of the log, for reading: everything that it answers is of that state and
// provable under its one checkpoint, whatever is appended meanwhile. Not for appending (ledger.h),
// and not for who may ask: that is the service's business.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_VIEW_H_
#define TOUCHSTONE_REGISTRY_LEDGER_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/checkpoint.h"
#include "verifier/digest.h"
#include "verifier/participant_id.h"
#include "verifier/passport_id.h"
#include "verifier/public_key.h"
#include "verifier/verify_absence.h"

namespace touchstone::ledger {

struct NewsPage;  // news.h
struct Published;

// An issuer's piece in a list.
struct PieceSummary {
  std::string passport_id;  // 16 bytes
  std::string serial;
  std::string gtin14;  // may be empty
  std::string title;
  uint64_t position = 0;  // of the registration
  uint64_t registered_at_ms = 0;
};

struct PiecePage {
  std::vector<PieceSummary> pieces;  // ascending by position
  // Give it as `first_position` for the next page; nothing on the last.
  std::optional<uint64_t> next_position;
};

struct PublicEntriesPage {
  std::vector<std::string> frames;  // ascending by position
  // Where to go on. On the last page: the view's size, from which a later view goes on.
  uint64_t next_position = 0;
};

// What commits inserted into the index, in the order of the log: what an auditor replays.
struct InsertionsPage {
  struct Commit {
    uint64_t index_root_position = 0;  // of the index root that it ends in
    std::string leaves;                // (key[32] ‖ value[32])*, ascending by key; may be none
  };
  std::vector<Commit> commits;
  // Where to go on. On the last page: the view's size, from which a later view goes on.
  uint64_t next_position = 0;
};

struct ParticipantsPage {
  // Ascending by participant id: the frames of each one's chain, as the bytes of a
  // touchstone.v1.Chain without proofs.
  std::vector<std::string> chains;
  // Give it as `after` for the next page; nothing on the last.
  std::optional<ParticipantId> next_after;
};

// Safe to use from any number of threads. It keeps memory, and reads from the ledger's store: let
// go of it soon, and before the Ledger is destroyed.
//
// Errors of all functions, besides those that they name: kUnavailable or kDataLoss where the store
// could not be read (the reason goes to LedgerOptions::on_storage_error and not into the message).
class View {
 public:
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View();

  // ---- The checkpoint. ----

  // The signed note.
  const std::string& checkpoint_note() const;
  // Its size and root. An index root stands at size - 1.
  const Checkpoint& checkpoint() const;
  uint64_t size() const { return checkpoint().size(); }
  uint64_t index_root_position() const { return size() - 1; }
  Digest index_root() const;
  // The time of the newest entry, the index root.
  uint64_t time_ms() const;
  // Whether the log was closed for good.
  bool closed() const;

  // ---- The log (RFC 6962, C2SP tlog-tiles). kOutOfRange: beyond this view. ----

  // A tree_size or second_size of 0 stands for size().
  absl::StatusOr<std::vector<Digest>> InclusionPath(uint64_t position, uint64_t tree_size) const;
  // first_size is at least 1 (kInvalidArgument).
  absl::StatusOr<std::vector<Digest>> ConsistencyPath(uint64_t first_size,
                                                      uint64_t second_size) const;

  // 32 bytes a hash. `level` 0 to 7, else kInvalidArgument. `width`: 1 to 255 of a partial tile,
  // any that the log ever had; 0 for a full one.
  absl::StatusOr<std::string> Tile(uint32_t level, uint64_t index, uint32_t width) const;
  // (u16 big-endian length ‖ 32-byte digest)*.
  absl::StatusOr<std::string> EntryBundle(uint64_t index, uint32_t width) const;

  absl::StatusOr<Digest> EntryDigest(uint64_t position) const;

  // ---- Entries. ----

  // The frame. Whether the caller may see it is the caller's business.
  absl::StatusOr<std::string> EntryFrame(uint64_t position) const;
  // Every frame from `first` on, for export by the operator. An error of `visit` ends it.
  absl::Status ForEachEntry(
      uint64_t first,
      absl::FunctionRef<absl::Status(uint64_t position, absl::string_view frame)> visit) const;
  // Index roots, stewards' and participants' entries from `first_position` on, at most `limit` (1
  // to limits::kPublicEntriesPageMax, else kInvalidArgument).
  absl::StatusOr<PublicEntriesPage> PublicEntries(uint64_t first_position, uint32_t limit) const;

  // ---- The index. ----

  // Whole commits whose index roots stand at `first_position` or later, at most `limit` (1 to
  // limits::kInsertionsPageMax, else kInvalidArgument), every one between the first and the last.
  // Ends early with the commit with which its leaves reach limits::kPageBytesMax.
  absl::StatusOr<InsertionsPage> Insertions(uint64_t first_position, uint32_t limit) const;

  // ---- Passports. kNotFound: there is none, as of this view. ----

  // A whole passport file.
  absl::StatusOr<std::string> PassportFile(const PassportId& id) const;
  // The frames of all its entries, by number, without proofs.
  absl::StatusOr<std::vector<std::string>> PassportFrames(const PassportId& id) const;

  // What has happened to it at `from` or later (news.h).
  absl::StatusOr<NewsPage> News(const PassportId& id, uint64_t from, size_t entries_max) const;

  // Which passport holds the claim; while it is disputed, which one held it before, or
  // contested it first. kNotFound too
  // where it was released and nobody has made it anew. In any spelling: normalised as
  // docs/FORMAT.md section 8 says; kInvalidArgument where that cannot be done.
  absl::StatusOr<PassportId> FindByGtinSerial(absl::string_view gtin,
                                              absl::string_view serial) const;
  absl::StatusOr<PassportId> FindByInscription(absl::string_view text) const;
  absl::StatusOr<PassportId> FindByReport(absl::string_view laboratory,
                                          absl::string_view report_number) const;

  // An issuer's pieces in the order of registration, from `first_position` on, at most `limit` (1
  // to limits::kPiecesPageMax, else kInvalidArgument). Empty for one who has none.
  absl::StatusOr<PiecePage> PiecesOf(const ParticipantId& issuer, uint64_t first_position,
                                     uint32_t limit) const;
  absl::StatusOr<PieceSummary> PieceBySerial(const ParticipantId& issuer,
                                             absl::string_view serial) const;

  // ---- Stewards and participants. ----

  // A whole absence file for what no passport of this view bears (the caller has looked).
  absl::StatusOr<std::string> AbsenceFile(const Sought& sought) const;

  // A whole cards file.
  absl::StatusOr<std::string> CardsFile() const;

  // At most `limit` (1 to limits::kParticipantsPageMax, else kInvalidArgument).
  absl::StatusOr<ParticipantsPage> Participants(const std::optional<ParticipantId>& after,
                                                uint32_t limit) const;

  // The participant's key with that id (SHA-256(type ‖ key)), for checking signed requests.
  // kPermissionDenied with the refusal code that fits: no such participant or key, or revoked.
  absl::StatusOr<PublicKey> ValidParticipantKey(const ParticipantId& participant,
                                                const Digest& key_id) const;
  // The participant for whom the key with that id is, or ever was, enrolled; nothing if none.
  std::optional<std::string> ParticipantOfKey(const Digest& key_id) const;

  // For the ledger only.
  explicit View(std::unique_ptr<const Published> state);
  const Published& state() const { return *state_; }

 private:
  const std::unique_ptr<const Published> state_;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_VIEW_H_
