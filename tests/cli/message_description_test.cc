#include "cli/message_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/bytes_text.h"
#include "tests/verifier/status_matchers.h"
#include "touchstone/v1/envelope.pb.h"
#include "touchstone/v1/passport.pb.h"
#include "touchstone/v1/piece.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/hex.h"

namespace touchstone::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kOneLine = JsonWriter::Layout::kOneLine;

// The lines of the refusal.
std::vector<std::string> Mistakes(absl::string_view type, absl::string_view text) {
  const absl::Status status = MessageFromDescription(type, text).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return absl::StrSplit(status.message(), '\n');
}

std::string OneMistake(absl::string_view type, absl::string_view text) {
  const std::vector<std::string> mistakes = Mistakes(type, text);
  EXPECT_EQ(mistakes.size(), 1u);
  return mistakes[0];
}

TEST(MessageDescriptionTest, JsonBecomesTheBytesOfTheGeneratedClass) {
  v1::Piece piece;
  piece.set_serial("A-1");
  piece.set_category(v1::Piece::BODY_JEWELLERY);
  piece.set_total_mass_mg(4'294'967'296);
  piece.mutable_ring_size()->set_inner_circumference_um(53100);
  v1::Component& stone = *piece.add_components();
  stone.mutable_gemstone()->set_species("diamond");
  stone.mutable_gemstone()->add_clarity_characteristics("Feather");
  stone.mutable_gemstone()->add_clarity_characteristics("Cloud");
  stone.mutable_gemstone()->add_treatments()->set_code(v1::Treatment::NONE);
  stone.set_passport_id(std::string(16, '\0'));
  v1::Metal& metal = *piece.add_components()->mutable_metal();
  metal.set_metal(v1::Metal::GOLD);
  metal.mutable_hallmark()->set_common_control_mark(true);
  metal.mutable_assay()->set_document_sha256(std::string(32, '\xab'));

  // Fields in another order than their numbers, names in both spellings, enum values as people
  // type.
  const std::string json = absl::StrCat(R"({
    "totalMassMg": 4294967296,
    "components": [
      {"passport_id": "0000-0000-0000-0000-0000-0000-000",
       "gemstone": {"treatments": [{"code": "none"}],
                    "clarity_characteristics": ["Feather", "Cloud"], "species": "diamond"}},
      {"metal": {"assay": {"document_sha256": ")",
                                        HexEncode(std::string(32, '\xab')), R"("},
                 "hallmark": {"common_control_mark": true}, "metal": "Gold"}}
    ],
    "ring_size": {"inner_circumference_um": "53100"},
    "category": "body-jewellery", "title": null, "serial": "A-1"})");
  EXPECT_EQ(ValueOrDie(MessageFromDescription("Piece", json)), piece.SerializeAsString());
}

TEST(MessageDescriptionTest, TextProtoGivesTheSameBytes) {
  const std::string json = ValueOrDie(MessageFromDescription(
      "Piece",
      R"({"serial": "A-1", "category": "RING", "components": [{"metal": {"mass_mg": 7}}]})"));
  const std::string text = ValueOrDie(MessageFromDescription(
      "Piece", "# a ring\ncategory: RING serial: \"A-1\"\ncomponents { metal { mass_mg: 7 } }"));
  EXPECT_EQ(json, text);
}

TEST(MessageDescriptionTest, PresenceIsKept) {
  v1::KeyRevoked revoked;
  revoked.set_compromised_from(0);
  EXPECT_EQ(ValueOrDie(MessageFromDescription("KeyRevoked", R"({"compromised_from": 0})")),
            revoked.SerializeAsString());
  EXPECT_EQ(ValueOrDie(MessageFromDescription("KeyRevoked", "{}")), "");
  v1::ParticipantDetails details;
  details.add_roles(v1::ISSUER);
  details.add_roles(v1::LABORATORY);
  EXPECT_EQ(ValueOrDie(MessageFromDescription("ParticipantDetails",
                                              R"({"roles": ["issuer", "LABORATORY"]})")),
            details.SerializeAsString());
}

