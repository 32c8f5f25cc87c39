#include "registry/storage/guard_file.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/registry/storage/file_bytes.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::storage {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr size_t kSlotBytes = 16384;
constexpr size_t kSectorBytes = 512;

// As long as a checkpoint note with two cosignatures, and over a sector's end. Different in every
// line, so that a mixture of two shows.
std::string Note(int number) {
  return absl::StrCat("passports.example/log\n", number, "\n",
                      std::string(560, static_cast<char>('A' + number)), "\n");
}

class GuardFileTest : public ::testing::Test {
 protected:
  // What the next start would find: the contents, or the error's name in brackets.
  std::string Reopen() const {
    absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Open(path_);
    if (guard.ok()) return (*guard)->contents();
    return absl::StrCat("[", absl::StatusCodeToString(guard.status().code()), "]");
  }

  // Makes a guard that holds Note(1) and was then written Note(2) to Note(last).
  void WriteNotes(int last) const {
    absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Create(path_, Note(1));
    ASSERT_TRUE(guard.ok()) << guard.status();
    for (int number = 2; number <= last; ++number) {
      ASSERT_TRUE((*guard)->Write(Note(number)).ok());
    }
  }

  ScratchDirectory scratch_;
  const std::string path_ = scratch_.File("guard");
};

TEST_F(GuardFileTest, KeepsWhatWasWrittenLast) {
  for (int last = 1; last <= 5; ++last) {
    WriteNotes(last);
    EXPECT_EQ(Reopen(), Note(last));
    ASSERT_EQ(unlink(path_.c_str()), 0);
  }
}

TEST_F(GuardFileTest, GoesOnWhereAnEarlierProcessStopped) {
  WriteNotes(2);
  for (int number = 3; number <= 6; ++number) {
    absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Open(path_);
    ASSERT_TRUE(guard.ok()) << guard.status();
    EXPECT_EQ((*guard)->contents(), Note(number - 1));
    ASSERT_TRUE((*guard)->Write(Note(number)).ok());
    EXPECT_EQ((*guard)->contents(), Note(number));
  }
  EXPECT_EQ(Reopen(), Note(6));
}

