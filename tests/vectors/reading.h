// Bytes with their reading beside them, for people: a message field by field, a frame, a card's
// body. Everything here ends the program where the parts are not the whole.
#ifndef TOUCHSTONE_TESTS_VECTORS_READING_H_
#define TOUCHSTONE_TESTS_VECTORS_READING_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/vectors/vector_files.h"
#include "verifier/wire_schema.h"

namespace touchstone {

// Bytes that need not be printed, since they were before, and what to say instead.
using Known = std::map<std::string, std::string>;

// Canonical bytes of a message, a row for each field, those of inner messages indented.
std::vector<Row> ReadingOf(const WireMessage& schema, absl::string_view bytes,
                           const Known& known = {});

// A part of something that is not a message.
struct Part {
  std::string name;
  std::string bytes;
  std::string meaning = "";
};
// `parts` one after another are `whole`.
std::vector<Row> ReadingOf(const std::vector<Part>& parts, absl::string_view whole,
                           const Known& known = {});

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VECTORS_READING_H_
