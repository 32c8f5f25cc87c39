#include "cli/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

// An export in memory, made from the definition of tlog-tiles: level L's hash i is the root over
// the leaves 256^L·i to 256^L·(i+1).
class ExportOf : public LogSource {
 public:
  explicit ExportOf(const TestLog& log) {
    files["checkpoint"] = log.Checkpoint();
    std::vector<Digest> level;
    std::vector<std::string> frames;
    std::vector<std::string> digests;
    for (uint64_t i = 0; i < log.size(); ++i) {
      const Digest digest = EntryDigest(log.Frame(i));
      frames.push_back(log.Frame(i));
      digests.emplace_back(DigestBytes(digest));
      level.push_back(LeafHash(DigestBytes(digest)));
    }
    for (uint32_t l = 0; !level.empty(); ++l) {
      std::vector<Digest> above;
      for (size_t start = 0; start < level.size(); start += 256) {
        const size_t end = std::min(level.size(), start + 256);
        const TileName name = {l, start / 256, static_cast<uint32_t>(end - start)};
        MerkleFrontier tile;
        for (size_t i = start; i < end; ++i) {
          absl::StrAppend(&files[FormatTilePath(name)], DigestBytes(level[i]));
          tile.Append(level[i]);
        }
        if (end - start == 256) above.push_back(tile.Root());
        if (l > 0) continue;
        const auto bundle = [&](const std::vector<std::string>& entries) {
          const std::vector<absl::string_view> views(
              entries.begin() + static_cast<std::ptrdiff_t>(start),
              entries.begin() + static_cast<std::ptrdiff_t>(end));
          return ValueOrDie(EncodeEntryBundle(views));
        };
        const std::string path = FormatTilePath({std::nullopt, name.index, name.width});
        files[path] = bundle(digests);
        files["frames of " + path] = bundle(frames);
      }
      level = above;
    }
  }

  absl::StatusOr<std::string> Checkpoint() override { return Find("checkpoint"); }
  absl::StatusOr<std::string> Tile(const TileName& name) override {
    return Find(FormatTilePath(name));
  }
  absl::StatusOr<std::string> Frames(const TileName& name) override {
    return Find("frames of " + FormatTilePath({std::nullopt, name.index, name.width}));
  }

  std::map<std::string, std::string> files;

 private:
  absl::StatusOr<std::string> Find(const std::string& name) const {
    const auto found = files.find(name);
    if (found == files.end()) return absl::NotFoundError(name);
    return found->second;
  }
};

// More than one tile.
const TestLog& LongLog() {
  static const TestLog& log = []() -> const TestLog& {
    auto& made = *new TestLog;
    made.Enrol("maison", {v1::ISSUER}, {"maison"}, [](v1::ParticipantDetails& details) {
      details.add_gs1_company_prefixes("9521234");
    });
    made.Commit();
    for (int i = 1; made.size() < 290; ++i) {
      made.Register(i, "maison");
      if (i % 100 == 0) made.Commit();
    }
    made.Commit();
    return made;
  }();
  return log;
}

absl::StatusOr<AuditReport> Audit(LogSource& source) {
  const TrustPolicy policy = ValueOrDie(TrustPolicy::Parse(LongLog().PolicyText()));
  return AuditExport(policy, source, [](uint64_t, uint64_t) {});
}

TEST(AuditExport, AcceptsAnHonestLog) {
  ExportOf source(LongLog());
  const absl::StatusOr<AuditReport> report = Audit(source);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->checkpoint.checkpoint.size(), LongLog().size());
  EXPECT_EQ(report->replay->entries, LongLog().size());
}

TEST(AuditExport, RefusesAChangedByteInAnyFile) {
  const ExportOf honest(LongLog());
  for (const auto& [name, contents] : honest.files) {
    ExportOf source = honest;
    std::string& file = source.files[name];
    file[file.size() / 2] = static_cast<char>(file[file.size() / 2] ^ 4);
    EXPECT_FALSE(Audit(source).ok()) << name;
  }
}

TEST(AuditExport, RefusesAMissingFile) {
  const ExportOf honest(LongLog());
  for (const auto& [name, contents] : honest.files) {
    ExportOf source = honest;
    source.files.erase(name);
    EXPECT_FALSE(Audit(source).ok()) << name;
  }
}

TEST(AuditExport, RefusesACheckpointOfAnotherTree) {
  ExportOf source(LongLog());
  TestLog other;
  source.files["checkpoint"] = other.Checkpoint();  // the same key, fewer entries
  EXPECT_FALSE(Audit(source).ok());
}

}  // namespace
}  // namespace touchstone::cli
