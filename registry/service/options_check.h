// What options say together: contradictions that no single one of them can be blamed for.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_OPTIONS_CHECK_H_
#define TOUCHSTONE_REGISTRY_SERVICE_OPTIONS_CHECK_H_

#include <string>

#include "registry/service/options.h"

namespace touchstone::service {

// A sentence for the operator that names the options; empty if all is well.
std::string OptionsContradiction(const Options& o);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_OPTIONS_CHECK_H_
