// What touchstone-registry is told on its command line and in its configuration file. Only read
// and checked for sense here; files are opened where they are used.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_OPTIONS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_OPTIONS_H_

#include <cstdint>
#include <iosfwd>
#include <string>
#include <variant>

#include "registry/service/log.h"

namespace touchstone::service {

struct Options {
  // The log and its files.
  std::string origin;
  std::string data_directory;
  std::string guard_file;
  std::string genesis_file;  // empty: none given
  std::string log_key_file;
  std::string passphrase_file;  // empty: none given
  uint32_t block_cache_mib = 128;
  uint32_t index_memory_mib = 2048;
  uint32_t index_root_seconds = 60;
  bool recheck = false;

  // The network.
  std::string listen = "127.0.0.1:7420";
  std::string port_file;  // empty: none wanted
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string client_ca_file;
  bool insecure = false;
  bool no_reflection = false;

  // Witnesses.
  std::string witness_policy_file;  // empty: none are asked
  std::string witness_ca_file;      // empty: the system's
  uint32_t witness_round_seconds = 1;
  uint32_t witness_timeout_seconds = 10;

  // The vault of documents.
  std::string vault_directory;       // empty: none are kept
  std::string vault_keys_directory;  // of the epoch keys
  std::string vault_retention;       // "receipt=3653/365,photograph=0"; empty: the defaults
  uint32_t vault_mib = 1u << 16;
  uint32_t vault_streams = 64;
  uint32_t vault_at_once = 4;

  // Limits.
  uint32_t bulk_streams = 8;
  uint32_t watch_streams = 512;
  uint32_t watch_streams_per_address = 32;
  uint32_t watch_heartbeat_seconds = 30;
  uint32_t stream_window = 1024;
  uint32_t reads_at_once = 2;
  uint32_t reads_waiting = 256;
  uint32_t lookups_per_minute = 60;
  uint32_t connections_max = 2048;
  uint32_t streams_per_connection = 128;
  uint32_t calls_max = 8192;
  uint32_t call_seconds = 60;
  uint32_t rpc_memory_mib = 256;
  uint32_t answer_memory_mib = 256;
  uint32_t stream_idle_seconds = 120;
  uint32_t handshake_seconds = 10;
  uint32_t keepalive_seconds = 60;
  uint32_t idle_connection_seconds = 600;
  uint32_t drain_seconds = 20;

  // The operator's log.
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;

  // Modes other than serving; empty: serve.
  std::string restore_guard_checkpoint;
  std::string export_directory;
  std::string new_log_key_file;
  std::string new_passphrase_file;  // empty: none given

  bool serves() const {
    return restore_guard_checkpoint.empty() && export_directory.empty() && new_log_key_file.empty();
  }
};

inline constexpr int kExitWrongOptions = 64;  // EX_USAGE of sysexits.h

// Where --listen is "host:port" or "[v6]:port".
bool IsLoopback(const std::string& listen);

// The options, or the exit status of a program that has nothing more to do: 0 after --help and
// --version, which are written to `out`; kExitWrongOptions after a mistake, which is written to
// `err` with the option's name, what was given, and what is accepted. A value in the configuration
// file counts where the command line does not have it; a relative path in the file is relative to
// the file's directory.
std::variant<Options, int> ParseOptions(int argc, const char* const* argv, std::ostream& out,
                                        std::ostream& err);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_OPTIONS_H_
