// A log source over a TestLog, made from the definitions, whose every answer a test can change: the
// lying registry.
#ifndef TOUCHSTONE_TESTS_CLI_AUDIT_MEMORY_SOURCE_H_
#define TOUCHSTONE_TESTS_CLI_AUDIT_MEMORY_SOURCE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/audit/log_source.h"
#include "tests/support/test_log.h"

namespace touchstone::cli {

class MemorySource : public LogSource {
 public:
  // `log` must outlive it. With the frames of all entries it is an export, else a registry.
  explicit MemorySource(const TestLog& log, bool has_frames = false);

  absl::StatusOr<std::string> Checkpoint() override { return Find("checkpoint"); }
  absl::StatusOr<std::string> Tile(const TileName& name) override;
  absl::StatusOr<PublicEntries> EntriesFrom(uint64_t first_position, uint64_t size) override;
  absl::StatusOr<InsertionsPage> InsertionsFrom(uint64_t first_position, uint64_t size) override;
  absl::StatusOr<std::vector<Digest>> ConsistencyPath(uint64_t first_size,
                                                      uint64_t second_size) override;
  bool HasFrames() const override { return has_frames_; }
  absl::StatusOr<std::string> Frames(const TileName& name) override;

  // "checkpoint", the paths of tiles and bundles, "frames of " a bundle's.
  std::map<std::string, std::string> files;
  // What it shows, by position. Pages are cut out of them.
  std::map<uint64_t, std::string> public_entries;  // frames
  std::map<uint64_t, std::string> insertions;      // leaves
  // Changes a page before it is given.
  std::function<void(uint64_t first_position, PublicEntries&)> edit_entries;
  std::function<void(uint64_t first_position, InsertionsPage&)> edit_insertions;
  std::function<void(std::vector<Digest>&)> edit_consistency;
  size_t page_items = 3;
  // How often it was asked: bundles and tiles, pages of either kind.
  int tiles_asked = 0;
  int pages_asked = 0;

 private:
  absl::StatusOr<std::string> Find(const std::string& name) const;

  const TestLog& log_;
  const bool has_frames_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_TESTS_CLI_AUDIT_MEMORY_SOURCE_H_
