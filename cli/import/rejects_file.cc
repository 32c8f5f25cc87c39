#include "cli/import/rejects_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/json_reader.h"
#include "cli/json_writer.h"
#include "verifier/utf8.h"

namespace touchstone::cli {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;
constexpr absl::string_view kCsvBegin = "reason";
constexpr absl::string_view kJsonBegin = "{\"line\": ";

std::string QuoteCsv(absl::string_view cell) {
  if (cell.find_first_of(",;\t\"\r\n") == absl::string_view::npos) return std::string(cell);
  return absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
}

std::string CsvLine(absl::string_view first, const std::vector<std::string>& cells) {
  std::string line = QuoteCsv(first);
  for (const std::string& cell : cells) absl::StrAppend(&line, ",", QuoteCsv(cell));
  return absl::StrCat(line, "\r\n");
}

// Bytes that are not UTF-8 cannot stand in JSON.
std::string AsUtf8(absl::string_view text) {
  if (ValidateUtf8(text).ok()) return std::string(text);
  std::string ascii(text);
  for (char& c : ascii) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return ascii;
}

std::string JsonLine(const ImportRow& row, absl::string_view reason) {
  JsonWriter json(JsonWriter::Layout::kOneLine);
  json.BeginObject();
  json.Key("line");
  json.Number(row.line);
  json.Key("reason");
  json.String(AsUtf8(reason));
  json.Key("row");
  if (ParseJson(row.raw).ok()) {
    json.Raw(row.raw);
  } else {
    json.String(AsUtf8(row.raw));
  }
  json.EndObject();
  return absl::StrCat(std::move(json).Finish(), "\n");
}

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path));
}

// Whether what is at `path`, if anything, was written by an earlier run.
absl::Status CheckReplaceable(const std::string& path, ImportFormat format) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return errno == ENOENT ? absl::OkStatus() : Failed("open", path);
  std::array<char, 16> begin = {};
  const ssize_t size = read(descriptor, begin.data(), begin.size());
  close(descriptor);
  const absl::string_view text(begin.data(), size < 0 ? 0 : static_cast<size_t>(size));
  if (absl::StartsWith(text, format == ImportFormat::kCsv ? kCsvBegin : kJsonBegin)) {
    return absl::OkStatus();
  }
  return absl::AlreadyExistsError(
      absl::StrCat(path,
                   " exists and is no rejects file of an import; choose another name for the "
                   "rejects, or move it away"));
}

}  // namespace

RejectsFile::RejectsFile(std::string path, ImportFormat format, std::string head)
    : path_(std::move(path)),
      temporary_(absl::StrCat(path_, ".new")),
      format_(format),
      head_(std::move(head)) {}

RejectsFile::~RejectsFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<std::unique_ptr<RejectsFile>> RejectsFile::Create(const std::string& path,
                                                                 const ImportFile& list) {
  if (absl::Status status = CheckReplaceable(path, list.format()); !status.ok()) return status;
  std::string head =
      list.format() == ImportFormat::kCsv ? CsvLine(kCsvBegin, list.header()) : std::string();
  return std::unique_ptr<RejectsFile>(new RejectsFile(path, list.format(), std::move(head)));
}

absl::Status RejectsFile::Write(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", temporary_);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status RejectsFile::Add(const ImportRow& row, absl::string_view reason) {
  if (descriptor_ < 0) {
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) return Failed("create", temporary_);
    buffer_ = head_;
  }
  ++count_;
  switch (format_) {
    case ImportFormat::kCsv:
      absl::StrAppend(&buffer_,
                      row.cells.empty() ? CsvLine(reason, {row.raw}) : CsvLine(reason, row.cells));
      break;
    case ImportFormat::kJsonLines:
      absl::StrAppend(&buffer_, JsonLine(row, reason));
      break;
  }
  if (buffer_.size() < kBufferBytes) return absl::OkStatus();
  const std::string full = std::exchange(buffer_, "");
  return Write(full);
}

absl::Status RejectsFile::Close() {
  if (descriptor_ < 0) {
    if (unlink(path_.c_str()) != 0 && errno != ENOENT) return Failed("remove", path_);
    return absl::OkStatus();
  }
  if (absl::Status status = Write(buffer_); !status.ok()) return status;
  if (fsync(descriptor_) != 0) return Failed("sync", temporary_);
  close(std::exchange(descriptor_, -1));
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return Failed("create", path_);
  return absl::OkStatus();
}

}  // namespace touchstone::cli
