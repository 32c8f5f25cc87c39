// What the callers send: a log's genesis and issuer, and any number of different registrations,
// signed one by one or in batches.
#ifndef TOUCHSTONE_TESTS_BENCHMARKS_LOAD_WORKLOAD_H_
#define TOUCHSTONE_TESTS_BENCHMARKS_LOAD_WORKLOAD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tests/support/test_log.h"

namespace touchstone::load {

class Workload {
 public:
  Workload();

  const std::string& genesis() const { return genesis_; }
  const std::string& issuer() const { return issuer_; }
  std::string policy_text() const { return log_.PolicyText(); }
  const std::string& origin() const { return log_.origin(); }

  // Envelopes of `count` registrations that nobody has had yet, of about 1 KiB each.
  std::vector<std::string> Registrations(size_t count);
  // The same, with one signature for every `batch` of them.
  std::vector<std::string> BatchedRegistrations(size_t count, size_t batch);

  // Ids of the passports of the first `count` registrations that were ever made here.
  static std::vector<std::string> PassportIds(size_t count);

 private:
  std::string NextStatement();

  TestLog log_;
  std::string genesis_;
  std::string issuer_;
  int made_ = 0;
};

}  // namespace touchstone::load

#endif  // TOUCHSTONE_TESTS_BENCHMARKS_LOAD_WORKLOAD_H_
