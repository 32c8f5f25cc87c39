#include "verifier/verdict_json.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"
#include "verifier/json_writer.h"

namespace touchstone {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using testing::UnorderedElementsAre;

Struct ParseJson(const std::string& json) {
  Struct parsed;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &parsed);
  EXPECT_TRUE(status.ok()) << json;
  return parsed;
}

std::set<std::string> NamesOf(const Struct& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.fields()) names.insert(name);
  return names;
}

const Value& At(const Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  if (found == object.fields().end()) {
    ADD_FAILURE() << "no " << name;
    return Value::default_instance();
  }
  return found->second;
}

std::string TextAt(const Struct& object, const std::string& name) {
  return At(object, name).string_value();
}

Verdict VerdictOf(const TestLog& log, const Observed& observed = {}) {
  return VerifyPassport(PolicyOf(log.PolicyText({}, "max_age 3600\n")), log.PassportFile(1),
                        observed, log.now_ms());
}

// The names are a promise (docs/VERDICT.md): a change here is a change there.
TEST(VerdictJson, HasTheNamesThatAreDocumented) {
  Observed observed;
  observed.mass_mg = 4000;
  const Struct json = ParseJson(VerdictToJson(VerdictOf(WholeLife(), observed)));
  EXPECT_THAT(
      NamesOf(json),
      UnorderedElementsAre("touchstone_verdict", "outcome", "passport_id", "registration_digest",
                           "issuer_of_record", "piece", "specification", "signers", "log",
                           "completeness", "freshness", "status", "object", "timeline"));
  EXPECT_EQ(At(json, "touchstone_verdict").number_value(), 1);
  EXPECT_EQ(TextAt(json, "outcome"), "verified");
  EXPECT_EQ(TextAt(At(json, "piece").struct_value(), "serial"), "R-1");

  const Struct& signer = At(json, "signers").list_value().values(1).struct_value();
  EXPECT_THAT(NamesOf(signer), UnorderedElementsAre("participant_id", "legal_name", "country",
                                                    "domain", "registration_number",
                                                    "registration_authority", "roles", "entries"));
  EXPECT_EQ(TextAt(signer, "participant_id"), "gia");
  const Struct& entry = At(signer, "entries").list_value().values(0).struct_value();
  EXPECT_THAT(NamesOf(entry), UnorderedElementsAre("number", "role", "as_provided", "doubted"));
  EXPECT_EQ(At(entry, "number").number_value(), 1);

  EXPECT_THAT(NamesOf(At(json, "log").struct_value()),
              UnorderedElementsAre("origin", "operator_name", "size", "root",
                                   "signed_by_retired_key", "quorum_asked", "witnesses"));
  EXPECT_EQ(TextAt(At(json, "log").struct_value(), "size"), "15");

  const Struct& completeness = At(json, "completeness").struct_value();
  EXPECT_THAT(NamesOf(completeness), UnorderedElementsAre("entries", "log_size", "claims"));
  const Struct& claim = At(completeness, "claims").list_value().values(0).struct_value();
  EXPECT_EQ(TextAt(claim, "kind"), "inscription");
  EXPECT_EQ(TextAt(claim, "subject_hex"), "47494132313431343338303031");

  EXPECT_THAT(NamesOf(At(json, "freshness").struct_value()),
              UnorderedElementsAre("state", "as_of", "as_of_ms", "by", "age_ms", "max_age_ms"));
  EXPECT_EQ(TextAt(At(json, "freshness").struct_value(), "as_of"), "2026-11-21T22:26:54.000Z");

  const Struct& status = At(json, "status").struct_value();
  EXPECT_THAT(NamesOf(status), UnorderedElementsAre("state", "holding", "owner_count", "since",
                                                    "incidents", "on_consignment", "kept_by_store",
                                                    "moved_after_notice", "entitlements"));
  EXPECT_EQ(TextAt(status, "state"), "owned");
  EXPECT_EQ(TextAt(status, "holding"), "owned");
  EXPECT_THAT(NamesOf(At(status, "since").struct_value()),
              UnorderedElementsAre("position", "time", "digest"));

  const Struct& object = At(json, "object").list_value().values(0).struct_value();
  EXPECT_THAT(NamesOf(object),
              UnorderedElementsAre("what", "match", "observed", "recorded", "note"));
  EXPECT_EQ(TextAt(object, "match"), "differs");

  const auto& timeline = At(json, "timeline").list_value();
  ASSERT_EQ(timeline.values_size(), 6);
  EXPECT_THAT(
      NamesOf(timeline.values(0).struct_value()),
      UnorderedElementsAre("number", "position", "time", "digest", "occurred_at", "event",
                           "participant_id", "as_provided", "doubted", "what", "statement"));
  const Struct& last = timeline.values(5).struct_value();
  EXPECT_EQ(last.fields().count("participant_id"), 0u);
  EXPECT_EQ(TextAt(last, "event"), "transfer");
  EXPECT_EQ(TextAt(At(At(last, "statement").struct_value(), "transfer").struct_value(), "kind"),
            "RESALE");
}

TEST(VerdictJson, SaysWhyAndNothingElseWhenRefused) {
  const TestLog log = WholeLife();
  const Verdict verdict = VerifyPassport(PolicyOf(log.PolicyText()), log.PassportFile(1).substr(9),
                                         Observed{}, log.now_ms());
  const Struct json = ParseJson(VerdictToJson(verdict));
  EXPECT_THAT(NamesOf(json), UnorderedElementsAre("touchstone_verdict", "outcome", "reason"));
  EXPECT_EQ(TextAt(json, "outcome"), "refused");
  const Struct& reason = At(json, "reason").struct_value();
  EXPECT_THAT(NamesOf(reason), UnorderedElementsAre("code", "meaning", "detail"));
  EXPECT_EQ(TextAt(reason, "code"), "malformed");
}

TEST(VerdictJson, TellsWhatACardSays) {
  CardVerdict verdict;
  verdict.outcome = Outcome::kCannotJudge;
  verdict.reason = ReasonOf(Refuse(RefusalCode::kUnknownCardKey, "no cards file"));
  verdict.text = CardText{.card_key_id = {},
                          .passport_id = ValueOrDie(PassportId::FromBytes(TestPassportId(1))),
                          .registration = {},
                          .day = 2517,
                          .serial = "R-1",
                          .inscription = "",
                          .title = "\"Solitaire\""};
  const Struct json = ParseJson(CardVerdictToJson(verdict));
  EXPECT_THAT(NamesOf(json),
              UnorderedElementsAre("touchstone_card_verdict", "outcome", "reason", "card"));
  const Struct& card = At(json, "card").struct_value();
  EXPECT_EQ(TextAt(card, "issued_on"), "2026-11-22");
  EXPECT_EQ(TextAt(card, "title"), "\"Solitaire\"");
}

TEST(JsonWriter, QuotesWhatJsonCannotHold) {
  EXPECT_EQ(JsonQuote("a\"b\\c\n\t\r\x01\x7F"), "\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007f\"");
  EXPECT_EQ(JsonQuote("\xC3\xA9"), "\"\xC3\xA9\"");
  EXPECT_EQ(JsonQuote("a\xFF\xC3\xA9"), "\"a\\ufffd\\ufffd\\ufffd\"");
  // Every byte, by itself and beside others, becomes JSON.
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = absl::StrCat("x", std::string(1, static_cast<char>(byte)), "y");
    ParseJson(absl::StrCat("{\"a\":", JsonQuote(text), "}"));
  }
}

}  // namespace
}  // namespace touchstone
