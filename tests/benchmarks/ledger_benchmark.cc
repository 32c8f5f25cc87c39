// Registrations into the ledger itself, on RocksDB, with no RPC around it, beside what bounds them
// on the same machine in the same run: one signature check each, and one flush a commit. Besides,
// its parts: passports, recovery. The index is measured by index_benchmark.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "registry/ledger/ledger.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/ledger/test_registry.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/support/test_log.h"
#include "verifier/signing/batch.h"

namespace touchstone::ledger {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

// A statement of about a kilobyte.
v1::Piece KilobytePiece(int number) {
  v1::Piece piece = SamplePiece(number);
  piece.set_description(std::string(620, 'x'));
  return piece;
}

std::string StatementBytes(TestRegistry& registry, int number) {
  v1::Statement statement = registry.PassportStatement(number);
  *statement.mutable_registration()->mutable_piece() = KilobytePiece(number);
  return statement.SerializeAsString();
}

// A ledger on RocksDB in a directory of its own.
class RocksDbRegistry {
 public:
  RocksDbRegistry() {
    absl::StatusOr<std::unique_ptr<storage::RocksDbStore>> store = storage::RocksDbStore::Open(
        {.directory = scratch_.File("db"), .mode = storage::OpenMode::kCreateNew});
    Check(store.status());
    store_ = *std::move(store);
    registry_.emplace(store_.get());
    registry_->Start();
  }
  TestRegistry& operator*() { return *registry_; }
  TestRegistry* operator->() { return &*registry_; }

