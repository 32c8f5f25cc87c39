// What each rule of docs/FORMAT.md section 2 refuses, where, and with which code. That nothing else
// is refused, and nothing else accepted, is canonical_oracle_test.

#include "verifier/canonical.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/wire_bytes.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Field numbers of proto/touchstone/v1.
constexpr uint32_t kRegistration = 48;      // Statement
constexpr uint32_t kLaboratoryReport = 49;  // Statement
constexpr uint32_t kPiece = 1;              // Registration
constexpr uint32_t kComponents = 13;        // Piece
constexpr uint32_t kGemstone = 3;           // Component
constexpr uint32_t kMetal = 4;              // Component

std::string InPiece(const std::string& piece) {
  return BytesField(kRegistration, BytesField(kPiece, piece));
}
std::string InComponent(const std::string& component) {
  return InPiece(BytesField(kComponents, component));
}
std::string InGemstone(const std::string& gemstone) {
  return InComponent(BytesField(kGemstone, gemstone));
}

struct Case {
  const char* name;
  std::string statement;
  RefusalCode code;
  std::string path;
};

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, WithCodeAndPath) {
  const absl::Status status = CheckCanonical(kStatementSchema, GetParam().statement);
  EXPECT_THAT(status, IsRefused(GetParam().code));
  EXPECT_THAT(std::string(status.message()), StartsWith(GetParam().path + " (before byte "));
}

const std::string kPiecePath = "registration.piece";
const std::string kStonePath = "registration.piece.components[0].gemstone";

std::vector<Case> UnknownCases() {
  constexpr RefusalCode kField = RefusalCode::kUnknownField;
  constexpr RefusalCode kValue = RefusalCode::kUnknownEnumValue;
  return {
      {"FieldOfTheStatement", NumberField(7, 1), kField, "Statement"},
      {"EventToCome", BytesField(63, ""), kField, "Statement"},
      {"FieldOfThePiece", InPiece(BytesField(24, "x")), kField, kPiecePath},
      {"FieldOfAStone", InGemstone(BytesField(22, "x")), kField, kStonePath},
      {"FieldOfTheFourthComponent",
       InPiece(BytesField(kComponents, "") + BytesField(kComponents, "") +
               BytesField(kComponents, "") +
               BytesField(kComponents, BytesField(kGemstone, BytesField(22, "x")))),
       kField, "registration.piece.components[3].gemstone"},
      {"FieldOfAnEmptyMessage", BytesField(4, BytesField(3, NumberField(1, 1))), kField,
       "subject.stewards"},
      {"FieldOfFixedWidth", Tag(7, 5) + "abcd", kField, "Statement"},
      {"ValueOfAnEnum", InPiece(NumberField(3, 17)), kValue, "registration.piece.category"},
      {"ValueOfANestedEnum", InGemstone(NumberField(3, 9)), kValue, kStonePath + ".formation"},
      {"NegativeValueOfAnEnum", InPiece(NumberField(3, ~uint64_t{0})), kValue,
       "registration.piece.category"},
      {"ValueInAPackedRun",
       BytesField(32, BytesField(1, BytesField(6, Varint(1) + Varint(2) + Varint(7)))), kValue,
       "participant_enrolled.details.roles[2]"},
  };
}

std::vector<Case> OrderCases() {
  constexpr RefusalCode kCode = RefusalCode::kNotCanonical;
  return {
      {"FieldsOutOfOrder", NumberField(2, 1) + BytesField(1, "x"), kCode, "Statement"},
      {"NestedFieldsOutOfOrder", InPiece(BytesField(2, "x") + BytesField(1, "x")), kCode,
       kPiecePath},
      {"UnknownFieldOutOfOrder", BytesField(kRegistration, "") + NumberField(7, 1), kCode,
       "Statement"},
      {"SingularTwice", NumberField(2, 1) + NumberField(2, 1), kCode, "rules_version"},
      {"SingularMessageTwice", BytesField(4, "") + BytesField(4, ""), kCode, "subject"},
      {"NestedSingularTwice", InGemstone(BytesField(1, "a") + BytesField(1, "a")), kCode,
       kStonePath + ".species"},
      {"RepeatedInTwoParts",
       InPiece(BytesField(kComponents, "") + BytesField(14, "") + BytesField(kComponents, "")),
       kCode, kPiecePath},
      {"TwoEvents", BytesField(kRegistration, "") + BytesField(kLaboratoryReport, ""), kCode,
       "laboratory_report"},
      {"TwoMaterials", InComponent(BytesField(kGemstone, "") + BytesField(kMetal, "")), kCode,
       "registration.piece.components[0].metal"},
  };
}

