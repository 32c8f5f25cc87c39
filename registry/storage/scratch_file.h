// Scratch pages in one file, which is emptied when it is opened.
#ifndef TOUCHSTONE_REGISTRY_STORAGE_SCRATCH_FILE_H_
#define TOUCHSTONE_REGISTRY_STORAGE_SCRATCH_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/storage/file_descriptor.h"
#include "registry/storage/scratch_pages.h"

namespace touchstone::storage {

class ScratchFile final : public ScratchPages {
 public:
  // Makes the file, or empties the one that is there. Errors as of disk_error.h.
  static absl::StatusOr<std::unique_ptr<ScratchFile>> Create(const std::string& path);

  absl::Status Write(uint32_t page, absl::string_view bytes) override;
  absl::Status Read(uint32_t page, absl::Span<char> bytes) const override;

 private:
  ScratchFile(const std::string& path, FileDescriptor file) : path_(path), file_(std::move(file)) {}

  const std::string path_;
  const FileDescriptor file_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_SCRATCH_FILE_H_
