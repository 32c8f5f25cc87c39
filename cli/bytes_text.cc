#include "cli/bytes_text.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/base64.h"
#include "verifier/hex.h"
#include "verifier/passport_id.h"

namespace touchstone::cli {
namespace {

enum class Form { kPassportId, kHex, kBase64 };

Form FormOf(absl::string_view field_name) {
  if (field_name == "passport_id") return Form::kPassportId;
  for (const absl::string_view name :
       {"sha256", "digest", "builds_on", "key", "steward_keys", "keys", "keyid", "key_id", "nonce",
        "corrects", "incident"}) {
    if (field_name == name) return Form::kHex;
  }
  if (absl::EndsWith(field_name, "_sha256") || absl::EndsWith(field_name, "_key")) {
    return Form::kHex;
  }
  return Form::kBase64;
}

}  // namespace

std::string BytesToText(absl::string_view field_name, absl::string_view bytes) {
  switch (FormOf(field_name)) {
    case Form::kPassportId: {
      const absl::StatusOr<PassportId> id = PassportId::FromBytes(bytes);
      return id.ok() ? id->Format() : HexEncode(bytes);
    }
    case Form::kHex:
      return HexEncode(bytes);
    case Form::kBase64:
      return Base64Encode(bytes);
  }
  return "";
}

absl::StatusOr<std::string> BytesFromText(absl::string_view field_name, absl::string_view text) {
  switch (FormOf(field_name)) {
    case Form::kPassportId: {
      const absl::StatusOr<PassportId> id = PassportId::Parse(text);
      if (id.ok()) return std::string(id->bytes());
      return absl::InvalidArgumentError(absl::StrCat("not a passport id: ", id.status().message()));
    }
    case Form::kHex: {
      absl::StatusOr<std::string> bytes = HexDecode(text);
      if (bytes.ok()) return bytes;
      return absl::InvalidArgumentError("expected hexadecimal digits, two for each byte");
    }
    case Form::kBase64: {
      absl::StatusOr<std::string> bytes = Base64Decode(text);
      if (bytes.ok()) return bytes;
      return absl::InvalidArgumentError("expected base64 with its padding");
    }
  }
  return absl::InvalidArgumentError("not bytes");
}

}  // namespace touchstone::cli
