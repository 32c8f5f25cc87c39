// How often one address may look something up by what can be guessed: so that report numbers cannot
// be tried one after the other. A bucket for each address, in bounded memory. Not for what a caller
// may load the server with (options.h has those limits).

#ifndef TOUCHSTONE_REGISTRY_SERVICE_LOOKUP_RATE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_LOOKUP_RATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace touchstone::service {

// Whom a caller at `peer` (as gRPC has it: "ipv4:192.0.2.1:4711", "ipv6:%5B2001:db8::1%5D:4711") is
// counted as: an IPv4 address, or the 64 bits of an IPv6 network, of which a household has one.
std::string CountedAs(absl::string_view peer);

// Thread-safe.
class LookupRate {
 public:
  // `per_minute` lookups for each address, as many at once after a minute of none; 0: no limit.
  // Beyond `addresses_max` addresses within a minute, new ones share one bucket.
  LookupRate(uint32_t per_minute, size_t addresses_max);

  // Takes one of the caller's lookups. Nothing: it may be answered; else when to come back.
  std::optional<absl::Duration> Take(absl::string_view peer, absl::Time now);

 private:
  struct Bucket {
    double lookups;
    absl::Time as_of;
  };

  Bucket& BucketOf(const std::string& address, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const uint32_t per_minute_;
  const size_t addresses_max_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
  absl::Time swept_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_LOOKUP_RATE_H_
