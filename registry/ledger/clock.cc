#include "registry/ledger/clock.h"

#include <chrono>

namespace touchstone::ledger {

uint64_t SystemClock::NowMs() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return ms < 0 ? 0 : static_cast<uint64_t>(ms);
}

}  // namespace touchstone::ledger
