// A directory for one test's files, removed with them.
#ifndef TOUCHSTONE_TESTS_CLI_TEMPORARY_DIRECTORY_H_
#define TOUCHSTONE_TESTS_CLI_TEMPORARY_DIRECTORY_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/string_view.h"

namespace touchstone::cli {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = testing::TempDir() + "touchstone-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

  std::string Path(const std::string& name) const { return path_ + "/" + name; }

  // The path of a new file with those contents.
  std::string Write(const std::string& name, absl::string_view contents) const {
    std::ofstream(Path(name), std::ios::binary)
        .write(contents.data(), static_cast<std::streamsize>(contents.size()));
    return Path(name);
  }

 private:
  std::string path_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_TESTS_CLI_TEMPORARY_DIRECTORY_H_
