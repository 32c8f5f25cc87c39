#include "cli/import/rejects_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/registry/storage/scratch_directory.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::HasSubstr;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class RejectsFileTest : public ::testing::Test {
 protected:
  // Writes the rows of `list` that are wrong to path_; how many there are.
  uint64_t Reject(const std::string& list, ImportFormat format) {
    const auto file = ValueOrDie(ImportFile::FromBytes(BytesOf(list), format, {}));
    const auto rejects = ValueOrDie(RejectsFile::Create(path_, *file));
    while (true) {
      const std::optional<ImportRow> row = ValueOrDie(file->Next());
      if (!row.has_value()) break;
      if (!row->piece.ok()) {
        EXPECT_THAT(rejects->Add(*row, row->piece.status().message()), IsOk());
      }
    }
    EXPECT_THAT(rejects->Close(), IsOk());
    return rejects->count();
  }

  const storage::ScratchDirectory scratch_;
  const std::string path_ = scratch_.File("stock.rejects.csv");
};

constexpr char kCsvList[] =
    "Serial,category,title,carat\r\n"
    "A-1,ring,One,\r\n"
    "A-2,rnig,\"Two, with \"\"words\"\"\n\",\r\n"
    "A-3,\"ring,Three,\r\n"
    "A-4,ring,Four\r\n";

TEST_F(RejectsFileTest, CsvRowsComeBackAsTheyWere) {
  EXPECT_EQ(Reject(kCsvList, ImportFormat::kCsv), 3u);
  const std::string text = Contents(path_);
  EXPECT_THAT(text,
              ::testing::StartsWith("reason,Serial,category,title,carat\r\n\"line 3, column 2"));
  EXPECT_THAT(text, HasSubstr(",A-2,rnig,\"Two, with \"\"words\"\"\n\",\r\n"));
  EXPECT_THAT(text, HasSubstr(",\"A-3,\"\"ring,Three,\"\r\n"));
  EXPECT_THAT(text, HasSubstr(",A-4,ring,Four\r\n"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(RejectsFileTest, CsvRejectsCanBePutRightAndImported) {
  Reject(kCsvList, ImportFormat::kCsv);
  const std::string righted = absl::StrReplaceAll(
      Contents(path_), {{"rnig", "ring"}, {"A-4,ring,Four\r\n", "A-4,ring,Four,\r\n"}});
  const auto file = ValueOrDie(ImportFile::FromBytes(BytesOf(righted), ImportFormat::kCsv, {}));
  EXPECT_EQ(file->header().size(), 4u);
  std::vector<bool> good;
  while (const std::optional<ImportRow> row = ValueOrDie(file->Next())) {
    good.push_back(row->piece.ok());
  }
  EXPECT_THAT(good, ::testing::ElementsAre(true, false, true));
  // What is wrong again has one reason, not two.
  EXPECT_EQ(Reject(righted, ImportFormat::kCsv), 1u);
  EXPECT_THAT(Contents(path_), ::testing::StartsWith("reason,Serial,category,title,carat\r\n"));
}

TEST_F(RejectsFileTest, JsonRowsComeBackAsTheyWere) {
  EXPECT_EQ(Reject("{\"serial\": \"A-1\", \"title\":\"é\"}\n{\"broken\n{\"serial\": \"\xff\"}\n",
                   ImportFormat::kJsonLines),
            3u);
  const std::string text = Contents(path_);
  EXPECT_THAT(text,
              HasSubstr("{\"line\": 1, \"reason\": \"line 1, column \\\"category\\\" is empty"));
  EXPECT_THAT(text, HasSubstr("\"row\": {\"serial\": \"A-1\", \"title\":\"é\"}}\n"));
  EXPECT_THAT(text, HasSubstr("\"row\": \"{\\\"broken\"}\n"));
  EXPECT_THAT(text, HasSubstr("\"row\": \"{\\\"serial\\\": \\\"?\\\"}\"}\n"));
}

TEST_F(RejectsFileTest, JsonRejectsCanBePutRightAndImported) {
  Reject("{\"serial\": \"A-1\", \"category\": \"rnig\", \"title\": \"é\", \"carat\": null}\n",
         ImportFormat::kJsonLines);
  const std::string rejected = Contents(path_);
  const std::string righted = absl::StrReplaceAll(rejected, {{"\"rnig\"", "\"ring\""}});
  const auto file =
      ValueOrDie(ImportFile::FromBytes(BytesOf(righted), ImportFormat::kJsonLines, {}));
  EXPECT_THAT(ValueOrDie(file->Next())->piece, IsOk());
  // Rejected again, the row is not wrapped a second time.
  EXPECT_EQ(Reject(rejected, ImportFormat::kJsonLines), 1u);
  EXPECT_THAT(Contents(path_),
              ::testing::EndsWith(rejected.substr(rejected.find(", \"row\": {\"serial\""))));
  EXPECT_EQ(Contents(path_).find("\"row\""), Contents(path_).rfind("\"row\""));
}

TEST_F(RejectsFileTest, WithoutRejectsThereIsNoFile) {
  EXPECT_EQ(Reject(kCsvList, ImportFormat::kCsv), 3u);
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_EQ(Reject("serial,category,title\nA-1,ring,One\n", ImportFormat::kCsv), 0u);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RejectsFileTest, NeverReplacesAnotherFile) {
  std::ofstream(path_) << "serial,category,title\n";
  const auto file = ValueOrDie(ImportFile::FromBytes(BytesOf(kCsvList), ImportFormat::kCsv, {}));
  EXPECT_EQ(RejectsFile::Create(path_, *file).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Contents(path_), "serial,category,title\n");
}

}  // namespace
}  // namespace touchstone::cli
