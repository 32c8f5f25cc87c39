#include "registry/export_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "registry/limits.h"
#include "verifier/big_endian.h"
#include "verifier/entry.h"
#include "verifier/limits.h"
#include "verifier/tlog_tiles.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kTileWidth = limits::kTileHashes;

absl::Status WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return absl::ErrnoToStatus(errno, "write");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// Puts `bytes` at `path` in one step: a name that is there always names the whole.
absl::Status WriteFile(const fs::path& path, absl::string_view bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot make the directory of ", path.string()));
  }
  const std::string unfinished = path.string() + ".unfinished";
  const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", unfinished));
  absl::Status status = WriteAll(fd, bytes);
  if (status.ok() && fdatasync(fd) != 0) status = absl::ErrnoToStatus(errno, "fdatasync");
  close(fd);
  if (status.ok() && std::rename(unfinished.c_str(), path.c_str()) != 0) {
    status = absl::ErrnoToStatus(errno, "rename");
  }
  if (status.ok()) return status;
  std::remove(unfinished.c_str());
  return absl::Status(status.code(),
                      absl::StrCat("cannot write ", path.string(), ": ", status.message()));
}

bool IsWhole(const TileName& name, const fs::path& path) {
  return name.width == kTileWidth && fs::exists(path);
}

// How many tiles of `level` a log of `size` entries has, full and partial.
struct TileCount {
  uint64_t full;
  uint32_t partial_width;  // 0: there is no partial one
};
TileCount TilesOf(uint64_t size, uint32_t level) {
  // 256^level leaves to a hash; beyond level 7 no log has any.
  const uint64_t hashes = level < 8 ? size >> (8 * level) : 0;
  return {hashes / kTileWidth, static_cast<uint32_t>(hashes % kTileWidth)};
}

// Calls `write` for the name of each tile of that level.
template <typename Write>
absl::Status ForEachTile(uint64_t size, std::optional<uint32_t> level, Write write) {
  const TileCount count = TilesOf(size, level.value_or(0));
  for (uint64_t i = 0; i < count.full; ++i) {
    if (absl::Status s = write(TileName{level, i, kTileWidth}); !s.ok()) return s;
  }
  if (count.partial_width == 0) return absl::OkStatus();
  return write(TileName{level, count.full, count.partial_width});
}

uint32_t RequestedWidth(const TileName& name) { return name.width == kTileWidth ? 0 : name.width; }

absl::Status ExportTiles(const ledger::View& view, const fs::path& directory) {
  for (uint32_t level = 0; view.size() >> (8 * level) > 0; ++level) {
    const absl::Status status = ForEachTile(view.size(), level, [&](const TileName& name) {
      const fs::path path = directory / FormatTilePath(name);
      if (IsWhole(name, path)) return absl::OkStatus();
      const absl::StatusOr<std::string> tile = view.Tile(level, name.index, RequestedWidth(name));
      return tile.ok() ? WriteFile(path, *tile) : tile.status();
    });
    if (!status.ok()) return status;
  }
  return ForEachTile(view.size(), std::nullopt, [&](const TileName& name) {
    const fs::path path = directory / FormatTilePath(name);
    if (IsWhole(name, path)) return absl::OkStatus();
    const absl::StatusOr<std::string> bundle = view.EntryBundle(name.index, RequestedWidth(name));
    return bundle.ok() ? WriteFile(path, *bundle) : bundle.status();
  });
}

// Named as the entry bundle of the same positions, in a directory of its own.
fs::path PathBeside(const fs::path& directory, absl::string_view kind, const TileName& name) {
  return directory / std::string(kind) /
         std::string(absl::StripPrefix(FormatTilePath(name), "tile/entries/"));
}

fs::path FramesPath(const fs::path& directory, const TileName& name) {
  return PathBeside(directory, "frames", name);
}

absl::Status WriteFrames(const fs::path& directory, uint64_t index,
                         const std::vector<std::string>& frames) {
  const std::vector<absl::string_view> views(frames.begin(), frames.end());
  const absl::StatusOr<std::string> bundle = EncodeEntryBundle(views);
  if (!bundle.ok()) return bundle.status();
  const TileName name{std::nullopt, index, static_cast<uint32_t>(frames.size())};
  return WriteFile(FramesPath(directory, name), *bundle);
}

