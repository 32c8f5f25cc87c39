// touchstone-index-bench: the index filled to many keys, in memory and with half of its leaves on
// scratch pages, and loaded from a store, next to what this machine hashes and flushes in the same
// minutes. Ratios are what to look at: machines differ, and one machine differs from hour to hour.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "registry/ledger/index_tree.h"
#include "registry/ledger/schema.h"
#include "registry/storage/rocksdb_store.h"
#include "registry/storage/scratch_file.h"
#include "tests/registry/storage/scratch_directory.h"
#include "verifier/index_hash.h"
#include "verifier/index_proof.h"

namespace touchstone::ledger {
namespace {

struct Settings {
  size_t keys = 100'000;
  double seconds = 2;
  std::string directory = std::filesystem::temp_directory_path().string();
};

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "touchstone-index-bench: %s\n", status.ToString().c_str());
  std::exit(1);
}

class Watch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

size_t ResidentBytes() {
  size_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

class Bench {
 public:
  explicit Bench(const Settings& settings) : settings_(settings) {
    const auto store = storage::RocksDbStore::Open(
        {.directory = scratch_.File("db"), .mode = storage::OpenMode::kCreateNew});
    Check(store.status());
  }

  void Run() {
    OpenStore();
    const size_t before = ResidentBytes();
    tree_.emplace();
    std::printf("%-44s %12s %12s\n", "", "", "of the hashes");
    for (const size_t part : {100, 10, 1}) {
      FillTo(settings_.keys / part);
      std::printf("\n%zu keys\n", static_cast<size_t>(tree_->size()));
      SmallCommits();
    }
    std::printf("%-44s %12.1f\n", "memory, bytes a key",
                static_cast<double>(tree_->MemoryBytes()) / static_cast<double>(tree_->size()));
    std::printf("%-44s %12.1f\n", "resident, bytes a key",
                static_cast<double>(ResidentBytes() - before) / static_cast<double>(tree_->size()));
    Batches();
    Proofs();
    Flushes();

    version_.reset();
    tree_.reset();
    CloseStoreAndWeigh();
    std::printf("\nloaded from the store\n");
    tree_.emplace();
    Load();
    const size_t memory = tree_->MemoryBytes();
    tree_.reset();

    std::printf("\nthe same with half of it on pages\n");
    auto pages = storage::ScratchFile::Create(scratch_.File("pages"));
    Check(pages.status());
    tree_.emplace(IndexTreeOptions{memory / 2, pages->get(), Check});
    Load();
    std::printf("%-44s %12.1f\n", "memory, bytes a key",
                static_cast<double>(tree_->MemoryBytes()) / static_cast<double>(tree_->size()));
    SmallCommits();
    Batches();
    Proofs();
    version_.reset();
    tree_.reset();
  }

 private:
  static std::vector<IndexLeaf> Sorted(std::vector<IndexLeaf> leaves) {
    std::sort(leaves.begin(), leaves.end(),
              [](const IndexLeaf& a, const IndexLeaf& b) { return a.key < b.key; });
    return leaves;
  }
  std::vector<IndexLeaf> Fresh(size_t count) {
    std::vector<IndexLeaf> leaves(count);
    for (IndexLeaf& leaf : leaves) {
      for (Digest* digest : {&leaf.key, &leaf.value}) {
        for (size_t at = 0; at < kDigestBytes; at += sizeof(uint64_t)) {
          const uint64_t word = random_();
          std::memcpy(digest->data() + at, &word, sizeof(word));
        }
      }
    }
    return Sorted(std::move(leaves));
  }

  // Node hashes a second on one thread, in the same second or so as what it is compared with.
  double HashesPerSecond() const {
    Digest hash = {};
    size_t hashes = 0;
    const Watch watch;
    while (watch.seconds() < std::max(0.05, settings_.seconds / 10)) {
      for (int i = 0; i < 1000; ++i) {
        Digest other = {};
        std::memcpy(other.data(), &i, sizeof(i));
        hash[0] ^= IndexNodeHash(hash, other)[0];
      }
      hashes += 1000;
    }
    return static_cast<double>(hashes) / watch.seconds();
  }
  void Report(const char* what, double per_second, double hashes_per_second) const {
    std::printf("%-44s %10.1f k/s %12.4f\n", what, per_second / 1e3,
                per_second / hashes_per_second);
    std::fflush(stdout);
  }

  void OpenStore() {
    auto store = storage::RocksDbStore::Open(
        {.directory = scratch_.File("db"), .mode = storage::OpenMode::kOpenExisting});
    Check(store.status());
    store_ = *std::move(store);
  }

  void Insert(const std::vector<IndexLeaf>& leaves) {
    Check(tree_->Insert(leaves));
    version_ = tree_->Version();
  }

  void FillTo(size_t keys) {
    while (tree_->size() < keys) {
      const std::vector<IndexLeaf> leaves = Fresh(std::min<size_t>(8192, keys - tree_->size()));
      Insert(leaves);
      storage::WriteBatch batch;
      batch.Put(schema::InsertionsKey(next_row_++), schema::EncodeInsertions(leaves));
      Check(store_->Commit(batch));
      stored_ += leaves.size();
    }
  }

  // What one registration costs the index: its own leaf and three claims.
  void SmallCommits() {
    const double hashes = HashesPerSecond();
    std::vector<double> times;
    const Watch watch;
    while (watch.seconds() < settings_.seconds) {
      const std::vector<IndexLeaf> leaves = Fresh(4);
      const Watch one;
      Insert(leaves);
      times.push_back(one.seconds());
    }
    std::sort(times.begin(), times.end());
    const double p50 = times[times.size() / 2];
    const double p99 = times[times.size() * 99 / 100];
    std::printf("%-44s %10.1f us %9.0f hashes\n", "a commit of 4 keys, p50", p50 * 1e6,
                p50 * hashes);
    std::printf("%-44s %10.1f us %9.0f hashes\n", "a commit of 4 keys, p99", p99 * 1e6,
                p99 * hashes);
  }

  void Batches() {
    for (const size_t batch : {1'000, 16'000, 100'000}) {
      if (batch > settings_.keys) continue;
      const double hashes = HashesPerSecond();
      double seconds = 0;
      size_t inserted = 0;
      do {
        const std::vector<IndexLeaf> leaves = Fresh(batch);
        const Watch watch;
        Insert(leaves);
        seconds += watch.seconds();
        inserted += batch;
      } while (seconds < settings_.seconds);
      const std::string what = "keys in batches of " + std::to_string(batch);
      Report(what.c_str(), static_cast<double>(inserted) / seconds, hashes);
    }
  }

  void Proofs() {
    std::vector<IndexLeaf> present = Fresh(std::min<size_t>(100'000, settings_.keys / 10));
    Insert(present);
    std::shuffle(present.begin(), present.end(), random_);
    std::vector<IndexLeaf> absent = Fresh(present.size());
    std::shuffle(absent.begin(), absent.end(), random_);
    Prove("proofs of presence", present, 1);
    Prove("proofs of absence", absent, 1);
    Prove("both, in the sixteens of a passport", present, kPassportProofs);
  }

  // Half of those that are proven together are present, and half are absent.
  static constexpr size_t kPassportProofs = 16;

  void Prove(const char* what, const std::vector<IndexLeaf>& leaves, size_t together) {
    const double hashes = HashesPerSecond();
    size_t proofs = 0, bytes = 0;
    std::vector<Digest> keys(together);
    const Watch watch;
    while (watch.seconds() < settings_.seconds) {
      for (int i = 0; i < 100; ++i) {
        for (size_t j = 0; j < together; ++j) {
          keys[j] = leaves[proofs++ % leaves.size()].key;
          if (j % 2 != 0) keys[j][31] ^= 1;
        }
        const auto made = version_->Prove(keys);
        Check(made.status());
        for (const IndexProof& proof : *made) bytes += EncodeIndexProof(proof).size();
      }
    }
    Report(what, static_cast<double>(proofs) / watch.seconds(), hashes);
    std::printf("%-44s %10.0f\n", "  their bytes",
                static_cast<double>(bytes) / static_cast<double>(proofs));
  }

  // A commit cannot take less than its flush; the index should be a small part of that.
  void Flushes() {
    size_t commits = 0;
    const Watch watch;
    while (watch.seconds() < settings_.seconds) {
      const std::vector<IndexLeaf> leaves = Fresh(4);
      storage::WriteBatch batch;
      batch.Put(schema::InsertionsKey(next_row_++), schema::EncodeInsertions(leaves));
      Check(store_->Commit(batch));
      stored_ += leaves.size();
      ++commits;
    }
    std::printf("%-44s %10.1f us\n", "a synced commit of their row alone",
                watch.seconds() * 1e6 / static_cast<double>(commits));
  }

  void CloseStoreAndWeigh() {
    Check(store_->Close());
    uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(scratch_.File("db"))) {
      if (file.is_regular_file()) bytes += file.file_size();
    }
    std::printf("%-44s %12.1f\n", "on disk, bytes a key",
                static_cast<double>(bytes) / static_cast<double>(stored_));
  }

  void Load() {
    OpenStore();
    const double hashes = HashesPerSecond();
    const Watch watch;
    Check(tree_->Load([this](IndexTree::LeafVisitor visit) -> absl::Status {
      return store_
          ->Scan(schema::InsertionsFrom(0), UINT64_MAX,
                 [visit](absl::string_view, absl::string_view value) {
                   const auto leaves = schema::InsertionsIn(value);
                   if (!leaves.ok()) return leaves.status();
                   for (const IndexLeaf& leaf : *leaves) visit(leaf);
                   return absl::OkStatus();
                 })
          .status();
    }));
    const double seconds = watch.seconds();
    std::printf("%-44s %10.2f s\n", "seconds", seconds);
    Report("keys", static_cast<double>(tree_->size()) / seconds, hashes);
    Check(store_->Close());
  }

  const Settings settings_;
  std::mt19937_64 random_{20261125};
  const storage::ScratchDirectory scratch_{settings_.directory};
  std::unique_ptr<storage::RocksDbStore> store_;
  uint64_t next_row_ = 0;
  size_t stored_ = 0;
  std::optional<IndexTree> tree_;
  std::optional<IndexVersion> version_;
};

int Main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Measures the index: insertions, proofs, memory, loading, pages.",
               "touchstone-index-bench");
  app.add_option("--keys", settings.keys, "How many; 10000000 is the long run")
      ->check(CLI::Range(size_t{1'000}, size_t{500'000'000}))
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "For each measurement")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app.add_option("--directory", settings.directory, "Where store and pages are made: the disk")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  Bench(settings).Run();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace touchstone::ledger

int main(int argc, char** argv) { return touchstone::ledger::Main(argc, argv); }
