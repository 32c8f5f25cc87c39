// Matchers for what the verifier answers: fine, or refused with a code.
#ifndef TOUCHSTONE_TESTS_VERIFIER_STATUS_MATCHERS_H_
#define TOUCHSTONE_TESTS_VERIFIER_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "verifier/refusal.h"

namespace touchstone {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

// Names the code in failures.
inline void PrintTo(RefusalCode code, std::ostream* out) { *out << RefusalCodeName(code); }

// EXPECT_THAT(VerifySomething(...), IsOk())
MATCHER(IsOk, negation ? "is an error" : "is OK") {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// EXPECT_THAT(Parse(...), IsRefused(RefusalCode::kMalformed))
MATCHER_P(IsRefused, code,
          std::string(negation ? "is not" : "is") + " refused with " +
              std::string(RefusalCodeName(code))) {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return RefusalCodeOf(StatusOf(arg)) == code;
}

// For set-up that must not fail: the value, or the end of the test program with the status.
template <typename T>
T ValueOrDie(absl::StatusOr<T> value) {
  if (!value.ok()) {
    ADD_FAILURE() << value.status().ToString();
    std::abort();
  }
  return *std::move(value);
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VERIFIER_STATUS_MATCHERS_H_
