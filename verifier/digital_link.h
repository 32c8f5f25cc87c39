// The address in the QR code of a passport card: a GS1 Digital Link URI (GS1 Digital Link Standard:
// URI Syntax) with GTIN and serial, or /p/ with the passport id; the card token is its fragment,
// which browsers never send. Not for following links, nor for what the token says
// (verifier/card_token.h).
#ifndef TOUCHSTONE_VERIFIER_DIGITAL_LINK_H_
#define TOUCHSTONE_VERIFIER_DIGITAL_LINK_H_

#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "verifier/gtin.h"
#include "verifier/passport_id.h"

namespace touchstone {

struct GtinSerial {
  Gtin gtin;
  std::string serial;  // GS1 character set 82

  friend bool operator==(const GtinSerial&, const GtinSerial&) = default;
};

class DigitalLink {
 public:
  using Key = std::variant<GtinSerial, PassportId>;

  // http or https, all in small letters or all in capitals; host, port and stem; then
  // /01/{14 digits}[/22/{variant}][/10/{lot}]/21/{serial} or /p/{passport id}; then a query, which
  // is ignored, and the fragment. Of several primary keys the rightmost counts. No slash at the
  // end. kMalformed or kTooLarge otherwise; kWrongCheckDigit, kWrongCheckSymbol.
  static absl::StatusOr<DigitalLink> Parse(absl::string_view uri);

  // `resolver` is scheme://host[:port][/stem…]; scheme and host are put in capitals, which make the
  // code smaller. `token` may be empty, and is otherwise of the base 32 alphabet. Errors as above.
  static absl::StatusOr<DigitalLink> Create(absl::string_view resolver, const Key& key,
                                            absl::string_view token);

  // scheme://host[:port][/stem…], as it was given.
  const std::string& resolver() const { return resolver_; }
  // What the link names.
  const Key& key() const { return key_; }
  // The fragment, not yet looked into; empty if there is none.
  const std::string& token() const { return token_; }

  // The URI, without what Parse ignores.
  std::string Format() const;

 private:
  DigitalLink(absl::string_view resolver, Key key, absl::string_view token);
  std::string resolver_;
  Key key_;
  std::string token_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_DIGITAL_LINK_H_
