// Callers that each make one call after the other for a while, as fast as they are answered: what
// they got done, and how long each call took.
#ifndef TOUCHSTONE_TESTS_BENCHMARKS_LOAD_CLOSED_LOOP_H_
#define TOUCHSTONE_TESTS_BENCHMARKS_LOAD_CLOSED_LOOP_H_

#include <cstdint>
#include <functional>

#include "absl/time/time.h"

namespace touchstone::load {

struct Measured {
  uint64_t calls = 0;
  double seconds = 0;
  double p50_us = 0;
  double p99_us = 0;

  double rate() const { return seconds > 0 ? static_cast<double>(calls) / seconds : 0; }
};

// Makes call(caller) on `callers` threads, caller counting from 0, until `duration` is over or a
// call answers false.
Measured RunClosedLoop(int callers, absl::Duration duration, const std::function<bool(int)>& call);

}  // namespace touchstone::load

#endif  // TOUCHSTONE_TESTS_BENCHMARKS_LOAD_CLOSED_LOOP_H_