absl::Status ExportFrames(const ledger::View& view, const fs::path& directory) {
  uint64_t index = 0;  // of the first bundle that is not there whole
  while ((index + 1) * kTileWidth <= view.size() &&
         fs::exists(FramesPath(directory, TileName{std::nullopt, index, kTileWidth}))) {
    ++index;
  }
  std::vector<std::string> frames;
  const absl::Status status =
      view.ForEachEntry(index * kTileWidth, [&](uint64_t, absl::string_view frame) -> absl::Status {
        frames.emplace_back(frame);
        if (frames.size() < kTileWidth) return absl::OkStatus();
        absl::Status written = WriteFrames(directory, index, frames);
        frames.clear();
        ++index;
        return written;
      });
  if (!status.ok() || frames.empty()) return status;
  return WriteFrames(directory, index, frames);
}

// Files that each hold what belongs to 256 positions of the log, <kind>/<N>[.p/<W>]; records
// come in ascending order of their positions.
class PositionFiles {
 public:
  PositionFiles(const ledger::View& view, fs::path directory, absl::string_view kind)
      : size_(view.size()), directory_(std::move(directory)), kind_(kind) {
    while (IsWhole(Name(), Path())) ++index_;
  }

  // From where on records are wanted: what is before lies in whole files.
  uint64_t first_position() const { return index_ * kTileWidth; }

  absl::Status Append(uint64_t position, absl::string_view record) {
    while (position >= (index_ + 1) * kTileWidth) {
      if (absl::Status s = WriteNext(); !s.ok()) return s;
    }
    absl::StrAppend(&records_, record);
    return absl::OkStatus();
  }

  absl::Status Finish() {
    while (first_position() < size_) {
      if (absl::Status s = WriteNext(); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

 private:
  TileName Name() const {
    const uint64_t rest = first_position() < size_ ? size_ - first_position() : 0;
    return {std::nullopt, index_, static_cast<uint32_t>(std::min<uint64_t>(rest, kTileWidth))};
  }
  fs::path Path() const { return PathBeside(directory_, kind_, Name()); }

  absl::Status WriteNext() {
    const absl::Status status = WriteFile(Path(), records_);
    records_.clear();
    ++index_;
    return status;
  }

  const uint64_t size_;
  const fs::path directory_;
  const std::string kind_;
  uint64_t index_ = 0;  // of the file that is being filled
  std::string records_;
};

absl::Status ExportPublicEntries(const ledger::View& view, const fs::path& directory) {
  PositionFiles files(view, directory, "public");
  for (uint64_t next = files.first_position(); next < view.size();) {
    const absl::StatusOr<ledger::PublicEntriesPage> page =
        view.PublicEntries(next, limits::kPublicEntriesPageMax);
    if (!page.ok()) return page.status();
    for (const std::string& frame : page->frames) {
      const absl::StatusOr<Entry> entry = DecodeEntry(frame);
      if (!entry.ok()) return entry.status();
      std::string record;
      AppendBigEndian<uint16_t>(record, static_cast<uint16_t>(frame.size()));
      absl::StrAppend(&record, frame);
      if (absl::Status s = files.Append(entry->position, record); !s.ok()) return s;
    }
    next = page->next_position;
  }
  return files.Finish();
}

absl::Status ExportInsertions(const ledger::View& view, const fs::path& directory) {
  PositionFiles files(view, directory, "insertions");
  for (uint64_t next = files.first_position(); next < view.size();) {
    const absl::StatusOr<ledger::InsertionsPage> page =
        view.Insertions(next, limits::kInsertionsPageMax);
    if (!page.ok()) return page.status();
    for (const ledger::InsertionsPage::Commit& commit : page->commits) {
      std::string record;
      AppendBigEndian<uint64_t>(record, commit.index_root_position);
      AppendBigEndian<uint32_t>(record, static_cast<uint32_t>(commit.leaves.size()));
      absl::StrAppend(&record, commit.leaves);
      if (absl::Status s = files.Append(commit.index_root_position, record); !s.ok()) return s;
    }
    next = page->next_position;
  }
  return files.Finish();
}

}  // namespace

absl::Status ExportLog(const ledger::View& view, const std::string& directory) {
  absl::Status status = ExportTiles(view, directory);
  if (status.ok()) status = ExportFrames(view, directory);
  if (status.ok()) status = ExportPublicEntries(view, directory);
  if (status.ok()) status = ExportInsertions(view, directory);
  if (status.ok()) status = WriteFile(fs::path(directory) / "checkpoint", view.checkpoint_note());
  return status;
}

}  // namespace touchstone
