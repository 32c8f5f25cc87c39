#include "registry/service/port_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::service {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(PortFile, ReplacesWhatWasThereAndLeavesNothingElse) {
  storage::ScratchDirectory scratch;
  const std::string path = scratch.File("port");
  ASSERT_TRUE(WritePortFile(path, 65535).ok());
  EXPECT_EQ(Contents(path), "65535\n");
  ASSERT_TRUE(WritePortFile(path, 80).ok());
  EXPECT_EQ(Contents(path), "80\n");
  const std::filesystem::directory_iterator files(scratch.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST(PortFile, SaysWhereItCannotBeWritten) {
  const absl::Status status = WritePortFile("/no/such/directory/port", 80);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.message().find("/no/such/directory/port"), absl::string_view::npos);
}

}  // namespace
}  // namespace touchstone::service
