#include "verifier/digital_link.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "verifier/decimal.h"
#include "verifier/gs1_serial.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr absl::string_view kGtinKey = "01";
constexpr absl::string_view kPassportKey = "p";
constexpr absl::string_view kSerialQualifier = "21";
// What may stand between a GTIN and its end, in this order.
constexpr absl::string_view kGtinQualifiers[] = {"22", "10", kSerialQualifier};
constexpr absl::string_view kSchemes[] = {"https://", "HTTPS://", "http://", "HTTP://"};
constexpr size_t kHostBytesMax = 253;  // RFC 1035, section 2.3.4, as text
constexpr uint64_t kPortMax = 65535;

absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("not a passport's link: ", what));
}

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// RFC 3986, section 2.3.
bool IsUnreserved(char c) { return IsAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

// Undoes percent-encoding. What is not encoded must be of RFC 3986's pchar (and of `also`); '+'
// stands for itself.
absl::StatusOr<std::string> PercentDecode(absl::string_view text, absl::string_view also = "") {
  constexpr absl::string_view kPlain = "!$&'()*+,;=:@";
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '%') {
      if (!IsUnreserved(c) && kPlain.find(c) == absl::string_view::npos &&
          also.find(c) == absl::string_view::npos) {
        return Malformed("a character of it should be percent-encoded");
      }
      decoded.push_back(c);
      continue;
    }
    const auto is_digit = [](char d) {
      return absl::ascii_isxdigit(static_cast<unsigned char>(d));
    };
    if (i + 2 >= text.size() || !is_digit(text[i + 1]) || !is_digit(text[i + 2])) {
      return Malformed("'%' is not followed by two hexadecimal digits");
    }
    decoded += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return decoded;
}

std::string PercentEncode(absl::string_view text) {
  constexpr absl::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.push_back('%');
      encoded.push_back(kDigits[byte >> 4]);
      encoded.push_back(kDigits[byte & 15]);
    }
  }
  return encoded;
}

absl::Status CheckAuthority(absl::string_view authority) {
  const size_t colon = authority.find(':');
  const absl::string_view host = authority.substr(0, colon);
  const bool valid = !host.empty() && host.size() <= kHostBytesMax && IsAlnum(host.front()) &&
                     IsAlnum(host.back()) && std::all_of(host.begin(), host.end(), [](char c) {
                       return IsAlnum(c) || c == '-' || c == '.';
                     });
  if (!valid) return Malformed("its host is not a domain name");
  if (colon == absl::string_view::npos) return absl::OkStatus();
  if (!ParseDecimal(authority.substr(colon + 1), kPortMax).ok()) {
    return Malformed("its port is not a number up to 65535");
  }
  return absl::OkStatus();
}

struct SplitUri {
  absl::string_view origin;  // scheme and authority
  std::vector<absl::string_view> path;
};

// `uri` has no query and no fragment.
absl::StatusOr<SplitUri> Split(absl::string_view uri) {
  const auto* scheme =
      std::find_if(std::begin(kSchemes), std::end(kSchemes),
                   [&](absl::string_view s) { return uri.substr(0, s.size()) == s; });
  if (scheme == std::end(kSchemes)) {
    return Malformed("it begins with neither https:// nor HTTPS:// (http:// and HTTP:// are read)");
  }
  const absl::string_view rest = uri.substr(scheme->size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  const absl::Status authority = CheckAuthority(rest.substr(0, slash));
  if (!authority.ok()) return authority;
  SplitUri split{.origin = uri.substr(0, scheme->size() + slash), .path = {}};
  if (slash == rest.size()) return split;
  split.path = absl::StrSplit(rest.substr(slash + 1), '/');
  for (const absl::string_view segment : split.path) {
    if (segment.empty()) return Malformed("there is a '/' with nothing behind it");
    const absl::StatusOr<std::string> decoded = PercentDecode(segment);
    if (!decoded.ok()) return decoded.status();
    // Browsers take these for steps in the path, encoded or not.
    if (*decoded == "." || *decoded == "..") return Malformed("its path steps to '.' or '..'");
  }
  return split;
}

// Qualifiers and their values, after the GTIN. The serial.
absl::StatusOr<std::string> ReadQualifiers(absl::Span<const absl::string_view> pairs) {
  const absl::string_view* next = std::begin(kGtinQualifiers);
  std::optional<std::string> serial;
  for (size_t i = 0; i < pairs.size(); i += 2) {
    const auto* found = std::find(next, std::end(kGtinQualifiers), pairs[i]);
    if (found == std::end(kGtinQualifiers)) {
      return Malformed("behind the GTIN may stand /22/, /10/ and /21/, in this order, once each");
    }
    next = found + 1;
    if (*found != kSerialQualifier) continue;
    absl::StatusOr<std::string> decoded = PercentDecode(pairs[i + 1]);
    if (!decoded.ok()) return decoded.status();
    serial = *std::move(decoded);
  }
  if (!serial.has_value()) {
    return Malformed(
        "it names a kind of product and not one piece: there is no /21/ with a serial");
  }
  const absl::Status valid = ValidateGs1Serial(*serial);
  if (!valid.ok()) return valid;
  return *serial;
}

struct FoundKey {
  size_t segment;  // where it begins
  DigitalLink::Key key;
};

// The rightmost primary key: key and value alternate from there to the end. Another identifier's
// key behind a GTIN is no qualifier of it, and so refused.
absl::StatusOr<FoundKey> FindKey(absl::Span<const absl::string_view> path) {
  for (size_t pairs = 1; pairs * 2 <= path.size(); ++pairs) {
    const size_t at = path.size() - pairs * 2;
    if (path[at] == kGtinKey) {
      absl::StatusOr<Gtin> gtin = Gtin::Parse14(path[at + 1]);
      if (!gtin.ok()) return gtin.status();
      absl::StatusOr<std::string> serial = ReadQualifiers(path.subspan(at + 2));
      if (!serial.ok()) return serial.status();
      return FoundKey{at, GtinSerial{*std::move(gtin), *std::move(serial)}};
    }
    if (path[at] == kPassportKey && pairs == 1) {
      const absl::StatusOr<std::string> text = PercentDecode(path[at + 1]);
      if (!text.ok()) return text.status();
      const absl::StatusOr<PassportId> id = PassportId::Parse(*text);
      if (!id.ok()) return id.status();
      return FoundKey{at, *id};
    }
  }
  return Malformed("there is neither /01/ with a GTIN nor /p/ with a passport id");
}

absl::Status CheckToken(absl::string_view token) {
  if (token.size() > limits::kCardTokenTextBytesMax) {
    return Malformed("what stands behind '#' is too long for a card token");
  }
  const bool valid = std::all_of(token.begin(), token.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
  });
  if (!valid) return Malformed("what stands behind '#' is not a card token: A-Z and 2-7");
  return absl::OkStatus();
}

