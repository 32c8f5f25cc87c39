// The worked examples of docs/FORMAT.md, checked by a reader that was written from the document and
// shares no code with the verifier. What it cannot make of an example, the document does not say.

#include <gtest/gtest.h>
#include <sodium.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/chains.h"
#include "tests/vectors/second_reader/names.h"
#include "tests/vectors/second_reader/ownership.h"
#include "tests/vectors/second_reader/record.h"
#include "tests/vectors/second_reader/trees.h"
#include "tests/vectors/second_reader/trust.h"

namespace touchstone::second_reader {
namespace {

const std::string kRoot = TOUCHSTONE_SOURCE_DIR;
const std::string kVectors = kRoot + "/tests/vectors/format/";

// A file of `name = hex` lines.
class Vectors {
 public:
  explicit Vectors(const std::string& name) {
    std::istringstream stream(ReadFile(kVectors + name));
    for (std::string line; std::getline(stream, line);) {
      const size_t equals = line.find(" =");
      if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
      const std::string hex = line.size() > equals + 2 ? line.substr(equals + 3) : "";
      values_[line.substr(0, equals)] = FromHex(hex).value();
    }
  }

  bool Has(const std::string& name) const { return values_.count(name) != 0; }
  std::string operator[](const std::string& name) const {
    EXPECT_TRUE(Has(name)) << name;
    return Has(name) ? values_.at(name) : "";
  }
  uint64_t NumberOf(const std::string& name) const {
    const std::string bytes = (*this)[name];
    return Cursor(bytes).TakeNumber(bytes.size());
  }