std::vector<Case> ValueCases() {
  constexpr RefusalCode kCode = RefusalCode::kNotCanonical;
  const std::string kRoles = "participant_enrolled.details.roles";
  const auto in_details = [](const std::string& details) {
    return BytesField(32, BytesField(1, details));
  };
  return {
      {"ZeroNumber", NumberField(2, 0), kCode, "rules_version"},
      {"ZeroEnum", InPiece(NumberField(3, 0)), kCode, "registration.piece.category"},
      {"FalseBool", InComponent(BytesField(kMetal, BytesField(7, NumberField(5, 0)))), kCode,
       "registration.piece.components[0].metal.hallmark.common_control_mark"},
      {"EmptyString", BytesField(1, ""), kCode, "log_origin"},
      {"EmptyBytes", BytesField(3, ""), kCode, "nonce"},
      {"EmptyPackedRun", in_details(BytesField(6, "")), kCode, kRoles + "[0]"},
      {"LongTag", LongVarint(2 << 3) + Varint(1), kCode, "Statement"},
      {"LongNumber", Tag(2, 0) + LongVarint(1), kCode, "rules_version"},
      {"LongNestedNumber", InGemstone(Tag(6, 0) + LongVarint(101000)), kCode,
       kStonePath + ".carat_weight_e5"},
      {"LongLength", Tag(1, 2) + LongVarint(1) + "x", kCode, "log_origin"},
      {"LongElement", in_details(BytesField(6, LongVarint(1))), kCode, kRoles + "[0]"},
      {"Uint32TooLarge", NumberField(2, uint64_t{1} << 32), kCode, "rules_version"},
      {"BoolTooLarge", InComponent(BytesField(kMetal, BytesField(7, NumberField(5, 2)))), kCode,
       "registration.piece.components[0].metal.hallmark.common_control_mark"},
      {"EnumTooLarge", InPiece(NumberField(3, uint64_t{1} << 31)), kCode,
       "registration.piece.category"},
      {"NumberAsBytes", BytesField(2, "x"), kCode, "rules_version"},
      {"NumberAsFixed", Tag(5, 1) + "12345678", kCode, "occurred_at_ms"},
      {"BytesAsNumber", NumberField(3, 1), kCode, "nonce"},
      {"MessageAsGroup", Tag(4, 3) + Tag(4, 4), kCode, "subject"},
      {"NotPacked", in_details(NumberField(6, 1)), kCode, kRoles + "[0]"},
      {"NotPackedFurtherOn", in_details(BytesField(6, Varint(1)) + NumberField(6, 2)), kCode,
       kRoles + "[2]"},
      {"PackedInTwoRuns", in_details(BytesField(6, Varint(1)) + BytesField(6, Varint(2))), kCode,
       kRoles + "[2]"},
      {"NotUtf8", BytesField(1, "\xC3("), kCode, "log_origin"},
      {"OverlongUtf8", InPiece(BytesField(4, "\xC0\xAF")), kCode, "registration.piece.title"},
      {"SurrogateInAList", InGemstone(BytesField(17, "Feather") + BytesField(17, "\xED\xA0\x80")),
       kCode, kStonePath + ".clarity_characteristics[1]"},
  };
}

std::vector<Case> MalformedCases() {
  constexpr RefusalCode kCode = RefusalCode::kMalformed;
  const std::string endless(11, '\xFF');
  return {
      {"TagCutOff", "\xFA", kCode, "Statement"},
      {"NumberMissing", Tag(2, 0), kCode, "rules_version"},
      {"NumberCutOff", Tag(2, 0) + "\x80", kCode, "rules_version"},
      {"LengthMissing", Tag(1, 2), kCode, "log_origin"},
      {"BytesCutOff", Tag(1, 2) + Varint(2) + "x", kCode, "log_origin"},
      {"HugeLength", Tag(1, 2) + Varint(~uint64_t{0}) + "x", kCode, "log_origin"},
      {"MessageCutOff", Tag(4, 2) + Varint(1), kCode, "subject"},
      {"LengthBeyondParent",
       BytesField(kRegistration, Tag(kPiece, 2) + Varint(1)) + BytesField(51, ""), kCode,
       "registration.piece"},
      {"NumberBeyondParent", InPiece(Tag(9, 0) + "\x80") + "\x01", kCode,
       "registration.piece.year_made"},
      {"ElementBeyondRun", BytesField(32, BytesField(1, BytesField(6, "\x81") + "\x01")), kCode,
       "participant_enrolled.details.roles[0]"},
      {"NumberOver64Bits", Tag(5, 0) + endless, kCode, "occurred_at_ms"},
      {"NumberOf65Bits", Tag(5, 0) + std::string(9, '\xFF') + "\x02", kCode, "occurred_at_ms"},
      {"TagOver64Bits", endless, kCode, "Statement"},
      {"FieldZero", NumberField(0, 1), kCode, "Statement"},
      {"FieldBeyond29Bits", Varint(uint64_t{1} << 32) + Varint(1), kCode, "Statement"},
      {"UnknownGroup", Tag(7, 3) + Tag(7, 4), kCode, "Statement"},
      {"WireTypeSeven", Tag(7, 7), kCode, "Statement"},
  };
}

