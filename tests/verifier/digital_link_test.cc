#include "verifier/digital_link.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

constexpr absl::string_view kGtin = "09506000134352";  // the standard's own example

GtinSerial Piece(absl::string_view serial) {
  return {ValueOrDie(Gtin::Parse14(kGtin)), std::string(serial)};
}

PassportId SampleId() { return ValueOrDie(PassportId::FromBytes(std::string(16, '\x11'))); }

GtinSerial ParsedPiece(absl::string_view uri) {
  return std::get<GtinSerial>(ValueOrDie(DigitalLink::Parse(uri)).key());
}

TEST(DigitalLink, ReadsGtinSerialAndToken) {
  const DigitalLink link =
      ValueOrDie(DigitalLink::Parse("https://id.example.org/01/09506000134352/21/A-1#MZXW6YTB"));
  EXPECT_EQ(std::get<GtinSerial>(link.key()), Piece("A-1"));
  EXPECT_EQ(link.resolver(), "https://id.example.org");
  EXPECT_EQ(link.token(), "MZXW6YTB");
}

TEST(DigitalLink, ReadsPassportIds) {
  const DigitalLink link = ValueOrDie(
      DigitalLink::Parse(absl::StrCat("HTTPS://ID.EXAMPLE.ORG:8443/p/", SampleId().Format())));
  EXPECT_EQ(std::get<PassportId>(link.key()), SampleId());
  EXPECT_EQ(link.resolver(), "HTTPS://ID.EXAMPLE.ORG:8443");
  EXPECT_EQ(link.token(), "");
}

TEST(DigitalLink, WritesCapitalsAndEncodesTheSerial) {
  const DigitalLink link =
      ValueOrDie(DigitalLink::Create("https://id.example.org/stem", Piece("A/1+b%\"<"), "MY"));
  EXPECT_EQ(link.Format(),
            "HTTPS://ID.EXAMPLE.ORG/stem/01/09506000134352/21/A%2F1%2Bb%25%22%3C#MY");
  const DigitalLink by_id = ValueOrDie(DigitalLink::Create("http://localhost:80", SampleId(), ""));
  EXPECT_EQ(by_id.Format(), "HTTP://LOCALHOST:80/p/" + SampleId().Format());
}

TEST(DigitalLink, ReadsWhatItWrites) {
  // Every character of set 82 in some serial, and every check symbol in some id.
  const std::string all =
      "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  for (size_t i = 0; i < all.size(); i += 10) {
    const DigitalLink made =
        ValueOrDie(DigitalLink::Create("https://id.example.org", Piece(all.substr(i, 10)), "MZXQ"));
    const DigitalLink read = ValueOrDie(DigitalLink::Parse(made.Format()));
    EXPECT_EQ(read.key(), made.key());
    EXPECT_EQ(read.Format(), made.Format());
  }
  for (int i = 0; i < 37; ++i) {
    std::string bytes(16, '\0');
    bytes[15] = static_cast<char>(i);
    const PassportId id = ValueOrDie(PassportId::FromBytes(bytes));
    const DigitalLink made = ValueOrDie(DigitalLink::Create("https://id.example.org", id, ""));
    EXPECT_EQ(ValueOrDie(DigitalLink::Parse(made.Format())).key(), DigitalLink::Key(id));
    // Unencoded, as somebody would type it.
    EXPECT_EQ(ValueOrDie(DigitalLink::Parse("https://id.example.org/p/" + id.Format())).key(),
              DigitalLink::Key(id));
  }
}

TEST(DigitalLink, ReadsStemsQualifiersAndQueries) {
  EXPECT_EQ(ParsedPiece("https://a.example/some/stem/01/09506000134352/21/7"), Piece("7"));
  EXPECT_EQ(ParsedPiece("https://a.example/odd/stem/x/01/09506000134352/21/7"), Piece("7"));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/22/2A/10/LOT/21/7"), Piece("7"));
  EXPECT_EQ(
      ParsedPiece("https://a.example/01/09506000134352/10/LOT/21/7?17=260101&linkType=gs1:pip"),
      Piece("7"));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/7?a=b/c?d#MY"), Piece("7"));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/7#"), Piece("7"));
}

TEST(DigitalLink, TheRightmostPrimaryKeyCounts) {
  EXPECT_EQ(ParsedPiece("https://a.example/01/10614141543219/21/1/01/09506000134352/21/2"),
            Piece("2"));
  EXPECT_EQ(ParsedPiece("https://a.example/8003/123/01/09506000134352/21/2"), Piece("2"));
  EXPECT_THAT(DigitalLink::Parse("https://a.example/01/09506000134352/21/2/8003/123"),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/01"), Piece("01"))
      << "a value that looks like a key";
}

TEST(DigitalLink, PlusIsAPlusAndPercentIsDecodedOnce) {
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/a+b"), Piece("a+b"));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/a%2Bb"), Piece("a+b"));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/a%2fb"), Piece("a/b"));
  EXPECT_EQ(ParsedPiece("https://a.example/01/09506000134352/21/%2541"), Piece("%41"));
}

