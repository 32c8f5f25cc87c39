// Writes JSON piece by piece: `--json` outputs, rejects files. Not for the verifier's verdict,
// which the verifier writes itself.
#ifndef TOUCHSTONE_CLI_JSON_WRITER_H_
#define TOUCHSTONE_CLI_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace touchstone::cli {

// `text` (valid UTF-8) in quotes, with what RFC 8259 wants escaped.
std::string QuoteJson(absl::string_view text);

// The caller keeps the grammar: inside an object a Key before each value.
class JsonWriter {
 public:
  // kPretty: two blanks a level, one value a line. kOneLine: no blanks but one behind ':' and ','.
  enum class Layout { kPretty, kOneLine };

  explicit JsonWriter(Layout layout) : layout_(layout) {}

  void BeginObject();
  void EndObject();
  void BeginArray();
  void EndArray();
  void Key(absl::string_view name);

  void String(absl::string_view text);
  void Number(uint64_t number);
  void Boolean(bool value);
  void Null();
  // `json` is one JSON value already.
  void Raw(absl::string_view json);

  // What was written; pretty texts end with a line break.
  std::string Finish() &&;

 private:
  void BeforeValue();
  void Open(char bracket);
  void Close(char bracket);
  void NewLine();

  const Layout layout_;
  std::string out_;
  std::vector<bool> has_values_;  // one a level that is open
  bool after_key_ = false;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_JSON_WRITER_H_
