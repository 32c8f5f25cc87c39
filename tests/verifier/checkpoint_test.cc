#include "verifier/checkpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"

namespace touchstone {
namespace {

// The example of C2SP tlog-checkpoint.
constexpr absl::string_view kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
constexpr absl::string_view kText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr absl::string_view kEmptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(Checkpoint, ReadsTheExampleOfTheSpecification) {
  const Checkpoint checkpoint = ValueOrDie(Checkpoint::Parse(kText));
  EXPECT_EQ(checkpoint.origin(), "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint.size(), 20852163u);
  EXPECT_EQ(DigestToBase64(checkpoint.root()), kRoot);
  EXPECT_EQ(checkpoint.Format(), kText);
}

TEST(Checkpoint, ReadsTheEmptyLog) {
  const Checkpoint checkpoint =
      ValueOrDie(Checkpoint::Parse(absl::StrCat("a\n0\n", kEmptyRoot, "\n")));
  EXPECT_EQ(checkpoint.size(), 0u);
  EXPECT_EQ(checkpoint.root(), EmptyRoot());
  EXPECT_THAT(Checkpoint::Parse(absl::StrCat("a\n0\n", kRoot, "\n")),
              IsRefused(RefusalCode::kMalformed));
}

TEST(Checkpoint, RefusesEverythingElse) {
  const std::string root(kRoot);
  for (const std::string& text : std::vector<std::string>{
           std::string(),
           std::string("\n"),
           std::string("\n\n\n"),
           "a\n1\n" + root,
           "a\n1\n",
           "a\n" + root + "\n",
           "1\n" + root + "\n",
           "a\n1\n" + root + "\nextension\n",  // which others may write, but not our log
           "a\n1\n" + root + "\n\n",
           "\n1\n" + root + "\n",
           "a b\n1\n" + root + "\n",
           "a+b\n1\n" + root + "\n",
           "a\n01\n" + root + "\n",
           "a\n+1\n" + root + "\n",
           "a\n-1\n" + root + "\n",
           "a\n1 \n" + root + "\n",
           "a\n\n" + root + "\n",
           "a\n0x1\n" + root + "\n",
           "a\n9223372036854775808\n" + root + "\n",
           "a\n18446744073709551617\n" + root + "\n",
           "a\n1\n" + root.substr(0, 43) + "\n",
           "a\n1\n " + root + "\n",
           "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  // set bits behind the root
           "a\r\n1\r\n" + root + "\r\n",
       }) {
    EXPECT_THAT(Checkpoint::Parse(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

TEST(Checkpoint, CreatesNothingThatItWouldNotRead) {
  const Digest root = ValueOrDie(DigestFromBase64(kRoot));
  EXPECT_THAT(Checkpoint::Create("log.example", limits::kTreeSizeMax, root), IsOk());
  EXPECT_THAT(Checkpoint::Create("log.example", limits::kTreeSizeMax + 1, root),
              IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(Checkpoint::Create("log.example", 0, root), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(Checkpoint::Create("", 1, root), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(Checkpoint::Create("log\nexample", 1, root), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
