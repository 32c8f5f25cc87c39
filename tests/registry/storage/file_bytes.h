// Reads and overwrites whole files, for tests that damage them.

#ifndef TOUCHSTONE_TESTS_REGISTRY_STORAGE_FILE_BYTES_H_
#define TOUCHSTONE_TESTS_REGISTRY_STORAGE_FILE_BYTES_H_

#include <fstream>
#include <ios>
#include <iterator>
#include <string>

namespace touchstone::storage {

inline std::string ReadFileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

inline void WriteFileBytes(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_STORAGE_FILE_BYTES_H_
