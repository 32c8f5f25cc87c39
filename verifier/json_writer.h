// Writes the verifier's JSON (RFC 8259). Not for reading JSON.
#ifndef TOUCHSTONE_VERIFIER_JSON_WRITER_H_
#define TOUCHSTONE_VERIFIER_JSON_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace touchstone {

// `text` in quotes, escaped. Bytes that are not UTF-8 become U+FFFD, so that what comes out is
// always JSON.
std::string JsonQuote(absl::string_view text);

// One line without blanks. The caller keeps the grammar: inside an object a name before each value.
class JsonWriter {
 public:
  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  void Name(absl::string_view name);

  void Text(absl::string_view text);
  void Number(uint32_t number);
  // As a string: readers of JSON may keep 53 bits only.
  void BigNumber(uint64_t number);
  void Boolean(bool value);

  // An object's member.
  void TextMember(absl::string_view name, absl::string_view text);
  void NumberMember(absl::string_view name, uint32_t number);
  void BigNumberMember(absl::string_view name, uint64_t number);
  void BooleanMember(absl::string_view name, bool value);

  std::string Finish() && { return std::move(out_); }

 private:
  void BeforeValue();
  void Open(char bracket);
  void Close(char bracket);

  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_JSON_WRITER_H_
