#include "verifier/verify_receipt.h"

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/canonical.h"
#include "verifier/limits.h"
#include "verifier/log_snapshot.h"
#include "verifier/refusal.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

absl::StatusOr<v1::Receipt> ReadReceipt(absl::string_view bytes) {
  if (bytes.size() > limits::kReceiptBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("the receipt has ", bytes.size(), " bytes; accepted are ",
                               limits::kReceiptBytesMax));
  }
  if (absl::Status status = CheckCanonical(kReceiptSchema, bytes); !status.ok()) return status;
  v1::Receipt receipt;
  if (!receipt.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refuse(RefusalCode::kMalformed, "the receipt is no protobuf message");
  }
  return receipt;
}

}  // namespace

absl::StatusOr<VerifiedReceipt> VerifyReceipt(const TrustPolicy& policy, absl::string_view receipt,
                                              const Envelope& sent) {
  const absl::StatusOr<v1::Receipt> message = ReadReceipt(receipt);
  if (!message.ok()) return InContext("receipt", message.status());
  const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(sent.payload());
  if (!statement.ok()) return InContext("what was sent", statement.status());
  if (statement->log_origin() != policy.origin()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("what was sent is for the log \"", statement->log_origin(),
                               "\", and the policy trusts \"", policy.origin(), "\""));
  }
  absl::StatusOr<LogSnapshot> log =
      LogSnapshot::VerifyProvisional(policy, message->checkpoint(), message->index_root());
  if (!log.ok()) return InContext("receipt", log.status());

  const absl::StatusOr<LoggedEntry> logged = log->Read(message->entry());
  if (!logged.ok()) return InContext("receipt entry", logged.status());
  const Entry& entry = logged->entry;
  if (entry.type != EntryType::kStatement) {
    return Refuse(RefusalCode::kWrongReceipt, "the receipt is for an index root");
  }
  const absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kStatement, entry.payload);
  if (!envelope.ok()) return InContext("receipt entry", envelope.status());
  if (envelope->pae() != sent.pae()) {
    return Refuse(RefusalCode::kWrongReceipt,
                  "the receipt is for another statement than the one that was sent");
  }
  const Subject& subject = statement->subject();
  const IndexInsertion leaf{subject.kind,       subject.bytes,  entry.number,
                            IndexEvent::kEntry, logged->digest, entry.position};
  if (absl::Status status = log->CheckPresent(leaf, message->present()); !status.ok()) {
    return InContext("receipt present", status);
  }

  VerifiedReceipt verified;
  verified.subject = subject;
  verified.event = statement->event();
  verified.number = entry.number;
  verified.place = logged->place();
  verified.log_size = log->size();
  verified.log_root = log->verified().checkpoint.root();
  verified.quorum_met = log->verified().quorum_met;
  return verified;
}

}  // namespace touchstone
