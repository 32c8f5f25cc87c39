#include "verifier/claim.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(InscriptionClaim, BringsEverySpellingToOneForm) {
  for (const absl::string_view text :
       {"GIA 2141438167", "gia2141438167", "GIA-2141438167", " G.I.A. 2141 4381 67 "}) {
    const ClaimSubject claim = ValueOrDie(InscriptionClaim(text));
    EXPECT_EQ(claim.kind, IndexKind::kInscriptionClaim);
    EXPECT_EQ(claim.subject, "GIA2141438167");
  }
}

TEST(InscriptionClaim, Has4To64LettersAndDigits) {
  EXPECT_THAT(InscriptionClaim("AB1"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(InscriptionClaim("A.B.1.-"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(InscriptionClaim("AB12"), IsOk());
  EXPECT_EQ(ValueOrDie(InscriptionClaim(std::string(64, 'a'))).subject, std::string(64, 'A'));
  EXPECT_THAT(InscriptionClaim(std::string(65, 'a')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(InscriptionClaim("ABCD" + std::string(1000, '-')),
              IsRefused(RefusalCode::kMalformed));
}

TEST(InscriptionClaim, IsPrintableAscii) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = "ABCD" + std::string(1, static_cast<char>(c));
    EXPECT_EQ(InscriptionClaim(text).ok(), c >= 0x20 && c <= 0x7E) << c;
  }
}

TEST(ReportClaim, IsLaboratoryAndNumber) {
  const ClaimSubject claim =
      ValueOrDie(ReportClaim("Gemological Institute of America", "2141-438167"));
  EXPECT_EQ(claim.kind, IndexKind::kReportNumberClaim);
  EXPECT_EQ(claim.subject, std::string("GIA\0002141438167", 14));
  EXPECT_EQ(ValueOrDie(ReportClaim("gia", "2141438167")), claim);
}

TEST(ReportClaim, HasLimits) {
  EXPECT_THAT(ReportClaim("L", "1"), IsOk());
  EXPECT_THAT(ReportClaim("", "1"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReportClaim("-", "1"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReportClaim("L", ""), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReportClaim(std::string(60, 'L'), std::string(40, '1')), IsOk());
  EXPECT_THAT(ReportClaim(std::string(61, 'L'), "1"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReportClaim("L", std::string(41, '1')), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ReportClaim("G\xC3\xBC"
                          "belin",
                          "1"),
              IsRefused(RefusalCode::kMalformed));
}

// The table is part of the format: the code must do what the document says, row by row.
TEST(NormaliseLaboratory, FollowsTheDocument) {
  std::ifstream in(TOUCHSTONE_SOURCE_DIR "/docs/FORMAT.md");
  std::string line;
  int names = 0;
  bool in_table = false;
  while (std::getline(in, line)) {
    if (line.rfind("| normalised | becomes |", 0) == 0) in_table = true;
    if (!in_table) continue;
    if (line.empty()) break;
    // "| `A`, `B` | `C` |": what stands between backquotes, the last of it the result.
    const std::vector<std::string> parts = absl::StrSplit(line, '`');
    if (parts.size() < 5) continue;
    const std::string& becomes = parts[parts.size() - 2];
    for (size_t i = 1; i + 2 < parts.size() - 1; i += 2) {
      EXPECT_EQ(ValueOrDie(NormaliseLaboratory(parts[i])), becomes) << parts[i];
      ++names;
    }
    EXPECT_EQ(ValueOrDie(NormaliseLaboratory(becomes)), becomes);
  }
  EXPECT_GE(names, 15);
}

TEST(NormaliseLaboratory, LeavesOthersAsTheyAre) {
  EXPECT_EQ(ValueOrDie(NormaliseLaboratory("Lotus Gemology")), "LOTUSGEMOLOGY");
  EXPECT_EQ(ValueOrDie(NormaliseLaboratory("GIAX")), "GIAX");
}

TEST(GtinSerialClaim, IsGtinAndSerialAsWritten) {
  const Gtin gtin = ValueOrDie(Gtin::Parse14("09506000134352"));
  const ClaimSubject claim = ValueOrDie(GtinSerialClaim(gtin, "a-1"));
  EXPECT_EQ(claim.kind, IndexKind::kGtinSerialClaim);
  EXPECT_EQ(claim.subject, "09506000134352a-1");
  EXPECT_THAT(GtinSerialClaim(gtin, ""), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(GtinSerialClaim(gtin, "a b"), IsRefused(RefusalCode::kMalformed));
}

TEST(ClaimSubject, IsOrderedByKindThenBytes) {
  const Gtin gtin = ValueOrDie(Gtin::Parse14("09506000134352"));
  const std::vector<ClaimSubject> ascending = {
      ValueOrDie(InscriptionClaim("AAAA")), ValueOrDie(InscriptionClaim("AAAAA")),
      ValueOrDie(InscriptionClaim("ZZZZ")), ValueOrDie(ReportClaim("A", "1")),
      ValueOrDie(ReportClaim("AA", "1")),   ValueOrDie(GtinSerialClaim(gtin, "1")),
  };
  EXPECT_TRUE(std::is_sorted(ascending.begin(), ascending.end()));
  EXPECT_LT((ClaimSubject{IndexKind::kInscriptionClaim, "A\x7F"}),
            (ClaimSubject{IndexKind::kInscriptionClaim, "A\x80"}))
      << "bytes are unsigned";
}

TEST(IsNormalClaim, IsWhatIsMadeHere) {
  const Gtin gtin = ValueOrDie(Gtin::Parse14("09506000134352"));
  for (const ClaimSubject& claim :
       {ValueOrDie(InscriptionClaim("GIA 2141438167")), ValueOrDie(ReportClaim("Gia", "21-41")),
        ValueOrDie(ReportClaim("Gemological Institute of America", "1")),
        ValueOrDie(GtinSerialClaim(gtin, "a-1"))}) {
    EXPECT_TRUE(IsNormalClaim(claim)) << DescribeClaim(claim);
  }
}

// Each of them reads as something that may well be taken.
TEST(IsNormalClaim, IsNoLookAlike) {
  const auto report = [](absl::string_view laboratory, absl::string_view number) {
    return absl::StrCat(laboratory, absl::string_view("\0", 1), number);
  };
  const IndexKind inscription = IndexKind::kInscriptionClaim;
  const IndexKind number = IndexKind::kReportNumberClaim;
  const IndexKind gtin = IndexKind::kGtinSerialClaim;
  const ClaimSubject look_alikes[] = {
      {inscription, "GIA 2141438167"},
      {inscription, "gia2141438167"},
      {inscription, "GIA2141438167 "},
      {inscription, "GIA-2141438167"},
      {inscription, std::string("GIA2141438167\0", 14)},
      {inscription, "GIA"},
      {inscription, ""},
      {inscription, std::string(65, 'A')},
      {number, "GIA2141438167"},
      {number, report("gia", "2141438167")},
      {number, report("GIA", "2141 438167")},
      {number, report("GIA", "")},
      {number, report("", "2141438167")},
      {number, report("GIA", report("", "2141438167"))},
      {number, report("GEMOLOGICALINSTITUTEOFAMERICA", "2141438167")},
      {number, report("GIALABORATORY", "2141438167")},
      {gtin, "09506000134352"},
      {gtin, "09506000134353a-1"},
      {gtin, "9506000134352a-1"},
      {gtin, "09506000134352a 1"},
      {gtin, "09506000134352" + std::string(21, '1')},
      {IndexKind::kPassportEntry, std::string(16, '1')},
  };
  for (const ClaimSubject& claim : look_alikes) {
    EXPECT_FALSE(IsNormalClaim(claim)) << DescribeClaim(claim);
  }
}

TEST(DescribeClaim, IsForPeople) {
  const Gtin gtin = ValueOrDie(Gtin::Parse14("09506000134352"));
  EXPECT_EQ(DescribeClaim(ValueOrDie(InscriptionClaim("GIA 2141438167"))),
            "inscription GIA2141438167");
  EXPECT_EQ(DescribeClaim(ValueOrDie(ReportClaim("GIA", "2141438167"))), "report GIA 2141438167");
  EXPECT_EQ(DescribeClaim(ValueOrDie(GtinSerialClaim(gtin, "a-1"))),
            "GTIN 09506000134352 with serial a-1");
}

}  // namespace
}  // namespace touchstone
