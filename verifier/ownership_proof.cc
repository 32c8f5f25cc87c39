#include "verifier/ownership_proof.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/base32.h"
#include "verifier/canonical.h"
#include "verifier/field_checker.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"
#include "verifier/time_text.h"
#include "verifier/verdict.h"
#include "verifier/verdict_text.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

// What each text begins with, then its version and a colon.
constexpr absl::string_view kQuestion = "TOUCHSTONE-ASK-";
constexpr absl::string_view kAnswer = "TOUCHSTONE-PROOF-";
constexpr absl::string_view kVersion = "1";
constexpr size_t kVersionBytesMax = 9;

std::string WriteText(absl::string_view what, absl::string_view bytes) {
  return absl::StrCat(what, kVersion, ":", Base32Encode(bytes));
}

// The bytes in a text that begins with `what`, where it could as well begin with `other`.
absl::StatusOr<std::string> ReadText(absl::string_view what, absl::string_view other,
                                     absl::string_view text) {
  if (text.size() > limits::kOwnershipTextBytesMax) {
    return Refuse(RefusalCode::kTooLarge, absl::StrCat("the text has more than ",
                                                       limits::kOwnershipTextBytesMax, " bytes"));
  }
  std::string symbols;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isspace(byte)) symbols.push_back(absl::ascii_toupper(byte));
  }
  if (absl::StartsWith(symbols, other)) {
    return Refuse(RefusalCode::kWrongPayloadType,
                  absl::StrCat("this is ", what == kAnswer ? "the question (" : "an answer (",
                               other, "…), where ",
                               what == kAnswer ? "the answer to it" : "a question", " belongs"));
  }
  const size_t colon = symbols.find(':');
  if (!absl::StartsWith(symbols, what) || colon == std::string::npos ||
      colon > what.size() + kVersionBytesMax) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("the text does not begin with ", what, kVersion, ":"));
  }
  const absl::string_view version =
      absl::string_view(symbols).substr(what.size(), colon - what.size());
  if (version != kVersion) {
    return Refuse(RefusalCode::kUnknownVersion,
                  absl::StrCat("the text is of version \"", PlainText(version),
                               "\", and this verifier knows version ", kVersion));
  }
  return Base32Decode(absl::string_view(symbols).substr(colon + 1));
}

// A line that shows on every terminal as what it says.
// Spaces that are not U+0020, and marks that show nothing, in UTF-8. With them, or with two spaces
// in a row, a question fills a line of somebody's screen, and what follows looks like another line.
bool HasOddSpace(absl::string_view text) {
  if (absl::StrContains(text, "  ")) return true;
  for (const absl::string_view one : {"\xC2\xA0", "\xD8\x9C", "\xE3\x80\x80", "\xEF\xBB\xBF"}) {
    if (absl::StrContains(text, one)) return true;
  }
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '\xE2') continue;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const auto third = static_cast<unsigned char>(text[i + 2]);
    if (second == 0x80 && (third <= 0x8F || (third >= 0xA8 && third <= 0xAF))) return true;
    if (second == 0x81 && third >= 0x9F && third <= 0xAF) return true;
  }
  return false;
}

void CheckLine(absl::string_view name, const std::string& value, size_t bytes_max,
               FieldChecker& checker) {
  checker.Text(name, value, bytes_max, Presence::kRequired);
  if (checker.ok() && PlainText(value) != value) {
    checker.Fail(name, std::nullopt, "text with invisible characters that turn its direction",
                 "text that reads as what it is");
  }
  if (checker.ok() && HasOddSpace(value)) {
    checker.Fail(name, std::nullopt,
                 "text with two spaces in a row, or with spaces of another kind",
                 "words with one space (U+0020) between them");
  }
}

absl::Status CheckFields(const v1::OwnershipChallenge& message) {
  FieldChecker checker;
  const absl::Status origin = ValidateKeyName(message.log_origin());
  if (!origin.ok()) checker.Fail("log_origin", std::nullopt, origin);
  checker.Bytes("passport_id", message.passport_id(), PassportId::kBytes, Presence::kRequired);
  CheckLine("verifier", message.verifier(), limits::kOwnershipVerifierBytesMax, checker);
  CheckLine("purpose", message.purpose(), limits::kOwnershipPurposeBytesMax, checker);
  checker.Bytes("nonce", message.nonce(), limits::kOwnershipNonceBytes, Presence::kRequired);
  // Far from where adding to it would overflow.
  constexpr uint64_t kTimeMsMax = limits::kTreeSizeMax;
  checker.Number("issued_at_ms", message.issued_at_ms(), 1, kTimeMsMax, Presence::kRequired);
  if (!checker.ok()) return checker.status();
  const uint64_t first = message.issued_at_ms() + 1;
  checker.Number("expires_at_ms", message.expires_at_ms(), first,
                 message.issued_at_ms() + limits::kOwnershipChallengeMsMax, Presence::kRequired);
  return checker.status();
}

}  // namespace

absl::StatusOr<OwnershipChallenge> OwnershipChallenge::Parse(absl::string_view bytes) {
  if (bytes.size() > limits::kOwnershipChallengeBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a question about ownership has at most ",
                               limits::kOwnershipChallengeBytesMax, " bytes, not ", bytes.size()));
  }
  absl::Status status = CheckCanonical(kOwnershipChallengeSchema, bytes);
  if (!status.ok()) return status;
  v1::OwnershipChallenge message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refuse(RefusalCode::kMalformed, "not a touchstone.v1.OwnershipChallenge");
  }
  status = CheckFields(message);
  if (!status.ok()) return InContext("the question", status);
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(message.passport_id());
  if (!id.ok()) return id.status();
  return OwnershipChallenge(std::string(bytes), std::move(message), *id);
}

absl::StatusOr<OwnershipChallenge> OwnershipChallenge::ParseText(absl::string_view text) {
  const absl::StatusOr<std::string> bytes = ReadText(kQuestion, kAnswer, text);
  if (!bytes.ok()) return bytes.status();
  return Parse(*bytes);
}

absl::StatusOr<OwnershipChallenge> OwnershipChallenge::Create(
    const v1::OwnershipChallenge& message) {
  return Parse(message.SerializeAsString());
}

std::string OwnershipChallenge::Text() const { return WriteText(kQuestion, bytes_); }

absl::Status OwnershipChallenge::CheckTime(uint64_t now_ms) const {
  if (now_ms >= expires_at_ms()) {
    return Refuse(RefusalCode::kChallengeExpired,
                  absl::StrCat("the question was open until ", FormatTime(expires_at_ms()),
                               ", and it is ", FormatTime(now_ms), ": ask anew"));
  }
  if (now_ms < issued_at_ms() && issued_at_ms() - now_ms > kClockSkewMsMax) {
    return Refuse(RefusalCode::kChallengeInFuture,
                  absl::StrCat("the question was asked at ", FormatTime(issued_at_ms()),
                               ", and it is ", FormatTime(now_ms), ": set the clock right"));
  }
  return absl::OkStatus();
}

std::string OwnershipProofText(const Envelope& proof) { return WriteText(kAnswer, proof.bytes()); }

absl::StatusOr<Envelope> ParseOwnershipProofText(absl::string_view text) {
  const absl::StatusOr<std::string> bytes = ReadText(kAnswer, kQuestion, text);
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() > limits::kOwnershipProofBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a proof of ownership has at most ", limits::kOwnershipProofBytesMax,
                               " bytes, not ", bytes->size()));
  }
  return Envelope::Parse(PayloadType::kOwnershipProof, *bytes);
}

}  // namespace touchstone
