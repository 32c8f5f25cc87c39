// File descriptors: connections must never use up those that the database needs, since a database
// that cannot open a file cannot commit.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_DESCRIPTOR_LIMIT_H_
#define TOUCHSTONE_REGISTRY_SERVICE_DESCRIPTOR_LIMIT_H_

#include <cstddef>

#include "registry/service/log.h"

namespace touchstone::service {

// For the database (registry/storage keeps at most 512 tables open), the guard, gRPC, the log.
inline constexpr size_t kDescriptorsKept = 768;

// Raises this process's limit as far as `wanted` connections need and the system allows, and
// returns how many connections there may be: `wanted`, or fewer, which `log` is told. At least 1.
size_t ConnectionsThatFit(size_t wanted, Log& log);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_DESCRIPTOR_LIMIT_H_
