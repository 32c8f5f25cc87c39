// How often somebody may look something up by what can be guessed: so that report numbers cannot be
// tried one after the other. A bucket for each network, in bounded memory. Not for what a caller
// may load the server with (options.h has those limits).

#ifndef TOUCHSTONE_REGISTRY_SERVICE_LOOKUP_RATE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_LOOKUP_RATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace touchstone::service {

// One of the networks that a caller is counted in.
struct CountedNetwork {
  std::string network;
  uint32_t share = 1;  // so many times the lookups of one address
};

// A provider gives a household one /64 or up to a whole /48: with each /64 counted alone, that is
// 65,536 times the rate for one person. With the /48 counted as one, all households of a /48 that
// was shared out would have one rate. So both count, and a /48 has so many times the rate of a /64.
inline constexpr uint32_t kSiteShare = 16;

// Where a caller at `peer` (as gRPC has it: "ipv4:192.0.2.1:4711", "ipv6:%5B2001:db8::1%5D:4711")
// is counted: an IPv4 address, or an IPv6 network of 64 bits and the one of 48 bits that it is in.
std::vector<CountedNetwork> CountedAs(absl::string_view peer);

// Thread-safe.
class LookupRate {
 public:
  // `per_minute` lookups for each address, as many at once after a minute of none; 0: no limit.
  // Beyond `networks_max` (at least 2) that have looked something up lately, the one that has the
  // most left is forgotten for a new one: nobody can use up what is another's.
  LookupRate(uint32_t per_minute, size_t networks_max);

  // Takes one of the caller's lookups. Nothing: it may be answered; else when to come back.
  std::optional<absl::Duration> Take(absl::string_view peer, absl::Time now);

  // Networks that are remembered.
  size_t size() const;

 private:
  // Since buckets fill steadily, all there is to know of one is when it will be full again.
  absl::Time FullAt(const std::string& network, absl::Time now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetFullAt(const std::string& network, absl::Time full_at)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const uint32_t per_minute_;
  const size_t networks_max_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, absl::Time> full_at_ ABSL_GUARDED_BY(mutex_);
  // The same, the fullest first.
  std::set<std::pair<absl::Time, std::string>> by_time_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_LOOKUP_RATE_H_
