#include "registry/service/lookup_rate.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace touchstone::service {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

TEST(CountedAs, IsTheAddressWithoutItsPort) {
  EXPECT_EQ(CountedAs("ipv4:192.0.2.1:4711"), CountedAs("ipv4:192.0.2.1:80"));
  EXPECT_NE(CountedAs("ipv4:192.0.2.1:4711"), CountedAs("ipv4:192.0.2.2:4711"));
}

TEST(CountedAs, IsTheNetworkOfAnIpv6Address) {
  EXPECT_EQ(CountedAs("ipv6:%5B2001:db8:1:2::1%5D:4711"),
            CountedAs("ipv6:[2001:db8:1:2:ffff::9]:1"));
  EXPECT_NE(CountedAs("ipv6:%5B2001:db8:1:2::1%5D:4711"), CountedAs("ipv6:[2001:db8:1:3::1]:4711"));
  EXPECT_EQ(CountedAs("unix:/run/x"), "unix:/run/x");
  EXPECT_EQ(CountedAs(""), "");
}

TEST(LookupRate, AsManyAtOnceAsAMinuteHasThenOneByOne) {
  LookupRate rate(6, 100);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(rate.Take("ipv4:192.0.2.1:1", kStart), std::nullopt);
  const auto wait = rate.Take("ipv4:192.0.2.1:2", kStart);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, absl::Seconds(10));
  EXPECT_EQ(rate.Take("ipv4:192.0.2.2:1", kStart), std::nullopt) << "another address";
  EXPECT_EQ(rate.Take("ipv4:192.0.2.1:1", kStart + absl::Seconds(10)), std::nullopt);
  EXPECT_TRUE(rate.Take("ipv4:192.0.2.1:1", kStart + absl::Seconds(10)).has_value());
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(rate.Take("ipv4:192.0.2.1:1", kStart + absl::Hours(1)), std::nullopt);
  }
  EXPECT_TRUE(rate.Take("ipv4:192.0.2.1:1", kStart + absl::Hours(1)).has_value());
}

TEST(LookupRate, AClockThatGoesBackGivesNothingAway) {
  LookupRate rate(1, 100);
  EXPECT_EQ(rate.Take("a:1", kStart), std::nullopt);
  EXPECT_TRUE(rate.Take("a:1", kStart - absl::Hours(1)).has_value());
}

TEST(LookupRate, ZeroIsNoLimit) {
  LookupRate rate(0, 1);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(rate.Take("a:1", kStart), std::nullopt);
}

TEST(LookupRate, TooManyAddressesShare) {
  LookupRate rate(1, 2);
  EXPECT_EQ(rate.Take("a:1", kStart), std::nullopt);
  EXPECT_EQ(rate.Take("b:1", kStart), std::nullopt);
  EXPECT_EQ(rate.Take("c:1", kStart), std::nullopt);
  EXPECT_TRUE(rate.Take("d:1", kStart).has_value()) << "shares with c";
  EXPECT_TRUE(rate.Take("a:1", kStart).has_value());
  // A minute later the first two are forgotten, and there is room again.
  const absl::Time later = kStart + absl::Minutes(1);
  EXPECT_EQ(rate.Take("e:1", later), std::nullopt);
  EXPECT_EQ(rate.Take("f:1", later), std::nullopt);
}

}  // namespace
}  // namespace touchstone::service