absl::Status CheckSize(size_t size) {
  if (size <= limits::kDigitalLinkBytesMax) return absl::OkStatus();
  return Refuse(RefusalCode::kTooLarge,
                absl::StrCat("a link has at most ", limits::kDigitalLinkBytesMax, " bytes"));
}

}  // namespace

DigitalLink::DigitalLink(absl::string_view resolver, Key key, absl::string_view token)
    : resolver_(resolver), key_(std::move(key)), token_(token) {}

absl::StatusOr<DigitalLink> DigitalLink::Parse(absl::string_view uri) {
  absl::Status status = CheckSize(uri.size());
  if (!status.ok()) return status;
  const size_t hash = std::min(uri.find('#'), uri.size());
  const absl::string_view token = uri.substr(std::min(hash + 1, uri.size()));
  status = CheckToken(token);
  if (!status.ok()) return status;
  const absl::string_view before_fragment = uri.substr(0, hash);
  const size_t question = std::min(before_fragment.find('?'), before_fragment.size());
  status = PercentDecode(before_fragment.substr(question), "/?").status();
  if (!status.ok()) return status;
  const absl::string_view before_query = before_fragment.substr(0, question);
  const absl::StatusOr<SplitUri> split = Split(before_query);
  if (!split.ok()) return split.status();
  absl::StatusOr<FoundKey> found = FindKey(split->path);
  if (!found.ok()) return found.status();
  std::string resolver(split->origin);
  for (size_t i = 0; i < found->segment; ++i) absl::StrAppend(&resolver, "/", split->path[i]);
  return DigitalLink(resolver, std::move(found->key), token);
}

absl::StatusOr<DigitalLink> DigitalLink::Create(absl::string_view resolver, const Key& key,
                                                absl::string_view token) {
  const absl::StatusOr<SplitUri> split = Split(resolver);
  if (!split.ok()) return split.status();
  absl::Status status = CheckToken(token);
  if (!status.ok()) return status;
  if (const auto* piece = std::get_if<GtinSerial>(&key)) {
    status = ValidateGs1Serial(piece->serial);
    if (!status.ok()) return status;
    if (piece->serial == "." || piece->serial == "..") {
      return Malformed("the serials '.' and '..' cannot stand in a link; use the passport id");
    }
  }
  const DigitalLink link(
      absl::StrCat(absl::AsciiStrToUpper(split->origin), resolver.substr(split->origin.size())),
      key, token);
  status = CheckSize(link.Format().size());
  if (!status.ok()) return status;
  return link;
}

std::string DigitalLink::Format() const {
  std::string uri = resolver_;
  if (const auto* piece = std::get_if<GtinSerial>(&key_)) {
    absl::StrAppend(&uri, "/", kGtinKey, "/", piece->gtin.text(), "/", kSerialQualifier, "/",
                    PercentEncode(piece->serial));
  } else {
    absl::StrAppend(&uri, "/", kPassportKey, "/",
                    PercentEncode(std::get<PassportId>(key_).Format()));
  }
  if (!token_.empty()) absl::StrAppend(&uri, "#", token_);
  return uri;
}

}  // namespace touchstone
