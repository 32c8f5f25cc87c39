#include "registry/ledger/recovery.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/ledger/contradiction.h"
#include "registry/ledger/reload.h"
#include "registry/ledger/replay.h"
#include "registry/ledger/schema.h"
#include "verifier/refusal.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::ledger {
namespace {

// The text of a checkpoint that `log_key` signed.
absl::StatusOr<Checkpoint> ReadCheckpoint(absl::string_view note, const VerifierKey& log_key) {
  absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Parse(parsed->text());
  if (!checkpoint.ok()) return checkpoint.status();
  if (checkpoint->origin() != log_key.name()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("it is of the log \"", checkpoint->origin(), "\", and this is \"",
                               log_key.name(), "\""));
  }
  absl::StatusOr<std::vector<size_t>> signers = VerifyNote(*parsed, {&log_key, 1});
  if (!signers.ok()) return signers.status();
  return checkpoint;
}

absl::Status CheckVersion(const storage::Reader& store, const VerifierKey& log_key) {
  const absl::StatusOr<std::string> value = store.Get(schema::VersionKey());
  if (absl::IsNotFound(value.status())) {
    return absl::NotFoundError("no log was started in this database; start one first");
  }
  if (!value.ok()) return value.status();
  const absl::StatusOr<schema::VersionRow> row = schema::DecodeVersionRow(*value);
  if (!row.ok()) return row.status();
  if (row->version != schema::kVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database has layout ", row->version, "; this program reads layout ",
                     schema::kVersion, ": use the version of the program that made it"));
  }
  if (row->origin != log_key.name()) {
    return absl::FailedPreconditionError(absl::StrCat("the database is of the log \"", row->origin,
                                                      "\"; the key is of \"", log_key.name(),
                                                      "\": give the key of that log"));
  }
  return absl::OkStatus();
}

struct CosignedNote {
  Checkpoint checkpoint;
  std::string note;
};

// The cosigned checkpoint that is stored, if it meets the quorum of the policy as it is now.
absl::StatusOr<std::optional<CosignedNote>> ReadCosigned(const storage::Reader& store,
                                                         const VerifierKey& log_key,
                                                         const TrustPolicy& policy,
                                                         const Checkpoint& newest) {
  absl::StatusOr<std::string> note = store.Get(schema::CosignedKey());
  if (absl::IsNotFound(note.status())) return std::nullopt;
  if (!note.ok()) return note.status();
  absl::StatusOr<Checkpoint> checkpoint = ReadCheckpoint(*note, log_key);
  if (!checkpoint.ok()) {
    return Contradiction(
        absl::StrCat("its cosigned checkpoint does not verify: ", checkpoint.status().message()));
  }
  if (checkpoint->size() > newest.size() || checkpoint->size() == 0) {
    return Contradiction(absl::StrCat("its cosigned checkpoint is for ", checkpoint->size(),
                                      " entries, its newest for ", newest.size()));
  }
  const absl::StatusOr<VerifiedCheckpoint> verified =
      VerifyProvisionalCheckpointNote(policy, *note);
  if (!verified.ok() || !verified->quorum_met) return std::nullopt;
  return CosignedNote{*std::move(checkpoint), *std::move(note)};
}

}  // namespace

absl::StatusOr<Recovered> Recover(const storage::Reader& store, const VerifierKey& log_key,
                                  const TrustPolicy* witness_policy, RecoveryDepth depth, Tip& tip,
                                  Directory& directory, PassportBooks& books) {
  // 1. That it is this log's, and what its newest checkpoint promises.
  absl::Status status = CheckVersion(store, log_key);
  if (!status.ok()) return status;
  absl::StatusOr<std::string> note = store.Get(schema::CheckpointKey());
  if (absl::IsNotFound(note.status())) return Contradiction("it has no checkpoint");
  if (!note.ok()) return note.status();
  absl::StatusOr<Checkpoint> checkpoint = ReadCheckpoint(*note, log_key);
  if (!checkpoint.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the newest checkpoint in the database does not verify with the log key ", log_key.Format(),
        ": ", checkpoint.status().message(),
        ". Give the key that signed it. Where the log key was changed, that is the new one; to "
        "change it, stop the registry and run it with --rotate-log-key NEW_KEY_FILE"));
  }

  std::optional<CosignedNote> cosigned;
  if (witness_policy != nullptr) {
    auto read = ReadCosigned(store, log_key, *witness_policy, *checkpoint);
    if (!read.ok()) return read.status();
    cosigned = *std::move(read);
  }

  // 2. The memory; it must be what the checkpoint signed.
  std::optional<uint64_t> earlier_size;
  if (cosigned) earlier_size = cosigned->checkpoint.size();
  absl::StatusOr<Rebuilt> rebuilt =
      depth == RecoveryDepth::kReplay
          ? ReplayAll(store, *checkpoint, earlier_size, tip, directory, books)
          : Reload(store, *checkpoint, earlier_size, tip, directory);
  if (!rebuilt.ok()) return rebuilt.status();
  Recovered recovered{*std::move(checkpoint), *std::move(note),
                      std::move(rebuilt->index_root_frame), std::nullopt};
  if (cosigned && !rebuilt->earlier_index) {
    return Contradiction(absl::StrCat("its cosigned checkpoint is for ", *earlier_size,
                                      " entries, and no commit ended there"));
  }
  if (cosigned) {
    recovered.cosigned.emplace(RecoveredCosigned{std::move(cosigned->checkpoint),
                                                 std::move(cosigned->note),
                                                 *std::move(rebuilt->earlier_index)});
  }
  return recovered;
}

bool IsSignedBy(absl::string_view note, const VerifierKey& log_key) {
  return ReadCheckpoint(note, log_key).ok();
}

absl::Status CheckContains(const Tip& tip, const VerifierKey& log_key, absl::string_view note,
                           absl::string_view what) {
  const absl::StatusOr<Checkpoint> checkpoint = ReadCheckpoint(note, log_key);
  if (!checkpoint.ok()) return InContext(what, checkpoint.status());
  const absl::StatusOr<LogVersion> log = tip.log.Version();
  if (!log.ok()) return log.status();
  if (checkpoint->size() > log->size()) {
    return absl::FailedPreconditionError(absl::StrCat(
        what, " is for ", checkpoint->size(), " entries, and the database has ", log->size(),
        ": it was put back to an earlier state, and entries that were acknowledged are not in it. "
        "Put the newest copy of the database back. If there is none, this log cannot go on: start "
        "a "
        "new one whose genesis names this one's last checkpoint"));
  }
  const absl::StatusOr<Digest> root = log->RootAt(checkpoint->size());
  if (!root.ok() && !absl::IsOutOfRange(root.status())) return root.status();
  if (root.ok() && *root == checkpoint->root()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(what, " is for ", checkpoint->size(), " entries with root ",
                   DigestToBase64(checkpoint->root()),
                   ", and the database has another history with as many: "
                   "it is a copy that went its own way. Put back the one that belongs to ",
                   what));
}

}  // namespace touchstone::ledger
