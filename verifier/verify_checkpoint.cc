#include "verifier/verify_checkpoint.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/cosignature.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"

namespace touchstone {
namespace {

// Which of the log's keys vouches for a checkpoint, and up to where.
struct LogSignature {
  VerifierKey key;
  std::optional<RetiredKey> retired;
};

// Chooses among the retired keys that signed: one that reaches as far as the checkpoint.
absl::StatusOr<LogSignature> ChooseRetired(const Checkpoint& checkpoint,
                                           absl::Span<const RetiredKey* const> signers) {
  const RetiredKey* chosen = nullptr;
  for (const RetiredKey* retired : signers) {
    if (retired->size < checkpoint.size()) continue;
    if (retired->size == checkpoint.size() && retired->root != checkpoint.root()) {
      return Refuse(RefusalCode::kRetiredKey,
                    absl::StrCat("the checkpoint of size ", checkpoint.size(),
                                 " is signed by a retired log key, and is not the one with which "
                                 "that key was retired"));
    }
    if (chosen == nullptr || retired->size < chosen->size) chosen = retired;
  }
  if (chosen == nullptr) {
    return Refuse(RefusalCode::kRetiredKey,
                  absl::StrCat("the checkpoint of size ", checkpoint.size(),
                               " is signed by a retired log key only, which counts up to size ",
                               signers.front()->size));
  }
  return LogSignature{chosen->key, *chosen};
}

absl::StatusOr<LogSignature> VerifyLogSignature(const TrustPolicy& policy, const SignedNote& note,
                                                const Checkpoint& checkpoint) {
  std::vector<VerifierKey> keys = {policy.log_key()};
  for (const RetiredKey& retired : policy.retired_keys()) keys.push_back(retired.key);
  const absl::StatusOr<std::vector<size_t>> signers = VerifyNote(note, keys);
  if (!signers.ok()) return InContext("the checkpoint", signers.status());
  if (signers->front() == 0) return LogSignature{policy.log_key(), std::nullopt};
  std::vector<const RetiredKey*> retired;
  for (const size_t signer : *signers) retired.push_back(&policy.retired_keys()[signer - 1]);
  return ChooseRetired(checkpoint, retired);
}

// The newest time at which each witness of the policy cosigned, or nothing.
absl::StatusOr<std::vector<std::optional<uint64_t>>> VerifyCosignatures(const TrustPolicy& policy,
                                                                        const SignedNote& note) {
  std::vector<std::optional<uint64_t>> times(policy.witnesses().size());
  for (const NoteSignature& signature : note.signatures()) {
    for (size_t i = 0; i < times.size(); ++i) {
      const VerifierKey& key = policy.witnesses()[i].key;
      if (!signature.Names(key)) continue;
      const absl::StatusOr<uint64_t> time =
          VerifyCosignature(key, note.text(), signature.signature);
      if (!time.ok()) return InContext("the checkpoint", time.status());
      if (!times[i].has_value() || *times[i] < *time) times[i] = *time;
    }
  }
  return times;
}

}  // namespace

absl::StatusOr<VerifiedCheckpoint> VerifyProvisionalCheckpointNote(const TrustPolicy& policy,
                                                                   absl::string_view note) {
  const absl::StatusOr<SignedNote> parsed = SignedNote::Parse(note);
  if (!parsed.ok()) return InContext("the checkpoint", parsed.status());
  const absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Parse(parsed->text());
  if (!checkpoint.ok()) return checkpoint.status();
  if (checkpoint->origin() != policy.origin()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the checkpoint is of the log ", checkpoint->origin(),
                               ", but the trust policy names ", policy.origin()));
  }
  absl::StatusOr<LogSignature> log = VerifyLogSignature(policy, *parsed, *checkpoint);
  if (!log.ok()) return log.status();
  const absl::StatusOr<std::vector<std::optional<uint64_t>>> times =
      VerifyCosignatures(policy, *parsed);
  if (!times.ok()) return times.status();

  VerifiedCheckpoint result{*checkpoint, log->key, std::move(log->retired), {}, false, {}};
  for (size_t i = 0; i < times->size(); ++i) {
    if (const std::optional<uint64_t> time = (*times)[i]; time.has_value()) {
      result.cosignatures.push_back({i, *time});
    }
  }
  if (policy.quorum().has_value()) {
    result.quorum_time_seconds = QuorumTime(*policy.quorum(), *times);
    result.quorum_met = result.quorum_time_seconds.has_value();
  } else {
    result.quorum_met = true;
  }
  return result;
}

absl::StatusOr<VerifiedCheckpoint> VerifyCheckpointNote(const TrustPolicy& policy,
                                                        absl::string_view note) {
  absl::StatusOr<VerifiedCheckpoint> verified = VerifyProvisionalCheckpointNote(policy, note);
  if (!verified.ok()) return verified.status();
  if (!verified->quorum_met) {
    return Refuse(RefusalCode::kQuorumNotMet,
                  absl::StrCat("the checkpoint of size ", verified->checkpoint.size(), " bears ",
                               verified->cosignatures.size(),
                               " valid cosignatures of the policy's witnesses, which do not make "
                               "its quorum '",
                               policy.quorum()->name, "'"));
  }
  return verified;
}

absl::Status CheckRetiredConsistency(const VerifiedCheckpoint& verified,
                                     absl::Span<const Digest> path) {
  const Checkpoint& checkpoint = verified.checkpoint;
  if (!verified.retired.has_value() || verified.retired->size == checkpoint.size()) {
    return absl::OkStatus();
  }
  // Every log continues the empty one.
  if (checkpoint.size() == 0) return absl::OkStatus();
  if (path.empty()) {
    return Refuse(RefusalCode::kRetiredKeyUnproven,
                  absl::StrCat("the checkpoint of size ", checkpoint.size(),
                               " is signed by a retired log key only, and no consistency proof to "
                               "size ",
                               verified.retired->size, " is given"));
  }
  return VerifyConsistency(checkpoint.size(), checkpoint.root(), verified.retired->size,
                           verified.retired->root, path);
}

}  // namespace touchstone