TEST(DigitalLink, RefusesEverythingElse) {
  for (const absl::string_view uri : {
           "",
           "https://",
           "https:///01/09506000134352/21/7",
           "id.example.org/01/09506000134352/21/7",
           "Https://a.example/01/09506000134352/21/7",
           "ftp://a.example/01/09506000134352/21/7",
           "https://a.example",
           "https://a.example/",
           "https://a.example/01/09506000134352",            // no piece
           "https://a.example/01/09506000134352/21",         // no value
           "https://a.example/01/09506000134352/21/",        // slash at the end
           "https://a.example/01/09506000134352/21/7/",      //
           "https://a.example/01/09506000134352//21/7",      //
           "https://a.example//01/09506000134352/21/7",      //
           "https://a.example/01/9506000134352/21/7",        // 13 digits
           "https://a.example/gtin/09506000134352/ser/7",    // names of old
           "https://a.example/01/09506000134352/21/7/10/L",  // out of order
           "https://a.example/01/09506000134352/21/7/21/8",  // twice
           "https://a.example/01/09506000134352/99/x/21/7",  // no qualifier
           "https://a.example/01/09506000134352/21/a b",     //
           "https://a.example/01/09506000134352/21/a%",      //
           "https://a.example/01/09506000134352/21/a%2",     //
           "https://a.example/01/09506000134352/21/a%G0",    //
           "https://a.example/01/09506000134352/21/a%00",    // not of set 82
           "https://a.example/01/09506000134352/21/a%20b",   //
           "https://a.example/01/09506000134352/21/a\"b",    // not encoded
           "https://a.example/01/09506000134352/21/\xC3\xA9",
           "https://a.example/01/09506000134352/21/123456789012345678901",
           "https://a.example/01/09506000134352/21/.",   // a step for browsers
           "https://a.example/01/09506000134352/21/..",  //
           "https://a.example/01/09506000134352/21/%2E%2e",
           "https://a.example/../01/09506000134352/21/7",
           "https://user@a.example/01/09506000134352/21/7",
           "https://a.example:/01/09506000134352/21/7",
           "https://a.example:65536/01/09506000134352/21/7",
           "https://a.example:08/01/09506000134352/21/7",
           "https://a_b.example/01/09506000134352/21/7",
           "https://-a.example/01/09506000134352/21/7",
           "https://a.example/01/09506000134352/21/7?a b",
           "https://a.example/01/09506000134352/21/7#section-2",
           "https://a.example/01/09506000134352/21/7#my",
           "https://a.example/01/09506000134352/21/7#MY#MY",
           "https://a.example/p/0000-0000-0000-0000-0000-0000-00",
           "https://a.example/p/0000-0000-0000-0000-0000-0000-000/21/7",
       }) {
    EXPECT_THAT(DigitalLink::Parse(uri), IsRefused(RefusalCode::kMalformed)) << uri;
  }
}

TEST(DigitalLink, SaysWhenADigitWasMistyped) {
  EXPECT_THAT(DigitalLink::Parse("https://a.example/01/09506000134353/21/7"),
              IsRefused(RefusalCode::kWrongCheckDigit));
  EXPECT_THAT(DigitalLink::Parse("https://a.example/p/0000-0000-0000-0000-0000-0000-001"),
              IsRefused(RefusalCode::kWrongCheckSymbol));
}

TEST(DigitalLink, IsBounded) {
  const std::string link = "https://a.example/01/09506000134352/21/7";
  EXPECT_THAT(DigitalLink::Parse(link + "?" + std::string(limits::kDigitalLinkBytesMax, 'x')),
              IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(DigitalLink::Parse(link + "#" + std::string(limits::kCardTokenTextBytesMax, 'A')),
              IsOk());
  EXPECT_THAT(DigitalLink::Parse(link + "#" + std::string(limits::kCardTokenTextBytesMax + 1, 'A')),
              IsRefused(RefusalCode::kMalformed));
}

TEST(DigitalLink, IsMadeOnlyOfWhatCanBeRead) {
  for (const absl::string_view resolver :
       {"", "a.example", "https://a.example/", "https://a.example?x", "https://a.example#x",
        "https://a.example//x", "https://a b", "https://a.example/.."}) {
    EXPECT_THAT(DigitalLink::Create(resolver, Piece("7"), ""), IsRefused(RefusalCode::kMalformed))
        << resolver;
  }
  for (const absl::string_view serial : {"", ".", "..", "a b"}) {
    EXPECT_THAT(DigitalLink::Create("https://a.example", Piece(serial), ""),
                IsRefused(RefusalCode::kMalformed))
        << serial;
  }
  EXPECT_THAT(DigitalLink::Create("https://a.example", Piece("7"), "not a token"),
              IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
