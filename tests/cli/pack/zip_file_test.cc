#include "cli/pack/zip_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;

constexpr ZipLimits kLimits = {
    .members_max = 4, .member_bytes_max = 1 << 16, .all_bytes_max = 3 << 15};

// Any archive at all.
struct AnyMember {
  std::string name;
  std::string contents = "x";
  unsigned type = AE_IFREG;
  std::string link = {};
};
std::string AnyZip(const std::vector<AnyMember>& members, const char* compression = "deflate") {
  std::string out;
  archive* const a = archive_write_new();
  archive_write_set_format_zip(a);
  archive_write_set_format_option(a, "zip", "compression", compression);
  archive_write_set_bytes_per_block(a, 0);
  archive_write_open(
      a, &out, nullptr,
      [](archive*, void* to, const void* bytes, size_t size) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
        return static_cast<la_ssize_t>(size);
      },
      nullptr);
  for (const AnyMember& member : members) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    if (!member.link.empty()) archive_entry_set_symlink(entry, member.link.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.contents.size()));
    archive_write_header(a, entry);
    archive_write_data(a, member.contents.data(), member.contents.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  return out;
}

TEST(ZipFileTest, ComesBackInItsOrder) {
  const std::vector<ZipMember> members = {{"b.txt", "two"}, {"a.pdf", ""}, {"c", "\0\n"}};
  const std::vector<ZipMember> read = ValueOrDie(ReadZip(ValueOrDie(WriteZip(members)), kLimits));
  ASSERT_EQ(read.size(), 3u);
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].name, members[i].name);
    EXPECT_EQ(read[i].contents, members[i].contents);
  }
}

TEST(ZipFileTest, IsTheSameEachTimeEverywhere) {
  const std::vector<ZipMember> members = {{"a", "one"}, {"b", "two"}};
  setenv("TZ", "Pacific/Auckland", 1);
  tzset();
  const std::string there = ValueOrDie(WriteZip(members));
  setenv("TZ", "America/Los_Angeles", 1);
  tzset();
  EXPECT_EQ(ValueOrDie(WriteZip(members)), there);
  setenv("TZ", "UTC", 1);
  tzset();
}

TEST(ZipFileTest, ReadsWhatOthersPack) {
  const std::string zip = AnyZip({{"a.txt", std::string(5000, 'a')}});
  EXPECT_LT(zip.size(), 1000u);  // it is deflated
  EXPECT_EQ(ValueOrDie(ReadZip(zip, kLimits))[0].contents, std::string(5000, 'a'));
}

TEST(ZipFileTest, RefusesEveryNameThatCouldLeadElsewhere) {
  for (const char* name : {"../evil", "/etc/passwd", "a/b", "a\\b", "..", ".hidden", "C:evil",
                           "a b", "a\nb", "a.", "-rf", "caf\xC3\xA9"}) {
    EXPECT_FALSE(IsZipName(name)) << name;
    EXPECT_THAT(ReadZip(AnyZip({{name}}), kLimits), IsRefused(RefusalCode::kMalformed)) << name;
    EXPECT_TRUE(absl::IsInvalidArgument(WriteZip({{name, ""}}).status())) << name;
  }
  EXPECT_FALSE(IsZipName(""));
  EXPECT_FALSE(IsZipName(std::string(kZipNameBytesMax + 1, 'a')));
}

TEST(ZipFileTest, RefusesANameTwice) {
  EXPECT_THAT(ReadZip(AnyZip({{"a"}, {"a"}}), kLimits), IsRefused(RefusalCode::kMalformed));
  // As file systems may take it.
  EXPECT_THAT(ReadZip(AnyZip({{"a"}, {"A"}}), kLimits), IsRefused(RefusalCode::kMalformed));
  EXPECT_TRUE(absl::IsInvalidArgument(WriteZip({{"a", ""}, {"a", ""}}).status()));
}

TEST(ZipFileTest, RefusesLinksAndDirectories) {
  EXPECT_THAT(ReadZip(AnyZip({{"a", "", AE_IFLNK, "/etc/passwd"}}), kLimits),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReadZip(AnyZip({{"a", "", AE_IFDIR}}), kLimits), IsRefused(RefusalCode::kMalformed));
}

