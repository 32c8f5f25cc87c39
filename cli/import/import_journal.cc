#include "cli/import/import_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "verifier/decimal.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kMagic = "touchstone-import v";
constexpr uint64_t kFileBytesMax = uint64_t{1} << 30;
constexpr uint64_t kRowMax = uint64_t{1} << 40;

std::string Head(const ImportIdentity& identity) {
  return absl::StrCat(kMagic, "1\nlist ", DigestToHex(identity.list), "\nlog ", identity.log_origin,
                      "\nparticipant ", identity.participant, "\n");
}

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path));
}

// Puts first..last into `runs`, joined with what it touches; how many of them are new.
uint64_t InsertRun(std::map<uint64_t, uint64_t>& runs, uint64_t first, uint64_t last) {
  uint64_t added = last - first + 1;
  auto next = runs.upper_bound(first);
  if (next != runs.begin() && std::prev(next)->second + 1 >= first) --next;
  while (next != runs.end() && next->first <= last + 1) {
    const uint64_t from = std::max(next->first, first);
    const uint64_t to = std::min(next->second, last);
    if (from <= to) added -= to - from + 1;
    first = std::min(first, next->first);
    last = std::max(last, next->second);
    next = runs.erase(next);
  }
  runs.emplace(first, last);
  return added;
}

}  // namespace

ImportJournal::~ImportJournal() { close(descriptor_); }

absl::StatusOr<std::unique_ptr<ImportJournal>> ImportJournal::Open(const std::string& path,
                                                                   const ImportIdentity& identity) {
  const int descriptor =
      open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0666);
  if (descriptor < 0) return Failed("open the import's journal", path);
  std::unique_ptr<ImportJournal> journal(new ImportJournal(path, descriptor));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return absl::UnavailableError(absl::StrCat("another import of this list is running: ", path));
  }
  const std::string head = Head(identity);
  if (absl::Status status = journal->Read(head); !status.ok()) return status;
  return journal;
}

absl::Status ImportJournal::Read(const std::string& head) {
  struct stat status;
  if (fstat(descriptor_, &status) != 0) return Failed("look at", path_);
  if (!S_ISREG(status.st_mode) || static_cast<uint64_t>(status.st_size) > kFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(path_, " is no journal of an import"));
  }
  std::string text(static_cast<size_t>(status.st_size), '\0');
  for (size_t size = 0; size < text.size();) {
    const ssize_t got =
        pread(descriptor_, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path_);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  // New, or cut off while it was begun.
  if (absl::StartsWith(head, text) && text.size() < head.size()) {
    if (ftruncate(descriptor_, 0) != 0) return Failed("write", path_);
    return Append(head);
  }
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, head)) {
    if (!absl::StartsWith(text, kMagic)) {
      return absl::InvalidArgumentError(absl::StrCat(path_, " is no journal of an import"));
    }
    return absl::FailedPreconditionError(absl::StrCat(
        path_,
        " belongs to another import: the list was changed since, or it went to another log. "
        "Remove the journal to begin anew; rows that are in already stay as they are"));
  }
  // A line that was being written when the machine stopped.
  const size_t whole = rest.rfind('\n') == absl::string_view::npos ? 0 : rest.rfind('\n') + 1;
  if (whole != rest.size()) {
    if (ftruncate(descriptor_, static_cast<off_t>(text.size() - (rest.size() - whole))) != 0) {
      return Failed("write", path_);
    }
    rest = rest.substr(0, whole);
  }
  for (absl::string_view line : absl::StrSplit(rest, '\n')) {
    if (line.empty() && line.data() + line.size() == rest.data() + rest.size()) break;
    absl::Status damaged =
        absl::InvalidArgumentError(absl::StrCat(path_, " is damaged: \"", line,
                                                "\". Remove it to begin anew; rows that are in "
                                                "already stay as they are"));
    if (!absl::ConsumePrefix(&line, "done ")) return damaged;
    const std::pair<absl::string_view, absl::string_view> numbers =
        absl::StrSplit(line, absl::MaxSplits('-', 1));
    const absl::StatusOr<uint64_t> first = ParseDecimal(numbers.first, kRowMax);
    const absl::StatusOr<uint64_t> last = ParseDecimal(numbers.second, kRowMax);
    if (!first.ok() || !last.ok() || *first > *last) return damaged;
    done_count_ += InsertRun(done_, *first, *last);
  }
  return absl::OkStatus();
}

bool ImportJournal::IsDone(uint64_t row) const {
  auto next = done_.upper_bound(row);
  return next != done_.begin() && std::prev(next)->second >= row;
}

void ImportJournal::MarkDone(uint64_t row) {
  const uint64_t added = InsertRun(done_, row, row);
  if (added == 0) return;
  done_count_ += added;
  InsertRun(not_synced_, row, row);
}

absl::Status ImportJournal::Append(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", path_);
    text.remove_prefix(static_cast<size_t>(written));
  }
  if (fdatasync(descriptor_) != 0) return Failed("sync", path_);
  return absl::OkStatus();
}

absl::Status ImportJournal::Sync() {
  std::string text;
  for (const auto& [first, last] : not_synced_) {
    absl::StrAppend(&text, "done ", first, "-", last, "\n");
  }
  if (text.empty()) return absl::OkStatus();
  if (absl::Status status = Append(text); !status.ok()) return status;
  not_synced_.clear();
  return absl::OkStatus();
}

}  // namespace touchstone::cli
