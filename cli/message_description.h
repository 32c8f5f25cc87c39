// Descriptions of pieces, reports, care records and the other public messages, as people write them
// (JSON or protobuf's text form), to and from the bytes that are signed. Not for judging what they
// say: that is the verifier's part (verifier/statement.h).
#ifndef TOUCHSTONE_CLI_MESSAGE_DESCRIPTION_H_
#define TOUCHSTONE_CLI_MESSAGE_DESCRIPTION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/json_reader.h"
#include "cli/json_writer.h"

namespace touchstone::cli {

// The canonical bytes (docs/FORMAT.md, section 2) of the message `type`, e.g. "Piece", from its
// description: JSON if it begins with a bracket, text-proto otherwise. InvalidArgument lists up to
// ten mistakes, one a line, each with line, column, and what is expected.
absl::StatusOr<std::string> MessageFromDescription(absl::string_view type, absl::string_view text);

// JSON: an object whose names are those of the .proto file (camelCase is understood too). Whole
// numbers as numbers; enum values by name in any case, with '-' and blanks for '_'; bytes as
// cli/bytes_text.h says; null as "not stated". Names that the message does not know are mistakes.
absl::StatusOr<std::string> MessageFromJson(absl::string_view type, const JsonValue& json);

absl::StatusOr<std::string> MessageFromTextProto(absl::string_view type, absl::string_view text);

// The way back to JSON, with the names of the .proto file in the order of their numbers. Refused
// (InvalidArgument): bytes that do not parse, or hold a field that this program does not know.
absl::StatusOr<std::string> MessageToJson(absl::string_view type, absl::string_view bytes,
                                          JsonWriter::Layout layout);
// The same as one value of a text under way.
absl::Status AppendMessageJson(absl::string_view type, absl::string_view bytes, JsonWriter& json);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_MESSAGE_DESCRIPTION_H_