TEST(ZipFileTest, RefusesWhatWouldBecomeTooLarge) {
  // A bomb: a few bytes that unpack to a megabyte.
  const std::string bomb = AnyZip({{"a", std::string(1 << 20, '\0')}});
  EXPECT_LT(bomb.size(), 4096u);
  EXPECT_THAT(ReadZip(bomb, kLimits), IsRefused(RefusalCode::kTooLarge));
  // Many members that are each small enough.
  const std::string half(1 << 16, 'a');
  EXPECT_THAT(ReadZip(AnyZip({{"a", half}, {"b", half}}), kLimits),
              IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(ReadZip(AnyZip({{"a"}, {"b"}, {"c"}, {"d"}, {"e"}}), kLimits),
              IsRefused(RefusalCode::kTooLarge));
}

TEST(ZipFileTest, RefusesABombThatLiesAboutItsSize) {
  // The size in both headers says 16, the data go on to a megabyte.
  const std::string size("\x00\x00\x10\x00", 4);
  const std::string bomb = absl::StrReplaceAll(AnyZip({{"a", std::string(1 << 20, '\0')}}),
                                               {{size, absl::string_view("\x10\x00\x00\x00", 4)}});
  EXPECT_FALSE(ReadZip(bomb, kLimits).ok());
}

TEST(ZipFileTest, RefusesGarbage) {
  const std::string zip = ValueOrDie(WriteZip({{"a", "contents of a"}, {"b", "contents of b"}}));
  EXPECT_THAT(ReadZip("", kLimits), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReadZip("PK", kLimits), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReadZip(std::string(1000, 'x'), kLimits), IsRefused(RefusalCode::kMalformed));
  for (size_t size = 0; size < zip.size(); ++size) {
    EXPECT_FALSE(ReadZip(zip.substr(0, size), kLimits).ok()) << size;
  }
}

// Every place that readers pass over: a program before the members, something between and behind
// them, a comment.
TEST(ZipFileTest, RefusesBytesThatAreNoMembers) {
  const std::string zip = ValueOrDie(WriteZip({{"a", "contents of a"}, {"b", "contents of b"}}));
  ASSERT_THAT(ReadZip(zip, kLimits), IsOk());
  const auto refused = [](const std::string& changed) {
    EXPECT_THAT(ReadZip(changed, kLimits), IsRefused(RefusalCode::kMalformed));
  };
  refused("#!/bin/sh\n" + zip);
  refused(zip + "x");
  std::string comment = zip;
  comment[comment.size() - 2] = 2;
  refused(comment + "hi");
  // Moved apart, with the directory's offsets mended.
  const std::string mark = "MZ..";
  const size_t directory = zip.find("PK\x01\x02");
  const size_t second = zip.find("PK\x03\x04", 4);
  const size_t second_row = zip.find("PK\x01\x02", directory + 4);
  for (const size_t at : {size_t{0}, second, directory}) {
    std::string changed = zip;
    const auto move = [&](size_t number) {
      changed[number] = static_cast<char>(changed[number] + static_cast<char>(mark.size()));
    };
    move(zip.size() - 6);
    if (at <= second) move(second_row + 42);
    if (at == 0) move(directory + 42);
    refused(changed.insert(at, mark));
  }
  std::string behind = zip;
  refused(behind.insert(zip.size() - 22, mark));
}

TEST(ZipFileTest, NeverGivesOutOtherContents) {
  const std::vector<ZipMember> members = {{"a", "contents of a"}, {"b", "contents of b"}};
  const std::string zip = ValueOrDie(WriteZip(members));
  for (size_t i = 0; i < zip.size(); ++i) {
    std::string damaged = zip;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const absl::StatusOr<std::vector<ZipMember>> read = ReadZip(damaged, kLimits);
    if (!read.ok()) continue;
    for (const ZipMember& member : *read) {
      EXPECT_THAT(member.contents, HasSubstr("contents of ")) << i;
      EXPECT_TRUE(member.contents == "contents of a" || member.contents == "contents of b") << i;
    }
  }
}

}  // namespace
}  // namespace touchstone::cli
