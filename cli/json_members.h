// Takes the members out of a JSON object of a fixed form, each once and of its kind, and says where
// it is not so. For files of our own: openings, manifests. Not for descriptions of statements,
// whose form is the schema's (cli/message_from_json.h).
#ifndef TOUCHSTONE_CLI_JSON_MEMBERS_H_
#define TOUCHSTONE_CLI_JSON_MEMBERS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/json_reader.h"

namespace touchstone::cli {

// All errors are InvalidArgument and begin with line and column.
class JsonMembers {
 public:
  // `object` is one, and outlives this.
  explicit JsonMembers(const JsonValue& object) : object_(object) {}

  bool Has(absl::string_view name) const { return object_.Find(name) != nullptr; }

  absl::StatusOr<std::string> Text(absl::string_view name, size_t bytes_max);
  absl::StatusOr<uint64_t> Number(absl::string_view name, uint64_t max);
  absl::StatusOr<bool> Boolean(absl::string_view name);
  // Each of its items is an object.
  absl::StatusOr<const std::vector<JsonValue>*> Objects(absl::string_view name, size_t items_max);

  // That the members "format" and "version" name what is read here: `what` ("an opening") in that
  // version. kUnknownVersion for another.
  absl::Status CheckFormat(absl::string_view format, uint64_t version, absl::string_view what);

  // That nothing is left.
  absl::Status Finish() const;

  // That something is wrong with the value of that member.
  absl::Status WrongAt(absl::string_view name, absl::string_view what) const;
  static absl::Status Wrong(const TextPosition& at, absl::string_view what);

 private:
  absl::StatusOr<const JsonValue*> Take(absl::string_view name, JsonValue::Kind kind);

  const JsonValue& object_;
  std::vector<const JsonValue*> taken_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_JSON_MEMBERS_H_
