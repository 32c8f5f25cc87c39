#include "registry/service/status_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class StatusMapTest : public ::testing::Test {
 protected:
  std::vector<std::string> lines_;
  Log log_{LogLevel::kDebug, LogFormat::kText,
           [this](const std::string& line) { lines_.push_back(line); },
           [] { return absl::UnixEpoch(); }};
};

int Code(absl::StatusCode code) { return static_cast<int>(code); }

TEST_F(StatusMapTest, RefusalsGoOutAsTheyAre) {
  const ClientError error =
      ToClientError(Refuse(RefusalCode::kClaimTaken, "inscriptions[0]: taken"), log_);
  EXPECT_EQ(error.code, Code(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(error.message, "inscriptions[0]: taken");
  EXPECT_EQ(error.refusal, "claim_taken");
  EXPECT_THAT(lines_, IsEmpty());
}

// As proto/touchstone/v1/registry_service.proto promises.
TEST_F(StatusMapTest, CodesOfRefusalsAreThoseOfTheService) {
  const std::pair<RefusalCode, absl::StatusCode> codes[] = {
      {RefusalCode::kMalformed, absl::StatusCode::kInvalidArgument},
      {RefusalCode::kBadSignature, absl::StatusCode::kUnauthenticated},
      {RefusalCode::kStaleRequest, absl::StatusCode::kUnauthenticated},
      {RefusalCode::kReplayedRequest, absl::StatusCode::kUnauthenticated},
      {RefusalCode::kWrongRole, absl::StatusCode::kPermissionDenied},
      {RefusalCode::kSubjectExists, absl::StatusCode::kAlreadyExists},
      {RefusalCode::kWrongPhase, absl::StatusCode::kFailedPrecondition},
      {RefusalCode::kStaleBuildsOn, absl::StatusCode::kAborted},
      {RefusalCode::kQuotaExceeded, absl::StatusCode::kResourceExhausted},
      {RefusalCode::kNoSuchSubject, absl::StatusCode::kNotFound},
      // "Cannot judge" must not look like a missing RPC.
      {RefusalCode::kUnknownField, absl::StatusCode::kInvalidArgument},
      {RefusalCode::kUnknownRules, absl::StatusCode::kInvalidArgument},
  };
  for (const auto& [refusal, code] : codes) {
    EXPECT_EQ(ToClientError(Refuse(refusal, "m"), log_).code, Code(code))
        << RefusalCodeName(refusal);
  }
}

TEST_F(StatusMapTest, AnswersAboutTheRequestKeepTheirWords) {
  const absl::Status statuses[] = {absl::InvalidArgumentError("page_size: 9"),
                                   absl::NotFoundError("no such piece"),
                                   absl::OutOfRangeError("beyond the tree")};
  for (const absl::Status& status : statuses) {
    const ClientError error = ToClientError(status, log_);
    EXPECT_EQ(error.code, Code(status.code()));
    EXPECT_EQ(error.message, status.message());
    EXPECT_EQ(error.refusal, "");
  }
  EXPECT_THAT(lines_, IsEmpty());
}

// Whatever the registry's own parts say, a client sees no path and none of their words.
TEST_F(StatusMapTest, FaultsOfTheRegistryStayInItsLog) {
  for (int code = 1; code <= 16; ++code) {
    const auto status_code = static_cast<absl::StatusCode>(code);
    if (status_code == absl::StatusCode::kInvalidArgument ||
        status_code == absl::StatusCode::kNotFound ||
        status_code == absl::StatusCode::kOutOfRange) {
      continue;
    }
    const absl::Status status(status_code, "/srv/data/000012.sst: checksum mismatch");
    const ClientError error = ToClientError(status, log_);
    EXPECT_NE(error.code, 0);
    EXPECT_THAT(error.message, Not(HasSubstr("srv"))) << status;
    EXPECT_THAT(error.message, Not(HasSubstr("checksum"))) << status;
    EXPECT_THAT(error.message, Not(IsEmpty()));
  }
}

TEST_F(StatusMapTest, AnIncidentTiesTheAnswerToTheLog) {
  const ClientError first = ToClientError(absl::InternalError("disk 7"), log_);
  const ClientError second = ToClientError(absl::DataLossError("disk 8"), log_);
  EXPECT_EQ(first.code, Code(absl::StatusCode::kInternal));
  EXPECT_EQ(second.code, Code(absl::StatusCode::kInternal));
  ASSERT_THAT(lines_, SizeIs(2));
  const std::string marker = "(incident ";
  const std::string id = first.message.substr(first.message.find(marker) + marker.size(), 16);
  EXPECT_THAT(lines_[0], HasSubstr(absl::StrCat("incident=", id)));
  EXPECT_THAT(lines_[0], HasSubstr("disk 7"));
  EXPECT_THAT(second.message, Not(HasSubstr(id)));
}

TEST_F(StatusMapTest, AnUnknownOutcomeSaysWhatToDo) {
  const ClientError error = ToClientError(absl::UnknownError("fdatasync: EIO"), log_);
  EXPECT_EQ(error.code, Code(absl::StatusCode::kUnknown));
  EXPECT_THAT(error.message, HasSubstr("send the same envelope again"));
}

TEST_F(StatusMapTest, ALongMessageFitsTheTrailers) {
  const std::string cut = "...";
  const ClientError error =
      ToClientError(Refuse(RefusalCode::kMalformed, std::string(5000, 'x') + "\xc3\xa9"), log_);
  EXPECT_EQ(error.message, std::string(kErrorMessageBytesMax - cut.size(), 'x') + cut);
  // Never within a character.
  std::string accents;
  for (int i = 0; i < 2000; ++i) accents += "\xc3\xa9";
  const std::string shortened =
      ToClientError(Refuse(RefusalCode::kMalformed, "x" + accents), log_).message;
  EXPECT_LE(shortened.size(), kErrorMessageBytesMax);
  EXPECT_EQ(shortened.substr(shortened.size() - 5), "\xc3\xa9...");
}

}  // namespace
}  // namespace touchstone::service
