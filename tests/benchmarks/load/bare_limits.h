// What the machine does with nothing of ours around it, for the ratios: signature checks, flushes.
#ifndef TOUCHSTONE_TESTS_BENCHMARKS_LOAD_BARE_LIMITS_H_
#define TOUCHSTONE_TESTS_BENCHMARKS_LOAD_BARE_LIMITS_H_

#include <string>

#include "absl/time/time.h"
#include "tests/benchmarks/load/closed_loop.h"

namespace touchstone::load {

// Ed25519 verifications of 1 KiB messages by libsodium, on that many threads.
Measured MeasureBareVerify(int threads, absl::Duration duration);

// Appends of 1 KiB, each followed by fdatasync, to a new file in `directory`.
Measured MeasureBareFlush(const std::string& directory, absl::Duration duration);

}  // namespace touchstone::load

#endif  // TOUCHSTONE_TESTS_BENCHMARKS_LOAD_BARE_LIMITS_H_
