#include "cli/import_run.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/passport_source.h"
#include "cli/statement_draft.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"
#include "verifier/signing/batch.h"
#include "verifier/statement.h"
#include "verifier/verify_passport.h"
#include "verifier/verify_receipt.h"

namespace touchstone::cli {
namespace {

// A crash costs at most so many rows a second submission, which the registry answers as the first.
constexpr uint64_t kRowsBetweenSyncs = 2048;

// The registry could not take it now: nothing is wrong with the row.
bool IsTransient(const absl::Status& status) {
  if (!RefusalNameOf(status).empty() || RefusalCodeOf(status).has_value()) return false;
  return status.code() != absl::StatusCode::kInvalidArgument;
}

}  // namespace

absl::Status ImportRun::Run() {
  const absl::Status stream = parts_.client.SubmitStream(
      [this](RegistryClient::TaggedEnvelope* item) { return NextEnvelope(item); },
      [this](uint64_t tag, const absl::StatusOr<std::string>& receipt) { Answered(tag, receipt); },
      [this] { StreamEnded(); });
  const std::lock_guard<std::mutex> lock(mutex_);
  absl::Status status = failure_.ok() ? stream : failure_;
  if (status.ok() && !unanswered_.empty()) {
    status = absl::UnavailableError(
        absl::StrCat("the registry left ", unanswered_.size(), " rows without an answer"));
  }
  const absl::Status synced = parts_.journal.Sync();
  return status.ok() ? synced : status;
}

bool ImportRun::NextEnvelope(RegistryClient::TaggedEnvelope* item) {
  if (prepared_.empty() && !PrepareBatch()) return false;
  std::unique_lock<std::mutex> lock(mutex_);
  answered_.wait(lock, [this] {
    return unanswered_.size() < kUnansweredMax || stream_ended_ || !failure_.ok();
  });
  if (stream_ended_ || !failure_.ok()) return false;
  Sent& next = prepared_.front();
  item->tag = next.row.number;
  item->envelope = next.envelope.bytes();
  unanswered_.emplace(next.row.number, std::move(next));
  prepared_.pop_front();
  return true;
}

bool ImportRun::PrepareBatch() {
  std::vector<ImportRow> rows;
  std::vector<std::string> payloads;
  std::vector<Digest> leaves;
  while (rows.size() < parts_.batch_rows) {
    absl::StatusOr<std::optional<ImportRow>> row = parts_.rows.Next();
    if (!row.ok()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      Fail(row.status());
      return false;
    }
    if (!row->has_value()) break;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!failure_.ok()) return false;
      if (parts_.journal.IsDone((*row)->number)) {
        ++totals_.already;
        continue;
      }
    }
    absl::StatusOr<std::string> payload =
        (*row)->piece.ok() ? StatementOf(*(*row)->piece) : (*row)->piece.status();
    if (!payload.ok()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      Reject(**row, payload.status().message());
      continue;
    }
    leaves.push_back(LeafHash(Pae(PayloadType::kStatement, *payload)));
    payloads.push_back(*std::move(payload));
    rows.push_back(**std::move(row));
  }
  if (rows.empty()) return false;

  const absl::StatusOr<Batch> batch = Batch::FromLeafHashes(std::move(leaves));
  absl::Status status = batch.status();
  if (status.ok()) {
    EnvelopeSignature signature;
    signature.keyid = parts_.key.public_key().KeyId();
    signature.sig = parts_.key.Sign(batch->NoteText(parts_.policy.origin()));
    for (size_t i = 0; i < rows.size() && status.ok(); ++i) {
      signature.batch = batch->PathOf(i);
      absl::StatusOr<Envelope> envelope =
          Envelope::Create(PayloadType::kStatement, payloads[i], {signature});
      status = envelope.status();
      if (status.ok()) prepared_.push_back({std::move(rows[i]), *std::move(envelope)});
    }
  }
  if (status.ok()) return true;
  const std::lock_guard<std::mutex> lock(mutex_);
  Fail(status);
  return false;
}

absl::StatusOr<std::string> ImportRun::StatementOf(const ImportedPiece& piece) const {
  const absl::StatusOr<PassportId> id =
      DerivePassportId(parts_.secret, parts_.policy.origin(), parts_.participant, piece.serial);
  if (!id.ok()) return id.status();
  uint64_t occurred_at_ms = parts_.occurred_at_ms;
  if (piece.sold_on.has_value()) {
    occurred_at_ms = static_cast<uint64_t>(
        absl::ToUnixMillis(absl::FromCivil(*piece.sold_on, absl::UTCTimeZone())));
  }
  v1::Statement statement = NewPassportStatement(parts_.policy.origin(), occurred_at_ms, *id);
  if (!statement.mutable_registration()->mutable_piece()->ParseFromString(piece.piece)) {
    return absl::InternalError("a row became bytes that are no piece");
  }
  SetDerivedNonce(parts_.secret, &statement);
  return FinishStatement(statement);
}

