#include "verifier/verdict_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "tests/verifier/whole_life.h"

namespace touchstone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(VerdictText, TellsAPersonWhatIsKnown) {
  const TestLog log = WholeLife();
  Observed observed;
  observed.inscription = "GIA 9";
  const Verdict verdict =
      VerifyPassport(PolicyOf(log.PolicyText({}, "max_age 60\n")), log.PassportFile(1), observed,
                     log.now_ms() + 3 * 24 * 3600 * uint64_t{1000});
  const std::string text = VerdictToText(verdict);
  EXPECT_THAT(text, StartsWith("VERIFIED: this record is genuine and complete.\n"));
  EXPECT_THAT(text, HasSubstr("Solitaire ring, serial R-1, Maison Example"));
  EXPECT_THAT(text, HasSubstr("all 6 entries"));
  EXPECT_THAT(text, HasSubstr("STALE: as of 2026-11-21 22:26:54 UTC, 3 days ago"));
  EXPECT_THAT(text, HasSubstr("owned, 2 owners so far"));
  EXPECT_THAT(text, HasSubstr("The gia company (gia), FR, gia.example; entries 1 as LABORATORY"));
  EXPECT_THAT(text, HasSubstr("inscription: DIFFERS (observed GIA 9, recorded GIA 2141438001)"));
  // Nobody may read it as a word about the object.
  EXPECT_THAT(text, AllOf(Not(HasSubstr("authentic")), Not(HasSubstr("Authentic"))));
  EXPECT_THAT(text, HasSubstr("Whether the object before you"));

  const std::string timeline = TimelineToText(verdict);
  EXPECT_EQ(std::count(timeline.begin(), timeline.end(), '\n'), 6);
  EXPECT_THAT(timeline, HasSubstr("   3  2026-11-21 22:26:50 UTC  first sold on 2026-11-22 (The "
                                  "maison company)\n"));
  EXPECT_THAT(timeline, HasSubstr("claimed by its owner (its owners)"));
}

TEST(VerdictText, DoesNotConfuseNoWithUnknown) {
  const std::string refused =
      VerdictToText(Verdict::FromStatus(Refuse(RefusalCode::kBadSignature, "entry 3")));
  EXPECT_THAT(refused, StartsWith("REFUSED: do not believe this.\n"));
  EXPECT_THAT(refused, HasSubstr("entry 3"));
  EXPECT_THAT(refused, HasSubstr("bad_signature"));
  EXPECT_THAT(VerdictToText(Verdict::FromStatus(Refuse(RefusalCode::kUnknownField, "f"))),
              StartsWith("CANNOT JUDGE: neither believe nor disbelieve this.\n"));
  EXPECT_EQ(TimelineToText(Verdict::FromStatus(Refuse(RefusalCode::kUnknownField, "f"))), "");
}

// A title must not move the reader's eye or cursor.
TEST(PlainText, LeavesOutWhatMisleads) {
  EXPECT_EQ(PlainText("Bague \xC3\xA0 diamant \xF0\x9F\x92\x8E"),
            "Bague \xC3\xA0 diamant \xF0\x9F\x92\x8E");
  EXPECT_EQ(PlainText("a\x1B[2Jb\r\nc\x7F"), "a?[2Jb??c?");
  EXPECT_EQ(PlainText("x\xC2\x9By"), "x?y");                     // C1
  EXPECT_EQ(PlainText("x\xE2\x80\xAEy\xE2\x80\xAC"), "x?y?");    // right-to-left override
  EXPECT_EQ(PlainText("x\xE2\x81\xA6y\xE2\x81\xA9z"), "x?y?z");  // isolates
  EXPECT_EQ(PlainText("caf\xC3\xA9 \xE2\x80\x94 \xE2\x82\xAC"),
            "caf\xC3\xA9 \xE2\x80\x94 \xE2\x82\xAC");
  EXPECT_EQ(PlainText("\xE2\x80"), "\xE2\x80");
}

TEST(TimeText, AgreesWithTheSystemsCalendar) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    // Until the year 9999 and a little beyond.
    const uint64_t ms = i == 0 ? 0 : random() % 254'000'000'000'000;
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm tm;
    ASSERT_NE(gmtime_r(&seconds, &tm), nullptr);
    char expected[64];
    std::snprintf(expected, sizeof(expected), "%04d-%02d-%02d %02d:%02d:%02d UTC",
                  tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    ASSERT_EQ(FormatTime(ms), expected) << ms;
  }
  EXPECT_EQ(FormatRfc3339(1'795'300'000'007), "2026-11-21T22:26:40.007Z");
  EXPECT_EQ(FormatRfc3339(UINT64_MAX).substr(0, 9), "584556019");
  EXPECT_EQ(FormatCardDay(0), "2020-01-01");
  EXPECT_EQ(FormatCardDay(59), "2020-02-29");
  EXPECT_EQ(FormatCardDay(65535), "2199-06-06");
}

}  // namespace
}  // namespace touchstone
