#include "cli/import/csv_reader.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/utf8.h"

namespace touchstone::cli {
namespace {

constexpr int kEnd = ByteStream::kEnd;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsBlank(int byte) { return byte == ' ' || byte == '\t'; }
bool IsLineEnd(int byte) { return byte == '\n' || byte == '\r'; }

// What separates, judging by the first line.
char SeparatorOf(absl::string_view first_line) {
  char separator = ',';
  std::ptrdiff_t most = std::count(first_line.begin(), first_line.end(), ',');
  for (const char other : {';', '\t'}) {
    const std::ptrdiff_t count = std::count(first_line.begin(), first_line.end(), other);
    if (count > most) {
      most = count;
      separator = other;
    }
  }
  return separator;
}

}  // namespace

void CsvReader::Begin() {
  begun_ = true;
  if (absl::StartsWith(stream_.Ahead(), kByteOrderMark)) {
    for (size_t i = 0; i < kByteOrderMark.size(); ++i) stream_.Take();
  }
  const absl::string_view ahead = stream_.Ahead();
  separator_ = SeparatorOf(ahead.substr(0, ahead.find_first_of("\r\n")));
}

int CsvReader::Peek() {
  if (pushed_back_next_ == pushed_back_.size()) return stream_.Peek();
  return static_cast<unsigned char>(pushed_back_[pushed_back_next_]);
}

int CsvReader::Take() {
  int byte = kEnd;
  if (pushed_back_next_ == pushed_back_.size()) {
    byte = stream_.Take();
  } else {
    byte = static_cast<unsigned char>(pushed_back_[pushed_back_next_++]);
  }
  if (byte == kEnd) return byte;
  record_.push_back(static_cast<char>(byte));
  if (byte == '\n' || (byte == '\r' && Peek() != '\n')) {
    ++position_.line;
    position_.column = 1;
  } else if ((byte & 0xC0) != 0x80) {
    ++position_.column;
  }
  return byte;
}

bool CsvReader::TakeLineEnd() {
  if (!IsLineEnd(Peek())) return false;
  if (Take() == '\r' && Peek() == '\n') Take();
  return true;
}

void CsvReader::SkipBlanks() {
  while (IsBlank(Peek()) && Peek() != separator_) Take();
}

absl::Status CsvReader::Wrong(const TextPosition& at, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(FormatPosition(at), ": ", what));
}

absl::Status CsvReader::ReadField(CsvField& field) {
  SkipBlanks();
  field.at = position_;
  const bool quoted = Peek() == '"';
  if (quoted) Take();
  while (true) {
    if (record_.size() > kImportRowBytesMax) {
      return Wrong(field.at,
                   absl::StrCat("the row goes on for more than ", kImportRowBytesMax,
                                quoted ? " bytes; is the quote here never closed?" : " bytes"));
    }
    const int next = Peek();
    if (!quoted && (next == kEnd || next == separator_ || IsLineEnd(next))) break;
    if (next == kEnd) return Wrong(field.at, "the quote that begins here is never closed");
    Take();
    if (quoted && next == '"') {
      if (Peek() != '"') break;
      Take();
    }
    field.text.push_back(static_cast<char>(next));
  }
  if (quoted) {
    SkipBlanks();
    if (Peek() != kEnd && Peek() != separator_ && !IsLineEnd(Peek())) {
      return Wrong(position_, "something stands between a closing quote and the next separator");
    }
  }
  if (absl::Status utf8 = ValidateUtf8(field.text); !utf8.ok()) {
    return Wrong(field.at, "not UTF-8; save the list as 'CSV UTF-8'");
  }
  return absl::OkStatus();
}

absl::Status CsvReader::ReadFields(std::vector<CsvField>& fields) {
  while (true) {
    if (fields.size() == kImportColumnsMax) {
      return Wrong(position_, absl::StrCat("a row has at most ", kImportColumnsMax, " values"));
    }
    if (absl::Status status = ReadField(fields.emplace_back()); !status.ok()) return status;
    if (Peek() == kEnd || TakeLineEnd()) return absl::OkStatus();
    Take();
  }
}

// Gives up on the record but for its first line, which it returns.
std::string CsvReader::RewindToSecondLine() {
  size_t end = record_.find_first_of("\r\n");
  if (end == std::string::npos) {
    while (Peek() != kEnd && !IsLineEnd(Peek())) {
      Take();
      // What is too long for a row is too long to be kept.
      if (record_.size() > kImportRowBytesMax) record_.pop_back();
    }
    end = record_.size();
    TakeLineEnd();
  }
  std::string line = record_.substr(0, end);
  absl::string_view rest = absl::string_view(record_).substr(end);
  if (absl::StartsWith(rest, "\r\n")) rest.remove_prefix(1);
  if (!rest.empty()) rest.remove_prefix(1);
  pushed_back_ = absl::StrCat(rest, absl::string_view(pushed_back_).substr(pushed_back_next_));
  pushed_back_next_ = 0;
  return line;
}

absl::StatusOr<std::optional<CsvRecord>> CsvReader::Next() {
  if (!begun_) Begin();
  while (TakeLineEnd()) {
  }
  record_.clear();
  CsvRecord record;
  record.line = position_.line;
  if (Peek() == kEnd) {
    if (!stream_.status().ok()) return stream_.status();
    return std::optional<CsvRecord>();
  }
  record.status = ReadFields(record.fields);
  if (!stream_.status().ok()) return stream_.status();
  if (!record.status.ok()) {
    record.fields.clear();
    record.raw = RewindToSecondLine();
    position_ = {record.line + 1, 1};
  }
  return record;
}

}  // namespace touchstone::cli
