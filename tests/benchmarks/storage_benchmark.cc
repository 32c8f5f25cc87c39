// What registry/storage costs, in units of the one thing that nobody can do without: a flush of 1
// KiB appended to a file. One such flush is timed before every step, on the same disk, so that both
// see the same noise: "flush_p50_us" is their median and "flushes" how many of them a step takes
// (p50 to p50). 1 is the limit for one durable write.
//
// The files lie where TMPDIR says (/tmp): it must be the kind of disk that the ledger will lie on,
// and no file system in memory.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "registry/storage/guard_file.h"
#include "registry/storage/rocksdb_store.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kRecordBytes = 1024;
constexpr size_t kNoteBytes = 600;  // a checkpoint with two cosignatures

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double Percentile(std::vector<double>& samples, double fraction) {
  const auto at = samples.begin() +
                  static_cast<std::ptrdiff_t>(fraction * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

// Half of it random, as entries are: text beside signatures and digests.
std::string Record(std::mt19937_64& random) {
  std::string record(kRecordBytes, 'r');
  for (size_t i = 0; i < kRecordBytes / 2; ++i) record[i] = static_cast<char>(random());
  return record;
}

// Appends 1 KiB to a file and flushes it: the limit.
class Appender {
 public:
  Appender()
      : fd_(open(scratch_.File("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() { close(fd_); }

  absl::Status AppendAndFlush() {
    if (write(fd_, record_.data(), record_.size()) < 0 || fdatasync(fd_) != 0) {
      return absl::UnavailableError("cannot append and flush");
    }
    return absl::OkStatus();
  }

 private:
  const ScratchDirectory scratch_;
  const int fd_;
  const std::string record_ = std::string(kRecordBytes, 'r');
};

// Times `step`, and the limit before each; stops the benchmark at the first error.
template <typename Step>
void RunAgainstFlush(benchmark::State& state, Step step) {
  Appender limit;
  std::vector<double> flushes;
  std::vector<double> samples;
  for ([[maybe_unused]] auto _ : state) {
    Clock::time_point start = Clock::now();
    absl::Status status = limit.AppendAndFlush();
    flushes.push_back(MicrosecondsSince(start));
    start = Clock::now();
    status.Update(step());
    samples.push_back(MicrosecondsSince(start));
    state.SetIterationTime(samples.back() * 1e-6);
    if (!status.ok()) {
      state.SkipWithError(status.ToString().c_str());
      return;
    }
  }
  const double p50 = Percentile(samples, 0.5);
  const double flush = Percentile(flushes, 0.5);
  state.counters["p50_us"] = p50;
  state.counters["p99_us"] = Percentile(samples, 0.99);
  state.counters["flush_p50_us"] = flush;
  state.counters["flush_p99_us"] = Percentile(flushes, 0.99);
  state.counters["flushes"] = p50 / flush;
}

std::unique_ptr<RocksDbStore> NewStore(const ScratchDirectory& scratch) {
  RocksDbOptions options;
  options.directory = scratch.File("store");
  options.mode = OpenMode::kCreateNew;
  absl::StatusOr<std::unique_ptr<RocksDbStore>> store = RocksDbStore::Open(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    std::abort();
  }
  return *std::move(store);
}

std::string PositionKey(uint64_t position) {
  std::string key = "e";
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(position >> shift));
  return key;
}

// The limit against itself: "flushes" shows how far the ratios of this run can be trusted.
void BM_AppendAndFlush(benchmark::State& state) {
  Appender appender;
  RunAgainstFlush(state, [&] { return appender.AppendAndFlush(); });
}
BENCHMARK(BM_AppendAndFlush)->UseManualTime();

void BM_GuardWrite(benchmark::State& state) {
  const ScratchDirectory scratch;
  const std::string note(kNoteBytes, 'n');
  const auto guard = GuardFile::Create(scratch.File("guard"), note);
  if (!guard.ok()) {
    state.SkipWithError(guard.status().ToString().c_str());
    return;
  }
  RunAgainstFlush(state, [&] { return (*guard)->Write(note); });
}
BENCHMARK(BM_GuardWrite)->UseManualTime();

// The other way to write a guard, which guard_file.cc decided against.
void BM_GuardByRename(benchmark::State& state) {
  const ScratchDirectory scratch;
  const std::string note(kNoteBytes, 'n');
  const std::string path = scratch.File("guard");
  const std::string unfinished = scratch.File("guard.new");
  const int directory = open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  RunAgainstFlush(state, [&] {
    const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written = write(fd, note.data(), note.size()) > 0 && fsync(fd) == 0;
    close(fd);
    if (!written || rename(unfinished.c_str(), path.c_str()) != 0 || fsync(directory) != 0) {
      return absl::UnavailableError("rename");
    }
    return absl::OkStatus();
  });
  close(directory);
}
BENCHMARK(BM_GuardByRename)->UseManualTime();

// Commits of as many records as the argument says, each of 1 KiB.
void BM_Commit(benchmark::State& state) {
  const ScratchDirectory scratch;
  const std::unique_ptr<RocksDbStore> store = NewStore(scratch);
  std::mt19937_64 random(1);
  std::vector<std::string> records;
  records.reserve(64);
  for (int i = 0; i < 64; ++i) records.push_back(Record(random));
  const auto count = static_cast<uint64_t>(state.range(0));
  uint64_t position = 0;
  WriteBatch batch;
  RunAgainstFlush(state, [&] {
    batch.Clear();
    for (uint64_t i = 0; i < count; ++i, ++position) {
      batch.Put(PositionKey(position), records[position % records.size()]);
    }
    return store->Commit(batch);
  });
  state.SetItemsProcessed(static_cast<int64_t>(position));
}
BENCHMARK(BM_Commit)->Arg(1)->Arg(16)->Arg(1000)->UseManualTime();

// A store of 200,000 records for the readers, more than its cache of blocks holds.
constexpr uint64_t kRecords = 200'000;

const RocksDbStore& FilledStore() {
  static const ScratchDirectory scratch;
  static const std::unique_ptr<RocksDbStore> store = [] {
    std::unique_ptr<RocksDbStore> filled = NewStore(scratch);
    std::mt19937_64 random(1);
    for (uint64_t position = 0; position < kRecords;) {
      WriteBatch batch;
      for (int i = 0; i < 1000; ++i, ++position) batch.Put(PositionKey(position), Record(random));
      if (!filled->Commit(batch).ok()) std::abort();
    }
    return filled;
  }();
  return *store;
}

// One record at a random position, on `threads` threads.
void BM_Get(benchmark::State& state) {
  const RocksDbStore& store = FilledStore();
  std::mt19937_64 random(static_cast<uint64_t>(state.thread_index()));
  for ([[maybe_unused]] auto _ : state) {
    if (!store.Get(PositionKey(random() % kRecords)).ok()) state.SkipWithError("get");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Get)->Threads(1)->Threads(2)->UseRealTime();

// The ledger's "is it in already?", for something that is not.
void BM_GetAbsent(benchmark::State& state) {
  const RocksDbStore& store = FilledStore();
  std::mt19937_64 random(1);
  for ([[maybe_unused]] auto _ : state) {
    const std::string key = absl::StrCat(PositionKey(random() % kRecords), "x");
    if (store.Get(key).status().code() != absl::StatusCode::kNotFound) state.SkipWithError("get");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_GetAbsent)->UseRealTime();

// 32 records at random positions at once, as for a proof.
void BM_MultiGet(benchmark::State& state) {
  constexpr size_t kKeys = 32;
  const RocksDbStore& store = FilledStore();
  std::mt19937_64 random(1);
  std::vector<std::string> keys(kKeys);
  for ([[maybe_unused]] auto _ : state) {
    for (std::string& key : keys) key = PositionKey(random() % kRecords);
    const std::vector<absl::string_view> views(keys.begin(), keys.end());
    for (const auto& value : store.MultiGet(views)) {
      if (!value.ok()) state.SkipWithError("multi-get");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kKeys));
}
BENCHMARK(BM_MultiGet)->UseRealTime();

// 10 neighbouring records from a random position: a passport's entries.
void BM_ScanTen(benchmark::State& state) {
  constexpr uint64_t kItems = 10;
  const RocksDbStore& store = FilledStore();
  std::mt19937_64 random(1);
  for ([[maybe_unused]] auto _ : state) {
    size_t bytes = 0;
    const auto end = store.Scan(KeyRange::Between(PositionKey(random() % (kRecords - kItems)), ""),
                                kItems, [&](absl::string_view, absl::string_view value) {
                                  bytes += value.size();
                                  return absl::OkStatus();
                                });
    if (!end.ok() || bytes != kItems * kRecordBytes) state.SkipWithError("scan");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kItems));
}
BENCHMARK(BM_ScanTen)->UseRealTime();

}  // namespace
}  // namespace touchstone::storage

BENCHMARK_MAIN();
