#include "cli/opening_file.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/json_members.h"
#include "cli/json_reader.h"
#include "cli/json_writer.h"
#include "cli/public_file.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/base64.h"
#include "verifier/document_part.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr char kFormat[] = "touchstone document opening";
constexpr uint64_t kVersion = 1;

absl::Status TakeNames(JsonMembers& members, DocumentOpening* opening) {
  absl::StatusOr<std::string> kind = members.Text("kind", 40);
  if (!kind.ok()) return kind.status();
  v1::Commitment::Kind parsed = v1::Commitment::KIND_UNSPECIFIED;
  if (!v1::Commitment::Kind_Parse(*kind, &parsed) || parsed == v1::Commitment::KIND_UNSPECIFIED) {
    return members.WrongAt("kind", "the kind is not one of the schema's (Commitment.Kind)");
  }
  absl::StatusOr<std::string> name = members.Text("name", limits::kDocumentNameBytesMax);
  if (!name.ok()) return name.status();
  absl::StatusOr<std::string> media_type = members.Text("media_type", limits::kMediaTypeBytesMax);
  if (!media_type.ok()) return media_type.status();
  opening->kind = *std::move(kind);
  opening->name = *std::move(name);
  opening->media_type = *std::move(media_type);
  return absl::OkStatus();
}

absl::Status TakePassport(JsonMembers& members, DocumentOpening* opening) {
  if (!members.Has("passport_id")) return absl::OkStatus();
  const absl::StatusOr<std::string> text =
      members.Text("passport_id", limits::kPassportIdTextBytesMax);
  if (!text.ok()) return text.status();
  const absl::StatusOr<PassportId> id = PassportId::Parse(*text);
  if (!id.ok()) return members.WrongAt("passport_id", id.status().message());
  opening->passport = *id;
  return absl::OkStatus();
}

absl::Status TakeBytes(JsonMembers& members, DocumentOpening* opening) {
  const absl::StatusOr<std::string> hex = members.Text("document_sha256", 2 * kDigestBytes);
  if (!hex.ok()) return hex.status();
  const absl::StatusOr<Digest> digest = DigestFromHex(*hex);
  if (!digest.ok()) {
    return members.WrongAt("document_sha256", "the digest is not 64 hexadecimal digits");
  }
  const absl::StatusOr<std::string> text = members.Text("salt", 64);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::string> salt = Base64Decode(*text);
  if (!salt.ok() || salt->size() != limits::kDocumentSaltBytes) {
    return members.WrongAt("salt", "the salt is not 32 bytes in base64");
  }
  const absl::StatusOr<uint64_t> size = members.Number("size", limits::kDocumentBytesMax);
  if (!size.ok()) return size.status();
  opening->document_sha256 = *digest;
  opening->salt = *std::move(salt);
  opening->size = *size;
  return absl::OkStatus();
}

}  // namespace

std::string FormatOpening(const DocumentOpening& opening) {
  JsonWriter json(JsonWriter::Layout::kPretty);
  const auto text = [&json](absl::string_view name, absl::string_view value) {
    json.Key(name);
    json.String(value);
  };
  json.BeginObject();
  text("format", kFormat);
  json.Key("version");
  json.Number(kVersion);
  if (opening.passport.has_value()) text("passport_id", opening.passport->Format());
  text("kind", opening.kind);
  text("document_sha256", DigestToHex(opening.document_sha256));
  text("salt", Base64Encode(opening.salt));
  text("name", opening.name);
  text("media_type", opening.media_type);
  json.Key("size");
  json.Number(opening.size);
  json.EndObject();
  return std::move(json).Finish();
}

bool IsOpening(absl::string_view text) {
  return text.size() <= kOpeningBytesMax &&
         absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "{") &&
         absl::StrContains(text, absl::StrCat("\"", kFormat, "\""));
}

absl::StatusOr<DocumentOpening> ParseOpening(absl::string_view text) {
  if (text.size() > kOpeningBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("is larger than an opening is (", kOpeningBytesMax, " bytes)"));
  }
  const absl::StatusOr<JsonValue> json = ParseJson(text);
  if (!json.ok()) return json.status();
  if (json->kind != JsonValue::Kind::kObject) {
    return JsonMembers::Wrong(json->at,
                              absl::StrCat("is ", JsonKindName(json->kind), " and no opening"));
  }
  JsonMembers members(*json);
  DocumentOpening opening;
  if (absl::Status status = members.CheckFormat(kFormat, kVersion, "an opening"); !status.ok()) {
    return status;
  }
  for (const auto take : {TakePassport, TakeNames, TakeBytes}) {
    if (absl::Status status = take(members, &opening); !status.ok()) return status;
  }
  if (absl::Status status = members.Finish(); !status.ok()) return status;
  return opening;
}

absl::StatusOr<DocumentOpening> ReadOpeningFile(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadPublicFile(path, kOpeningBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<DocumentOpening> opening = ParseOpening(*text);
  if (!opening.ok()) return InContext(path, opening.status());
  return opening;
}

absl::Status CheckOpens(const DocumentOpening& opening, absl::string_view document) {
  if (document.size() != opening.size) {
    return Refuse(RefusalCode::kWrongDocument, absl::StrCat("the document has ", document.size(),
                                                            " bytes, and its opening is of "
                                                            "one of ",
                                                            opening.size));
  }
  if (DocumentDigest(opening.salt, document) == opening.document_sha256) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongDocument,
                "the document is not the one that its opening was made for");
}

Digest DocumentDigest(absl::string_view salt, absl::string_view document) {
  DocumentDigester digester(salt);
  digester.Update(document);
  return digester.Final();
}

}  // namespace touchstone::cli