TEST_F(GuardFileTest, TakesContentsOfAnyLengthItAllows) {
  absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Create(path_, "x");
  ASSERT_TRUE(guard.ok()) << guard.status();
  const std::string longest(kMaxGuardBytes, '\0');
  ASSERT_TRUE((*guard)->Write(longest).ok());
  ASSERT_TRUE((*guard)->Write("short again").ok());
  ASSERT_TRUE((*guard)->Write(longest).ok());

  EXPECT_EQ((*guard)->Write("").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ((*guard)->Write(longest + "x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ((*guard)->contents(), longest);
  // A refused size is no failure of the disk.
  EXPECT_TRUE((*guard)->Write("after").ok());
  EXPECT_EQ(GuardFile::Create(scratch_.File("other"), "").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(GuardFileTest, IsNeverMadeUpAndNeverReplaced) {
  EXPECT_EQ(Reopen(), "[NOT_FOUND]");
  EXPECT_FALSE(std::filesystem::exists(path_));
  WriteNotes(2);
  EXPECT_EQ(GuardFile::Create(path_, "other").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Reopen(), Note(2));
  EXPECT_EQ(GuardFile::Create(scratch_.File("missing/guard"), "x").status().code(),
            absl::StatusCode::kNotFound);
  // No unfinished file is left beside it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch_.path()), {}), 1);
}

TEST_F(GuardFileTest, IsHeldByOneAtATime) {
  absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Create(path_, "x");
  ASSERT_TRUE(guard.ok()) << guard.status();
  absl::StatusOr<std::unique_ptr<GuardFile>> second = GuardFile::Open(path_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(second.status().message(), HasSubstr("in use by another process"));
  guard->reset();
  EXPECT_EQ(Reopen(), "x");
}

TEST_F(GuardFileTest, IsAPlainFileOnly) {
  WriteNotes(1);
  const std::string link = scratch_.File("link");
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  EXPECT_EQ(GuardFile::Open(link).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GuardFile::Open(scratch_.path()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// A power cut in the middle of writing Note(3) over Note(1), at every byte, from the front or from
// the back: the next start finds Note(2), or Note(3) when nothing of it is missing.
TEST_F(GuardFileTest, WriteCutShortAtAnyByteLeavesOldOrNew) {
  WriteNotes(2);
  const std::string before = ReadFileBytes(path_);
  {
    absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Open(path_);
    ASSERT_TRUE(guard.ok()) << guard.status();
    ASSERT_TRUE((*guard)->Write(Note(3)).ok());
  }
  const std::string after = ReadFileBytes(path_);
  ASSERT_EQ(before.size(), after.size());
  const auto first = static_cast<size_t>(
      std::mismatch(before.begin(), before.end(), after.begin()).first - before.begin());
  const auto last =
      before.size() -
      static_cast<size_t>(std::mismatch(before.rbegin(), before.rend(), after.rbegin()).first -
                          before.rbegin());
  ASSERT_LT(first, last);
  int whole = 0;
  for (size_t cut = first; cut <= last; ++cut) {
    WriteFileBytes(path_, after.substr(0, cut) + before.substr(cut));
    const std::string forward = Reopen();
    EXPECT_EQ(forward, cut == last ? Note(3) : Note(2)) << "cut at " << cut;
    WriteFileBytes(path_, before.substr(0, cut) + after.substr(cut));
    const std::string backward = Reopen();
    EXPECT_EQ(backward, cut == first ? Note(3) : Note(2)) << "cut at " << cut;
    whole += (forward == Note(3)) + (backward == Note(3));
  }
  EXPECT_EQ(whole, 2);
}

// A disk may write the sectors of one request in any order.
TEST_F(GuardFileTest, SectorsWrittenInAnyOrderLeaveOldOrNew) {
  WriteNotes(2);
  const std::string before = ReadFileBytes(path_);
  {
    absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Open(path_);
    ASSERT_TRUE(guard.ok()) << guard.status();
    ASSERT_TRUE((*guard)->Write(Note(3)).ok());
  }
  const std::string after = ReadFileBytes(path_);
  std::vector<size_t> changed;
  for (size_t at = 0; at < before.size(); at += kSectorBytes) {
    if (before.compare(at, kSectorBytes, after, at, kSectorBytes) != 0) changed.push_back(at);
  }
  ASSERT_GE(changed.size(), 2u);
  const unsigned all = (1u << changed.size()) - 1;
  for (unsigned written = 0; written <= all; ++written) {
    std::string torn = before;
    for (size_t i = 0; i < changed.size(); ++i) {
      if ((written >> i & 1) != 0) {
        torn.replace(changed[i], kSectorBytes, after, changed[i], kSectorBytes);
      }
    }
    WriteFileBytes(path_, torn);
    EXPECT_EQ(Reopen(), written == all ? Note(3) : Note(2)) << "sectors " << written;
  }
}

// After a torn write the next one must not touch the slot that is whole.
TEST_F(GuardFileTest, RecoversFromATornWriteAndFromTheNextOne) {
  WriteNotes(2);
  std::string bytes = ReadFileBytes(path_);
  bytes[kSlotBytes + 100] ^= 1;  // Note(1) lies in the second slot, where Note(3) would go
  WriteFileBytes(path_, bytes);
  ASSERT_EQ(Reopen(), Note(2));
  {
    absl::StatusOr<std::unique_ptr<GuardFile>> guard = GuardFile::Open(path_);
    ASSERT_TRUE(guard.ok()) << guard.status();
    ASSERT_TRUE((*guard)->Write(Note(3)).ok());
  }
  EXPECT_EQ(Reopen(), Note(3));
  const std::string repaired = ReadFileBytes(path_);
  EXPECT_EQ(repaired.substr(0, kSlotBytes), bytes.substr(0, kSlotBytes));
}

TEST_F(GuardFileTest, AnyFlippedByteGivesOldOrNewOrAnErrorAndNeverGarbage) {
  WriteNotes(2);
  const std::string good = ReadFileBytes(path_);
  int fell_back = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    WriteFileBytes(path_, bad);
    const std::string found = Reopen();
    ASSERT_THAT(found, AnyOf(Note(1), Note(2))) << "flipped " << at;
    if (found == Note(1)) {
      ++fell_back;
      EXPECT_LT(at, kSlotBytes) << "Note(2) lies in the first slot";
    }
  }
  // Every byte of the newest slot counts: its header, its content, its checksum.
  EXPECT_EQ(fell_back, static_cast<int>(20 + Note(2).size() + 32));
}

TEST_F(GuardFileTest, DamageWithNothingToFallBackToIsDataLoss) {
  WriteNotes(1);
  const std::string good = ReadFileBytes(path_);
  int lost = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x80);
    WriteFileBytes(path_, bad);
    const std::string found = Reopen();
    ASSERT_THAT(found, AnyOf(Note(1), "[DATA_LOSS]")) << "flipped " << at;
    lost += found == "[DATA_LOSS]";
  }
  EXPECT_EQ(lost, static_cast<int>(20 + Note(1).size() + 32));
}

TEST_F(GuardFileTest, WrongLengthIsDataLoss) {
  WriteNotes(3);
  const std::string good = ReadFileBytes(path_);
  for (size_t length = 0; length < good.size(); length += length < 1024 ? 1 : 1021) {
    WriteFileBytes(path_, good.substr(0, length));
    ASSERT_EQ(Reopen(), "[DATA_LOSS]") << "cut to " << length;
  }
  WriteFileBytes(path_, good + "x");
  EXPECT_EQ(Reopen(), "[DATA_LOSS]");
  EXPECT_THAT(GuardFile::Open(path_).status().message(),
              HasSubstr("has 32769 bytes where a guard has 32768"));
}

TEST_F(GuardFileTest, SlotsOfDifferentGuardsAreDataLoss) {
  WriteNotes(2);
  const std::string old = ReadFileBytes(path_);
  ASSERT_EQ(unlink(path_.c_str()), 0);
  WriteNotes(5);
  const std::string later = ReadFileBytes(path_);
  // Note(2) beside Note(5): whole both, but never written one after the other.
  WriteFileBytes(path_, old.substr(0, kSlotBytes) + later.substr(kSlotBytes));
  EXPECT_EQ(Reopen(), "[DATA_LOSS]");
  // Slots in each other's place.
  WriteFileBytes(path_, later.substr(kSlotBytes) + later.substr(0, kSlotBytes));
  EXPECT_EQ(Reopen(), "[DATA_LOSS]");
}

}  // namespace
}  // namespace touchstone::storage
