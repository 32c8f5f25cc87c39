// Clients of a registry (or of the echo), each with a connection of its own.
#ifndef TOUCHSTONE_TESTS_BENCHMARKS_LOAD_CALLERS_H_
#define TOUCHSTONE_TESTS_BENCHMARKS_LOAD_CALLERS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/benchmarks/load/closed_loop.h"

namespace touchstone::load {

class Callers {
 public:
  Callers(int count, int port);
  ~Callers();

  // What a submission was answered with, to be checked when the clock has stopped.
  struct Answered {
    const std::string* envelope;
    std::string receipt;
  };

  // Submits each of `envelopes` once, until the time is over or there are no more. `check` is
  // called within the measured time, where given. Ends the program on an error.
  Measured Submit(const std::vector<std::string>& envelopes, absl::Duration duration,
                  std::vector<Answered>* answers,
                  const std::function<void(const Answered&)>& check = nullptr);

  // Submits `envelope` again and again, to the echo.
  Measured Echo(const std::string& envelope, absl::Duration duration);

  // Gets the passports of `ids`, in no order, again and again. `sample` receives the last of each
  // caller.
  Measured GetPassports(const std::vector<std::string>& ids, absl::Duration duration,
                        std::vector<std::string>* sample);

  // Submits all of `envelopes` on one stream; how long it took.
  Measured Stream(const std::vector<std::string>& envelopes, std::vector<Answered>* answers);

 private:
  class Caller;
  std::vector<std::unique_ptr<Caller>> callers_;
};

}  // namespace touchstone::load

#endif  // TOUCHSTONE_TESTS_BENCHMARKS_LOAD_CALLERS_H_
