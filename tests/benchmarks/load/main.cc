// touchstone-load: a registry under load, end to end, next to what the same machine does in the
// same minutes with nothing of ours around it. Ratios are what to look at: machines differ, and one
// machine differs from hour to hour.

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/benchmarks/load/bare_limits.h"
#include "tests/benchmarks/load/callers.h"
#include "tests/benchmarks/load/closed_loop.h"
#include "tests/benchmarks/load/echo_server.h"
#include "tests/benchmarks/load/workload.h"
#include "tests/registry/service/server_process.h"
#include "verifier/envelope.h"
#include "verifier/observed.h"
#include "verifier/policy.h"
#include "verifier/signing/key_file.h"
#include "verifier/verify_passport.h"
#include "verifier/verify_receipt.h"

namespace touchstone::load {
namespace {

namespace fs = std::filesystem;
using service::ServerProcess;

constexpr size_t kPassportsRead = 500;

struct Settings {
  std::string registry = TOUCHSTONE_REGISTRY;
  std::string directory = fs::temp_directory_path().string();
  std::vector<int> callers = {1, 16, 64};
  double seconds = 5;
  size_t records_per_second_max = 12'000;
  size_t bulk_records = 40'000;
  size_t batch = 1024;
  bool echo_server = false;
};

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "touchstone-load: %s\n", what.c_str());
  std::exit(1);
}

void Say(const char* what, const Measured& m, const std::string& more = "") {
  std::printf("  %-34s %9.0f /s", what, m.rate());
  if (m.p50_us > 0) std::printf("   p50 %7.0f us   p99 %7.0f us", m.p50_us, m.p99_us);
  std::printf("%s%s\n", more.empty() ? "" : "   ", more.c_str());
  std::fflush(stdout);
}

std::string RatioTo(const char* what, const Measured& mine, const Measured& bare) {
  return absl::StrFormat("%.2f of %s", mine.rate() / bare.rate(), what);
}

class LoadRun {
 public:
  explicit LoadRun(const Settings& settings)
      : settings_(settings),
        duration_(absl::Seconds(settings.seconds)),
        policy_(*TrustPolicy::Parse(workload_.policy_text())) {}

  void Run() {
    MakeFiles();
    {
      ServerProcess registry(settings_.registry, {"--config", File("registry.toml")});
      port_ = registry.AwaitServing();
      if (port_ == 0) Die("the registry did not start:\n" + registry.log());
      ServerProcess echo("/proc/self/exe", {"--echo-server"});
      echo_port_ = echo.AwaitServing();
      if (echo_port_ == 0) Die("the echo did not start");

      SubmitOne(workload_.issuer());
      MeasureBare();
      MeasureRegistrations(registry, echo);
      MeasurePassports(registry);
      MeasureBulk(registry);
      registry.Signal(SIGTERM);
      if (registry.Wait() != 0) Die("the registry did not end well:\n" + registry.log());
    }
    MeasureDisk();
    fs::remove_all(scratch_);
  }

 private:
  std::string File(const std::string& name) const { return absl::StrCat(scratch_, "/", name); }

  void MakeFiles() {
    scratch_ = absl::StrCat(settings_.directory, "/touchstone-load.", getpid());
    fs::create_directory(scratch_);
    if (!CreateKeyFile(File("log.key"), NamedKey("log"), "log", KeyProtection::Plain()).ok()) {
      Die("cannot write to " + scratch_);
    }
    std::ofstream(File("genesis"), std::ios::binary) << workload_.genesis();
    std::ofstream(File("registry.toml"))
        << "origin = \"" << workload_.origin() << "\"\n"
        << "listen = \"127.0.0.1:0\"\ndata = \"data\"\nguard = \"guard\"\n"
           "log-key = \"log.key\"\ngenesis = \"genesis\"\nreads-waiting = 1024\n";
  }

  // What `measure` measures, and what it cost the server and this process in processor time.
  void SayWithCpu(const std::string& what, ServerProcess& server,
                  const std::function<Measured()>& measure, Measured* result,
                  const std::function<std::string(const Measured&)>& more = nullptr) {
    const double server_before = server.CpuSeconds();
    const double own_before = OwnCpuSeconds();
    *result = measure();
    const auto calls = static_cast<double>(std::max<uint64_t>(1, result->calls));
    const double server_us = (server.CpuSeconds() - server_before) / calls * 1e6;
    const double own_us = (OwnCpuSeconds() - own_before) / calls * 1e6;
    Say(what.c_str(), *result,
        absl::StrFormat("cpu %4.0f + %4.0f us   %s", server_us, own_us, more ? more(*result) : ""));
  }

  static double OwnCpuSeconds() {
    timespec used = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
  }

  void SubmitOne(const std::string& envelope) {
    const std::vector<std::string> one = {envelope};
    std::vector<Callers::Answered> answers;
    Callers(1, port_).Stream(one, &answers);
    Check(answers.front());
  }

  void Check(const Callers::Answered& answer) const {
    const auto sent = Envelope::Parse(PayloadType::kStatement, *answer.envelope);
    const auto receipt = VerifyReceipt(policy_, answer.receipt, *sent);
    if (!receipt.ok()) Die("a receipt does not hold: " + receipt.status().ToString());
  }

  void CheckAll(const std::vector<Callers::Answered>& answers) const {
    std::vector<std::thread> threads;
    const size_t count = std::max(1u, std::thread::hardware_concurrency());
    for (size_t first = 0; first < count; ++first) {
      threads.emplace_back([&, first] {
        for (size_t i = first; i < answers.size(); i += count) Check(answers[i]);
      });
    }
    for (std::thread& thread : threads) thread.join();
    registered_ += answers.size();
  }

