// Shows a canonical message as JSON, field by field as the schema names them, so that nothing that
// was signed is left out of what people and programs see. Not for reading it back.
#ifndef TOUCHSTONE_VERIFIER_WIRE_JSON_H_
#define TOUCHSTONE_VERIFIER_WIRE_JSON_H_

#include "absl/strings/string_view.h"
#include "verifier/json_writer.h"
#include "verifier/wire_schema.h"

namespace touchstone {

// Writes one object. `bytes` are canonical under `schema` (CheckCanonical); what is absent is left
// out. Bytes are in lower-case hexadecimal, 64-bit numbers are strings, enums by name.
void WriteMessageJson(const WireMessage& schema, absl::string_view bytes, JsonWriter& json);

// The bytes of the sub-message `name` of canonical `bytes`, which is not repeated; empty if it is
// absent.
absl::string_view FindSubmessage(const WireMessage& schema, absl::string_view bytes,
                                 absl::string_view name, const WireMessage** submessage);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_WIRE_JSON_H_
