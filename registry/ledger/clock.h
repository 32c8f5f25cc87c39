// Where the ledger takes the time from: an argument of the program, so that tests need not wait.
// Not for measuring how long something took.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_CLOCK_H_
#define TOUCHSTONE_REGISTRY_LEDGER_CLOCK_H_

#include <cstdint>

namespace touchstone::ledger {

class Clock {
 public:
  virtual ~Clock() = default;

  // Milliseconds since 1970-01-01T00:00:00Z. May go back; the times of entries never do, the ledger
  // sees to that. Called from several threads.
  virtual uint64_t NowMs() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  uint64_t NowMs() const override;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_CLOCK_H_