 private:
  storage::ScratchDirectory scratch_;
  std::unique_ptr<storage::RocksDbStore> store_;
  std::optional<TestRegistry> registry_;
};

std::vector<std::string> SingleSigned(TestRegistry& registry, int first, int count) {
  std::vector<std::string> envelopes(static_cast<size_t>(count));
  NamedKey("maison key");
  for (int i = 0; i < count; ++i) {
    envelopes[static_cast<size_t>(i)] =
        SignStatementBytes(StatementBytes(registry, first + i), {"maison key"}).bytes();
  }
  return envelopes;
}

std::vector<std::string> BatchSigned(TestRegistry& registry, int first, int count) {
  std::vector<std::string> payloads, paes, envelopes;
  for (int i = 0; i < count; ++i) {
    payloads.push_back(StatementBytes(registry, first + i));
    paes.push_back(Pae(PayloadType::kStatement, payloads.back()));
  }
  const absl::StatusOr<Batch> batch = Batch::Create(paes);
  Check(batch.status());
  const std::string sig = NamedKey("maison key").Sign(batch->NoteText(kOrigin));
  for (size_t i = 0; i < payloads.size(); ++i) {
    const absl::StatusOr<Envelope> envelope = Envelope::Create(
        PayloadType::kStatement, payloads[i], {{NamedKeyId("maison key"), sig, batch->PathOf(i)}});
    Check(envelope.status());
    envelopes.push_back(envelope->bytes());
  }
  return envelopes;
}

// Submits everything with at most `callers` unanswered at a time, from as many threads as a server
// would have, and waits. The time of each answer goes to `latencies`.
void SubmitAll(Ledger& ledger, const std::vector<std::string>& envelopes, size_t callers,
               std::vector<Nanoseconds>& latencies) {
  const size_t threads = std::min<size_t>(callers, 4);
  latencies.resize(envelopes.size());
  const auto drive = [&](size_t thread) {
    absl::Mutex mutex;
    size_t unanswered = 0;
    const size_t window = callers / threads;
    for (size_t i = thread; i < envelopes.size(); i += threads) {
      {
        absl::MutexLock lock(&mutex);
        const auto free = [&] { return unanswered < window; };
        mutex.Await(absl::Condition(&free));
        ++unanswered;
      }
      const auto begin = std::chrono::steady_clock::now();
      ledger.Submit(envelopes[i], [&, i, begin](absl::StatusOr<ledger::Receipt> receipt) {
        Check(receipt.status());
        latencies[i] = std::chrono::steady_clock::now() - begin;
        absl::MutexLock lock(&mutex);
        --unanswered;
      });
    }
    absl::MutexLock lock(&mutex);
    const auto done = [&] { return unanswered == 0; };
    mutex.Await(absl::Condition(&done));
  };
  std::vector<std::thread> drivers;
  for (size_t thread = 0; thread < threads; ++thread) drivers.emplace_back(drive, thread);
  for (std::thread& driver : drivers) driver.join();
}

// Processor time of the whole process, which a busy machine disturbs less than the clock.
double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void ReportLatencies(benchmark::State& state, std::vector<Nanoseconds>& latencies) {
  std::sort(latencies.begin(), latencies.end());
  const auto us = [&](double part) {
    const auto at = static_cast<size_t>(part * static_cast<double>(latencies.size() - 1));
    return static_cast<double>(latencies[at].count()) / 1000;
  };
  state.counters["p50_us"] = us(0.5);
  state.counters["p99_us"] = us(0.99);
}

// ---- The limits. ----

void BM_BareVerify(benchmark::State& state) {
  const std::string message(1100, 'm');
  const std::string signature = NamedKey("maison key").Sign(message);
  const PublicKey key = NamedKey("maison key").public_key();
  for (auto _ : state) Check(key.Verify(message, signature));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_BareVerify)->UseRealTime()->Threads(1)->Threads(2);

void BM_BareFdatasync(benchmark::State& state) {
  const storage::ScratchDirectory scratch;
  const int fd = open(scratch.File("append").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const std::string record(1100, 'r');
  for (auto _ : state) {
    if (write(fd, record.data(), record.size()) < 0 || fdatasync(fd) != 0) std::exit(1);
  }
  close(fd);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_BareFdatasync)->UseRealTime();

// ---- The ledger. ----

void BM_Register(benchmark::State& state) {
  const auto callers = static_cast<size_t>(state.range(0));
  const int count = callers == 1 ? 2000 : 30000;
  RocksDbRegistry registry;
  std::vector<Nanoseconds> latencies;
  double cpu_seconds = 0;
  int first = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<std::string> envelopes = SingleSigned(*registry, first, count);
    first += count;
    const double before = CpuSeconds();
    state.ResumeTiming();
    SubmitAll(registry->ledger(), envelopes, callers, latencies);
    cpu_seconds += CpuSeconds() - before;
  }
  state.counters["cpu_us"] = cpu_seconds * 1e6 / static_cast<double>(state.iterations() * count);
  state.SetItemsProcessed(state.iterations() * count);
  ReportLatencies(state, latencies);
}
BENCHMARK(BM_Register)
    ->Arg(1)
    ->Arg(16)
    ->Arg(64)
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_RegisterUnderBatchSignatures(benchmark::State& state) {
  constexpr int kCount = 50000;
  RocksDbRegistry registry;
  std::vector<Nanoseconds> latencies;
  double cpu_seconds = 0;
  int first = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<std::string> envelopes = BatchSigned(*registry, first, kCount);
    first += kCount;
    const double before = CpuSeconds();
    state.ResumeTiming();
    SubmitAll(registry->ledger(), envelopes, 4096, latencies);
    cpu_seconds += CpuSeconds() - before;
  }
  state.counters["cpu_us"] = cpu_seconds * 1e6 / static_cast<double>(state.iterations() * kCount);
  state.SetItemsProcessed(state.iterations() * kCount);
}
BENCHMARK(BM_RegisterUnderBatchSignatures)
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_ReadPassport(benchmark::State& state) {
  static RocksDbRegistry* registry = [] {
    auto* made = new RocksDbRegistry;
    std::vector<Nanoseconds> latencies;
    SubmitAll((*made)->ledger(), BatchSigned(**made, 0, 50000), 4096, latencies);
    return made;
  }();
  uint64_t next = static_cast<uint64_t>(state.thread_index());
  for (auto _ : state) {
    next = (next + 7919) % 50000;
    const absl::StatusOr<PassportId> id =
        PassportId::FromBytes(TestPassportId(static_cast<int>(next)));
    const absl::StatusOr<std::string> file = (*registry)->Newest()->PassportFile(*id);
    Check(file.status());
    state.counters["bytes"] = static_cast<double>(file->size());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReadPassport)->UseRealTime()->Threads(1)->Threads(2);

void BM_Recover(benchmark::State& state) {
  constexpr int kCount = 50000;
  RocksDbRegistry registry;
  std::vector<Nanoseconds> latencies;
  SubmitAll(registry->ledger(), BatchSigned(*registry, 0, kCount), 4096, latencies);
  for (auto _ : state) Check(registry->Open());
  state.SetItemsProcessed(state.iterations() * kCount);
}
BENCHMARK(BM_Recover)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace touchstone::ledger

BENCHMARK_MAIN();