  void MeasureBare() {
    std::printf("Bare limits of this machine\n");
    const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    Say("Ed25519 verify, 1 thread", MeasureBareVerify(1, duration_ / 4));
    verify_ = MeasureBareVerify(cores, duration_ / 4);
    Say(absl::StrCat("Ed25519 verify, ", cores, " threads").c_str(), verify_);
    Say("append 1 KiB and fdatasync", MeasureBareFlush(scratch_, duration_ / 4));
  }

  size_t RecordsFor() const {
    return static_cast<size_t>(settings_.seconds *
                               static_cast<double>(settings_.records_per_second_max));
  }

  void MeasureRegistrations(ServerProcess& registry, ServerProcess& echo_server) {
    std::printf(
        "Registrations: a signed statement in, its proven entry out, durable\n"
        "(cpu: processor time of the server + of the callers, for each)\n");
    const std::vector<std::string> probe = workload_.Registrations(1);
    SubmitOne(probe.front());
    for (const int count : settings_.callers) {
      Measured echo, mine;
      SayWithCpu(
          absl::StrCat("bare echo, ", count, " callers"), echo_server,
          [&] { return Callers(count, echo_port_).Echo(probe.front(), duration_); }, &echo);
      const std::vector<std::string> records = workload_.Registrations(RecordsFor());
      std::vector<Callers::Answered> answers;
      SayWithCpu(
          absl::StrCat("registrations, ", count, " callers"), registry,
          [&] { return Callers(count, port_).Submit(records, duration_, &answers); }, &mine,
          [&](const Measured& m) {
            return RatioTo("the echo", m, echo) + ", " + RatioTo("the verify rate", m, verify_);
          });
      CheckAll(answers);
    }
    const std::vector<std::string> records = workload_.Registrations(RecordsFor());
    std::vector<Callers::Answered> answers;
    const int count = settings_.callers.back();
    Measured checking;
    SayWithCpu(
        absl::StrCat("the same, ", count, ", each checking"), registry,
        [&] {
          return Callers(count, port_)
              .Submit(records, duration_, &answers,
                      [this](const Callers::Answered& answer) { Check(answer); });
        },
        &checking);
    registered_ += answers.size();
  }

  void MeasurePassports(ServerProcess& registry) {
    std::printf("Passports read, with all proofs, at random out of %zu\n", kPassportsRead);
    const std::vector<std::string> ids = Workload::PassportIds(kPassportsRead);
    for (const int count : settings_.callers) {
      std::vector<std::string> sample;
      Measured measured;
      SayWithCpu(
          absl::StrCat("passports, ", count, " callers"), registry,
          [&] { return Callers(count, port_).GetPassports(ids, duration_, &sample); }, &measured,
          [&](const Measured&) { return absl::StrFormat("%d bytes each", sample.front().size()); });
      for (const std::string& passport : sample) {
        const auto record = CheckPassport(policy_, passport, Observed(), 0);
        if (!record.ok()) Die("a passport does not hold: " + record.status().ToString());
      }
    }
  }

  void MeasureBulk(ServerProcess& registry) {
    std::printf("Bulk: %zu records on one stream, one signature for every %zu\n",
                settings_.bulk_records, settings_.batch);
    const std::vector<std::string> records =
        workload_.BatchedRegistrations(settings_.bulk_records, settings_.batch);
    std::vector<Callers::Answered> answers;
    answers.reserve(records.size());
    Measured measured;
    SayWithCpu(
        "records", registry, [&] { return Callers(1, port_).Stream(records, &answers); },
        &measured);
    CheckAll(answers);
  }

  void MeasureDisk() const {
    uint64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(File("data"))) {
      if (file.is_regular_file()) bytes += file.file_size();
    }
    std::printf("On disk after a stop: %.0f bytes a piece (%zu pieces)\n",
                static_cast<double>(bytes) / static_cast<double>(registered_), registered_);
  }

  const Settings& settings_;
  const absl::Duration duration_;
  Workload workload_;
  const TrustPolicy policy_;
  std::string scratch_;
  int port_ = 0;
  int echo_port_ = 0;
  Measured verify_;
  mutable size_t registered_ = 0;
};

int Main(int argc, char** argv) {
  Settings settings;
  CLI::App app("A registry under load, next to the bare limits of the machine.", "touchstone-load");
  app.add_option("--registry", settings.registry, "The touchstone-registry to measure");
  app.add_option("--directory", settings.directory,
                 "Where its database is made, on the disk to be measured")
      ->capture_default_str();
  app.add_option("--callers", settings.callers, "How many callers at a time")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "For each measurement")->capture_default_str();
  app.add_option("--records", settings.records_per_second_max,
                 "Records made ready for each second of a measurement")
      ->capture_default_str();
  app.add_option("--bulk-records", settings.bulk_records, "Records of the bulk stream")
      ->capture_default_str();
  app.add_option("--batch", settings.batch, "Records under one signature")->capture_default_str();
  app.add_flag("--echo-server", settings.echo_server,
               "Be the echo that the registry is compared with")
      ->group("");
  CLI11_PARSE(app, argc, argv);
  if (settings.echo_server) ServeEcho();
  LoadRun(settings).Run();
  return 0;
}

}  // namespace
}  // namespace touchstone::load

int main(int argc, char** argv) { return touchstone::load::Main(argc, argv); }
