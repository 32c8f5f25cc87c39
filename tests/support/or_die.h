// For what must not fail in the set-up of a test or a fuzzer: the value, or the end of the program.
// Knows no GoogleTest, which fuzzers have not.
#ifndef TOUCHSTONE_TESTS_SUPPORT_OR_DIE_H_
#define TOUCHSTONE_TESTS_SUPPORT_OR_DIE_H_

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/statusor.h"

namespace touchstone {

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) {
    std::fprintf(stderr, "set-up: %s\n", value.status().ToString().c_str());
    std::abort();
  }
  return *std::move(value);
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_SUPPORT_OR_DIE_H_
