// touchstone-registry: the server. From here to the commit: service/registry_rpcs.cc,
// ledger/ledger.cc, ledger/commit.cc.

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "registry/export_log.h"
#include "registry/ledger/clock.h"
#include "registry/open_log.h"
#include "registry/open_vault.h"
#include "registry/service/grpc_log.h"
#include "registry/service/log.h"
#include "registry/service/options.h"
#include "registry/service/port_file.h"
#include "registry/service/rpc_server.h"
#include "registry/service/stop_signal.h"
#include "registry/witness/asker.h"
#include "registry/witness/http_client.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

using service::Log;
using service::Options;
using service::RpcServer;
using service::StopReason;
using service::StopSignal;

constexpr int kExitCouldNotStart = 1;
constexpr int kExitCommitFailed = 70;  // EX_SOFTWARE of sysexits.h

// Answers what waits with "unknown" and goes, without looking after anything on a disk that failed.
[[noreturn]] void EndAfterFailure(RpcServer& server) {
  std::thread([] {
    sleep(3);  // a thread of ours may hang on that disk
    _exit(kExitCommitFailed);
  }).detach();
  server.Drain(absl::Seconds(1));
  _exit(kExitCommitFailed);
}

// Whoever asks witnesses, and what that needs.
struct Witnesses {
  std::unique_ptr<witness::HttpClient> http;
  std::unique_ptr<witness::Asker> asker;
};

// Begins to ask witnesses, where there are any, and waits for a first answer of each: a registry
// whose database was put back must not serve.
absl::StatusOr<Witnesses> AskWitnesses(const Options& options, const ledger::Clock& clock,
                                       OpenLog& open, Log& log) {
  Witnesses witnesses;
  if (!open.witness_policy()) return witnesses;
  auto http = witness::NewHttpClient(options.witness_ca_file);
  if (!http.ok()) return InContext("--witness-ca", http.status());
  witnesses.http = *std::move(http);
  witness::AskerOptions asking;
  asking.round_min = absl::Seconds(options.witness_round_seconds);
  asking.request_max = absl::Seconds(options.witness_timeout_seconds);
  const auto halt = [&open, &log](const absl::Status& status) {
    log.Error("witness_contradicts", std::string(status.message()));
    open.ledger().Halt(status);
  };
  witnesses.asker =
      std::make_unique<witness::Asker>(witness::Asker::Parts{open.ledger(), *open.witness_policy(),
                                                             *witnesses.http, clock, log, halt},
                                       asking);
  const absl::Status first = witnesses.asker->AwaitFirstAnswers();
  if (!first.ok()) return first;
  return witnesses;
}

// Lets open calls finish; a second signal or a failed commit ends the wait.
void Drain(const Options& options, RpcServer& server, Witnesses witnesses,
           std::unique_ptr<OpenVault> vault, OpenLog& open, Log& log, StopSignal& stop) {
  log.Info("draining", "stopping; open calls may finish", {{"seconds_max", options.drain_seconds}});
  std::atomic<bool> done = false;
  std::thread impatience([&] {
    StopReason reason = StopReason::kAsked;
    while (!done) {
      if (!stop.WaitFor(absl::Milliseconds(50), &reason)) continue;
      _exit(reason == StopReason::kFailed ? kExitCommitFailed : kExitCouldNotStart);
    }
  });
  server.Drain(absl::Seconds(options.drain_seconds));
  witnesses.asker.reset();
  vault.reset();
  const absl::Status closed = open.Close();
  done = true;
  impatience.join();
  if (!closed.ok()) {
    log.Warning("close", "the store was not closed tidily; nothing is lost",
                {{"status", closed.ToString()}});
  }
  log.Info("stopped", "stopped");
}

// A checkpoint now and then though nothing is submitted, so that passports can be seen to be fresh.
void RefreshIfIdle(const Options& options, const ledger::Clock& clock, ledger::Ledger& ledger) {
  const std::shared_ptr<const ledger::View> newest = ledger.Newest();
  if (newest->closed()) return;
  if (clock.NowMs() < newest->time_ms() + uint64_t{options.index_root_seconds} * 1000) return;
  ledger.Refresh([](absl::StatusOr<ledger::Receipt>) {});  // a failure is fatal and says so itself
}