TEST(MessageDescriptionTest, NamesTheMistakeAndItsPlace) {
  EXPECT_EQ(OneMistake("Piece", "{\n \"seriel\": \"A\"}"),
            "line 2, column 2: there is no field \"seriel\" here; did you mean \"serial\"?");
  EXPECT_EQ(
      OneMistake("Piece", R"({"components": [{"gemstone": {"carat_weight": 1.01}}]})"),
      "line 1, column 31, components[0].gemstone: there is no field \"carat_weight\" here; did "
      "you mean \"carat_weight_e5\"?");
  EXPECT_EQ(
      OneMistake("Gemstone", R"({"carat_weight_e5": 1.01})"),
      "line 1, column 21, carat_weight_e5: expected a whole number from 0 on, not 1.01; the unit "
      "of a field is the end of its name (carat_weight_e5)");
  EXPECT_EQ(
      OneMistake("Piece", R"({"year_made": -5})"),
      "line 1, column 15, year_made: expected a whole number from 0 on, not -5; the unit of a "
      "field is the end of its name (year_made)");
  EXPECT_THAT(OneMistake("Piece", R"({"year_made": 4294967296})"),
              HasSubstr("4294967296 is too large; at most 4294967295"));
  EXPECT_THAT(OneMistake("Piece", R"({"total_mass_mg": 18446744073709551616})"),
              HasSubstr("at most 18446744073709551615"));
  EXPECT_THAT(OneMistake("Piece", R"({"serial": 17})"),
              HasSubstr("serial: expected a text, in double quotes, not a number"));
  EXPECT_THAT(OneMistake("Piece", R"({"components": {}})"),
              HasSubstr("components: expected a list, in [ ], not an object"));
  EXPECT_THAT(OneMistake("Piece", R"({"ring_size": "52"})"),
              HasSubstr("ring_size: expected an object, not a text"));
  EXPECT_THAT(OneMistake("Hallmark", R"({"common_control_mark": "yes"})"),
              HasSubstr("expected true or false, not a text"));
  EXPECT_THAT(OneMistake("Piece", R"({"category": "Ringg"})"),
              HasSubstr("\"Ringg\" is none of RING, EARRINGS, NECKLACE"));
  EXPECT_THAT(OneMistake("Piece", R"({"category": "Ringg"})"), HasSubstr("did you mean \"RING\"?"));
  EXPECT_THAT(OneMistake("Piece", "[]"), HasSubstr("line 1, column 1: "));
}

TEST(MessageDescriptionTest, NamesManyMistakesAtOnce) {
  EXPECT_THAT(Mistakes("Piece", "{\"serial\": 1,\n\"title\": [],\n\"x\": 2}"),
              ElementsAre(HasSubstr("line 1, column 12, serial"),
                          HasSubstr("line 2, column 10, title"), HasSubstr("line 3, column 1")));
  std::string many = "{";
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, "\"x", i, "\": 1, ");
  EXPECT_EQ(Mistakes("Piece", absl::StrCat(many, "\"y\": 1}")).size(), 10u);
}

TEST(MessageDescriptionTest, RefusesToChooseBetweenTwoValues) {
  EXPECT_THAT(OneMistake("Component", R"({"metal": {}, "gemstone": {}})"),
              HasSubstr("there is \"metal\" already, and only one of them may be"));
  EXPECT_THAT(OneMistake("Piece", R"({"total_mass_mg": 1, "totalMassMg": 2})"),
              HasSubstr("a second time"));
  EXPECT_THAT(OneMistake("Gemstone",
                         R"({"clarity_characteristics": ["a"], "clarityCharacteristics": ["b"]})"),
              HasSubstr("a second time"));
}

TEST(MessageDescriptionTest, TextProtoMistakesHaveTheirPlaceToo) {
  EXPECT_THAT(OneMistake("Piece", "serial: \"A\"\nseriel: \"B\""),
              AllOf(HasSubstr("line 2, column "), HasSubstr("did you mean \"serial\"?")));
  EXPECT_THAT(OneMistake("Piece", "category: SPOON"), HasSubstr("line 1, column "));
  EXPECT_THAT(OneMistake("Piece", "serial: \"A\" serial: \"B\""), HasSubstr("serial"));
  std::string nested;
  for (int i = 0; i < 1000; ++i) nested += "components {";
  EXPECT_FALSE(MessageFromDescription("Piece", nested).ok());
}

