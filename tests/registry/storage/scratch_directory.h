// A directory of a test's own, removed with everything in it when the test ends.

#ifndef TOUCHSTONE_TESTS_REGISTRY_STORAGE_SCRATCH_DIRECTORY_H_
#define TOUCHSTONE_TESTS_REGISTRY_STORAGE_SCRATCH_DIRECTORY_H_

#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace touchstone::storage {

class ScratchDirectory {
 public:
  ScratchDirectory() : ScratchDirectory(std::filesystem::temp_directory_path()) {}
  explicit ScratchDirectory(const std::filesystem::path& parent)
      : path_((parent / "touchstone-test-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) {
      std::perror(path_.c_str());
      std::abort();
    }
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

 private:
  std::string path_;
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_STORAGE_SCRATCH_DIRECTORY_H_
