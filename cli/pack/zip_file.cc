#include "cli/pack/zip_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/pack/zip_layout.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr size_t kReadBytes = 65536;

struct FreeWriter {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeReader {
  void operator()(archive* a) const { archive_read_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using Writer = std::unique_ptr<archive, FreeWriter>;
using Reader = std::unique_ptr<archive, FreeReader>;
using EntryPtr = std::unique_ptr<archive_entry, FreeEntry>;

la_ssize_t Append(archive*, void* out, const void* bytes, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

absl::Status WriterError(archive* a) {
  const char* const said = archive_error_string(a);
  return absl::InternalError(
      absl::StrCat("the archive could not be made: ", said == nullptr ? "no reason given" : said));
}

absl::Status Malformed(absl::string_view what) {
  return Refuse(RefusalCode::kMalformed, absl::StrCat("the archive ", what));
}

absl::Status CheckName(absl::string_view name, absl::flat_hash_set<std::string>& seen) {
  if (!IsZipName(name)) {
    return Malformed(absl::StrCat("has a member of the name \"", name,
                                  "\"; names are letters, digits, '.', '-' and '_', without "
                                  "directories"));
  }
  if (!seen.insert(absl::AsciiStrToLower(name)).second) {
    return Malformed(absl::StrCat("has \"", name, "\" twice"));
  }
  return absl::OkStatus();
}

absl::Status WriteMember(archive* a, const ZipMember& member) {
  const EntryPtr entry(archive_entry_new());
  // No time: it would be written in the time zone of whoever writes it.
  archive_entry_set_pathname(entry.get(), member.name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.contents.size()));
  if (archive_write_header(a, entry.get()) != ARCHIVE_OK) return WriterError(a);
  const la_ssize_t written = archive_write_data(a, member.contents.data(), member.contents.size());
  if (written != static_cast<la_ssize_t>(member.contents.size())) return WriterError(a);
  return absl::OkStatus();
}

absl::Status TooLarge(absl::string_view what) {
  return Refuse(RefusalCode::kTooLarge, absl::StrCat("the archive ", what));
}

// The contents of the member that the reader is at.
absl::StatusOr<std::string> ReadContents(archive* a, const std::string& name, size_t bytes_max) {
  std::string contents;
  std::string piece(kReadBytes, '\0');
  while (true) {
    const la_ssize_t size = archive_read_data(a, piece.data(), piece.size());
    if (size == 0) return contents;
    if (size < 0) {
      const char* const said = archive_error_string(a);
      return Malformed(absl::StrCat("is damaged at \"", name, "\"",
                                    said == nullptr ? "" : absl::StrCat(" (", said, ")")));
    }
    // Whatever the headers said of its size.
    if (contents.size() + static_cast<size_t>(size) > bytes_max) {
      return TooLarge(absl::StrCat("has \"", name, "\" of more than ", bytes_max, " bytes"));
    }
    contents.append(piece.data(), static_cast<size_t>(size));
  }
}

absl::Status CheckHeader(archive_entry* entry, const std::string& name, size_t bytes_max) {
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
      archive_entry_symlink(entry) != nullptr) {
    return Malformed(absl::StrCat("has \"", name, "\", which is no ordinary file"));
  }
  if (archive_entry_is_encrypted(entry) != 0) {
    return Malformed(absl::StrCat("has \"", name, "\" encrypted"));
  }
  if (archive_entry_size_is_set(entry) != 0 &&
      static_cast<uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0)) > bytes_max) {
    return TooLarge(absl::StrCat("has \"", name, "\" of more than ", bytes_max, " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsZipName(absl::string_view name) {
  return !name.empty() && name.size() <= kZipNameBytesMax && name.front() != '.' &&
         name.front() != '-' && name.back() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' ||
                  c == '_';
         });
}

absl::StatusOr<std::string> WriteZip(const std::vector<ZipMember>& members) {
  absl::flat_hash_set<std::string> seen;
  for (const ZipMember& member : members) {
    const absl::Status named = CheckName(member.name, seen);
    if (!named.ok()) return absl::InvalidArgumentError(named.message());
  }
  std::string out;
  const Writer a(archive_write_new());
  if (a == nullptr || archive_write_set_format_zip(a.get()) != ARCHIVE_OK ||
      archive_write_set_format_option(a.get(), "zip", "compression", "store") != ARCHIVE_OK ||
      archive_write_set_bytes_per_block(a.get(), 0) != ARCHIVE_OK ||
      archive_write_open(a.get(), &out, nullptr, Append, nullptr) != ARCHIVE_OK) {
    return WriterError(a.get());
  }
  for (const ZipMember& member : members) {
    if (absl::Status written = WriteMember(a.get(), member); !written.ok()) return written;
  }
  if (archive_write_close(a.get()) != ARCHIVE_OK) return WriterError(a.get());
  return out;
}

absl::StatusOr<std::vector<ZipMember>> ReadZip(absl::string_view archive_bytes,
                                               const ZipLimits& limits) {
  const Reader a(archive_read_new());
  // By the directory at its end, as everybody else reads it.
  if (a == nullptr || archive_read_support_format_zip_seekable(a.get()) != ARCHIVE_OK ||
      archive_read_open_memory(a.get(), archive_bytes.data(), archive_bytes.size()) != ARCHIVE_OK) {
    return Malformed("is no ZIP");
  }
  std::vector<ZipMember> members;
  absl::flat_hash_set<std::string> seen;
  size_t left = limits.all_bytes_max;
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(a.get(), &entry)) == ARCHIVE_OK) {
    if (members.size() == limits.members_max) {
      return TooLarge(absl::StrCat("has more than ", limits.members_max, " members"));
    }
    const char* const path = archive_entry_pathname(entry);
    const std::string name = path == nullptr ? "" : path;
    if (absl::Status named = CheckName(name, seen); !named.ok()) return named;
    const size_t bytes_max = std::min(left, limits.member_bytes_max);
    if (absl::Status fit = CheckHeader(entry, name, bytes_max); !fit.ok()) return fit;
    absl::StatusOr<std::string> contents = ReadContents(a.get(), name, bytes_max);
    if (!contents.ok()) return contents.status();
    left -= contents->size();
    members.push_back({name, *std::move(contents)});
  }
  if (status != ARCHIVE_EOF || members.empty()) return Malformed("is no ZIP, or a damaged one");
  if (absl::Status layout = CheckZipLayout(archive_bytes); !layout.ok()) return layout;
  return members;
}

}  // namespace touchstone::cli
