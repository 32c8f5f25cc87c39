// What the wire form of each canonical message may hold, as tables that touchstone_wire_schema_gen
// makes of the .proto files: protobuf-lite messages know nothing of their own fields. For
// verifier/canonical.h and verifier/wire_json.h; not for reading values (that is the generated
// messages' work).
#ifndef TOUCHSTONE_VERIFIER_WIRE_SCHEMA_H_
#define TOUCHSTONE_VERIFIER_WIRE_SCHEMA_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace touchstone {

// The kinds of field that canonical messages use. The generator refuses any other: floats and
// signed or fixed-width numbers have no place in signed bytes.
enum class WireKind : uint8_t { kBool, kUint32, kUint64, kEnum, kString, kBytes, kMessage };

struct WireMessage;

struct WireField {
  uint32_t number = 0;
  WireKind kind = WireKind::kBool;
  // Repeated numbers and enums are packed.
  bool repeated = false;
  // May be present and zero or empty: messages, members of a oneof, `optional` fields.
  bool explicit_presence = false;
  // Which oneof of the message this is a member of, from 0; -1 for none.
  int8_t oneof = -1;
  absl::string_view name = "";
  const WireMessage* message = nullptr;        // kMessage only
  absl::Span<const int32_t> enum_values = {};  // kEnum only; ascending, with the zero value
  // kEnum only; in that order, as the schema spells them.
  absl::Span<const absl::string_view> enum_names = {};
};

struct WireMessage {
  absl::string_view name;              // "Statement"
  absl::Span<const WireField> fields;  // ascending by number
};

// The messages whose bytes must be canonical (docs/FORMAT.md, section 2).
extern const WireMessage kStatementSchema;
extern const WireMessage kRequestSchema;
extern const WireMessage kEnvelopeSchema;
extern const WireMessage kPassportSchema;
extern const WireMessage kReceiptSchema;
extern const WireMessage kChainSchema;
extern const WireMessage kAbsenceSchema;
extern const WireMessage kGrantSchema;
extern const WireMessage kVaultRequestSchema;
extern const WireMessage kOwnershipChallengeSchema;

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_WIRE_SCHEMA_H_
