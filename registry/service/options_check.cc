#include "registry/service/options_check.h"

#include <cstddef>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "registry/service/limits.h"

namespace touchstone::service {
namespace {

// Whether `file` lies in `directory` or below, with symbolic links followed as far as they exist.
bool LiesWithin(const std::string& file, const std::string& directory) {
  std::error_code ignored;
  auto canonical_directory =
      std::filesystem::weakly_canonical(std::filesystem::absolute(directory, ignored), ignored);
  // "/srv/vault/" ends in an empty name.
  if (!canonical_directory.has_filename()) canonical_directory = canonical_directory.parent_path();
  for (auto parent =
           std::filesystem::weakly_canonical(std::filesystem::absolute(file, ignored), ignored);
       ; parent = parent.parent_path()) {
    if (parent == canonical_directory) return true;
    if (parent == parent.parent_path()) return false;
  }
}

// Of the vault's options.
std::string VaultContradiction(const Options& o) {
  if (o.vault_directory.empty()) {
    if (o.vault_keys_directory.empty() && o.vault_retention.empty()) return "";
    return "--vault-keys and --vault-retention need --vault: no documents are kept without it";
  }
  if (o.vault_keys_directory.empty()) {
    return "--vault-keys is required with --vault: a directory outside of it, and outside its "
           "backups, for the keys whose destruction erases documents";
  }
  for (const std::string& directory : {o.vault_directory, o.data_directory}) {
    if (!LiesWithin(o.vault_keys_directory, directory)) continue;
    return absl::StrCat("--vault-keys: '", o.vault_keys_directory, "' lies in '", directory,
                        "', and whoever copies that copies the keys with it; put it somewhere "
                        "else, best on another disk");
  }
  return "";
}

}  // namespace

std::string OptionsContradiction(const Options& o) {
  if (o.origin.size() > limits::kKeyNameBytesMax) {
    return absl::StrCat("--origin: ", o.origin.size(), " bytes; at most ",
                        limits::kKeyNameBytesMax);
  }
  if (o.data_directory.empty()) return "--data is required: the directory of the database";
  if (o.guard_file.empty()) {
    return "--guard is required: a file outside the data directory that remembers the newest "
           "checkpoint, so that a database which was rolled back is noticed";
  }
  if (LiesWithin(o.guard_file, o.data_directory)) {
    return absl::StrCat("--guard: '", o.guard_file, "' lies in the data directory '",
                        o.data_directory,
                        "', and would be rolled back together with it; put it "
                        "somewhere else, best on another disk");
  }
  if (o.origin.empty()) return "--origin is required: the name of the log";
  if (o.log_key_file.empty()) return "--log-key is required: the key that signs checkpoints";
  if (!o.witness_ca_file.empty() && o.witness_policy_file.empty()) {
    return "--witness-ca needs --witness-policy: no witnesses are asked without it";
  }
  if (std::string wrong = VaultContradiction(o); !wrong.empty()) return wrong;
  const bool restores = !o.restore_guard_checkpoint.empty();
  const bool rotates = !o.new_log_key_file.empty();
  if (int{restores} + int{rotates} + int{!o.export_directory.empty()} > 1) {
    return "--restore-guard, --export and --rotate-log-key: one at a time";
  }
  if (!o.new_passphrase_file.empty() && !rotates) {
    return "--new-passphrase-file needs --rotate-log-key: it is that key's";
  }
  if (size_t{o.bulk_streams} * o.stream_window > limits::kBulkUnansweredMax) {
    return absl::StrCat("--bulk-streams and --stream-window: ", o.bulk_streams, " times ",
                        o.stream_window, " is more than the ", limits::kBulkUnansweredMax,
                        " statements that bulk streams may keep waiting in all");
  }
  if (o.tls_certificate_file.empty() != o.tls_key_file.empty()) {
    return "--tls-cert and --tls-key belong together: give both, or none";
  }
  const bool tls = !o.tls_certificate_file.empty();
  if (!o.client_ca_file.empty() && !tls) {
    return "--client-ca needs --tls-cert and --tls-key: client certificates are a part of TLS";
  }
  if (o.insecure && tls) return "--insecure and --tls-cert contradict each other: choose one";
  if (!tls && !o.insecure && !IsLoopback(o.listen)) {
    return absl::StrCat("--listen: '", o.listen,
                        "' can be reached from other machines; give "
                        "--tls-cert and --tls-key, or say --insecure, or listen on 127.0.0.1");
  }
  return "";
}

}  // namespace touchstone::service
