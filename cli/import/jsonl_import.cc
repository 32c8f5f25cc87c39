#include "cli/import/jsonl_import.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/calendar_day.h"
#include "cli/import/csv_reader.h"
#include "cli/json_writer.h"
#include "cli/message_description.h"
#include "touchstone/v1/piece.pb.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

static_assert(kImportRowBytesMax <= kJsonBytesMax);

// The row inside a line of a rejects file (cli/import/rejects_file.h); null for any other line.
const JsonValue* RejectedRow(const JsonValue& json) {
  if (json.members.size() != 3 || json.Find("line") == nullptr || json.Find("reason") == nullptr) {
    return nullptr;
  }
  const JsonValue* row = json.Find("row");
  return row != nullptr && row->kind == JsonValue::Kind::kObject ? row : nullptr;
}

void Write(const JsonValue& value, JsonWriter& json) {
  switch (value.kind) {
    case JsonValue::Kind::kNull:
      return json.Null();
    case JsonValue::Kind::kBoolean:
      return json.Boolean(value.boolean);
    case JsonValue::Kind::kNumber:
      return json.Raw(value.text);
    case JsonValue::Kind::kString:
      return json.String(value.text);
    case JsonValue::Kind::kArray:
      json.BeginArray();
      for (const JsonValue& item : value.items) Write(item, json);
      return json.EndArray();
    case JsonValue::Kind::kObject:
      json.BeginObject();
      for (const JsonMember& member : value.members) {
        json.Key(member.name);
        Write(member.value, json);
      }
      return json.EndObject();
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<ImportFile>> JsonLinesImport::Create(ByteSource source,
                                                                    const ImportOptions& options) {
  absl::StatusOr<RowDefaults> defaults = RowDefaults::Create(options);
  if (!defaults.ok()) return defaults.status();
  return std::unique_ptr<ImportFile>(
      new JsonLinesImport(std::move(source), *std::move(defaults), options.ignore_unknown_columns));
}

bool JsonLinesImport::ReadLine(std::string& line, bool& too_long) {
  while (true) {
    line.clear();
    too_long = false;
    ++line_;
    int byte = stream_.Take();
    if (byte == ByteStream::kEnd) return false;
    for (; byte != ByteStream::kEnd && byte != '\n'; byte = stream_.Take()) {
      too_long = line.size() == kImportRowBytesMax;
      if (!too_long) line.push_back(static_cast<char>(byte));
    }
    if (line_ == 1 && absl::StartsWith(line, kByteOrderMark)) line.erase(0, 3);
    if (!absl::StripAsciiWhitespace(line).empty()) return true;
  }
}

absl::StatusOr<ImportedPiece> JsonLinesImport::BuildWhole(const JsonValue& json,
                                                          uint64_t line) const {
  ImportedPiece out;
  for (const JsonMember& member : json.members) {
    const auto wrong = [&member](absl::string_view what) {
      return absl::InvalidArgumentError(
          absl::StrCat(FormatPosition(member.at), " \"", member.name, "\": ", what));
    };
    if (member.name == "piece") {
      absl::StatusOr<std::string> piece = MessageFromJson("Piece", member.value);
      if (!piece.ok()) {
        // A reason is one line.
        return absl::InvalidArgumentError(
            absl::StrReplaceAll(piece.status().message(), {{"\n", "; "}}));
      }
      out.piece = *std::move(piece);
    } else if (member.name == "sold_on") {
      const absl::StatusOr<absl::CivilDay> day = ParseCalendarDay(member.value.text);
      if (!day.ok()) return wrong(day.status().message());
      out.sold_on = *day;
    } else if (!ignore_unknown_) {
      return wrong("beside \"piece\" there may only be \"sold_on\"");
    }
  }
  v1::Piece piece;
  if (!piece.ParseFromString(out.piece) || piece.serial().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", line, ", column \"serial\" is empty: every piece has one"));
  }
  out.serial = piece.serial();
  return out;
}

absl::StatusOr<ImportedPiece> JsonLinesImport::Build(const JsonValue& json, uint64_t line) const {
  if (json.kind != JsonValue::Kind::kObject) {
    return absl::InvalidArgumentError(absl::StrCat(
        FormatPosition(json.at), ": expected an object, not ", JsonKindName(json.kind)));
  }
  if (json.members.size() > kImportColumnsMax) {
    return absl::InvalidArgumentError(absl::StrCat(FormatPosition(json.at), ": a row has at most ",
                                                   kImportColumnsMax, " values"));
  }
  if (json.Find("piece") != nullptr) return BuildWhole(json, line);
  RowBuilder builder(line, defaults_);
  std::vector<PieceColumn> given;
  for (const JsonMember& member : json.members) {
    const std::optional<PieceColumn> column = PieceColumn::Find(member.name);
    if (!column.has_value()) {
      if (ignore_unknown_) continue;
      builder.Mistake(member.name, member.at.column,
                      absl::StrCat("there is no such column", SuggestColumn(member.name)));
      continue;
    }
    for (const PieceColumn& other : given) {
      if (other.SameFieldAs(*column)) {
        builder.Mistake(member.name, member.at.column,
                        absl::StrCat("sets the same as \"", other.name(), "\""));
      }
    }
    given.push_back(*column);
    switch (member.value.kind) {
      case JsonValue::Kind::kNull:
        break;
      case JsonValue::Kind::kString:
      case JsonValue::Kind::kNumber:
        builder.Set(*column, member.name, member.value.at.column, member.value.text);
        break;
      case JsonValue::Kind::kBoolean:
      case JsonValue::Kind::kArray:
      case JsonValue::Kind::kObject:
        builder.Mistake(
            member.name, member.value.at.column,
            absl::StrCat("expected a text or a number, not ", JsonKindName(member.value.kind)));
        break;
    }
  }
  return std::move(builder).Finish();
}

absl::StatusOr<std::optional<ImportRow>> JsonLinesImport::Next() {
  ImportRow row;
  bool too_long = false;
  if (!ReadLine(row.raw, too_long)) {
    if (!stream_.status().ok()) return stream_.status();
    return std::optional<ImportRow>();
  }
  row.number = rows_++;
  row.line = line_;
  if (too_long) {
    row.piece = absl::InvalidArgumentError(
        absl::StrCat("line ", line_, ": the line has more than ", kImportRowBytesMax, " bytes"));
    return row;
  }
  absl::StatusOr<JsonValue> json = ParseJson(row.raw, {line_, 1});
  if (!json.ok()) {
    row.piece = json.status();
    return row;
  }
  if (const JsonValue* rejected = RejectedRow(*json); rejected != nullptr) {
    JsonWriter inner(JsonWriter::Layout::kOneLine);
    Write(*rejected, inner);
    row.raw = std::move(inner).Finish();
    row.piece = Build(*rejected, line_);
  } else {
    row.piece = Build(*json, line_);
  }
  return row;
}

}  // namespace touchstone::cli
