#include "verifier/refusal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

constexpr RefusalCode kAllCodes[] = {
#define TOUCHSTONE_REFUSAL_ROW(code, name, status_code, kind, meaning) RefusalCode::code,
    TOUCHSTONE_REFUSAL_TABLE(TOUCHSTONE_REFUSAL_ROW)
#undef TOUCHSTONE_REFUSAL_ROW
};

TEST(Refusal, CarriesCodeStatusCodeAndMessage) {
  const absl::Status status = Refuse(RefusalCode::kBadSignature, "signature 2 of entry 7");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "signature 2 of entry 7");
  EXPECT_EQ(RefusalCodeOf(status), RefusalCode::kBadSignature);
}

TEST(Refusal, OtherStatusesCarryNoCode) {
  EXPECT_EQ(RefusalCodeOf(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(RefusalCodeOf(absl::InvalidArgumentError("bad_signature")), std::nullopt);
}

TEST(Refusal, ContextIsAddedInFrontAndKeepsTheCode) {
  const absl::Status status =
      InContext("entry 7", InContext("signature 2", Refuse(RefusalCode::kBadSignature, "wrong")));
  EXPECT_EQ(status.message(), "entry 7: signature 2: wrong");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status, IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(InContext("entry 7", absl::OkStatus()), IsOk());
}

TEST(Refusal, EveryCodeHasItsOwnSnakeCaseNameThatLeadsBack) {
  std::set<std::string> names;
  for (const RefusalCode code : kAllCodes) {
    const std::string name(RefusalCodeName(code));
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos)
        << name;
    EXPECT_EQ(RefusalCodeFromName(name), code);
    EXPECT_EQ(RefusalCodeOf(Refuse(code, "")), code);
  }
  EXPECT_EQ(RefusalCodeFromName("no_such_code"), std::nullopt);
}

TEST(Refusal, EveryCodeHasAMeaningThatIsASentence) {
  for (const RefusalCode code : kAllCodes) {
    EXPECT_TRUE(absl::EndsWith(RefusalMeaning(code), ".")) << RefusalCodeName(code);
  }
}

TEST(Refusal, NoCodeStandsForAFaultOfTheProgram) {
  for (const RefusalCode code : kAllCodes) {
    const absl::StatusCode status_code = Refuse(code, "").code();
    EXPECT_NE(status_code, absl::StatusCode::kOk) << RefusalCodeName(code);
    EXPECT_NE(status_code, absl::StatusCode::kInternal) << RefusalCodeName(code);
    EXPECT_NE(status_code, absl::StatusCode::kUnknown) << RefusalCodeName(code);
  }
}

TEST(Refusal, UnknownAlgorithmsCannotBeJudged) {
  EXPECT_EQ(RefusalKindOf(RefusalCode::kUnknownKeyAlgorithm), RefusalKind::kCannotJudge);
  EXPECT_EQ(RefusalKindOf(RefusalCode::kBadSignature), RefusalKind::kRefused);
}

}  // namespace
}  // namespace touchstone
