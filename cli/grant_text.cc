#include "cli/grant_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "verifier/digest.h"
#include "verifier/document_part.h"
#include "verifier/hex.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

std::vector<std::string> KindsOf(const v1::Grant& grant) {
  std::vector<std::string> kinds;
  for (const int kind : grant.kinds()) {
    kinds.push_back(DocumentKindText({.confidential = true, .kind = static_cast<uint32_t>(kind)}));
  }
  return kinds;
}

}  // namespace

std::string DescribeGrantee(const v1::Grant& grant) {
  return grant.has_participant_id() ? grant.participant_id()
                                    : absl::StrCat("the key ", HexEncode(grant.key()));
}

std::string DescribeScope(const v1::Grant& grant) {
  std::vector<std::string> scope = KindsOf(grant);
  for (const std::string& digest : grant.documents_sha256()) {
    scope.push_back(absl::StrCat("the document ", HexEncode(digest)));
  }
  return scope.empty() ? "all confidential documents" : absl::StrJoin(scope, ", ");
}

std::string GrantToText(const SignedGrant& grant) {
  const v1::Grant& fields = grant.grant();
  std::string text;
  const auto line = [&text](absl::string_view label, absl::string_view what) {
    absl::StrAppendFormat(&text, "%-12s %s\n", label, PlainText(what));
  };
  line("Grant", HexEncode(fields.nonce()));
  line("Piece", grant.passport().Format());
  line("Log", fields.log_origin());
  line("To", DescribeGrantee(fields));
  line("Lets see", DescribeScope(fields));
  if (fields.lists_accesses()) line("", "and who has looked");
  line("Given", FormatTime(fields.issued_at_ms()));
  line("Expires", FormatTime(fields.expires_at_ms()));
  if (!fields.purpose().empty()) line("Purpose", fields.purpose());
  line("Signed by", absl::StrCat("the key with the id ", DigestToHex(grant.signer())));
  return text;
}

void WriteGrant(const SignedGrant& grant, JsonWriter& json) {
  const v1::Grant& fields = grant.grant();
  const auto text = [&json](absl::string_view name, absl::string_view what) {
    json.Key(name);
    json.String(PlainText(what));
  };
  json.BeginObject();
  text("grant", HexEncode(fields.nonce()));
  text("passport_id", grant.passport().Format());
  text("log_origin", fields.log_origin());
  if (fields.has_participant_id()) {
    text("to_participant", fields.participant_id());
  } else {
    text("to_key", HexEncode(fields.key()));
  }
  json.Key("kinds");
  json.BeginArray();
  for (const std::string& kind : KindsOf(fields)) json.String(kind);
  json.EndArray();
  json.Key("documents_sha256");
  json.BeginArray();
  for (const std::string& digest : fields.documents_sha256()) json.String(HexEncode(digest));
  json.EndArray();
  json.Key("lists_accesses");
  json.Boolean(fields.lists_accesses());
  text("issued_at", FormatRfc3339(fields.issued_at_ms()));
  text("expires_at", FormatRfc3339(fields.expires_at_ms()));
  text("purpose", fields.purpose());
  text("signed_by_key_id", DigestToHex(grant.signer()));
  text("text", grant.Format());
  json.EndObject();
}

}  // namespace touchstone::cli
