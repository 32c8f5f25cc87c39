#include "tests/vectors/second_reader/chains.h"

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/trees.h"

namespace touchstone::second_reader {
namespace {

constexpr char kStatementType[] = "application/vnd.touchstone.statement.v1+protobuf";
constexpr char kRequestType[] = "application/vnd.touchstone.request.v1+protobuf";
constexpr char kProofType[] = "application/vnd.touchstone.ownership-proof.v1+protobuf";

struct Event {
  const char* name;
  uint8_t kind;          // of its subject
  const char* key = "";  // the field that names a key or keys
  bool is_ownership = false;
};
constexpr Event kEvents[] = {
    {"genesis", 3, "steward_keys"},
    {"card_key_enrolled", 3, "key"},
    {"log_closed", 3},
    {"stewards_changed", 3, "steward_keys"},
    {"card_key_revoked", 3},
    {"participant_enrolled", 2, "keys"},
    {"participant_changed", 2},
    {"key_added", 2, "key"},
    {"key_revoked", 2},
    {"registration", 1},
    {"laboratory_report", 1},
    {"care_record", 1},
    {"assay_report", 1},
    {"modification", 1},
    {"appraisal", 1},
    {"custody", 1},
    {"correction", 1},
    {"entitlement_granted", 1},
    {"documents_added", 1},
    {"data_erased", 1},
    {"first_sale", 1, "claim_key", true},
    {"claim", 1, "owner_key", true},
    {"transfer", 1, "to_key", true},
    {"offer_withdrawn", 1, "", true},
    {"transfer_notice", 1, "to_key", true},
    {"notice_objected", 1, "", true},
    {"notice_withdrawn", 1, "", true},
    {"ownership_moved", 1, "", true},
    {"pledged", 1, "pledgee_key", true},
    {"pledge_released", 1, "", true},
    {"claim_resolved", 1},
    {"incident_reported", 1},
    {"incident_resolved", 1},
    {"end_of_life", 1},
    {"stone_removed", 1},
};

const Event* EventOf(const Message& statement) {
  for (const Event& event : kEvents) {
    if (statement.Has(event.name)) return &event;
  }
  return nullptr;
}

struct SubjectOf {
  uint8_t kind = 0;
  std::string bytes;
};
SubjectOf ReadSubject(const Message& subject) {
  if (subject.Has("passport_id")) return {1, subject.Text("passport_id")};
  if (subject.Has("participant_id")) return {2, subject.Text("participant_id")};
  return {static_cast<uint8_t>(subject.Has("stewards") ? 3 : 0), ""};
}

// What proto/touchstone/v1/statement.proto asks of every statement.
absl::Status CheckStatement(const Said& said, const Event* event) {
  const Message& statement = said.statement;
  if (!statement.Has("rules_version")) return Refused("no rules version");
  if (statement.Number("rules_version") != 1) return CannotJudge("rules of another version");
  if (!statement.Has("log_origin") || !statement.Has("occurred_at_ms")) {
    return Refused("a required field is missing");
  }
  if (statement.Text("nonce").size() != 16) return Refused("a nonce of another length");
  if (event == nullptr) return Refused("no event");
  const SubjectOf subject = ReadSubject(statement.Get("subject"));
  if (subject.kind != event->kind) return Refused("an event about another kind of subject");
  if (subject.kind == 1 && subject.bytes.size() != 16) return Refused("a passport id's length");
  if (subject.kind == 2 && subject.bytes.empty()) return Refused("a participant without a name");
  const size_t builds_on = event->is_ownership ? 32 : 0;
  if (statement.Text("builds_on").size() != builds_on) return Refused("builds_on");
  std::string before;
  for (const std::string& key : NamedKeys(said)) {
    if (absl::Status status = CheckKey(key); !status.ok()) return status;
    if (key <= before) return Refused("keys that do not ascend");
    before = key;
  }
  if (*event->key != '\0' && before.empty()) return Refused("a key is missing");
  return absl::OkStatus();
}

absl::StatusOr<Said::Signature> ReadSignature(const Message& message) {
  Said::Signature signature{message.Text("keyid"), message.Text("sig"), std::nullopt};
  if (signature.keyid.size() != 32) return Refused("a keyid of another length than 32");
  if (signature.sig.empty() || signature.sig.size() > 5120) return Refused("a sig's length");
  if (!message.Has("batch")) return signature;
  signature.batch = message.Get("batch");
  if (signature.batch->Number("count") > 65536) return Refused("a batch of more than 65,536");
  // The path's length.
  absl::Status status =
      RootFromPath("", signature.batch->Number("index"), signature.batch->Number("count"),
                   signature.batch->Text("path"))
          .status();
  if (!status.ok()) return status;
  return signature;
}

}  // namespace

absl::StatusOr<Entry> ReadFrame(const std::string& frame) {
  if (frame.size() > 65535) return Refused("an entry of more than 65,535 bytes");
  Cursor cursor(frame);
  if (cursor.Take(4) != "TSE1") return Refused("not an entry");
  Entry entry;
  entry.type = cursor.TakeNumber(1);
  entry.position = cursor.TakeNumber(8);
  entry.time_ms = cursor.TakeNumber(8);
  entry.number = cursor.TakeNumber(4);
  entry.previous = cursor.Take(32);
  entry.payload = cursor.Take(cursor.TakeNumber(2));
  if (!cursor.TookAll()) return Refused("an entry of another length than it says");
  if (entry.type != 1 && entry.type != 2) return CannotJudge("an entry of an unknown type");
  const bool has_previous = entry.previous != std::string(32, '\0');
  if (entry.number == 0 && has_previous) return Refused("a first entry after another");
  if (entry.type == 2 && (entry.number != 0 || entry.payload.size() != 40)) {
    return Refused("an index root that is none");
  }
  entry.digest = Sha256(frame);
  return entry;
}

std::string PaeOf(const std::string& payload_type, const std::string& payload) {
  return "DSSEv1 " + std::to_string(payload_type.size()) + " " + payload_type + " " +
         std::to_string(payload.size()) + " " + payload;
}

std::string BatchNote(const std::string& origin, uint64_t count, const std::string& root) {
  return "touchstone batch v1\norigin " + origin + "\ncount " + std::to_string(count) + "\nroot " +
         ToBase64(root) + "\n";
}

absl::StatusOr<Said> ReadEnvelope(const Schema& schema, const std::string& envelope) {
  const absl::StatusOr<Message> message = Message::Read(schema.Message("Envelope"), envelope);
  if (!message.ok()) return message.status();
  if (message->Text("payload_type") == kRequestType) return Refused("a request");
  if (message->Text("payload_type") == kProofType) return Refused("a proof of ownership");
  if (message->Text("payload_type") != kStatementType) return CannotJudge("an unknown payload");
  Said said;
  said.statement_bytes = message->Text("payload");
  said.pae = PaeOf(kStatementType, said.statement_bytes);
  const std::vector<Message> signatures = message->Messages("signatures");
  if (signatures.empty() || signatures.size() > 32) return Refused("a number of signatures");
  for (const Message& one : signatures) {
    const absl::StatusOr<Said::Signature> signature = ReadSignature(one);
    if (!signature.ok()) return signature.status();
    if (!said.signatures.empty() && said.signatures.back().keyid >= signature->keyid) {
      return Refused("signatures that do not ascend by keyid");
    }
    said.signatures.push_back(*signature);
  }
  absl::StatusOr<Message> statement =
      Message::Read(schema.Message("Statement"), said.statement_bytes);
  if (!statement.ok()) return statement.status();
  said.statement = *std::move(statement);
  const Event* event = EventOf(said.statement);
  if (event != nullptr) said.event = event->name;
  if (absl::Status status = CheckStatement(said, event); !status.ok()) return status;
  return said;
}

absl::Status CheckSaid(const Said& said, size_t i, const std::string& key) {
  const Said::Signature& signature = said.signatures[i];
  if (Sha256(key) != signature.keyid) return Refused("another key than the keyid names");
  if (!signature.batch) return CheckSignature(key, said.pae, signature.sig);
  const absl::StatusOr<std::string> root =
      RootFromPath(LeafHash(said.pae), signature.batch->Number("index"),
                   signature.batch->Number("count"), signature.batch->Text("path"));
  if (!root.ok()) return root.status();
  return CheckSignature(
      key, BatchNote(said.statement.Text("log_origin"), signature.batch->Number("count"), *root),
      signature.sig);
}

bool IsOwnershipEvent(const Said& said) {
  const Event* event = EventOf(said.statement);
  return event != nullptr && event->is_ownership;
}

std::vector<std::string> NamedKeys(const Said& said) {
  const Event* event = EventOf(said.statement);
  if (event == nullptr) return {};
  return said.statement.Get(event->name).Texts(event->key);
}

absl::StatusOr<Entry> Prove(const Log& log, const Message& proven) {
  absl::StatusOr<Entry> entry = ReadFrame(proven.Text("entry"));
  if (!entry.ok()) return entry;
  const absl::StatusOr<std::string> root = RootFromPath(LeafHash(entry->digest), entry->position,
                                                        log.checkpoint.size, proven.Text("path"));
  if (!root.ok()) return root.status();
  if (*root != log.checkpoint.root) return Refused("an entry that is not in the log");
  return entry;
}

absl::StatusOr<Log> OpenLog(const Policy& policy, const std::string& note,
                            const Message& index_root) {
  absl::StatusOr<Checkpoint> checkpoint = ReadCheckpoint(policy, note);
  if (!checkpoint.ok()) return checkpoint.status();
  Log log{*std::move(checkpoint), "", 0};
  const absl::StatusOr<Entry> entry = Prove(log, index_root);
  if (!entry.ok()) return entry.status();
  if (entry->type != 2 || entry->position != log.checkpoint.size - 1) {
    return Refused("the last entry is no index root");
  }
  log.index_root = entry->payload.substr(0, 32);
  log.time_ms = entry->time_ms;
  return log;
}

absl::StatusOr<Chain> ReadChain(const Schema& schema, const Log& log, uint8_t kind,
                                const Message& chain) {
  Chain result{kind, "", {}};
  for (const Message& proven : chain.Messages("entries")) {
    absl::StatusOr<Entry> entry = Prove(log, proven);
    if (!entry.ok()) return entry.status();
    if (entry->type != 1) return Refused("an index root within a chain");
    if (entry->number != result.links.size()) return Refused("a gap in a chain");
    if (!result.links.empty()) {
      const Entry& before = result.links.back().entry;
      if (entry->previous != before.digest || entry->position <= before.position ||
          entry->time_ms < before.time_ms) {
        return Refused("an entry that does not follow the one before it");
      }
    }
    absl::StatusOr<Said> said = ReadEnvelope(schema, entry->payload);
    if (!said.ok()) return said.status();
    const SubjectOf subject = ReadSubject(said->statement.Get("subject"));
    if (subject.kind != kind) return Refused("another kind of subject");
    if (result.links.empty()) result.subject = subject.bytes;
    if (subject.bytes != result.subject) return Refused("another subject");
    for (const Link& before : result.links) {
      if (before.said.pae == said->pae) return Refused("a statement that is logged twice");
    }
    result.links.push_back({*std::move(entry), *std::move(said)});
  }
  if (result.links.empty()) return Refused("a chain without entries");
  const Entry& last = result.links.back().entry;
  const auto number = static_cast<uint32_t>(last.number);
  const IndexLeaf leaf{IndexKey(kind, result.subject, number),
                       IndexValue(0, last.digest, last.position)};
  absl::Status status = CheckPresent(log.index_root, leaf, chain.Text("last_present"));
  if (!status.ok()) return status;
  status = CheckAbsent(log.index_root, IndexKey(kind, result.subject, number + 1),
                       chain.Text("next_absent"));
  if (!status.ok()) return status;
  return result;
}

}  // namespace touchstone::second_reader
