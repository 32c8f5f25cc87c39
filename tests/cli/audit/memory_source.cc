#include "tests/cli/audit/memory_source.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "tests/support/or_die.h"
#include "tests/verifier/reference_tree.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

bool IsPublic(const std::string& frame) {
  const Entry entry = OrDie(DecodeEntry(frame));
  if (entry.type == EntryType::kIndexRoot) return true;
  const Envelope envelope = OrDie(Envelope::Parse(PayloadType::kStatement, entry.payload));
  const ParsedStatement statement = OrDie(ParsedStatement::Parse(envelope.payload()));
  return statement.subject().kind != IndexKind::kPassportEntry;
}

std::vector<Digest> LeafHashesOf(const TestLog& log, uint64_t size) {
  std::vector<Digest> leaves;
  for (uint64_t i = 0; i < size; ++i) {
    const Digest digest = EntryDigest(log.Frame(i));
    leaves.push_back(LeafHash(DigestBytes(digest)));
  }
  return leaves;
}

}  // namespace

// Level L's hash i is the root over the leaves 256^L·i to 256^L·(i+1).
MemorySource::MemorySource(const TestLog& log, bool has_frames)
    : log_(log), has_frames_(has_frames) {
  files["checkpoint"] = log.Checkpoint();
  std::vector<std::string> frames;
  std::vector<std::string> digests;
  for (uint64_t i = 0; i < log.size(); ++i) {
    const Digest digest = EntryDigest(log.Frame(i));
    frames.push_back(log.Frame(i));
    digests.emplace_back(DigestBytes(digest));
    if (!IsPublic(frames.back())) continue;
    public_entries[i] = frames.back();
    if (OrDie(DecodeEntry(frames.back())).type == EntryType::kIndexRoot) {
      insertions[i] = log.InsertionsOf(i);
    }
  }
  std::vector<Digest> level = LeafHashesOf(log, log.size());
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
        return OrDie(EncodeEntryBundle(views));
      };
      const std::string path = FormatTilePath({std::nullopt, name.index, name.width});
      files[path] = bundle(digests);
      if (has_frames) files["frames of " + path] = bundle(frames);
    }
    level = above;
  }
}

absl::StatusOr<std::string> MemorySource::Find(const std::string& name) const {
  const auto found = files.find(name);
  if (found == files.end()) return absl::NotFoundError(name);
  return found->second;
}

absl::StatusOr<std::string> MemorySource::Tile(const TileName& name) {
  ++tiles_asked;
  // A partial tile of an earlier size is the beginning of the one that there is.
  const uint64_t per_hash = name.level.value_or(0) == 0 ? 1 : 256;
  const uint64_t there = std::min<uint64_t>(
      256, log_.size() / per_hash - std::min(log_.size() / per_hash, name.index * 256));
  absl::StatusOr<std::string> whole =
      Find(FormatTilePath({name.level, name.index, static_cast<uint32_t>(there)}));
  if (!whole.ok() || there == name.width) return whole;
  return whole->substr(0, whole->size() / there * name.width);
}

absl::StatusOr<PublicEntries> MemorySource::EntriesFrom(uint64_t first_position, uint64_t) {
  ++pages_asked;
  PublicEntries page;
  page.next_position = log_.size();
  for (auto it = public_entries.lower_bound(first_position); it != public_entries.end(); ++it) {
    if (page.entries.size() == page_items) {
      page.next_position = it->first;
      break;
    }
    page.entries.push_back(it->second);
  }
  if (edit_entries) edit_entries(first_position, page);
  return page;
}

absl::StatusOr<InsertionsPage> MemorySource::InsertionsFrom(uint64_t first_position, uint64_t) {
  ++pages_asked;
  InsertionsPage page;
  page.next_position = log_.size();
  for (auto it = insertions.lower_bound(first_position); it != insertions.end(); ++it) {
    if (page.commits.size() == page_items) {
      page.next_position = it->first;
      break;
    }
    page.commits.push_back({it->first, it->second});
  }
  if (edit_insertions) edit_insertions(first_position, page);
  return page;
}

absl::StatusOr<std::vector<Digest>> MemorySource::ConsistencyPath(uint64_t first_size,
                                                                  uint64_t second_size) {
  std::vector<Digest> path = ReferenceConsistencyProof(first_size, LeafHashesOf(log_, second_size));
  if (edit_consistency) edit_consistency(path);
  return path;
}

absl::StatusOr<std::string> MemorySource::Frames(const TileName& name) {
  return Find("frames of " + FormatTilePath({std::nullopt, name.index, name.width}));
}

}  // namespace touchstone::cli
