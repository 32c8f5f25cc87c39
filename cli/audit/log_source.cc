#include "cli/audit/log_source.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "cli/public_file.h"
#include "verifier/big_endian.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

constexpr size_t kTileBytesMax = limits::kTileHashes * 34;
constexpr size_t kFramesBytesMax = limits::kTileHashes * (2 + limits::kEntryFrameBytesMax);
// Of the commits that end in 256 positions, only the first can have begun before them. A registry's
// commit has at most 8.5 MB of leaves (registry/limits.h), and 256 statements 1 MB.
constexpr size_t kInsertionsFileBytesMax = size_t{32} << 20;

// The fields of a file, one after another.
class FieldReader {
 public:
  explicit FieldReader(absl::string_view rest) : rest_(rest) {}
  bool done() const { return rest_.empty(); }
  bool ok() const { return ok_; }

  template <typename T>
  T Number() {
    return LoadBigEndian<T>(Bytes(sizeof(T)));
  }

  // Where less is left, ok() becomes false, and what is given is zeros.
  absl::string_view Bytes(size_t count) {
    static constexpr char kZeros[sizeof(uint64_t)] = {};
    if (!ok_ || count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {kZeros, std::min(count, sizeof kZeros)};
    }
    const absl::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

absl::Status CutOff(const std::string& path) {
  return Refuse(RefusalCode::kMalformed,
                absl::StrCat(path, " ends within a record: it is not what the export wrote"));
}

class ExportSource : public LogSource {
 public:
  explicit ExportSource(const std::string& directory) : directory_(directory) {}

  absl::StatusOr<std::string> Checkpoint() override {
    return ReadPublicFile(absl::StrCat(directory_, "/checkpoint"), limits::kNoteBytesMax);
  }

  absl::StatusOr<std::string> Tile(const TileName& name) override {
    return ReadPublicFile(absl::StrCat(directory_, "/", FormatTilePath(name)), kTileBytesMax);
  }

  // (length u16 ‖ frame)*
  absl::StatusOr<PublicEntries> EntriesFrom(uint64_t first_position, uint64_t size) override {
    PublicEntries page;
    page.next_position = first_position;
    while (page.entries.empty() && page.next_position < size) {
      const TileName name = BundleAt(page.next_position, size);
      const std::string path = PathOf("public", name);
      const absl::StatusOr<std::string> file = ReadPublicFile(path, kFramesBytesMax);
      if (!file.ok()) return file.status();
      for (FieldReader fields(*file); !fields.done();) {
        const absl::string_view frame = fields.Bytes(fields.Number<uint16_t>());
        if (!fields.ok()) return CutOff(path);
        page.entries.emplace_back(frame);
      }
      page.next_position = name.index * limits::kTileHashes + name.width;
    }
    return page;
  }

  // (position u64 ‖ length u32 ‖ leaves)*
  absl::StatusOr<InsertionsPage> InsertionsFrom(uint64_t first_position, uint64_t size) override {
    InsertionsPage page;
    page.next_position = first_position;
    while (page.commits.empty() && page.next_position < size) {
      const TileName name = BundleAt(page.next_position, size);
      const std::string path = PathOf("insertions", name);
      const absl::StatusOr<std::string> file = ReadPublicFile(path, kInsertionsFileBytesMax);
      if (!file.ok()) return file.status();
      for (FieldReader fields(*file); !fields.done();) {
        const uint64_t position = fields.Number<uint64_t>();
        const absl::string_view leaves = fields.Bytes(fields.Number<uint32_t>());
        if (!fields.ok()) return CutOff(path);
        page.commits.push_back({position, std::string(leaves)});
      }
      page.next_position = name.index * limits::kTileHashes + name.width;
    }
    return page;
  }

  absl::StatusOr<std::vector<Digest>> ConsistencyPath(uint64_t, uint64_t) override {
    return absl::UnimplementedError("an export holds no consistency proofs");
  }

  bool HasFrames() const override {
    std::error_code error;
    return std::filesystem::exists(absl::StrCat(directory_, "/frames"), error) || error;
  }

  absl::StatusOr<std::string> Frames(const TileName& name) override {
    return ReadPublicFile(PathOf("frames", name), kFramesBytesMax);
  }

 private:
  // The bundle that holds `position`; the log's last one may be partial.
  static TileName BundleAt(uint64_t position, uint64_t size) {
    const uint64_t index = position / limits::kTileHashes;
    const uint64_t width =
        std::min<uint64_t>(limits::kTileHashes, size - index * limits::kTileHashes);
    return {std::nullopt, index, static_cast<uint32_t>(width)};
  }

  std::string PathOf(absl::string_view kind, const TileName& name) const {
    const std::string path = FormatTilePath({std::nullopt, name.index, name.width});
    return absl::StrCat(directory_, "/", kind, "/", absl::StripPrefix(path, "tile/entries/"));
  }

  const std::string directory_;
};

class RegistrySource : public LogSource {
 public:
  explicit RegistrySource(RegistryClient* client) : client_(client) {}

  absl::StatusOr<std::string> Checkpoint() override { return client_->GetCheckpoint(); }
  absl::StatusOr<std::string> CosignedCheckpoint() override {
    return client_->GetCheckpoint(CheckpointChoice::kCosigned);
  }

  absl::StatusOr<std::string> Tile(const TileName& name) override {
    const uint32_t width = name.width == limits::kTileHashes ? 0 : name.width;
    return name.level.has_value() ? client_->GetTile(*name.level, name.index, width)
                                  : client_->GetEntryBundle(name.index, width);
  }

  absl::StatusOr<PublicEntries> EntriesFrom(uint64_t first_position, uint64_t) override {
    return client_->GetPublicEntries(first_position, kPage);
  }

  absl::StatusOr<InsertionsPage> InsertionsFrom(uint64_t first_position, uint64_t) override {
    return client_->GetInsertions(first_position, kPage);
  }

  absl::StatusOr<std::vector<Digest>> ConsistencyPath(uint64_t first_size,
                                                      uint64_t second_size) override {
    const absl::StatusOr<std::vector<std::string>> hashes =
        client_->GetConsistencyPath(first_size, second_size);
    if (!hashes.ok()) return hashes.status();
    if (hashes->size() > limits::kConsistencyPathHashesMax) {
      return Refuse(RefusalCode::kTooLarge,
                    absl::StrCat("a consistency proof of ", hashes->size(), " hashes; at most ",
                                 limits::kConsistencyPathHashesMax));
    }
    std::vector<Digest> path;
    for (const std::string& hash : *hashes) {
      const absl::StatusOr<Digest> digest = DigestFromBytes(hash);
      if (!digest.ok()) return digest.status();
      path.push_back(*digest);
    }
    return path;
  }

  bool HasFrames() const override { return false; }

  absl::StatusOr<std::string> Frames(const TileName&) override {
    return absl::UnimplementedError("a registry does not give away the entries of passports");
  }

 private:
  static constexpr uint32_t kPage = 1000;  // the most that a registry gives

  RegistryClient* const client_;
};

}  // namespace

std::unique_ptr<LogSource> OpenExport(const std::string& directory) {
  return std::make_unique<ExportSource>(directory);
}

std::unique_ptr<LogSource> OpenRegistry(RegistryClient* client) {
  return std::make_unique<RegistrySource>(client);
}

}  // namespace touchstone::cli
