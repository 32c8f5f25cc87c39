// The public messages by name, with their fields, names and comments: the .proto files as they were
// when this program was built, carried inside it. The generated classes are lite and know none of
// this. Not for the registry's RPC messages.
#ifndef TOUCHSTONE_CLI_SCHEMA_H_
#define TOUCHSTONE_CLI_SCHEMA_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace touchstone::cli {

// A new empty message, e.g. of "Piece" (package touchstone.v1 is understood). NotFound, with the
// nearest name, if there is none of that name.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> NewMessage(absl::string_view name);

// "; did you mean …?" for a field that `message` does not have, or nothing.
std::string SuggestField(const google::protobuf::Message& message, absl::string_view name);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_SCHEMA_H_
