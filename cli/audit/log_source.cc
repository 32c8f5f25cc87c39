#include "cli/audit/log_source.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/public_file.h"
#include "verifier/limits.h"

namespace touchstone::cli {
namespace {

constexpr size_t kTileBytesMax = limits::kTileHashes * 34;
constexpr size_t kFramesBytesMax = limits::kTileHashes * (2 + limits::kEntryFrameBytesMax);

class ExportSource : public LogSource {
 public:
  explicit ExportSource(const std::string& directory) : directory_(directory) {}

  absl::StatusOr<std::string> Checkpoint() override {
    return ReadPublicFile(absl::StrCat(directory_, "/checkpoint"), limits::kNoteBytesMax);
  }

  absl::StatusOr<std::string> Tile(const TileName& name) override {
    return ReadPublicFile(absl::StrCat(directory_, "/", FormatTilePath(name)), kTileBytesMax);
  }

  absl::StatusOr<std::string> Frames(const TileName& name) override {
    const std::string path = FormatTilePath({std::nullopt, name.index, name.width});
    return ReadPublicFile(
        absl::StrCat(directory_, "/frames/", absl::StripPrefix(path, "tile/entries/")),
        kFramesBytesMax);
  }

 private:
  const std::string directory_;
};

class RegistrySource : public LogSource {
 public:
  explicit RegistrySource(RegistryClient* client) : client_(client) {}

  absl::StatusOr<std::string> Checkpoint() override { return client_->GetCheckpoint(); }

  absl::StatusOr<std::string> Tile(const TileName& name) override {
    const uint32_t width = name.width == limits::kTileHashes ? 0 : name.width;
    return name.level.has_value() ? client_->GetTile(*name.level, name.index, width)
                                  : client_->GetEntryBundle(name.index, width);
  }

  absl::StatusOr<std::string> Frames(const TileName&) override {
    return absl::UnimplementedError("a registry does not give away the entries of passports");
  }

 private:
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
