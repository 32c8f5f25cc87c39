#include "tests/vectors/second_reader/ownership.h"

#include <vector>

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

constexpr char kProofType[] = "application/vnd.touchstone.ownership-proof.v1+protobuf";
constexpr uint64_t kDayMs = uint64_t{24} * 3600 * 1000;

absl::StatusOr<std::string> BytesOf(const std::string& text, const std::string& begin) {
  std::string symbols;
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    symbols.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  if (symbols.substr(0, begin.size()) != begin) return Refused("another beginning");
  const size_t colon = symbols.find(':');
  if (colon == std::string::npos) return Refused("no colon");
  if (symbols.substr(begin.size(), colon - begin.size()) != "1") {
    return CannotJudge("an unknown version");
  }
  return FromBase32(symbols.substr(colon + 1));
}

// Of UTF-8: no controls, nothing that turns the direction of reading, single spaces of one kind.
bool ReadsAsItIs(const std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    const std::string two = text.substr(i, 2);
    if (two[0] == '\xC2' && two >= "\xC2\x80" && two <= "\xC2\xA0") return false;
    if (two == "  " || two == "\xD8\x9C") return false;
    const std::string three = text.substr(i, 3);
    if (three == "\xE3\x80\x80" || three == "\xEF\xBB\xBF") return false;
    if (three >= "\xE2\x80\x80" && three <= "\xE2\x80\x8F") return false;
    if (three >= "\xE2\x80\xA8" && three <= "\xE2\x80\xAF") return false;
    if (three >= "\xE2\x81\x9F" && three <= "\xE2\x81\xAF") return false;
  }
  return IsUtf8(text);
}

bool IsLine(const std::string& text, size_t max) {
  return !text.empty() && text.size() <= max && ReadsAsItIs(text);
}

}  // namespace

absl::StatusOr<Question> ReadQuestion(const Schema& schema, const std::string& text) {
  const absl::StatusOr<std::string> bytes = BytesOf(text, "TOUCHSTONE-ASK-");
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() > 1024) return Refused("a question that is too long");
  absl::StatusOr<Message> message = Message::Read(schema.Message("OwnershipChallenge"), *bytes);
  if (!message.ok()) return message.status();
  const uint64_t asked = message->Number("issued_at_ms");
  const uint64_t expires = message->Number("expires_at_ms");
  if (message->Text("log_origin").empty() || message->Text("passport_id").size() != 16 ||
      message->Text("nonce").size() != 32 || !IsLine(message->Text("verifier"), 100) ||
      !IsLine(message->Text("purpose"), 200) || asked == 0 || asked >> 63 != 0 ||
      expires <= asked || expires - asked > 90 * kDayMs) {
    return Refused("a field of the question");
  }
  return Question{*bytes, *std::move(message)};
}

absl::Status CheckAnswer(const Schema& schema, const Question& question, const std::string& answer,
                         const std::string& key, uint64_t now_ms) {
  const absl::StatusOr<std::string> bytes = BytesOf(answer, "TOUCHSTONE-PROOF-");
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() > 8192) return Refused("an answer that is too long");
  const absl::StatusOr<Message> envelope = Message::Read(schema.Message("Envelope"), *bytes);
  if (!envelope.ok()) return envelope.status();
  if (envelope->Text("payload_type") != kProofType) return Refused("another payload type");
  const std::vector<Message> signatures = envelope->Messages("signatures");
  if (signatures.size() != 1 || signatures[0].Has("batch")) return Refused("not one signature");
  if (envelope->Text("payload") != question.bytes) return Refused("another question");
  if (now_ms >= question.message.Number("expires_at_ms")) return Refused("an expired question");
  if (question.message.Number("issued_at_ms") > now_ms + 5 * 60 * 1000) {
    return CannotJudge("a question from the future");
  }
  if (signatures[0].Text("keyid") != Sha256(key)) return Refused("another key");
  const std::string type = kProofType;
  return CheckSignature(key,
                        "DSSEv1 " + std::to_string(type.size()) + " " + type + " " +
                            std::to_string(question.bytes.size()) + " " + question.bytes,
                        signatures[0].Text("sig"));
}

}  // namespace touchstone::second_reader
