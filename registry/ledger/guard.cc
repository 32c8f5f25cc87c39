#include "registry/ledger/guard.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/storage/guard_file.h"

namespace touchstone::ledger {
namespace {

class FileGuard final : public Guard {
 public:
  explicit FileGuard(std::unique_ptr<storage::GuardFile> file) : file_(std::move(file)) {}

  const std::string& contents() const override { return file_->contents(); }
  absl::Status Write(absl::string_view checkpoint_note) override {
    return file_->Write(checkpoint_note);
  }

 private:
  const std::unique_ptr<storage::GuardFile> file_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Guard>> OpenGuard(const std::string& path) {
  absl::StatusOr<std::unique_ptr<storage::GuardFile>> file = storage::GuardFile::Open(path);
  if (file.ok()) return std::make_unique<FileGuard>(*std::move(file));
  if (!absl::IsNotFound(file.status()) && !absl::IsDataLoss(file.status())) return file.status();
  return absl::Status(
      file.status().code(),
      absl::StrCat(
          file.status().message(),
          ". Without the guard nobody can tell whether this database was put back to an "
          "earlier state, so nothing is served. Put the guard back from where it is, or "
          "have it made anew against a checkpoint from outside that the database contains: "
          "one that a witness has seen, one out of a passport file, or a copy of the guard"));
}

absl::Status CreateGuard(const std::string& path, absl::string_view checkpoint_note) {
  return storage::GuardFile::Create(path, checkpoint_note).status();
}

}  // namespace touchstone::ledger
