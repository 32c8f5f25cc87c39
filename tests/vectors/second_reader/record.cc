#include "tests/vectors/second_reader/record.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/trees.h"

namespace touchstone::second_reader {
namespace {

constexpr size_t kFileMax = size_t{16} << 20;

// Steps 1 to 4 as far as the kinds of file have them in common.
struct Opened {
  Message message;
  Log log;
  Stewards stewards;
};

absl::StatusOr<Opened> Open(const Documents& documents, const Policy& policy,
                            const std::string& magic, const std::string& message_name,
                            const std::string& file) {
  if (file.size() > kFileMax) return Refused("a file of more than 16 MiB");
  if (file.compare(0, magic.size(), magic) != 0) return Refused("another kind of file");
  if (file.size() < magic.size() + 1) return Refused("a file that is cut off");
  if (file[magic.size()] != 1) return CannotJudge("a file of another version");
  absl::StatusOr<Message> message =
      Message::Read(documents.schema.Message(message_name), file.substr(magic.size() + 1));
  if (!message.ok()) return message.status();
  absl::StatusOr<Log> log =
      OpenLog(policy, message->Text("checkpoint"), message->Get("index_root"));
  if (!log.ok()) return log.status();
  const absl::StatusOr<Chain> chain =
      ReadChain(documents.schema, *log, 3, message->Get("stewards"));
  if (!chain.ok()) return chain.status();
  absl::StatusOr<Stewards> stewards = FoldStewards(policy, *chain);
  if (!stewards.ok()) return stewards.status();
  if (stewards->closed_at && *stewards->closed_at + 2 != log->checkpoint.size) {
    return Refused("a log that goes on after it was closed");
  }
  return Opened{*std::move(message), *std::move(log), *std::move(stewards)};
}

absl::StatusOr<Participants> ReadParticipants(const Documents& documents, const Opened& opened) {
  Participants participants;
  for (const Message& message : opened.message.Messages("participants")) {
    const absl::StatusOr<Chain> chain = ReadChain(documents.schema, opened.log, 2, message);
    if (!chain.ok()) return chain.status();
    if (!participants.empty() && participants.back().id >= chain->subject) {
      return Refused("participants that do not ascend");
    }
    absl::StatusOr<Participant> participant =
        FoldParticipant(opened.stewards, participants, *chain);
    if (!participant.ok()) return participant.status();
    participants.push_back(*std::move(participant));
  }
  return participants;
}

std::vector<std::string> ProtoFiles(const std::string& root) {
  std::vector<std::string> files;
  for (const char* name : {"piece", "statement", "envelope", "passport", "ownership"}) {
    files.push_back(ReadFile(root + "/proto/touchstone/v1/" + name + ".proto"));
  }
  return files;
}

}  // namespace

Documents::Documents(const std::string& root)
    : schema(ProtoFiles(root)), aliases(ReadAliases(ReadFile(root + "/docs/FORMAT.md"))) {}

absl::StatusOr<Record> ReadPassport(const Documents& documents, const Policy& policy,
                                    const std::string& file) {
  const absl::StatusOr<Opened> opened =
      Open(documents, policy, "\x89TSP\r\n\x1a\n", "Passport", file);
  if (!opened.ok()) return opened.status();
  const Log& log = opened->log;
  const absl::StatusOr<Participants> participants = ReadParticipants(documents, *opened);
  if (!participants.ok()) return participants.status();
  const absl::StatusOr<Chain> chain =
      ReadChain(documents.schema, log, 1, opened->message.Get("piece"));
  if (!chain.ok()) return chain.status();
  absl::StatusOr<Piece> piece =
      FoldPiece(opened->stewards, *participants, documents.aliases, *chain);
  if (!piece.ok()) return piece.status();
  // Step 5: whoever signed is there, or the piece's entries would not have held.
  std::set<std::string> signed_here;
  for (const Line& line : piece->lines) {
    if (!line.participant.empty()) signed_here.insert(line.participant);
  }
  if (signed_here.size() != participants->size()) return Refused("a participant too many");
  absl::StatusOr<Standings> standings =
      CheckClaims(log, *piece, opened->message.Messages("claims"));
  if (!standings.ok()) return standings.status();
  const auto& seconds = log.checkpoint.quorum_seconds;
  return Record{log, seconds ? *seconds * 1000 : log.time_ms,
                opened->stewards.closed_at.has_value(), *std::move(piece), *std::move(standings)};
}

absl::StatusOr<Stewards> ReadCards(const Documents& documents, const Policy& policy,
                                   const std::string& file) {
  const absl::StatusOr<Opened> opened =
      Open(documents, policy, "\x89TSC\r\n\x1a\n", "Passport", file);
  if (!opened.ok()) return opened.status();
  for (const char* name : {"piece", "participants", "claims"}) {
    if (opened->message.Has(name)) return Refused("a cards file with more than cards");
  }
  return opened->stewards;
}

absl::StatusOr<Absence> ReadAbsence(const Documents& documents, const Policy& policy,
                                    const std::string& file) {
  const absl::StatusOr<Opened> opened =
      Open(documents, policy, "\x89TSA\r\n\x1a\n", "Absence", file);
  if (!opened.ok()) return opened.status();
  const Message& chain = opened->message.Get("claim");
  const uint64_t kind = chain.Number("kind");
  const bool is_id = kind == 1 && chain.Text("subject").size() == 16;
  const Claim claim{static_cast<uint8_t>(kind), chain.Text("subject")};
  if (!is_id && (kind > 6 || !CanBeClaimed(documents.aliases, claim))) {
    return Refused("nothing that can be looked for");
  }
  if (is_id && chain.Has("events")) return Refused("events of a passport that is not there");
  const absl::StatusOr<size_t> events = CheckNobodys(opened->log, chain);
  if (!events.ok()) return events.status();
  return Absence{claim, *events};
}

absl::Status CheckCard(const Stewards& stewards, const CardToken& token) {
  absl::Status answer = CannotJudge("a card key that is not known");
  for (const auto& [id, key] : stewards.card_keys) {
    if (id.substr(0, 8) != token.key_id) continue;
    answer = CheckSignature(key.key, CardSignedBytes(stewards.origin, token.body), token.signature);
    if (answer.ok() && key.is_revoked && DateOfDay(token.day) >= key.good_before) {
      answer = Refused("a card key that was revoked");
    }
    if (answer.ok()) return answer;
  }
  return answer;
}

absl::StatusOr<Entry> ReadReceipt(const Documents& documents, const Policy& policy,
                                  const std::string& receipt, const std::string& sent) {
  const absl::StatusOr<Message> message =
      Message::Read(documents.schema.Message("Receipt"), receipt);
  if (!message.ok()) return message.status();
  const absl::StatusOr<Said> expected = ReadEnvelope(documents.schema, sent);
  if (!expected.ok()) return expected.status();
  const absl::StatusOr<Log> log =
      OpenLog(policy, message->Text("checkpoint"), message->Get("index_root"));
  if (!log.ok()) return log.status();
  const absl::StatusOr<Entry> entry = Prove(*log, message->Get("entry"));
  if (!entry.ok()) return entry.status();
  if (entry->type != 1) return Refused("a receipt for an index root");
  const absl::StatusOr<Said> logged = ReadEnvelope(documents.schema, entry->payload);
  if (!logged.ok()) return logged.status();
  if (logged->pae != expected->pae) return Refused("a receipt for something else");
  const Message& subject = logged->statement.Get("subject");
  const uint8_t kind = subject.Has("passport_id") ? 1 : subject.Has("participant_id") ? 2 : 3;
  const std::string bytes = subject.Text("passport_id") + subject.Text("participant_id");
  const IndexLeaf leaf{IndexKey(kind, bytes, static_cast<uint32_t>(entry->number)),
                       IndexValue(0, entry->digest, entry->position)};
  absl::Status status = CheckPresent(log->index_root, leaf, message->Text("present"));
  if (!status.ok()) return status;
  return entry;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::abort();
  }
  std::ostringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

}  // namespace touchstone::second_reader
