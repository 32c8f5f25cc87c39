// Reads JSON (RFC 8259) into values that know where they stood, so that whoever gives a value
// meaning can say what is wrong with it and where. Not for large documents: everything is in
// memory.
#ifndef TOUCHSTONE_CLI_JSON_READER_H_
#define TOUCHSTONE_CLI_JSON_READER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/text_position.h"

namespace touchstone::cli {

struct JsonMember;

struct JsonValue {
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  TextPosition at;
  bool boolean = false;
  std::string text;  // a string's content; a number as it was written
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // in the order of the text; no name twice

  // The member with that name, or null.
  const JsonValue* Find(absl::string_view name) const;
};

struct JsonMember {
  std::string name;
  TextPosition at;  // of the name
  JsonValue value;
};

// "an object", "a number", for messages.
absl::string_view JsonKindName(JsonValue::Kind kind);

inline constexpr size_t kJsonBytesMax = size_t{1} << 20;
inline constexpr int kJsonDepthMax = 32;

// One JSON value with blanks around it, and nothing else; a byte order mark before it is skipped.
// Refused (InvalidArgument, beginning with "line L, column C: "): what RFC 8259 does not allow, a
// name twice in one object, invalid UTF-8, lone surrogates, U+0000, more than kJsonBytesMax bytes
// or kJsonDepthMax levels. `start` is where the text stands in its file.
absl::StatusOr<JsonValue> ParseJson(absl::string_view text, TextPosition start = {});

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_JSON_READER_H_
