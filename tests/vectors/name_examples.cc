#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/vectors/examples.h"
#include "tests/vectors/reading.h"
#include "verifier/big_endian.h"
#include "verifier/card_token.h"
#include "verifier/claim.h"
#include "verifier/digital_link.h"
#include "verifier/hex.h"
#include "verifier/signing/claim_code.h"

namespace touchstone {
namespace {

constexpr absl::string_view kInscriptions[] = {
    "GIA 2141438167", "gia2141438167", "G.I.A. No: 2141438167", "No. 7/A-3 ~ (c)",
    "LG-60 1234 56",  "A-1",           "tr\xC3\xA8s 1234"};
constexpr absl::string_view kExampleClaimCode = "CLAIM-014D-2PF2-DBSQ-QZXQ-5TK1-V58C-GGY4";

struct Report {
  absl::string_view laboratory;
  absl::string_view number;
};
constexpr Report kReports[] = {
    {"GIA", "2141438167"},
    {"Gemological Institute of America", "2141-438-167"},
    {"HRD Antwerp", "J-190000123"},
    {"G\xC3\xBC"
     "belin Gem Lab",
     "0001"},
    {"Gubelin Gem Lab", "0001"},
    {"Atelier No. 5", "7"},
    {"IGI", "--"},
};

std::string Cell(absl::string_view text) {
  return absl::StrCat("`", absl::StrReplaceAll(text, {{absl::string_view("\0", 1), "` 00 `"}}),
                      "`");
}

std::string Cell(const absl::StatusOr<ClaimSubject>& claim) {
  return claim.ok() ? Cell(claim->subject) : "refused";
}

void AddClaim(const std::string& prefix, const absl::StatusOr<ClaimSubject>& claim,
              VectorFile& file) {
  if (claim.ok()) {
    file.Add(prefix + ".subject", claim->subject);
  } else {
    file.Add(prefix + ".refused", "");
  }
}

// `0x01` to `0x4f` and so on; no text.
std::string OneByte(size_t value) {
  return std::string(1, static_cast<char>(static_cast<unsigned char>(value)));
}

}  // namespace

void AddClaims(const ExampleLog& /*example*/, Examples& examples) {
  VectorFile file("Section 8: what is claimed. A line `refused` stands where there is no claim");
  std::string table = "| kind | written | subject |\n|---|---|---|\n";
  size_t count = 0;
  for (const absl::string_view text : kInscriptions) {
    const absl::StatusOr<ClaimSubject> claim = InscriptionClaim(text);
    const std::string prefix = absl::StrCat("inscription.", count++);
    file.Section(absl::StrCat("\"", text, "\""));
    file.Add(prefix + ".text", text);
    AddClaim(prefix, claim, file);
    absl::StrAppend(&table, "| 4 | ", Cell(text), " | ", Cell(claim), " |\n");
  }
  count = 0;
  for (const Report& report : kReports) {
    const absl::StatusOr<ClaimSubject> claim = ReportClaim(report.laboratory, report.number);
    const std::string prefix = absl::StrCat("report.", count++);
    file.Section(absl::StrCat("\"", report.laboratory, "\", \"", report.number, "\""));
    file.Add(prefix + ".laboratory", report.laboratory);
    file.Add(prefix + ".number", report.number);
    AddClaim(prefix, claim, file);
    absl::StrAppend(&table, "| 5 | ", Cell(report.laboratory), ", ", Cell(report.number), " | ",
                    Cell(claim), " |\n");
  }
  examples.Add("claims.txt", file);
  examples.appendix.Heading("Section 8: claims");
  absl::StrAppend(&table, "| 6 | `04012345000016`, `R-1001` | `04012345000016R-1001` |");
  examples.appendix.Prose(table);
}

void AddNames(const ExampleLog& example, Examples& examples) {
  const PassportId& ring = example.ring;
  VectorFile file("Section 11: passport ids and nonces");
  file.Section("derived: the secret is SHA-256(\"test secret maison\")");
  file.Add("secret", example.issuer_secret);
  file.AddText("origin", example.log.origin());
  file.AddText("participant", kMaisonId);
  for (const auto& [name, id, serial] :
       {std::tuple{"ring", ring, kRingSerial}, std::tuple{"band", example.band, kBandSerial}}) {
    file.AddText(absl::StrCat(name, ".serial"), serial);
    file.Add(absl::StrCat(name, ".id"), id.bytes());
    file.AddText(absl::StrCat(name, ".text"), id.Format());
  }
  file.Section("the ring's registration without its nonce, and the nonce derived for it");
  const Entry entry = Must(DecodeEntry(example.log.Frame(example.registration.position)));
  const Envelope envelope = Must(Envelope::Parse(PayloadType::kStatement, entry.payload));
  const std::string nonce = Must(ParsedStatement::Parse(envelope.payload())).message().nonce();
  file.Add("statement_without_nonce", example.registration_without_nonce);
  file.Add("nonce", nonce);
  file.Section("the text form of ids of one byte, then zeros");
  for (const size_t value : {0, 1, 2, 31, 128, 255}) {
    const std::string bytes = OneByte(value) + std::string(15, '\0');
    file.Add(absl::StrCat("plain.", value, ".id"), bytes);
    file.AddText(absl::StrCat("plain.", value, ".text"),
                 Must(PassportId::FromBytes(bytes)).Format());
  }
  file.Section("a claim code, and the seed of the claim key that it stands for with the ring");
  const ClaimCode code = Must(ClaimCode::Parse(kExampleClaimCode));
  const SecretKey claim_key = Must(code.DeriveKey(example.log.origin(), ring));
  const std::string claim_seed(claim_key.ExposeSeed().begin(), claim_key.ExposeSeed().end());
  const std::string code_bytes(code.ExposeBytes().begin(), code.ExposeBytes().end());
  file.Add("claim_code", code_bytes);
  file.AddText("claim_code.text", kExampleClaimCode);
  file.Add("claim_key.seed", claim_seed);
  examples.Add("names.txt", file);

  examples.appendix.Heading("Section 11: a passport id and a nonce, derived");
  examples.appendix.Table(
      {{"secret", HexEncode(example.issuer_secret)},
       {"participant", HexEncode(kMaisonId), absl::StrCat("\"", kMaisonId, "\"")},
       {"serial", HexEncode(kRingSerial), absl::StrCat("\"", kRingSerial, "\"")},
       {"passport id", HexEncode(ring.bytes()), ring.Format()},
       {"nonce", HexEncode(nonce), "of the ring's registration (names.txt)"}});
  examples.appendix.Heading("Section 11: a claim code, and its claim key for the ring");
  examples.appendix.Table({{"claim code", HexEncode(code_bytes), std::string(kExampleClaimCode)},
                           {"seed", HexEncode(claim_seed)}});
}

namespace {

CardToken MakeToken(const ExampleLog& example) {
  CardText text{.card_key_id = CardKeyIdOf(NamedKey("card").public_key()),
                .passport_id = example.ring,
                .registration = example.registration.digest,
                .day = 2517,
                .serial = std::string(kRingSerial),
                .inscription = "GIA 2141438167",
                .title = "Solitaire ring"};
  const std::string body = Must(EncodeCardBody(text));
  const std::string signature = NamedKey("card").Sign(CardSignedBytes(example.log.origin(), body));
  return Must(CardToken::Assemble(body, signature));
}

std::vector<Row> BodyReading(const CardText& text) {
  const std::string body = Must(EncodeCardBody(text));
  std::vector<Part> parts = {{"version", body.substr(0, 1)},
                             {"card key id", body.substr(1, kCardKeyIdBytes)},
                             {"passport id", std::string(text.passport_id.bytes())},
                             {"registration", std::string(DigestBytes(text.registration))}};
  std::string day;
  AppendBigEndian<uint16_t>(day, text.day);
  parts.push_back({"day", day, absl::StrCat(text.day, ": 2026-11-22")});
  for (const auto& [name, part] :
       {std::pair{"serial", text.serial}, std::pair{"inscription", text.inscription},
        std::pair{"title", text.title}}) {
    parts.push_back({name, OneByte(part.size()) + part, absl::StrCat("\"", part, "\"")});
  }
  return ReadingOf(parts, body);
}

}  // namespace

std::string ExampleCardToken(const ExampleLog& example) { return MakeToken(example).Format(); }

std::string ExampleCardLink(const ExampleLog& example) {
  const GtinSerial piece{Must(Gtin::Parse14("04012345000016")), std::string(kRingSerial)};
  return Must(DigitalLink::Create("https://id.maison.example", piece, ExampleCardToken(example)))
      .Format();
}

void AddCard(const ExampleLog& example, Examples& examples) {
  const CardToken token = MakeToken(example);
  const std::string body = Must(EncodeCardBody(token.text()));
  const std::string signed_bytes = CardSignedBytes(example.log.origin(), body);
  const std::string signature = NamedKey("card").Sign(signed_bytes);
  VectorFile file("Section 12: the ring's card");
  file.Section("the key is \"card\" of keys.txt");
  file.Add("body", body);
  file.Add("signed_bytes", signed_bytes);
  file.Add("signature", signature);
  file.AddText("token", token.Format());
  file.AddText("link", ExampleCardLink(example));
  examples.Add("card.txt", file);
  examples.appendix.Heading("Section 12: a card");
  std::vector<Row> rows = BodyReading(token.text());
  rows.push_back({"signature", HexEncode(signature)});
  examples.appendix.Table(rows);
  std::string link = ExampleCardLink(example);
  const size_t hash = link.find('#') + 1;
  examples.appendix.Prose("As it is printed (in one line):");
  std::string lines = link.substr(0, hash);
  for (size_t at = hash; at < link.size(); at += 80) {
    absl::StrAppend(&lines, "\n", link.substr(at, 80));
  }
  examples.appendix.Block(lines);
}

}  // namespace touchstone
