#include "registry/service/lookup_rate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace touchstone::service {
namespace {

constexpr absl::Duration kWindow = absl::Minutes(1);
constexpr size_t kNetworkBytes = 8;
constexpr char kOthers[] = "others";  // no address is written like this

}  // namespace

std::string CountedAs(absl::string_view peer) {
  const size_t port = peer.rfind(':');
  std::string address(peer.substr(0, port));
  if (absl::StartsWith(address, "ipv4:")) return address;
  if (!absl::StartsWith(address, "ipv6:")) return std::string(peer);
  address =
      absl::StrReplaceAll(address.substr(5), {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  address.resize(std::min(address.find('%'), address.size()));  // the zone of a link
  std::array<char, sizeof(in6_addr)> bytes = {};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::string(peer);
  return std::string(bytes.data(), kNetworkBytes);
}

LookupRate::LookupRate(uint32_t per_minute, size_t addresses_max)
    : per_minute_(per_minute), addresses_max_(addresses_max) {}

std::optional<absl::Duration> LookupRate::Take(absl::string_view peer, absl::Time now) {
  if (per_minute_ == 0) return std::nullopt;
  const absl::MutexLock lock(&mutex_);
  Bucket& bucket = BucketOf(CountedAs(peer), now);
  const double filled = absl::FDivDuration(now - bucket.as_of, kWindow) * per_minute_;
  bucket.lookups = std::min<double>(per_minute_, bucket.lookups + std::max(0.0, filled));
  bucket.as_of = now;
  if (bucket.lookups >= 1) {
    bucket.lookups -= 1;
    return std::nullopt;
  }
  return kWindow * ((1 - bucket.lookups) / per_minute_);
}

LookupRate::Bucket& LookupRate::BucketOf(const std::string& address, absl::Time now) {
  if (const auto found = buckets_.find(address); found != buckets_.end()) return found->second;
  // Full buckets are as good as none.
  if (buckets_.size() >= addresses_max_ && now - swept_at_ >= absl::Seconds(1)) {
    swept_at_ = now;
    absl::erase_if(buckets_, [now](const auto& one) { return now - one.second.as_of >= kWindow; });
  }
  const bool room = buckets_.size() < addresses_max_;
  return buckets_.try_emplace(room ? address : kOthers, Bucket{double(per_minute_), now})
      .first->second;
}

}  // namespace touchstone::service