 private:
  std::map<std::string, std::string> values_;
};

// A file of wrapped hex.
std::string HexFile(const std::string& name) {
  std::string digits;
  for (const char c : ReadFile(kVectors + name)) {
    if (c != '\n') digits.push_back(c);
  }
  return FromHex(digits).value();
}

const Documents& TheDocuments() {
  static const auto& documents = *new Documents(kRoot);
  return documents;
}

const Policy& ThePolicy() {
  static const auto& policy = *new Policy(ReadPolicy(ReadFile(kVectors + "trust.policy")).value());
  return policy;
}

// MTH of RFC 6962, section 2.1.
std::string RootOf(const std::vector<std::string>& leaves) {
  if (leaves.size() == 1) return leaves[0];
  size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(k);
  return NodeHash(RootOf({leaves.begin(), middle}), RootOf({middle, leaves.end()}));
}

std::string AnswerTo(const std::string& passport) {
  return AnswerOf(ReadPassport(TheDocuments(), ThePolicy(), passport).status());
}

TEST(SecondReader, ReadsTheKeys) {
  const Vectors keys("keys.txt");
  for (const std::string name : {"log", "steward_1", "maison", "atelier_1", "witness_2", "owner"}) {
    std::string key(32, '\0');
    std::string secret(64, '\0');
    const std::string seed = keys[name + ".seed"];
    crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(key.data()),
                             reinterpret_cast<unsigned char*>(secret.data()),
                             reinterpret_cast<const unsigned char*>(seed.data()));
    EXPECT_EQ(keys[name + ".key"], "\x01" + key) << name;
    EXPECT_TRUE(CheckKey(keys[name + ".key"]).ok()) << name;
    EXPECT_EQ(keys[name + ".key_id"], Sha256(keys[name + ".key"])) << name;
  }
  const NoteKey log = ReadVkey(keys["log.vkey"]).value();
  EXPECT_EQ(log.name, "passports.example/log");
  EXPECT_EQ(log.key, keys["log.key"]);
}

TEST(SecondReader, ReadsAStatementAndItsEnvelopes) {
  const Vectors vectors("statement.txt");
  const std::string atelier = Vectors("keys.txt")["atelier_1.key"];
  const Said single = ReadEnvelope(TheDocuments().schema, vectors["single.envelope"]).value();
  EXPECT_EQ(single.event, "care_record");
  EXPECT_EQ(single.statement_bytes, vectors["statement"]);
  EXPECT_EQ(single.pae, vectors["pae"]);
  EXPECT_EQ(Sha256(single.pae), vectors["envelope_digest"]);
  EXPECT_EQ(single.signatures.at(0).sig, vectors["single.sig"]);
  EXPECT_TRUE(CheckSaid(single, 0, atelier).ok());

  std::vector<std::string> leaves;
  for (const std::string number : {"0", "1", "2"}) {
    const std::string prefix = "batch." + number;
    const Said said = ReadEnvelope(TheDocuments().schema, vectors[prefix + ".envelope"]).value();
    leaves.push_back(LeafHash(said.pae));
    EXPECT_EQ(leaves.back(), vectors[prefix + ".leaf_hash"]);
    EXPECT_EQ(said.signatures.at(0).batch->Text("path"), vectors[prefix + ".path"]);
    EXPECT_EQ(said.signatures.at(0).sig, vectors["batch.sig"]);
    EXPECT_TRUE(CheckSaid(said, 0, atelier).ok());
    EXPECT_EQ(said.pae == single.pae, number == "1");
  }
  EXPECT_EQ(RootOf(leaves), vectors["batch.root"]);
  EXPECT_EQ(BatchNote("passports.example/log", 3, vectors["batch.root"]), vectors["batch.note"]);
}

TEST(SecondReader, ReadsTheLog) {
  const Vectors log("log.txt");
  std::vector<std::string> leaves;
  for (size_t i = 0; log.Has("entry." + std::to_string(i) + ".frame"); ++i) {
    const std::string prefix = "entry." + std::to_string(i);
    const Entry entry = ReadFrame(log[prefix + ".frame"]).value();
    EXPECT_EQ(entry.position, i);
    EXPECT_EQ(entry.digest, log[prefix + ".digest"]);
    leaves.push_back(LeafHash(entry.digest));
    EXPECT_EQ(leaves.back(), log[prefix + ".leaf_hash"]);
    EXPECT_EQ(RootOf(leaves), log["root." + std::to_string(i + 1)]);
  }
  const Checkpoint checkpoint = ReadCheckpoint(ThePolicy(), log["checkpoint"]).value();
  EXPECT_EQ(checkpoint.size, leaves.size());
  EXPECT_EQ(checkpoint.root, RootOf(leaves));
  EXPECT_EQ(checkpoint.cosigned, 2u);
  for (size_t i = 0; i < leaves.size(); ++i) {
    EXPECT_EQ(RootFromPath(leaves[i], i, leaves.size(), log["path." + std::to_string(i)]).value(),
              checkpoint.root);
  }
}

// As an auditing witness does: every index root from the entries before it.
TEST(SecondReader, ReplaysTheIndexOfTheLog) {
  const Vectors log("log.txt");
  std::vector<IndexLeaf> leaves;
  std::set<Claim> held;  // the example's claims are all of one passport's
  size_t index_roots = 0;
  for (size_t i = 0; log.Has("entry." + std::to_string(i) + ".frame"); ++i) {
    const Entry entry = ReadFrame(log["entry." + std::to_string(i) + ".frame"]).value();
    if (entry.type == 2) {
      EXPECT_EQ(entry.payload.substr(0, 32), IndexRoot(leaves)) << i;
      ++index_roots;
      continue;
    }
    const Said said = ReadEnvelope(TheDocuments().schema, entry.payload).value();
    const Message& subject = said.statement.Get("subject");
    const uint8_t kind = subject.Has("passport_id") ? 1 : subject.Has("participant_id") ? 2 : 3;
    leaves.push_back({IndexKey(kind, subject.Text("passport_id") + subject.Text("participant_id"),
                               static_cast<uint32_t>(entry.number)),
                      IndexValue(0, entry.digest, entry.position)});
    const auto claims = ClaimsOf(TheDocuments().aliases, said.statement);
    ASSERT_TRUE(claims.ok()) << claims.status();
    for (const Claim& claim : *claims) {
      if (!held.insert(claim).second) continue;
      leaves.push_back(
          {IndexKey(claim.kind, claim.subject, 0), IndexValue(1, entry.digest, entry.position)});
    }
  }
  EXPECT_EQ(index_roots, 5u);
  EXPECT_EQ(held.size(), 3u);
}

TEST(SecondReader, ReadsASmallIndex) {
  const Vectors index("index.txt");
  std::vector<IndexLeaf> leaves;
  for (const std::string name : {"a", "b", "c"}) {
    const auto number = static_cast<uint32_t>(index.NumberOf(name + ".number"));
    leaves.push_back(
        {IndexKey(1, index["subject"], number), IndexValue(0, index[name + ".digest"], number)});
    EXPECT_EQ(leaves.back().key, index[name + ".key"]);
    EXPECT_EQ(leaves.back().value, index[name + ".value"]);
    EXPECT_EQ(IndexRoot({leaves.back()}), index[name + ".leaf"]);
    const std::string count = std::to_string(leaves.size());
    EXPECT_EQ(IndexRoot(leaves), index["root." + count]);
  }
  for (size_t count = 1; count <= 3; ++count) {
    const std::string root = index["root." + std::to_string(count)];
    for (size_t i = 0; i < 3; ++i) {
      const std::string proof =
          index["proof." + std::to_string(count) + "." + std::string(1, "abc"[i])];
      EXPECT_EQ(CheckPresent(root, leaves[i], proof).ok(), i < count);
      EXPECT_EQ(CheckAbsent(root, leaves[i].key, proof).ok(), i >= count);
    }
  }
  for (const std::string what : {"nothing", "other"}) {
    const auto number = static_cast<uint32_t>(index.NumberOf(what + ".number"));
    const std::string key = IndexKey(1, index["subject"], number);
    const std::string proof = index[what + ".proof"];
    EXPECT_TRUE(CheckAbsent(index["root.3"], key, proof).ok()) << what;
    EXPECT_FALSE(CheckAbsent(index["root.2"], key, proof).ok()) << what;
    EXPECT_FALSE(CheckPresent(index["root.3"], {key, leaves[0].value}, proof).ok()) << what;
  }
}

TEST(SecondReader, NormalisesTheClaims) {
  const Vectors vectors("claims.txt");
  const Aliases& aliases = TheDocuments().aliases;
  EXPECT_EQ(aliases.size(), 18u);
  const auto check = [&vectors](const absl::StatusOr<Claim>& claim, const std::string& prefix) {
    EXPECT_EQ(claim.ok(), vectors.Has(prefix + ".subject")) << prefix;
    EXPECT_NE(claim.ok(), vectors.Has(prefix + ".refused")) << prefix;
    EXPECT_EQ(claim.ok() ? claim->subject : "", claim.ok() ? vectors[prefix + ".subject"] : "");
  };
  size_t count = 0;
  for (std::string prefix = "inscription.0"; vectors.Has(prefix + ".text");
       prefix = "inscription." + std::to_string(++count)) {
    check(InscriptionClaim(vectors[prefix + ".text"]), prefix);
  }
  EXPECT_GE(count, 5u);
  count = 0;
  for (std::string prefix = "report.0"; vectors.Has(prefix + ".laboratory");
       prefix = "report." + std::to_string(++count)) {
    check(ReportClaim(aliases, vectors[prefix + ".laboratory"], vectors[prefix + ".number"]),
          prefix);
  }
  EXPECT_GE(count, 5u);
}

TEST(SecondReader, ReadsAndDerivesNames) {
  const Vectors names("names.txt");
  for (const std::string piece : {"ring", "band"}) {
    EXPECT_EQ(DerivePassportId(names["secret"], names["origin"], names["participant"],
                               names[piece + ".serial"]),
              names[piece + ".id"]);
  }
  for (const std::string name : {"ring", "band", "plain.0", "plain.1", "plain.31", "plain.128"}) {
    EXPECT_EQ(PassportIdText(names[name + ".id"]), names[name + ".text"]) << name;
    EXPECT_EQ(ReadPassportIdText(names[name + ".text"]).value(), names[name + ".id"]) << name;
  }
  EXPECT_EQ(DeriveNonce(names["secret"], names["statement_without_nonce"]), names["nonce"]);
  EXPECT_EQ(ClaimCodeText(names["claim_code"]), names["claim_code.text"]);
  EXPECT_EQ(DeriveClaimKey(names["claim_code"], names["origin"], names["ring.id"]),
            names["claim_key.seed"]);
}

TEST(SecondReader, JudgesTheProofOfOwnership) {
  const Vectors ownership("ownership.txt");
  const std::string owner = Vectors("keys.txt")["owner.key"];
  const Schema& schema = TheDocuments().schema;
  const Question question = ReadQuestion(schema, ownership["question.text"]).value();
  EXPECT_EQ(question.bytes, ownership["question"]);
  EXPECT_EQ(question.message.Text("passport_id"), Vectors("names.txt")["ring.id"]);
  const uint64_t asked = question.message.Number("issued_at_ms");
  const std::string answer = ownership["answer.text"];
  EXPECT_TRUE(CheckAnswer(schema, question, answer, owner, asked).ok());
  EXPECT_EQ(
      AnswerOf(CheckAnswer(schema, question, answer, Vectors("keys.txt")["claim.key"], asked)),
      "refused");
  EXPECT_EQ(AnswerOf(CheckAnswer(schema, question, answer, owner,
                                 question.message.Number("expires_at_ms"))),
            "refused");
  EXPECT_EQ(AnswerOf(CheckAnswer(schema, question, ownership["question.text"], owner, asked)),
            "refused");
  EXPECT_EQ(AnswerOf(ReadQuestion(schema, "TOUCHSTONE-ASK-2:AA").status()), "cannot_judge");
}

TEST(SecondReader, ReadsTheCard) {
  const Vectors card("card.txt");
  const CardToken token = ReadCardToken(card["token"]).value();
  EXPECT_EQ(token.body, card["body"]);
  EXPECT_EQ(token.signature, card["signature"]);
  EXPECT_EQ(CardSignedBytes("passports.example/log", token.body), card["signed_bytes"]);
  EXPECT_EQ(token.passport_id, Vectors("names.txt")["ring.id"]);
  EXPECT_EQ(token.registration, Vectors("log.txt")["entry.7.digest"]);
  EXPECT_EQ(card["link"],
            "HTTPS://ID.MAISON.EXAMPLE/01/04012345000016/21/" + token.serial + "#" + card["token"]);

  const Stewards stewards = ReadCards(TheDocuments(), ThePolicy(), HexFile("cards.hex")).value();
  EXPECT_TRUE(CheckCard(stewards, token).ok());
  CardToken other = token;
  other.body.back() = '!';
  EXPECT_FALSE(CheckCard(stewards, other).ok());
  const std::string verdict = ReadFile(kVectors + "card.verdict.json");
  EXPECT_NE(verdict.find("\"outcome\":\"verified\""), std::string::npos);
  EXPECT_NE(verdict.find(PassportIdText(token.passport_id)), std::string::npos);
}

TEST(SecondReader, JudgesThePassport) {
  const absl::StatusOr<Record> record =
      ReadPassport(TheDocuments(), ThePolicy(), HexFile("ring.passport.hex"));
  ASSERT_TRUE(record.ok()) << record.status();
  const Piece& piece = record->piece;
  const std::string verdict = ReadFile(kVectors + "ring.verdict.json");
  const auto says = [&verdict](const std::string& what) {
    EXPECT_NE(verdict.find(what), std::string::npos) << what << " is not in the verdict";
  };
  says("\"outcome\":\"verified\"");
  says("\"passport_id\":\"" + PassportIdText(piece.passport_id) + "\"");
  says("\"registration_digest\":\"" + ToHex(piece.lines.at(0).digest) + "\"");
  says("\"issuer_of_record\":\"" + piece.issuer + "\"");
  says("\"size\":\"" + std::to_string(record->log.checkpoint.size) + "\"");
  says("\"as_of_ms\":\"" + std::to_string(record->as_of_ms) + "\"");
  says("\"holding\":\"" + piece.holding + "\",\"owner_count\":" + std::to_string(piece.owners));
  for (const auto& [claim, steps] : piece.claims) {
    says("\"subject_hex\":\"" + ToHex(claim.subject) + "\"");
  }
  EXPECT_EQ(piece.claims.size(), 3u);
  ASSERT_EQ(piece.lines.size(), 5u);
  for (const Line& line : piece.lines) {
    says("\"position\":\"" + std::to_string(line.position) + "\"");
    says("\"digest\":\"" + ToHex(line.digest) + "\"");
    says("\"event\":\"" + line.event + "\"");
    EXPECT_EQ(line.doubted, line.event == "care_record");
    EXPECT_FALSE(line.as_provided);
  }
}

// After the dispute and the remount: what each of the three pieces shows.
TEST(SecondReader, JudgesADisputeAndARemount) {
  struct Case {
    std::string name;
    std::string holding;
    std::string standing;  // of inscription and report
    size_t lines;
  };
  const Case cases[] = {{"retired", "retired", "released", 8},
                        {"copy", "with_store", "lost", 1},
                        {"successor", "with_store", "held", 1}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const absl::StatusOr<Record> record =
        ReadPassport(TheDocuments(), ThePolicy(), HexFile(c.name + ".passport.hex"));
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_EQ(record->piece.holding, c.holding);
    EXPECT_EQ(record->piece.lines.size(), c.lines);
    const std::string verdict = ReadFile(kVectors + c.name + ".verdict.json");
    EXPECT_NE(verdict.find("\"outcome\":\"verified\""), std::string::npos);
    for (const auto& [claim, standing] : record->standings) {
      EXPECT_EQ(standing, claim.kind == 6 ? "held" : c.standing);
      EXPECT_NE(verdict.find("\"standing\":\"" + standing + "\""), std::string::npos);
    }
  }
}

TEST(SecondReader, JudgesAbsences) {
  struct Case {
    std::string name;
    Claim sought;
    size_t past_events;
  };
  const Case cases[] = {
      {"freed", InscriptionClaim("GIA 2141438167").value(), 6},
      {"never", ReportClaim(TheDocuments().aliases, "GIA", "9999999999").value(), 0},
      {"no-passport", {1, std::string(16, '\x11')}, 0}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string file = HexFile(c.name + ".absence.hex");
    const absl::StatusOr<Absence> absence = ReadAbsence(TheDocuments(), ThePolicy(), file);
    ASSERT_TRUE(absence.ok()) << absence.status();
    EXPECT_EQ(absence->sought, c.sought);
    EXPECT_EQ(absence->past_events, c.past_events);
    const std::string verdict = ReadFile(kVectors + c.name + ".verdict.json");
    EXPECT_NE(verdict.find("\"outcome\":\"verified\""), std::string::npos);
    EXPECT_NE(verdict.find("\"subject_hex\":\"" + ToHex(c.sought.subject) + "\""),
              std::string::npos);
    EXPECT_NE(verdict.find("\"past_events\":" + std::to_string(c.past_events)), std::string::npos);
    EXPECT_EQ(AnswerTo(file), "refused") << "it is no passport";
    for (size_t size = 0; size < file.size(); size += 31) {
      EXPECT_FALSE(ReadAbsence(TheDocuments(), ThePolicy(), file.substr(0, size)).ok()) << size;
    }
  }
}

TEST(SecondReader, JudgesTheReceipt) {
  const Vectors vectors("files.txt");
  Policy provisional = ThePolicy();
  provisional.quorum = "none";
  const absl::StatusOr<Entry> entry =
      ReadReceipt(TheDocuments(), provisional, vectors["receipt"], vectors["receipt.sent"]);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->digest,
            Vectors("log.txt")["entry." + std::to_string(entry->position) + ".digest"]);
  EXPECT_FALSE(ReadReceipt(TheDocuments(), provisional, vectors["receipt"],
                           Vectors("statement.txt")["batch.0.envelope"])
                   .ok());
}

// No byte of the file is without meaning. (A third of them, which takes two seconds.)
TEST(SecondReader, NoticesDamage) {
  const std::string passport = HexFile("ring.passport.hex");
  ASSERT_EQ(AnswerTo(passport), "verified");
  for (size_t i = 0; i < passport.size(); i += 3) {
    std::string damaged = passport;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
    ASSERT_NE(AnswerTo(damaged), "verified") << "byte " << i;
  }
  EXPECT_EQ(AnswerTo(passport + '\0'), "refused");
  for (size_t size = 0; size < passport.size(); size += 97) {
    EXPECT_EQ(AnswerTo(passport.substr(0, size)), "refused") << size;
  }
}

}  // namespace
}  // namespace touchstone::second_reader