std::string CaseName(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Unknown, Refused, testing::ValuesIn(UnknownCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Order, Refused, testing::ValuesIn(OrderCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Values, Refused, testing::ValuesIn(ValueCases()), CaseName);
INSTANTIATE_TEST_SUITE_P(Malformed, Refused, testing::ValuesIn(MalformedCases()), CaseName);

TEST(Canonical, NothingAtAllIsCanonical) {
  EXPECT_THAT(CheckCanonical(kStatementSchema, ""), IsOk());
  EXPECT_THAT(CheckCanonical(kStatementSchema, absl::string_view()), IsOk());
}

TEST(Canonical, WhatHasExplicitPresenceMayBeEmptyOrZero) {
  EXPECT_THAT(CheckCanonical(kStatementSchema, BytesField(4, "")), IsOk()) << "message";
  EXPECT_THAT(CheckCanonical(kStatementSchema, BytesField(4, BytesField(2, ""))), IsOk())
      << "member of a oneof";
  EXPECT_THAT(CheckCanonical(kStatementSchema, BytesField(35, NumberField(3, 0))), IsOk())
      << "optional";
  EXPECT_THAT(CheckCanonical(kStatementSchema, InGemstone(BytesField(17, ""))), IsOk())
      << "element of a list";
}

TEST(Canonical, NumbersReachTheEndOfTheirRange) {
  EXPECT_THAT(CheckCanonical(kStatementSchema, NumberField(2, 0xFFFFFFFF)), IsOk());
  EXPECT_THAT(CheckCanonical(kStatementSchema, NumberField(5, ~uint64_t{0})), IsOk());
}

TEST(Canonical, SaysBeforeWhichByteItStopped) {
  const std::string good = BytesField(1, "example/log");
  const absl::Status status = CheckCanonical(kStatementSchema, good + NumberField(7, 1));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(absl::StrCat("(before byte ", good.size() + 1, ")")));
}

TEST(Canonical, RefusesEveryCutOfAStatement) {
  const std::string statement =
      BytesField(1, "example/log") + NumberField(2, 1) + InGemstone(BytesField(1, "diamond"));
  ASSERT_THAT(CheckCanonical(kStatementSchema, statement), IsOk());
  // After a whole field the rest is missing, which is no matter of encoding.
  const size_t first = BytesField(1, "example/log").size();
  const size_t second = first + NumberField(2, 1).size();
  for (size_t size = 1; size < statement.size(); ++size) {
    const absl::Status status = CheckCanonical(kStatementSchema, statement.substr(0, size));
    if (size == first || size == second) {
      EXPECT_THAT(status, IsOk()) << size;
    } else {
      EXPECT_THAT(status, IsRefused(RefusalCode::kMalformed)) << size;
    }
  }
}

// A schema that contains itself, which no generated one does.
extern const WireMessage kMatryoshka;
const WireField kMatryoshkaFields[] = {{.number = 1,
                                        .kind = WireKind::kMessage,
                                        .explicit_presence = true,
                                        .name = "doll",
                                        .message = &kMatryoshka}};
const WireMessage kMatryoshka = {"Matryoshka", kMatryoshkaFields};

TEST(Canonical, NestsSixteenDeepAndNoDeeper) {
  std::string dolls;
  for (size_t depth = 1; depth < limits::kCanonicalNestingMax; ++depth) {
    dolls = BytesField(1, dolls);
  }
  EXPECT_THAT(CheckCanonical(kMatryoshka, dolls), IsOk());
  EXPECT_THAT(CheckCanonical(kMatryoshka, BytesField(1, dolls)), IsRefused(RefusalCode::kTooLarge));
}

TEST(Canonical, BoundsTheElementsThatAParserWouldAllocate) {
  std::string participants;
  for (size_t i = 0; i < limits::kCanonicalElementsMax; ++i) participants += BytesField(5, "");
  EXPECT_THAT(CheckCanonical(kPassportSchema, participants), IsOk());
  const absl::Status status = CheckCanonical(kPassportSchema, participants + BytesField(5, ""));
  EXPECT_THAT(status, IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(std::string(status.message()), StartsWith("participants[65536]"));
}

}  // namespace
}  // namespace touchstone
