#include "verifier/wire_schema.h"

namespace touchstone {

#include "verifier/wire_schema.inc"

}  // namespace touchstone
