#include "registry/service/lookup_rate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace touchstone::service {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

std::vector<std::string> Networks(absl::string_view peer) {
  std::vector<std::string> networks;
  for (const CountedNetwork& counted : CountedAs(peer)) networks.push_back(counted.network);
  return networks;
}

TEST(CountedAs, IsTheAddressWithoutItsPort) {
  EXPECT_EQ(Networks("ipv4:192.0.2.1:4711"), Networks("ipv4:192.0.2.1:80"));
  EXPECT_NE(Networks("ipv4:192.0.2.1:4711"), Networks("ipv4:192.0.2.2:4711"));
  EXPECT_EQ(Networks("ipv4:192.0.2.1:4711").size(), 1u);
}

TEST(CountedAs, IsTheNetworkAndTheSiteOfAnIpv6Address) {
  const auto networks = Networks("ipv6:%5B2001:db8:1:2::1%5D:4711");
  ASSERT_EQ(networks.size(), 2u);
  EXPECT_EQ(networks, Networks("ipv6:[2001:db8:1:2:ffff::9]:1"));
  const auto neighbour = Networks("ipv6:[2001:db8:1:3::1]:4711");
  EXPECT_NE(networks[0], neighbour[0]);
  EXPECT_EQ(networks[1], neighbour[1]);
  EXPECT_NE(networks[1], Networks("ipv6:[2001:db8:2:2::1]:4711")[1]);
  EXPECT_EQ(Networks("unix:/run/x"), std::vector<std::string>{"unix:/run/x"});
  EXPECT_EQ(Networks(""), std::vector<std::string>{""});
}

TEST(CountedAs, IsTheIpv4AddressInAnIpv6One) {
  EXPECT_EQ(Networks("ipv6:[::ffff:192.0.2.1]:4711"), Networks("ipv4:192.0.2.1:80"));
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

TEST(LookupRate, AClockThatWentBackLocksNobodyOut) {
  LookupRate rate(1, 100);
  const absl::Time earlier = kStart - absl::Hours(1);
  EXPECT_EQ(rate.Take("a:1", kStart), std::nullopt);
  EXPECT_LE(*rate.Take("a:1", earlier), absl::Minutes(1));
}

// Whoever has a whole /48 has 65,536 networks of 64 bits.
TEST(LookupRate, ASiteHasNotTheRateOfAllItsNetworks) {
  LookupRate rate(1, 1000);
  int answered = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string peer = absl::StrCat("ipv6:[2001:db8:1:", absl::Hex(i), "::1]:4711");
    answered += rate.Take(peer, kStart).has_value() ? 0 : 1;
  }
  EXPECT_EQ(answered, kSiteShare);
  EXPECT_EQ(rate.Take("ipv6:[2001:db8:2:1::1]:4711", kStart), std::nullopt) << "another site";
}

TEST(LookupRate, WhatIsRefusedTakesNothing) {
  LookupRate rate(1, 1000);
  const std::string a = "ipv6:[2001:db8:1:1::1]:1";
  EXPECT_EQ(rate.Take(a, kStart), std::nullopt);
  // Nothing of the site's, though the network's are used up.
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(rate.Take(a, kStart).has_value());
  EXPECT_EQ(rate.Take("ipv6:[2001:db8:1:2::1]:1", kStart), std::nullopt);
}

// A stranger with many addresses takes no lookup of anybody else's, and gets back none of his own
// where he has used them up.
TEST(LookupRate, TooManyAddressesShareNothing) {
  LookupRate rate(10, 100);
  const auto stranger = [](int i) {
    return absl::StrCat("ipv4:10.0.", i / 256, ".", i % 256, ":1");
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rate.Take("ipv4:192.0.2.1:1", kStart), std::nullopt);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(rate.Take(stranger(i), kStart), std::nullopt) << i;
  EXPECT_LE(rate.size(), 100u);
  EXPECT_TRUE(rate.Take("ipv4:192.0.2.1:1", kStart).has_value()) << "used up, and not forgotten";
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(rate.Take("ipv4:192.0.2.2:1", kStart), std::nullopt) << "has not begun";
  }
}

TEST(LookupRate, WhoIsAtRestIsForgotten) {
  LookupRate rate(6, 100);
  EXPECT_EQ(rate.Take("ipv4:192.0.2.1:1", kStart), std::nullopt);
  EXPECT_EQ(rate.Take("ipv4:192.0.2.2:1", kStart), std::nullopt);
  EXPECT_EQ(rate.size(), 2u);
  EXPECT_EQ(rate.Take("ipv4:192.0.2.3:1", kStart + absl::Seconds(10)), std::nullopt);
  EXPECT_EQ(rate.size(), 1u);
}

}  // namespace
}  // namespace touchstone::service
