// Tells whoever started the registry with --listen HOST:0 which port it got.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_PORT_FILE_H_
#define TOUCHSTONE_REGISTRY_SERVICE_PORT_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace touchstone::service {

// Puts "<port>\n" at `path`, in one step: a reader sees the whole of it, or what was there before.
absl::Status WritePortFile(const std::string& path, int port);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_PORT_FILE_H_
