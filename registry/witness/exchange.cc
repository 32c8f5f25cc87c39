#include "registry/witness/exchange.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace touchstone::witness {
namespace {

// To learn what it has, to be answered; and both once more where it contradicts, or where somebody
// else showed it something in between.
constexpr int kRequestsMax = 6;

constexpr char kIfTheWitnessErrs[] =
    " If it is the witness that is wrong, take its line out of the witness policy";

absl::Status SeenMore(const PolicyWitness& witness, uint64_t its_size, uint64_t our_size) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the witness '", witness.name, "' (", witness.url, ") has cosigned this log with ", its_size,
      " entries, and the database has ", our_size,
      ": it was put back to an earlier state, and entries that were acknowledged are not in it. "
      "Put "
      "the newest copy of the database back. If there is none, this log cannot go on: start a new "
      "one whose genesis names this one's last checkpoint.",
      kIfTheWitnessErrs));
}

absl::Status AnotherHistory(const PolicyWitness& witness, uint64_t its_size) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the witness '", witness.name, "' (", witness.url, ") has cosigned this log with ", its_size,
      " entries, and the database has another history with as many: it is a copy that went its own "
      "way, or the log key signs elsewhere too. Put back the database that the witness has seen, "
      "and see that no other registry has the log key.",
      kIfTheWitnessErrs));
}

// One witness, asked again and again.
class Exchange {
 public:
  Exchange(const ExchangeParts& parts, const Checkpoint& checkpoint, const std::string& note,
           uint64_t witness_size)
      : parts_(parts), checkpoint_(checkpoint), note_(note), old_size_(witness_size) {
    if (old_size_ > checkpoint.size()) old_size_ = 0;
  }

  absl::StatusOr<Exchanged> Run(absl::Time deadline) {
    for (int i = 0; i < kRequestsMax; ++i) {
      absl::StatusOr<WitnessAnswer> answer = AskOnce(deadline - absl::Now());
      if (!answer.ok()) return answer.status();
      const absl::StatusOr<std::optional<Exchanged>> end = Take(*std::move(answer));
      if (!end.ok()) return end.status();
      if (end->has_value()) return **end;
    }
    return absl::UnavailableError("it says something else each time");
  }

 private:
  absl::StatusOr<WitnessAnswer> AskOnce(absl::Duration time_max) {
    std::vector<Digest> path;
    if (old_size_ > 0 && old_size_ < checkpoint_.size()) {
      absl::StatusOr<std::vector<Digest>> proof =
          parts_.ledger.Newest()->ConsistencyPath(old_size_, checkpoint_.size());
      if (!proof.ok()) return absl::UnavailableError("no proof for it could be made");
      path = *std::move(proof);
    }
    const absl::StatusOr<HttpResponse> response = parts_.http.Post(
        parts_.url, kAddCheckpoint, FormatAddCheckpoint(old_size_, path, note_), time_max);
    if (!response.ok()) return response.status();
    return ReadAnswer(*response, checkpoint_.Format(), parts_.witness.key,
                      parts_.clock.NowMs() / 1000);
  }

  // What it comes to; nothing if it is to be asked again.
  absl::StatusOr<std::optional<Exchanged>> Take(WitnessAnswer answer) {
    if (Cosigned* const cosigned = std::get_if<Cosigned>(&answer)) {
      return std::optional<Exchanged>({std::move(*cosigned), checkpoint_.size()});
    }
    if (const HasSize* const has = std::get_if<HasSize>(&answer)) return TakeSize(has->size);
    // It has looked at the tree that it has of the old size, and that is not ours, or ours does not
    // continue it. Nothing of the kind can be said of the empty one.
    if (std::holds_alternative<OtherRoot>(answer) && old_size_ != checkpoint_.size()) {
      return absl::DataLossError("it answered 409 and no size");
    }
    if (old_size_ == 0) return absl::DataLossError("it calls a proof wrong where there is none");
    return Suspect(AnotherHistory(parts_.witness, old_size_));
  }

  absl::StatusOr<std::optional<Exchanged>> TakeSize(uint64_t size) {
    // Whatever was published after it was asked may have been shown to it meanwhile.
    const uint64_t our_size = parts_.ledger.Newest()->size();
    if (size > our_size) return Suspect(SeenMore(parts_.witness, size, our_size));
    if (size == old_size_) {
      if (size == checkpoint_.size()) return Suspect(AnotherHistory(parts_.witness, size));
      return absl::DataLossError("it refuses the very size that it says it has");
    }
    if (size > checkpoint_.size()) return std::optional<Exchanged>({std::nullopt, size});
    old_size_ = size;
    return std::optional<Exchanged>();
  }

  // One word of it is not enough to stop a registry: it is asked once more, from the start.
  absl::StatusOr<std::optional<Exchanged>> Suspect(absl::Status contradiction) {
    if (suspected_) return contradiction;
    suspected_ = true;
    old_size_ = 0;
    return std::optional<Exchanged>();
  }

  const ExchangeParts& parts_;
  const Checkpoint& checkpoint_;
  const std::string& note_;
  uint64_t old_size_;
  bool suspected_ = false;
};

}  // namespace

absl::StatusOr<Exchanged> AskToCosign(const ExchangeParts& parts, const Checkpoint& checkpoint,
                                      const std::string& note, uint64_t witness_size,
                                      absl::Duration time_max) {
  return Exchange(parts, checkpoint, note, witness_size).Run(absl::Now() + time_max);
}

}  // namespace touchstone::witness
