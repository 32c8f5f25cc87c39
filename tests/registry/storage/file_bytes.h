// Reads and overwrites whole files, for tests that damage them.

#ifndef TOUCHSTONE_TESTS_REGISTRY_STORAGE_FILE_BYTES_H_
#define TOUCHSTONE_TESTS_REGISTRY_STORAGE_FILE_BYTES_H_

#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>

namespace touchstone::storage {

inline std::string ReadFileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The file must exist. It is written in place: file systems flush a file that was truncated to
// nothing and written anew, and tests do this thousands of times.
inline void WriteFileBytes(const std::string& path, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (std::filesystem::file_size(path) != bytes.size()) {
    std::filesystem::resize_file(path, bytes.size());
  }
}

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_STORAGE_FILE_BYTES_H_
