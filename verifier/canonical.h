// Whether bytes are the plain proto3 encoding of what they mean (docs/FORMAT.md, section 2). A
// parser of protobuf alone does not say so: it takes fields in any order, keeps the last of
// several, and drops what it does not know. Not for what the values mean.
#ifndef TOUCHSTONE_VERIFIER_CANONICAL_H_
#define TOUCHSTONE_VERIFIER_CANONICAL_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "verifier/wire_schema.h"

namespace touchstone {

// OK if `bytes` are canonical under `schema`. Otherwise the first thing that is wrong, in the order
// of the bytes, with the path of the field that it is wrong in, such as
// "registration.piece.components[3].gemstone.species" (the index counts from 0). Errors:
//   kUnknownField, kUnknownEnumValue  this version of the schema does not define it: cannot judge;
//   kMalformed     not protobuf: cut-off, lengths beyond their parent, impossible tags;
//   kNotCanonical  protobuf, but not the plain encoding;
//   kTooLarge      nesting beyond limits::kCanonicalNestingMax, or more repeated elements in all
//                  than limits::kCanonicalElementsMax.
// Takes time linear in the bytes, a fixed amount of stack, and no memory unless it fails.
absl::Status CheckCanonical(const WireMessage& schema, absl::string_view bytes);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CANONICAL_H_
