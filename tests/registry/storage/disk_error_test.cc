#include "registry/storage/disk_error.h"

#include <cerrno>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace touchstone::storage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(DiskErrorTest, TellsAnOperatorWhatIsWrongWhereAndWhatToDo) {
  const absl::Status full = DiskError(ENOSPC, "writing the guard '/g'");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(full.message(), AllOf(HasSubstr("the disk that holds the ledger is full"),
                                    HasSubstr("writing the guard '/g'"), HasSubstr("free space")));

  const absl::Status read_only = DiskError(EROFS, "writing");
  EXPECT_EQ(read_only.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(read_only.message(), HasSubstr("read-only"));

  EXPECT_EQ(DiskError(EACCES, "writing").code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(DiskError(ENOENT, "reading").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(DiskError(EEXIST, "making").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(DiskError(ELOOP, "reading").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DiskError(EMFILE, "reading").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(DiskError(EIO, "reading").code(), absl::StatusCode::kUnavailable);
}

TEST(DiskErrorTest, FindsTheSystemsWordsInALibrarysText) {
  EXPECT_EQ(DiskErrorFromText("IO error: While appending to file: 000012.log: No space left on "
                              "device",
                              "committing")
                .code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(DiskErrorFromText("IO error: 000012.log: Read-only file system", "opening").code(),
            absl::StatusCode::kPermissionDenied);
  const absl::Status unknown = DiskErrorFromText("IO error: it hums", "committing");
  EXPECT_EQ(unknown.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(unknown.message(), AllOf(HasSubstr("committing"), HasSubstr("it hums")));
}

}  // namespace
}  // namespace touchstone::storage
