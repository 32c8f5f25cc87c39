#include "registry/vault/upload.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/storage/disk_error.h"
#include "registry/storage/file_descriptor.h"
#include "registry/vault/core.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

std::string DirectoryOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// A new file is there after a crash only if its directory was synced.
absl::Status SyncDirectory(const std::string& directory) {
  const storage::FileDescriptor file(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.valid() || fsync(file.get()) != 0) {
    return storage::DiskError(errno, absl::StrCat("syncing '", directory, "'"));
  }
  return absl::OkStatus();
}

}  // namespace

Upload::Upload(VaultCore& core, const DocumentName& name, DocumentRow row, absl::string_view salt)
    : core_(&core), size_(row.size), name_(name), row_(std::move(row)), digester_(salt) {}

Upload::~Upload() {
  if (core_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(core_->uploads_mutex);
  core_->uploads.erase(UploadKey(name_->passport, name_->document));
}

absl::Status Upload::Begin(const SecretBytes& key) {
  const std::string path = core_->PathOf(row_.file);
  const std::string directory = DirectoryOf(path);
  if (mkdir(directory.c_str(), 0700) == 0) {
    absl::Status synced = SyncDirectory(core_->options.files_directory);
    if (!synced.ok()) return synced;
  } else if (errno != EEXIST) {
    return storage::DiskError(errno, absl::StrCat("making the directory '", directory, "'"));
  }
  auto writer =
      SealedFileWriter::Open(path, key, PlaceOfDocument(name_->passport, name_->document), size_,
                             [this](absl::string_view bytes) { digester_.Update(bytes); });
  if (!writer.ok()) return writer.status();
  writer_ = *std::move(writer);
  return absl::OkStatus();
}

absl::Status Upload::Append(absl::string_view bytes) {
  if (writer_ == nullptr) return absl::OutOfRangeError("the document is stored already");
  if (absl::Status appended = writer_->Append(bytes); !appended.ok()) return OwnFault(appended);
  digester_.Update(bytes);
  return absl::OkStatus();
}

absl::StatusOr<StoredDocument> Upload::Finish(const ledger::View& view) {
  if (writer_ == nullptr) return stored_;
  absl::StatusOr<StoredDocument> stored = Store(view);
  if (!stored.ok()) return OwnFault(stored.status());
  return stored;
}

absl::StatusOr<StoredDocument> Upload::Store(const ledger::View& view) {
  if (!writer_->complete()) {
    return absl::OutOfRangeError(absl::StrCat("the document has ", size_, " bytes, and ",
                                              writer_->offset(),
                                              " of them have come; go on from there"));
  }
  if (digester_.Final() != name_->document) {
    if (absl::Status thrown = ThrowAway(); !thrown.ok()) return thrown;
    return Refuse(RefusalCode::kWrongDocument,
                  "the document is not the one that the passport commits to: another file, or, of "
                  "a confidential one, another salt");
  }
  absl::Status synced = writer_->Sync();
  if (synced.ok()) synced = SyncDirectory(DirectoryOf(core_->PathOf(row_.file)));
  if (!synced.ok()) {
    // A disk that lost something says so once only: what is there cannot be gone on with.
    ThrowAway().IgnoreError();
    return synced;
  }
  const absl::StatusOr<Papers> papers = Papers::Of(view, name_->passport);
  if (!papers.ok()) return papers.status();
  const Paper* paper = papers->Find(name_->document);

  const std::lock_guard<std::mutex> lock(core_->LockOf(name_->passport));
  const std::string upload_key = UploadKey(name_->passport, name_->document);
  const absl::StatusOr<std::optional<DocumentRow>> coming = core_->Find(upload_key);
  if (!coming.ok()) return coming.status();
  if (!coming->has_value() || (*coming)->file != row_.file || paper == nullptr ||
      !VaultCore::IsOf(**coming, *paper)) {
    return Refuse(RefusalCode::kDocumentErased, "the document was erased while it was coming");
  }
  row_ = **coming;  // it may have been sealed anew meanwhile
  row_.since_ms = core_->clock.NowMs();
  row_.keep_until_ms = core_->options.retention.KeepUntilMs(*paper, row_.since_ms,
                                                            papers->EndOf(paper->owners_time));
  storage::WriteBatch batch;
  batch.Delete(upload_key);
  batch.Put(DocumentKey(name_->passport, name_->document), row_.Encode());
  if (row_.keep_until_ms != 0) {
    batch.Put(DueKey(row_.keep_until_ms, name_->passport, name_->document), "");
  }
  // What has happened to the piece since that view is brought in line with it.
  batch.Put(PendingKey(name_->passport), "");
  if (absl::Status committed = core_->store.Commit(batch); !committed.ok()) return committed;
  writer_.reset();
  stored_ = {row_.since_ms, row_.keep_until_ms};
  return stored_;
}

absl::Status Upload::ThrowAway() {
  const std::lock_guard<std::mutex> lock(core_->LockOf(name_->passport));
  const std::string upload_key = UploadKey(name_->passport, name_->document);
  const absl::StatusOr<std::optional<DocumentRow>> coming = core_->Find(upload_key);
  if (!coming.ok()) return coming.status();
  // An erasure may have been here before.
  if (!coming->has_value() || (*coming)->file != row_.file) return absl::OkStatus();
  storage::WriteBatch batch;
  batch.Delete(upload_key);
  if (absl::Status committed = core_->store.Commit(batch); !committed.ok()) return committed;
  core_->bytes -= size_;
  unlink(core_->PathOf(row_.file).c_str());
  return absl::OkStatus();
}

}  // namespace touchstone::vault
