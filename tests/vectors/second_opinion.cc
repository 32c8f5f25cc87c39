#include "tests/vectors/second_opinion.h"

#include <gtest/gtest.h>

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/record.h"
#include "tests/vectors/second_reader/trust.h"
#include "verifier/verdict.h"

namespace touchstone {
namespace {

absl::Status Judge(const std::string& policy_text, const std::string& file) {
  static const auto& documents = *new second_reader::Documents(TOUCHSTONE_SOURCE_DIR);
  const absl::StatusOr<second_reader::Policy> policy = second_reader::ReadPolicy(policy_text);
  if (!policy.ok()) return policy.status();
  switch (file.size() > 3 ? file[3] : '\0') {
    case 'A':
      return second_reader::ReadAbsence(documents, *policy, file).status();
    case 'C':
      return second_reader::ReadCards(documents, *policy, file).status();
    default:
      return second_reader::ReadPassport(documents, *policy, file).status();
  }
}

}  // namespace

void ExpectSecondReaderAgrees(const std::string& policy, const std::string& file,
                              const absl::Status& verifier) {
  const absl::Status second = Judge(policy, file);
  const std::string answer =
      verifier.ok() ? "verified" : std::string(OutcomeName(OutcomeOf(verifier)));
  EXPECT_EQ(second_reader::AnswerOf(second), answer)
      << "the verifier: " << verifier << "\nthe second reader: " << second;
}

}  // namespace touchstone
