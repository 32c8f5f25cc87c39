#include "tests/benchmarks/load/closed_loop.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"

namespace touchstone::load {
namespace {

using Clock = std::chrono::steady_clock;

double Percentile(std::vector<double>& sorted_us, double fraction) {
  if (sorted_us.empty()) return 0;
  const double last = static_cast<double>(sorted_us.size() - 1);
  return sorted_us[static_cast<size_t>(last * fraction)];
}

}  // namespace

Measured RunClosedLoop(int callers, absl::Duration duration, const std::function<bool(int)>& call) {
  absl::Notification start;
  std::vector<std::vector<double>> took_us(static_cast<size_t>(callers));
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      start.WaitForNotification();
      const Clock::time_point end = Clock::now() + absl::ToChronoNanoseconds(duration);
      for (Clock::time_point began = Clock::now(); began < end;) {
        if (!call(caller)) return;
        const Clock::time_point ended = Clock::now();
        took_us[static_cast<size_t>(caller)].push_back(
            std::chrono::duration<double, std::micro>(ended - began).count());
        began = ended;
      }
    });
  }
  const Clock::time_point began = Clock::now();
  start.Notify();
  for (std::thread& thread : threads) thread.join();
  Measured measured;
  measured.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  std::vector<double> all;
  for (const std::vector<double>& each : took_us) all.insert(all.end(), each.begin(), each.end());
  std::sort(all.begin(), all.end());
  measured.calls = all.size();
  measured.p50_us = Percentile(all, 0.50);
  measured.p99_us = Percentile(all, 0.99);
  return measured;
}

}  // namespace touchstone::load
