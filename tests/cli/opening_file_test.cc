#include "cli/opening_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "cli/new_opening.h"
#include "tests/cli/sample_passport.h"
#include "tests/cli/temporary_directory.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;

DocumentOpening Sample() {
  return NewOpening(ValueOrDie(PassportId::FromBytes(TestPassportId(1))), v1::Commitment::RECEIPT,
                    "a receipt", "receipt.pdf", "application/pdf");
}

TEST(OpeningFileTest, ComesBackAsItWas) {
  const DocumentOpening opening = Sample();
  const DocumentOpening read = ValueOrDie(ParseOpening(FormatOpening(opening)));
  EXPECT_EQ(read.passport, opening.passport);
  EXPECT_EQ(read.kind, "RECEIPT");
  EXPECT_EQ(read.document_sha256, opening.document_sha256);
  EXPECT_EQ(read.salt, opening.salt);
  EXPECT_EQ(read.name, "receipt.pdf");
  EXPECT_EQ(read.media_type, "application/pdf");
  EXPECT_EQ(read.size, 9u);
  EXPECT_THAT(CheckOpens(read, "a receipt"), IsOk());
}

TEST(OpeningFileTest, MayLackThePassport) {
  DocumentOpening opening = Sample();
  opening.passport.reset();
  EXPECT_EQ(ValueOrDie(ParseOpening(FormatOpening(opening))).passport, std::nullopt);
}

TEST(OpeningFileTest, HasAFreshSaltEachTime) { EXPECT_NE(Sample().salt, Sample().salt); }

TEST(OpeningFileTest, OpensNoOtherDocument) {
  const DocumentOpening opening = Sample();
  EXPECT_THAT(CheckOpens(opening, "b receipt"), IsRefused(RefusalCode::kWrongDocument));
  EXPECT_THAT(CheckOpens(opening, "a receipt "), IsRefused(RefusalCode::kWrongDocument));
  EXPECT_THAT(CheckOpens(opening, ""), IsRefused(RefusalCode::kWrongDocument));
  DocumentOpening other_salt = opening;
  other_salt.salt[31] = static_cast<char>(other_salt.salt[31] ^ 1);
  EXPECT_THAT(CheckOpens(other_salt, "a receipt"), IsRefused(RefusalCode::kWrongDocument));
}

TEST(OpeningFileTest, SaysWhatIsWrongAndWhere) {
  const std::string good = FormatOpening(Sample());
  const std::pair<std::string, const char*> mistakes[] = {
      {"", "line 1, column 1"},
      {"[]", "no opening"},
      {"{}", "\"format\" is missing"},
      {std::string(kOpeningBytesMax + 1, ' '), "larger than an opening"},
      {absl::StrReplaceAll(good, {{"document opening", "documents"}}), "line 2"},
      {absl::StrReplaceAll(good, {{"RECEIPT", "KIND_UNSPECIFIED"}}), "kind"},
      {absl::StrReplaceAll(good, {{"RECEIPT", "TICKET"}}), "kind"},
      {absl::StrReplaceAll(good, {{"\"size\": 9", "\"size\": 9.5"}}), "size"},
      {absl::StrReplaceAll(good, {{"\"size\": 9", "\"size\": 67108865"}}), "size"},
      {absl::StrReplaceAll(good, {{"\"size\": 9", "\"size\": \"9\""}}), "size is a text"},
      {absl::StrReplaceAll(good, {{"\"salt\": \"", "\"salt\": \"AAAA"}}), "salt"},
      {absl::StrReplaceAll(good, {{"\"document_sha256\": \"", "\"document_sha256\": \"g"}}),
       "document_sha256"},
      {absl::StrReplaceAll(good, {{"\"name\"", "\"title\""}}), "\"name\" is missing"},
      {absl::StrReplaceAll(good, {{"\"size\"", "\"more\": 1, \"size\""}}), "\"more\" is not known"},
  };
  for (const auto& [text, said] : mistakes) {
    const absl::Status status = ParseOpening(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(said)) << text;
  }
  EXPECT_THAT(ParseOpening(absl::StrReplaceAll(good, {{"\"version\": 1", "\"version\": 2"}})),
              IsRefused(RefusalCode::kUnknownVersion));
}

TEST(OpeningFileTest, IsSavedForItsOwnerAlone) {
  const TemporaryDirectory directory;
  const std::string path = directory.Path("receipt.pdf.opening");
  ASSERT_THAT(SaveOpening(path, Sample()), IsOk());
  struct stat file = {};
  ASSERT_EQ(stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  EXPECT_THAT(ReadOpeningFile(path), IsOk());
}

TEST(OpeningFileTest, IsMadeOnceAndKept) {
  const TemporaryDirectory directory;
  const std::string path = directory.Path("o");
  const DocumentOpening first = ValueOrDie(KeptOrSaved(path, "a receipt", Sample()));
  const DocumentOpening again = ValueOrDie(KeptOrSaved(path, "a receipt", Sample()));
  EXPECT_EQ(again.salt, first.salt);
  // Never another one's.
  EXPECT_TRUE(absl::IsAlreadyExists(KeptOrSaved(path, "b receipt", Sample()).status()));
  DocumentOpening other_kind = Sample();
  other_kind.kind = "PHOTOGRAPH";
  EXPECT_TRUE(absl::IsAlreadyExists(KeptOrSaved(path, "a receipt", other_kind).status()));
  DocumentOpening other_piece = Sample();
  other_piece.passport = ValueOrDie(PassportId::FromBytes(TestPassportId(2)));
  EXPECT_TRUE(absl::IsAlreadyExists(KeptOrSaved(path, "a receipt", other_piece).status()));
}

}  // namespace
}  // namespace touchstone::cli
