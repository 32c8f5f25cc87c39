// What a fuzzer expects of the code under test: if it does not hold, the fuzzer reports a crash.
#ifndef TOUCHSTONE_TESTS_FUZZ_EXPECT_H_
#define TOUCHSTONE_TESTS_FUZZ_EXPECT_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"

namespace touchstone {

inline void Expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline absl::string_view FuzzInput(const uint8_t* data, size_t size) {
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_FUZZ_EXPECT_H_
