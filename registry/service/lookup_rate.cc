#include "registry/service/lookup_rate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace touchstone::service {
namespace {

constexpr absl::Duration kWindow = absl::Minutes(1);
constexpr size_t kNetworkBytes = 8;  // a /64
constexpr size_t kSiteBytes = 6;     // a /48

}  // namespace

std::vector<CountedNetwork> CountedAs(absl::string_view peer) {
  const size_t port = peer.rfind(':');
  std::string address(peer.substr(0, port));
  if (absl::StartsWith(address, "ipv4:")) return {{address, 1}};
  if (!absl::StartsWith(address, "ipv6:")) return {{std::string(peer), 1}};
  address =
      absl::StrReplaceAll(address.substr(5), {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  address.resize(std::min(address.find('%'), address.size()));  // the zone of a link
  in6_addr parsed = {};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return {{std::string(peer), 1}};
  const std::string bytes(std::begin(parsed.s6_addr), std::end(parsed.s6_addr));
  // All of IPv4 is in one network of 64 bits otherwise.
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) {
    std::array<char, INET_ADDRSTRLEN> text = {};
    inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
    return {{absl::StrCat("ipv4:", text.data()), 1}};
  }
  return {{bytes.substr(0, kNetworkBytes), 1}, {bytes.substr(0, kSiteBytes), kSiteShare}};
}

LookupRate::LookupRate(uint32_t per_minute, size_t networks_max)
    : per_minute_(per_minute), networks_max_(std::max<size_t>(2, networks_max)) {}

std::optional<absl::Duration> LookupRate::Take(absl::string_view peer, absl::Time now) {
  if (per_minute_ == 0) return std::nullopt;
  const std::vector<CountedNetwork> networks = CountedAs(peer);
  const absl::MutexLock lock(&mutex_);
  // It takes one from all of them, or from none.
  absl::Duration wait = absl::ZeroDuration();
  std::vector<absl::Time> full_at;
  for (const CountedNetwork& counted : networks) {
    const absl::Duration one = kWindow / (int64_t{per_minute_} * counted.share);
    full_at.push_back(FullAt(counted.network, now) + one);
    wait = std::max(wait, full_at.back() - now - kWindow);
  }
  if (wait > absl::ZeroDuration()) return wait;
  for (size_t i = 0; i < networks.size(); ++i) SetFullAt(networks[i].network, full_at[i]);
  Forget(now);
  return std::nullopt;
}

size_t LookupRate::size() const {
  const absl::MutexLock lock(&mutex_);
  return full_at_.size();
}

absl::Time LookupRate::FullAt(const std::string& network, absl::Time now) const {
  const auto found = full_at_.find(network);
  if (found == full_at_.end()) return now;
  // An empty bucket is full after the window; where it says more, the clock went back.
  return std::clamp(found->second, now, now + kWindow);
}

void LookupRate::SetFullAt(const std::string& network, absl::Time full_at) {
  absl::Time& there = full_at_.try_emplace(network, absl::InfinitePast()).first->second;
  by_time_.erase({there, network});
  there = full_at;
  by_time_.insert({full_at, network});
}

void LookupRate::Forget(absl::Time now) {
  while (!by_time_.empty() && (by_time_.begin()->first <= now || full_at_.size() > networks_max_)) {
    full_at_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
}

}  // namespace touchstone::service
