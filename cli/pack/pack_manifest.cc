#include "cli/pack/pack_manifest.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/json_members.h"
#include "cli/json_reader.h"
#include "cli/json_writer.h"
#include "cli/pack/zip_file.h"
#include "verifier/limits.h"

namespace touchstone::cli {
namespace {

constexpr char kFormat[] = "touchstone insurer pack";
constexpr uint64_t kVersion = 1;
constexpr size_t kKindBytesMax = 40;
constexpr size_t kAbsentMax = 16384;  // a passport's entries can commit to as many

absl::StatusOr<Digest> TakeDigest(JsonMembers& members) {
  const absl::StatusOr<std::string> hex = members.Text("document_sha256", 2 * kDigestBytes);
  if (!hex.ok()) return hex.status();
  absl::StatusOr<Digest> digest = DigestFromHex(*hex);
  if (digest.ok()) return digest;
  return members.WrongAt("document_sha256", "the digest is not 64 hexadecimal digits");
}

// What both kinds of rows have.
template <typename Row>
absl::Status TakeCommon(JsonMembers& members, Row* row) {
  const absl::StatusOr<Digest> digest = TakeDigest(members);
  if (!digest.ok()) return digest.status();
  row->document_sha256 = *digest;
  absl::StatusOr<std::string> kind = members.Text("kind", kKindBytesMax);
  if (!kind.ok()) return kind.status();
  row->kind = *std::move(kind);
  const absl::StatusOr<uint64_t> entry =
      members.Number("entry_number", limits::kPassportEntriesMax);
  if (!entry.ok()) return entry.status();
  row->entry_number = static_cast<uint32_t>(*entry);
  return absl::OkStatus();
}

absl::StatusOr<PackDocument> TakeDocument(const JsonValue& object) {
  JsonMembers members(object);
  PackDocument document;
  if (absl::Status status = TakeCommon(members, &document); !status.ok()) return status;
  absl::StatusOr<std::string> file = members.Text("file", kZipNameBytesMax);
  if (!file.ok()) return file.status();
  document.file = *std::move(file);
  if (members.Has("opening")) {
    absl::StatusOr<std::string> opening = members.Text("opening", kZipNameBytesMax);
    if (!opening.ok()) return opening.status();
    document.opening = *std::move(opening);
  }
  absl::StatusOr<std::string> media_type = members.Text("media_type", limits::kMediaTypeBytesMax);
  if (!media_type.ok()) return media_type.status();
  document.media_type = *std::move(media_type);
  const absl::StatusOr<uint64_t> size = members.Number("size", limits::kDocumentBytesMax);
  if (!size.ok()) return size.status();
  document.size = *size;
  if (absl::Status status = members.Finish(); !status.ok()) return status;
  return document;
}

absl::StatusOr<AbsentDocument> TakeAbsent(const JsonValue& object) {
  JsonMembers members(object);
  AbsentDocument absent;
  if (absl::Status status = TakeCommon(members, &absent); !status.ok()) return status;
  absl::StatusOr<std::string> why = members.Text("why", kKindBytesMax);
  if (!why.ok()) return why.status();
  absent.why = *std::move(why);
  if (absl::Status status = members.Finish(); !status.ok()) return status;
  return absent;
}

template <typename Row>
absl::Status TakeRows(JsonMembers& members, absl::string_view name, size_t rows_max,
                      absl::StatusOr<Row> (*take)(const JsonValue&), std::vector<Row>* rows) {
  const absl::StatusOr<const std::vector<JsonValue>*> objects = members.Objects(name, rows_max);
  if (!objects.ok()) return objects.status();
  for (const JsonValue& object : **objects) {
    absl::StatusOr<Row> row = take(object);
    if (!row.ok()) return row.status();
    rows->push_back(*std::move(row));
  }
  return absl::OkStatus();
}

template <typename Row>
void WriteCommon(const Row& row, JsonWriter& json) {
  json.Key("document_sha256");
  json.String(DigestToHex(row.document_sha256));
  json.Key("kind");
  json.String(row.kind);
  json.Key("entry_number");
  json.Number(row.entry_number);
}

void Write(const PackDocument& document, JsonWriter& json) {
  json.BeginObject();
  json.Key("file");
  json.String(document.file);
  if (!document.opening.empty()) {
    json.Key("opening");
    json.String(document.opening);
  }
  WriteCommon(document, json);
  json.Key("media_type");
  json.String(document.media_type);
  json.Key("size");
  json.Number(document.size);
  json.EndObject();
}

void Write(const AbsentDocument& absent, JsonWriter& json) {
  json.BeginObject();
  WriteCommon(absent, json);
  json.Key("why");
  json.String(absent.why);
  json.EndObject();
}

template <typename Row>
void WriteRows(absl::string_view name, const std::vector<Row>& rows, JsonWriter& json) {
  json.Key(name);
  json.BeginArray();
  for (const Row& row : rows) Write(row, json);
  json.EndArray();
}

}  // namespace

std::string FormatManifest(const PackManifest& manifest) {
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("format");
  json.String(kFormat);
  json.Key("version");
  json.Number(kVersion);
  json.Key("passport_id");
  json.String(manifest.passport.Format());
  json.Key("log_origin");
  json.String(manifest.log_origin);
  json.Key("summary_version");
  json.Number(manifest.summary_version);
  WriteRows("documents", manifest.documents, json);
  WriteRows("absent", manifest.absent, json);
  json.EndObject();
  return std::move(json).Finish();
}

absl::StatusOr<PackManifest> ParseManifest(absl::string_view text) {
  const absl::StatusOr<JsonValue> json = ParseJson(text);
  if (!json.ok()) return json.status();
  if (json->kind != JsonValue::Kind::kObject) {
    return JsonMembers::Wrong(json->at,
                              absl::StrCat("is ", JsonKindName(json->kind), " and no manifest"));
  }
  JsonMembers members(*json);
  if (absl::Status status = members.CheckFormat(kFormat, kVersion, "a pack"); !status.ok()) {
    return status;
  }
  const absl::StatusOr<std::string> id =
      members.Text("passport_id", limits::kPassportIdTextBytesMax);
  if (!id.ok()) return id.status();
  const absl::StatusOr<PassportId> passport = PassportId::Parse(*id);
  if (!passport.ok()) return members.WrongAt("passport_id", passport.status().message());
  PackManifest manifest(*passport);
  absl::StatusOr<std::string> origin = members.Text("log_origin", limits::kKeyNameBytesMax);
  if (!origin.ok()) return origin.status();
  manifest.log_origin = *std::move(origin);
  const absl::StatusOr<uint64_t> summary = members.Number("summary_version", UINT32_MAX);
  if (!summary.ok()) return summary.status();
  manifest.summary_version = static_cast<uint32_t>(*summary);
  absl::Status rows =
      TakeRows(members, "documents", kPackDocumentsMax, TakeDocument, &manifest.documents);
  if (!rows.ok()) return rows;
  rows = TakeRows(members, "absent", kAbsentMax, TakeAbsent, &manifest.absent);
  if (!rows.ok()) return rows;
  if (absl::Status status = members.Finish(); !status.ok()) return status;
  return manifest;
}

}  // namespace touchstone::cli
