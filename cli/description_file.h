// A description of a message in a file, as people write it. Not for what the messages mean
// (cli/message_description.h).
#ifndef TOUCHSTONE_CLI_DESCRIPTION_FILE_H_
#define TOUCHSTONE_CLI_DESCRIPTION_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace touchstone::cli {

// The canonical bytes of the message `type` described in the file ("-" is standard input). Errors:
// those of ReadPublicFile and MessageFromDescription, each line naming the file.
absl::StatusOr<std::string> ReadDescriptionFile(absl::string_view type, const std::string& path);

// The same as a message of the generated class, which is of that type.
template <typename Message>
absl::StatusOr<Message> ReadDescribed(absl::string_view type, const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadDescriptionFile(type, path);
  if (!bytes.ok()) return bytes.status();
  Message message;
  if (!message.ParseFromString(*bytes)) {
    return absl::InternalError("a description became bytes that cannot be read");
  }
  return message;
}

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_DESCRIPTION_FILE_H_
