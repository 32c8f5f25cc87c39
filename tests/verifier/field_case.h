// One field of a statement at its bound or beyond, and what the answer must be. Expectations are
// the comments of the .proto files, and what the error tells the person who has to correct the
// description.
#ifndef TOUCHSTONE_TESTS_VERIFIER_FIELD_CASE_H_
#define TOUCHSTONE_TESTS_VERIFIER_FIELD_CASE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/statement_fields.h"

namespace touchstone {

using Statement = v1::Statement;

inline std::string Text(size_t size) { return std::string(size, 'x'); }

struct FieldCase {
  std::string name;
  std::function<void(Statement&)> fill;
  // Empty: accepted. Else a part of the message, which begins with the field's path.
  std::string refused;
};

inline void PrintTo(const FieldCase& c, std::ostream* out) { *out << c.name; }

inline void ExpectAnswer(const FieldCase& c) {
  Statement statement;
  c.fill(statement);
  EventParts parts;
  const absl::Status status = CheckEventFields(statement, parts);
  if (c.refused.empty()) {
    EXPECT_THAT(status, IsOk());
  } else {
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), testing::StartsWith(c.refused));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  }
}

inline std::string CaseName(const testing::TestParamInfo<FieldCase>& info) {
  return info.param.name;
}

inline v1::Piece& Piece(Statement& statement) {
  v1::Piece& piece = *statement.mutable_registration()->mutable_piece();
  piece = SamplePiece(1);
  return piece;
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_FIELD_CASE_H_
