#include "tests/vectors/second_reader/names.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

// What stands between backquotes in one cell of a table.
std::vector<std::string> Quoted(const std::string& cell) {
  std::vector<std::string> words;
  for (size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at)) {
    const size_t end = cell.find('`', at + 1);
    if (end == std::string::npos) break;
    words.push_back(cell.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

absl::Status Add(const absl::StatusOr<Claim>& claim, std::vector<Claim>& claims) {
  if (!claim.ok()) return claim.status();
  if (std::find(claims.begin(), claims.end(), *claim) != claims.end()) {
    return Refused("a claim that stands twice");
  }
  claims.push_back(*claim);
  return absl::OkStatus();
}

absl::StatusOr<Claim> GtinClaim(const std::string& gtin14, const std::string& serial) {
  int sum = 0;
  for (size_t i = 0; i < gtin14.size(); ++i) {
    if (gtin14[i] < '0' || gtin14[i] > '9') return Refused("a GTIN that is no number");
    sum += (gtin14[i] - '0') * (i % 2 == 0 ? 3 : 1);
  }
  if (gtin14.size() != 14 || sum % 10 != 0) return Refused("a GTIN that is mistyped");
  return Claim{6, gtin14 + serial};
}

bool IsSerial(const std::string& text) {
  const std::string set82 =
      "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  return !text.empty() && text.size() <= 20 && text.find_first_not_of(set82) == std::string::npos;
}

constexpr char kCrockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

unsigned CheckValue(const std::string& id) {
  unsigned remainder = 0;
  for (const char byte : id) remainder = (remainder * 256 + static_cast<unsigned char>(byte)) % 37;
  return remainder;
}

// Bit i of two zero bits and 128 of `id`.
unsigned BitOf(const std::string& id, size_t i) {
  if (i < 2) return 0;
  return static_cast<unsigned char>(id[(i - 2) / 8]) >> (7 - (i - 2) % 8) & 1;
}

}  // namespace

Aliases ReadAliases(const std::string& format_document) {
  Aliases aliases;
  std::istringstream stream(format_document);
  bool in_table = false;
  for (std::string line; std::getline(stream, line);) {
    if (line == "| normalised | becomes |") {
      in_table = true;
    } else if (line.empty() || line[0] != '|') {
      in_table = false;
    } else if (const size_t middle = line.find('|', 1); in_table && line.find('`') < middle) {
      for (const std::string& name : Quoted(line.substr(0, middle))) {
        aliases[name] = Quoted(line.substr(middle)).at(0);
      }
    }
  }
  return aliases;
}

absl::StatusOr<std::string> Normalise(const std::string& text, size_t min, size_t max) {
  std::string normal;
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E) return Refused("a text that is not printable ASCII");
    if (c >= 'a' && c <= 'z') normal.push_back(static_cast<char>(c - 'a' + 'A'));
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) normal.push_back(c);
  }
  if (normal.size() < min || normal.size() > max) return Refused("too few letters, or too many");
  return normal;
}

absl::StatusOr<std::string> Laboratory(const Aliases& aliases, const std::string& name) {
  absl::StatusOr<std::string> normal = Normalise(name, 1, 60);
  if (!normal.ok()) return normal;
  const auto found = aliases.find(*normal);
  return found == aliases.end() ? *normal : found->second;
}

absl::StatusOr<Claim> InscriptionClaim(const std::string& text) {
  const absl::StatusOr<std::string> normal = Normalise(text, 4, 64);
  if (!normal.ok()) return normal.status();
  return Claim{4, *normal};
}

absl::StatusOr<Claim> ReportClaim(const Aliases& aliases, const std::string& laboratory,
                                  const std::string& number) {
  const absl::StatusOr<std::string> name = Laboratory(aliases, laboratory);
  if (!name.ok()) return name.status();
  const absl::StatusOr<std::string> normal = Normalise(number, 1, 40);
  if (!normal.ok()) return normal.status();
  return Claim{5, *name + std::string(1, '\0') + *normal};
}

const Message& SpecificationIn(const Message& statement) {
  for (const char* event : {"modification", "correction"}) {
    if (statement.Has(event)) return statement.Get(event).Get("piece");
  }
  return statement.Get("registration").Get("piece");
}

absl::StatusOr<std::vector<Claim>> ClaimsOf(const Aliases& aliases, const Message& statement) {
  std::vector<Claim> claims;
  absl::Status status;
  const Message& piece = SpecificationIn(statement);
  if (piece.Has("gtin14")) {
    status = Add(GtinClaim(piece.Text("gtin14"), piece.Text("serial")), claims);
  }
  for (const Message& inscription : piece.Messages("inscriptions")) {
    const uint64_t kind = inscription.Number("kind");
    const bool is_claimed = kind == 1 || kind == 3;  // LAB_REPORT, SERIAL
    if (status.ok() && is_claimed) {
      status = Add(InscriptionClaim(inscription.Text("text")), claims);
    }
  }
  std::vector<Message> reports = piece.Messages("laboratory_reports");
  if (statement.Has("laboratory_report")) reports.push_back(statement.Get("laboratory_report"));
  for (const Message& report : reports) {
    if (!status.ok()) break;
    status =
        Add(ReportClaim(aliases, report.Text("laboratory"), report.Text("report_number")), claims);
  }
  if (!status.ok()) return status;
  return claims;
}