TEST(MessageDescriptionTest, UnknownMessagesAreNotFound) {
  EXPECT_EQ(MessageFromDescription("Peice", "{}").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(MessageFromDescription("Peice", "{}").status().message()),
              HasSubstr("did you mean \"Piece\"?"));
}

TEST(MessageDescriptionTest, HostileTextIsBounded) {
  EXPECT_FALSE(MessageFromDescription("Piece", std::string(kJsonBytesMax + 1, ' ')).ok());
  EXPECT_FALSE(MessageFromDescription("Piece", std::string(kJsonBytesMax, '{')).ok());
  EXPECT_FALSE(MessageFromDescription("Piece", "{\"serial\": \"\xff\"}").ok());
}

TEST(MessageToJsonTest, ShowsNumbersNamesAndDigests) {
  v1::Transfer transfer;
  transfer.set_kind(v1::Transfer::GIFT);
  transfer.set_to_key("\x01\xfe");
  EXPECT_EQ(ValueOrDie(MessageToJson("Transfer", transfer.SerializeAsString(), kOneLine)),
            R"({"kind": "GIFT", "to_key": "01fe"})");
  v1::ClaimEvent event;
  event.set_digest("\x0f");
  event.set_position(18446744073709551615u);
  event.set_present("\x0f");
  EXPECT_EQ(ValueOrDie(MessageToJson("ClaimEvent", event.SerializeAsString(), kOneLine)),
            R"({"digest": "0f", "position": 18446744073709551615, "present": "Dw=="})");
}

TEST(MessageToJsonTest, IsTheWayBack) {
  v1::Statement statement;
  statement.set_log_origin("passports.example/log");
  statement.set_nonce(std::string(16, '\x42'));
  statement.mutable_subject()->set_passport_id(std::string(16, '\x07'));
  v1::Piece& piece = *statement.mutable_registration()->mutable_piece();
  piece.set_title("Ring “Étoile”");
  piece.add_components()->mutable_gemstone()->mutable_measurements()->set_depth_um(1);
  piece.add_components()->mutable_other()->set_name("enamel");
  statement.mutable_registration()->add_commitments()->set_sha256(std::string(32, '\x01'));
  const std::string bytes = statement.SerializeAsString();
  for (const JsonWriter::Layout layout : {kOneLine, JsonWriter::Layout::kPretty}) {
    const std::string json = ValueOrDie(MessageToJson("Statement", bytes, layout));
    EXPECT_EQ(ValueOrDie(MessageFromDescription("Statement", json)), bytes) << json;
  }
}

TEST(MessageToJsonTest, RefusesWhatItCannotShow) {
  EXPECT_EQ(MessageToJson("Piece", "\xff", kOneLine).status().code(),
            absl::StatusCode::kInvalidArgument);
  // Field 1000 of a Piece, and of a ring size inside it.
  EXPECT_FALSE(MessageToJson("Piece", std::string("\xc0\x3e\x01"), kOneLine).ok());
  EXPECT_FALSE(MessageToJson("Piece", std::string("\x5a\x03\xc0\x3e\x01"), kOneLine).ok());
}

TEST(BytesTextTest, EachKindOfFieldHasItsForm) {
  const std::string bytes(16, '\x10');
  for (const char* field : {"passport_id", "sha256", "document_sha256", "builds_on", "claim_key",
                            "keys", "nonce", "payload", "sig"}) {
    const std::string text = BytesToText(field, bytes);
    EXPECT_EQ(ValueOrDie(BytesFromText(field, text)), bytes) << field;
  }
  EXPECT_EQ(BytesToText("nonce", "\xAB"), "ab");
  EXPECT_EQ(ValueOrDie(BytesFromText("nonce", "aB")), "\xAB");
  EXPECT_EQ(BytesToText("sig", "\xAB"), "qw==");
  EXPECT_EQ(BytesToText("passport_id", bytes).size(), 33u);
  for (const char* field : {"passport_id", "nonce", "sig"}) {
    EXPECT_EQ(BytesFromText(field, "abc!").status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace touchstone::cli
