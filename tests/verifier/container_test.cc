#include "verifier/container.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

using ::testing::HasSubstr;

std::string MessageOf(const absl::StatusOr<absl::string_view>& result) {
  return std::string(result.status().message());
}

TEST(Container, BeginsWithMagicAndVersion) {
  EXPECT_EQ(HexEncode(ValueOrDie(SealContainer(ContainerType::kPassport, "m"))),
            "895453500d0a1a0a"
            "01"
            "6d");
  EXPECT_EQ(HexEncode(ValueOrDie(SealContainer(ContainerType::kCards, ""))),
            "895453430d0a1a0a"
            "01");
}

TEST(Container, OpensWhatItSealed) {
  for (const ContainerType type :
       {ContainerType::kPassport, ContainerType::kCards, ContainerType::kAbsence}) {
    const std::string file = ValueOrDie(SealContainer(type, "message"));
    EXPECT_EQ(ValueOrDie(OpenContainer(type, file)), "message");
    EXPECT_EQ(ContainerTypeOf(file), type);
    for (size_t size = 0; size < 9; ++size) {
      EXPECT_THAT(OpenContainer(type, file.substr(0, size)), IsRefused(RefusalCode::kMalformed));
    }
  }
}

TEST(Container, SaysWhatIsWrong) {
  const std::string passport = ValueOrDie(SealContainer(ContainerType::kPassport, "m"));
  const auto as_cards = OpenContainer(ContainerType::kCards, passport);
  EXPECT_THAT(as_cards, IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(MessageOf(as_cards), HasSubstr("not a cards file but a passport file"));

  std::string as_text = passport;
  as_text.erase(4, 1);  // "\r\n" became "\n"
  const auto damaged = OpenContainer(ContainerType::kPassport, as_text);
  EXPECT_THAT(damaged, IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(MessageOf(damaged), HasSubstr("transfer as text"));

  EXPECT_THAT(OpenContainer(ContainerType::kPassport, "%PDF-1.7 some other file"),
              IsRefused(RefusalCode::kMalformed));
}

TEST(Container, CannotJudgeOtherVersions) {
  std::string file = ValueOrDie(SealContainer(ContainerType::kPassport, "m"));
  for (const char version : {'\0', '\x02', '\xFF'}) {
    file[8] = version;
    EXPECT_THAT(OpenContainer(ContainerType::kPassport, file),
                IsRefused(RefusalCode::kUnknownVersion));
  }
}

TEST(Container, IsBounded) {
  const std::string largest(limits::kPassportFileBytesMax - 9, 'm');
  std::string file = ValueOrDie(SealContainer(ContainerType::kPassport, largest));
  EXPECT_EQ(file.size(), size_t{16} << 20);
  EXPECT_THAT(OpenContainer(ContainerType::kPassport, file), IsOk());
  file.push_back('m');
  EXPECT_THAT(OpenContainer(ContainerType::kPassport, file), IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(SealContainer(ContainerType::kPassport, largest + "m"),
              IsRefused(RefusalCode::kTooLarge));
}

}  // namespace
}  // namespace touchstone