bool CanBeClaimed(const Aliases& aliases, const Claim& claim) {
  const std::string& subject = claim.subject;
  absl::StatusOr<Claim> made = Refused("no kind of claim");
  if (claim.kind == 4) made = InscriptionClaim(subject);
  if (const size_t zero = subject.find('\0'); claim.kind == 5 && zero != std::string::npos) {
    made = ReportClaim(aliases, subject.substr(0, zero), subject.substr(zero + 1));
  }
  if (claim.kind == 6 && subject.size() > 14 && IsSerial(subject.substr(14))) {
    made = GtinClaim(subject.substr(0, 14), subject.substr(14));
  }
  return made.ok() && *made == claim;
}

absl::StatusOr<Claim> ReadReference(const Aliases& aliases, const Message& reference) {
  const uint64_t kind = reference.Number("kind");
  Claim claim{static_cast<uint8_t>(kind), reference.Text("subject")};
  if (kind > 6 || !CanBeClaimed(aliases, claim)) return Refused("a claim that nobody can make");
  return claim;
}

std::string PassportIdText(const std::string& id) {
  std::string text;
  for (size_t symbol = 0; symbol < 26; ++symbol) {
    unsigned value = 0;
    for (size_t bit = 0; bit < 5; ++bit) value = value * 2 + BitOf(id, symbol * 5 + bit);
    if (symbol > 0 && symbol % 4 == 0) text.push_back('-');
    text.push_back(kCrockford[value]);
  }
  text.push_back(kCrockford[CheckValue(id)]);
  return text;
}

absl::StatusOr<std::string> ReadPassportIdText(const std::string& text) {
  const std::string symbols = kCrockford;
  std::vector<size_t> values;
  for (char c : text) {
    if (c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    values.push_back(symbols.find(c));
    if (values.back() == std::string::npos) return Refused("a symbol that is none");
  }
  if (values.size() != 27 || values[0] > 7) return Refused("not a passport id");
  std::string id(16, '\0');
  for (size_t bit = 2; bit < 130; ++bit) {
    if (values[bit / 5] >= 32) return Refused("a check symbol within a passport id");
    const unsigned is_set = values[bit / 5] >> (4 - bit % 5) & 1;
    char& byte = id[(bit - 2) / 8];
    byte = static_cast<char>(byte | static_cast<char>(is_set << (7 - (bit - 2) % 8)));
  }
  if (values[26] != CheckValue(id)) return Refused("a check symbol that does not fit");
  return id;
}

std::string ClaimCodeText(const std::string& code) {
  unsigned remainder = 0;
  for (const char byte : code) {
    remainder = (remainder * 256 + static_cast<unsigned char>(byte)) % 1021;
  }
  // The symbols of a passport id, with other check symbols.
  std::string text = PassportIdText(code);
  text.pop_back();
  return "CLAIM-" + text + kCrockford[remainder / 32] + kCrockford[remainder % 32];
}

std::string DeriveClaimKey(const std::string& code, const std::string& origin,
                           const std::string& passport_id) {
  return HmacSha256(code, "touchstone/claim-key/v1" + std::string(1, '\0') +
                              Number(origin.size(), 1) + origin + passport_id);
}

std::string DerivePassportId(const std::string& secret, const std::string& origin,
                             const std::string& participant, const std::string& serial) {
  return HmacSha256(secret, "touchstone/passport-id/v1" + std::string(1, '\0') +
                                Number(origin.size(), 1) + origin + Number(participant.size(), 1) +
                                participant + serial)
      .substr(0, 16);
}

std::string DeriveNonce(const std::string& secret, const std::string& statement_without_nonce) {
  return HmacSha256(secret, "touchstone/nonce/v1" + std::string(1, '\0') + statement_without_nonce)
      .substr(0, 16);
}

absl::StatusOr<CardToken> ReadCardToken(const std::string& text) {
  const absl::StatusOr<std::string> bytes = FromBase32(text);
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() < 64) return Refused("a card token without a signature");
  CardToken token;
  token.body = bytes->substr(0, bytes->size() - 64);
  token.signature = bytes->substr(bytes->size() - 64);
  Cursor cursor(token.body);
  const uint64_t version = cursor.TakeNumber(1);
  if (!cursor.CameShort() && version != 1) return CannotJudge("a card of an unknown version");
  token.key_id = cursor.Take(8);
  token.passport_id = cursor.Take(16);
  token.registration = cursor.Take(32);
  token.day = cursor.TakeNumber(2);
  token.serial = cursor.Take(cursor.TakeNumber(1));
  token.inscription = cursor.Take(cursor.TakeNumber(1));
  token.title = cursor.Take(cursor.TakeNumber(1));
  if (!cursor.TookAll()) return Refused("a card token of another length");
  if (token.serial.empty() || token.serial.size() > 20 || token.inscription.size() > 40 ||
      token.title.size() > 48 || !IsUtf8(token.title)) {
    return Refused("a card token with texts that it may not have");
  }
  return token;
}

std::string DateOfDay(uint64_t day) {
  const std::chrono::sys_days first = std::chrono::year{2020} / 1 / 1;
  const std::chrono::year_month_day date{first + std::chrono::days{day}};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string CardSignedBytes(const std::string& origin, const std::string& body) {
  return "touchstone/card/v1" + std::string(1, '\0') + Number(origin.size(), 1) + origin + body;
}

}  // namespace touchstone::second_reader