void ImportRun::Reject(const ImportRow& row, absl::string_view reason) {
  const absl::Status status = parts_.rejects.Add(row, reason);
  if (!status.ok()) Fail(status);
  ++totals_.rejected;
  parts_.progress(totals_.registered + totals_.already + totals_.rejected);
}

void ImportRun::Answered(uint64_t tag, const absl::StatusOr<std::string>& receipt) {
  std::map<uint64_t, Sent>::node_type node;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    node = unanswered_.extract(tag);
    if (node.empty()) {
      Fail(absl::DataLossError("the registry answered something that was not asked"));
    }
  }
  answered_.notify_one();
  if (node.empty()) return;
  const absl::Status status = Judge(node.mapped(), receipt);
  if (status.ok()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  Fail(status);
  answered_.notify_one();
}

void ImportRun::StreamEnded() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stream_ended_ = true;
  answered_.notify_one();
}

// An error ends the import; what is wrong with one row does not.
absl::Status ImportRun::Judge(const Sent& sent, const absl::StatusOr<std::string>& receipt) {
  if (receipt.ok()) {
    const absl::StatusOr<VerifiedReceipt> verified =
        VerifyReceipt(parts_.policy, *receipt, sent.envelope);
    if (!verified.ok()) {
      return absl::Status(verified.status().code(),
                          absl::StrCat("row ", sent.row.number + 1, ", line ", sent.row.line,
                                       ": the registry answered with a receipt that does not "
                                       "hold: ",
                                       verified.status().message()));
    }
    Done(sent.row, verified->place.position < parts_.log_size ? &ImportTotals::already
                                                              : &ImportTotals::registered);
    return absl::OkStatus();
  }
  if (IsTransient(receipt.status())) return receipt.status();
  if (RefusalNameOf(receipt.status()) == RefusalCodeName(RefusalCode::kSubjectExists)) {
    return CompareWithRegistered(sent, receipt.status());
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  Reject(sent.row, absl::StrCat("line ", sent.row.line, ": ", receipt.status().message()));
  return absl::OkStatus();
}

// The serial is registered: by this list at another time, which is fine, or as another piece.
absl::Status ImportRun::CompareWithRegistered(const Sent& sent, const absl::Status& refusal) {
  const absl::StatusOr<ParsedStatement> ours = ParsedStatement::Parse(sent.envelope.payload());
  if (!ours.ok()) return ours.status();
  bool answered = false;
  const absl::StatusOr<VerifiedRecord> record =
      FetchAsOf(AsOf::kEither, [&](CheckpointChoice choice) -> absl::StatusOr<VerifiedRecord> {
        const absl::StatusOr<std::string> file =
            parts_.client.GetPassport(ByPassportId{ours->subject().bytes}, choice);
        answered = file.ok();
        if (!file.ok()) return file.status();
        // Freshness does not matter here: a registration never changes.
        return CheckPassport(parts_.policy, *file, {}, 0);
      });
  if (!record.ok() && !answered && !IsTransient(record.status())) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Reject(sent.row, absl::StrCat("line ", sent.row.line, ": ", refusal.message()));
    return absl::OkStatus();
  }
  if (!record.ok()) return record.status();
  if (record->piece.SerializeAsString() ==
      ours->message().registration().piece().SerializeAsString()) {
    Done(sent.row, &ImportTotals::already);
    return absl::OkStatus();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  Reject(sent.row,
         absl::StrCat("line ", sent.row.line, ": serial ", record->piece.serial(),
                      " is registered already, as passport ", record->passport_id.Format(),
                      ", with another description; a registration never changes"));
  return absl::OkStatus();
}

void ImportRun::Done(const ImportRow& row, uint64_t ImportTotals::*counter) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++(totals_.*counter);
  parts_.journal.MarkDone(row.number);
  if (++since_sync_ >= kRowsBetweenSyncs) {
    since_sync_ = 0;
    const absl::Status synced = parts_.journal.Sync();
    if (!synced.ok()) Fail(synced);
  }
  parts_.progress(totals_.registered + totals_.already + totals_.rejected);
}

void ImportRun::Fail(const absl::Status& status) {
  if (failure_.ok()) failure_ = status;
}

}  // namespace touchstone::cli
