#include "verifier/signing/secret_bytes.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

const std::vector<uint8_t> kBytes = {'o', 'p', 'a', 'l'};

TEST(SecretBytesTest, CopiesAndMoves) {
  SecretBytes first = ValueOrDie(SecretBytes::CopyOf(kBytes));
  EXPECT_EQ(first.ExposeText(), "opal");
  const SecretBytes second = std::move(first);
  EXPECT_EQ(second.ExposeText(), "opal");
}

TEST(SecretBytesTest, ComparesSizeAndContent) {
  const SecretBytes opal = ValueOrDie(SecretBytes::CopyOf(kBytes));
  SecretBytes other = ValueOrDie(SecretBytes::CopyOf(kBytes));
  EXPECT_TRUE(opal == other);
  other.ExposeMutable()[3] = 's';
  EXPECT_TRUE(opal != other);
  EXPECT_TRUE(opal != ValueOrDie(SecretBytes::Allocate(3)));
}

TEST(SecretBytesTest, TruncatingWipesTheRest) {
  SecretBytes bytes = ValueOrDie(SecretBytes::CopyOf(kBytes));
  const uint8_t* memory = bytes.Expose().data();
  bytes.Truncate(1);
  EXPECT_EQ(bytes.ExposeText(), "o");
  EXPECT_EQ(memory[1], 0);
  EXPECT_EQ(memory[3], 0);
  bytes.Truncate(9);
  EXPECT_EQ(bytes.size(), 1u);
}

TEST(SecretBytesTest, NoBytesAtAll) {
  const SecretBytes none = ValueOrDie(SecretBytes::CopyOf({}));
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(none == ValueOrDie(SecretBytes::Allocate(0)));
}

TEST(SecretBytesTest, RandomBytesDiffer) {
  EXPECT_TRUE(ValueOrDie(SecretBytes::Random(32)) != ValueOrDie(SecretBytes::Random(32)));
}

// The sanitizers catch the signal first.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SecretBytesDeathTest, ReadingPastTheEndStopsTheProgram) {
  const SecretBytes bytes = ValueOrDie(SecretBytes::CopyOf(kBytes));
  EXPECT_EXIT(
      {
        const volatile uint8_t* memory = bytes.Expose().data();
        static_cast<void>(memory[bytes.size()]);
      },
      ::testing::KilledBySignal(SIGSEGV), "");
}
#endif

}  // namespace
}  // namespace touchstone