absl::Status Serve(const Options& options, Log& log, StopSignal& stop) {
  const ledger::SystemClock clock;
  std::unique_ptr<OpenLog> open;  // these two outlive the server, whose calls use them
  std::unique_ptr<OpenVault> vault;
  absl::StatusOr<std::unique_ptr<RpcServer>> server = RpcServer::Start(options, clock, log);
  if (!server.ok()) return server.status();
  auto opened = OpenLog::Open(options, clock, log, [&stop] { stop.Fail(); });
  if (!opened.ok()) return opened.status();
  open = *std::move(opened);

  absl::StatusOr<Witnesses> witnesses = AskWitnesses(options, clock, *open, log);
  if (!witnesses.ok()) return witnesses.status();

  if (!options.vault_directory.empty()) {
    auto opened_vault = OpenVault::Open(options, clock, open->ledger(), log);
    if (!opened_vault.ok()) return opened_vault.status();
    vault = *std::move(opened_vault);
  }

  (*server)->Serve(open->ledger(), vault == nullptr ? nullptr : &vault->vault());
  if (!options.port_file.empty()) {
    absl::Status written = service::WritePortFile(options.port_file, (*server)->port());
    if (!written.ok()) return written;
  }
  log.Info("serving", "serving",
           {{"origin", options.origin},
            {"listen", options.listen},
            {"port", (*server)->port()},
            {"tls", options.tls_certificate_file.empty()
                        ? "no"
                        : (options.client_ca_file.empty() ? "yes" : "mutual")},
            {"entries", open->ledger().Newest()->size()}});

  StopReason reason = StopReason::kAsked;
  while (!stop.WaitFor(absl::Seconds(1), &reason)) {
    (*server)->Tick();
    RefreshIfIdle(options, clock, open->ledger());
  }
  if (reason == StopReason::kFailed) EndAfterFailure(**server);
  Drain(options, **server, *std::move(witnesses), std::move(vault), *open, log, stop);
  return absl::OkStatus();
}

absl::Status Export(const Options& options, Log& log, StopSignal& stop) {
  const ledger::SystemClock clock;
  absl::StatusOr<std::unique_ptr<OpenLog>> open =
      OpenLog::Open(options, clock, log, [&stop] { stop.Fail(); });
  if (!open.ok()) return open.status();
  absl::Status status = ExportLog(*(*open)->ledger().Newest(), options.export_directory);
  status.Update((*open)->Close());
  return status;
}

absl::Status Run(const Options& options, Log& log) {
  const absl::StatusOr<std::unique_ptr<StopSignal>> stop = StopSignal::Install();
  if (!stop.ok()) return stop.status();
  if (!options.restore_guard_checkpoint.empty()) return RestoreGuard(options);
  if (!options.new_log_key_file.empty()) return RotateLogKey(options);
  if (!options.export_directory.empty()) return Export(options, log, **stop);
  return Serve(options, log, **stop);
}

// gRPC's mutexes are Abseil's, and Debian's Abseil looks for deadlocks at each lock: a twentieth of
// the server's time under load, for code that is not ours to mend.
void TrustMutexes() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

int Main(int argc, char** argv) {
  TrustMutexes();
  const std::variant<Options, int> parsed = service::ParseOptions(argc, argv, std::cout, std::cerr);
  if (const int* exit_status = std::get_if<int>(&parsed)) return *exit_status;
  const Options& options = std::get<Options>(parsed);
  const std::unique_ptr<Log> log = Log::ToStandardError(options.log_level, options.log_format);
  service::RouteGrpcLog(*log);
  const absl::Status status = Run(options, *log);
  service::StopGrpcLog();
  if (status.ok()) return EXIT_SUCCESS;
  log->Error("failed", std::string(status.message()));
  return kExitCouldNotStart;
}

}  // namespace
}  // namespace touchstone

int main(int argc, char** argv) { return touchstone::Main(argc, argv); }
