#include "cli/audit/commit_audit.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

absl::string_view KeyAt(absl::string_view leaves, size_t i) {
  return leaves.substr(i * kIndexLeafBytes, kDigestBytes);
}

absl::string_view ValueAt(absl::string_view leaves, size_t i) {
  return leaves.substr(i * kIndexLeafBytes + kDigestBytes, kDigestBytes);
}

Digest DigestOf(absl::string_view bytes) {
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

// The value under `key` among leaves that ascend; empty if there is none.
absl::string_view FindValue(absl::string_view leaves, absl::string_view key) {
  size_t low = 0;
  size_t high = leaves.size() / kIndexLeafBytes;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (KeyAt(leaves, middle) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == leaves.size() / kIndexLeafBytes || KeyAt(leaves, low) != key) return {};
  return ValueAt(leaves, low);
}

absl::Status CheckAscending(absl::string_view leaves) {
  if (leaves.size() % kIndexLeafBytes != 0) {
    return Refuse(RefusalCode::kMalformed, absl::StrCat("its insertions are ", leaves.size(),
                                                        " bytes; a leaf has ", kIndexLeafBytes));
  }
  for (size_t i = 1; i < leaves.size() / kIndexLeafBytes; ++i) {
    if (KeyAt(leaves, i - 1) < KeyAt(leaves, i)) continue;
    return Refuse(RefusalCode::kBadIndexProof,
                  absl::StrCat("the key ", DigestToHex(DigestOf(KeyAt(leaves, i))),
                               " is inserted behind ", DigestToHex(DigestOf(KeyAt(leaves, i - 1))),
                               "; expected are keys that ascend"));
  }
  return absl::OkStatus();
}

}  // namespace

CommitAudit::CommitAudit(LogSource* source, absl::string_view origin, const Digest& genesis,
                         uint64_t size, const CheckedCommits& checked, PublicChains* chains,
                         IndexReplica* index)
    : origin_(origin),
      genesis_(genesis),
      chains_(chains),
      index_(index),
      entries_(
          "the public entries", checked.size(),
          [source, size](uint64_t first) -> absl::StatusOr<PageCursor<PublicEntry>::Page> {
            const absl::StatusOr<PublicEntries> page = source->EntriesFrom(first, size);
            if (!page.ok()) return page.status();
            PageCursor<PublicEntry>::Page decoded;
            for (const std::string& frame : page->entries) {
              absl::StatusOr<Entry> entry = DecodeEntry(frame);
              if (!entry.ok()) {
                return InContext(absl::StrCat("the public entries from position ", first,
                                              " on, number ", decoded.items.size()),
                                 entry.status());
              }
              const uint64_t position = entry->position;
              decoded.items.push_back({position, *std::move(entry), EntryDigest(frame), frame});
            }
            decoded.next_position = page->next_position;
            return decoded;
          }),
      insertions_(
          "the insertions into the index", checked.size(),
          [source, size](uint64_t first) -> absl::StatusOr<PageCursor<Insertions>::Page> {
            absl::StatusOr<InsertionsPage> page = source->InsertionsFrom(first, size);
            if (!page.ok()) return page.status();
            PageCursor<Insertions>::Page commits;
            for (CommitInsertions& commit : page->commits) {
              commits.items.push_back({commit.index_root_position, std::move(commit.leaves)});
            }
            commits.next_position = page->next_position;
            return commits;
          }),
      checked_(checked),
      position_(checked.size()),
      last_time_ms_(checked.time_ms),
      public_entries_(checked.public_entries) {}

absl::Status CommitAudit::Next(const Digest& digest) {
  if (at_end_of_commit()) chain_frames_.clear();
  const uint64_t position = position_++;
  if (position == 0 && digest != genesis_) {
    return Refuse(RefusalCode::kWrongGenesis,
                  absl::StrCat("entry 0 has the digest ", DigestToHex(digest),
                               ", the trust policy says ", DigestToHex(genesis_)));
  }
  const absl::StatusOr<const PublicEntry*> shown = entries_.At(position);
  if (!shown.ok()) return shown.status();
  const absl::StatusOr<const Insertions*> insertions = insertions_.At(position);
  if (!insertions.ok()) return insertions.status();
  const bool is_index_root = *shown != nullptr && (*shown)->entry.type == EntryType::kIndexRoot;
  if (*insertions != nullptr && !is_index_root) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("insertions are shown of a commit that ends at position ", position,
                               ", but no index root is shown there"));
  }
  const absl::Status open = chains_->CheckOpenAt(position, is_index_root);
  if (!open.ok()) return InContext(absl::StrCat("entry ", position), open);
  if (*shown == nullptr) {
    if (position > 0) return absl::OkStatus();
    return Refuse(RefusalCode::kBrokenChain, "the genesis is not among the public entries");
  }
  absl::Status status = CheckPlace(**shown, digest);
  if (!status.ok()) return InContext(absl::StrCat("public entry ", position), status);
  last_time_ms_ = (*shown)->entry.time_ms;
  ++public_entries_;
  if (!is_index_root) {
    return InContext(absl::StrCat("public entry ", position), NextStatement(**shown));
  }
  const std::string where = absl::StrCat("commit ", checked_.commits,
                                         ", which ends in the index root at position ", position);
  if (*insertions == nullptr) {
    return Refuse(RefusalCode::kBrokenChain, absl::StrCat(where, ": its insertions are not shown"));
  }
  return InContext(where, EndCommit((*shown)->entry, (*insertions)->leaves));
}

absl::Status CommitAudit::CheckPlace(const PublicEntry& shown, const Digest& digest) const {
  if (shown.digest != digest) {
    return Refuse(RefusalCode::kBadInclusionProof,
                  absl::StrCat("what is shown has the digest ", DigestToHex(shown.digest),
                               "; the log has ", DigestToHex(digest)));
  }
  if (shown.entry.time_ms < last_time_ms_) {
    return Refuse(
        RefusalCode::kBrokenChain,
        absl::StrCat("its time ", shown.entry.time_ms,
                     " ms is before that of a public entry before it, ", last_time_ms_, " ms"));
  }
  return absl::OkStatus();
}

absl::Status CommitAudit::NextStatement(const PublicEntry& shown) {
  const absl::StatusOr<SignedStatement> said = ReadStatement(shown.entry, origin_);
  if (!said.ok()) return said.status();
  const Subject& subject = said->statement.subject();
  if (subject.kind == IndexKind::kPassportEntry) {
    return Refuse(RefusalCode::kBrokenChain, "is of a passport, whose entries are not public");
  }
  const absl::Status allowed = chains_->Next(*said, shown.entry, shown.digest);
  if (!allowed.ok()) return allowed;
  chain_frames_.push_back(shown.frame);
  // Neither stewards nor participants claim anything.
  for (IndexInsertion& leaf :
       IndexInsertions(subject, shown.entry.number, shown.digest, shown.position, {}, {})) {
    called_for_.push_back(std::move(leaf));
  }
  return absl::OkStatus();
}

absl::Status CommitAudit::EndCommit(const Entry& entry, absl::string_view leaves) {
  const absl::StatusOr<IndexRootPayload> payload = DecodeIndexRootPayload(entry.payload);
  if (!payload.ok()) return payload.status();
  if (payload->previous_index_root != checked_.index_root_position) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("names ", payload->previous_index_root,
                               " as the position of the index root before it; expected is ",
                               checked_.index_root_position));
  }
  absl::Status status = CheckAscending(leaves);
  if (status.ok()) status = CheckCount(leaves.size() / kIndexLeafBytes);
  if (status.ok()) status = CheckCalledFor(leaves);
  if (status.ok()) status = InsertAll(leaves);
  if (!status.ok()) return status;
  if (index_ != nullptr && index_->Root() != payload->root) {
    return Refuse(
        RefusalCode::kBadIndexProof,
        absl::StrCat("the index root is ", DigestToHex(payload->root),
                     "; with what is inserted here expected is ", DigestToHex(index_->Root())));
  }
  checked_.index_root_position = entry.position;
  checked_.time_ms = entry.time_ms;
  checked_.index_root = payload->root;
  ++checked_.commits;
  checked_.public_entries = public_entries_;
  checked_.leaves += leaves.size() / kIndexLeafBytes;
  called_for_.clear();
  leaves_ = leaves;
  return absl::OkStatus();
}

// Every statement inserts a leaf of its own; those of passports may insert more.
absl::Status CommitAudit::CheckCount(size_t count) const {
  const uint64_t statements = position_ - 1 - checked_.size();
  const bool all_public = statements == called_for_.size();
  if (count >= statements && (count == statements || !all_public)) return absl::OkStatus();
  return Refuse(RefusalCode::kBadIndexProof,
                absl::StrCat("inserts ", count, " leaves; expected are ",
                             all_public ? "exactly " : "at least ", statements, ", for its ",
                             statements, " statements"));
}

absl::Status CommitAudit::CheckCalledFor(absl::string_view leaves) const {
  for (const IndexInsertion& leaf : called_for_) {
    const Digest key = leaf.Key();
    const Digest value = leaf.Value();
    const absl::string_view found = FindValue(leaves, DigestBytes(key));
    if (found == DigestBytes(value)) continue;
    return Refuse(RefusalCode::kBadIndexProof,
                  absl::StrCat("public entry ", leaf.position, " calls for the leaf ",
                               DigestToHex(key), " = ", DigestToHex(value), "; found is ",
                               found.empty() ? "none" : DigestToHex(DigestOf(found))));
  }
  return absl::OkStatus();
}

absl::Status CommitAudit::InsertAll(absl::string_view leaves) {
  if (index_ == nullptr) return absl::OkStatus();
  for (size_t i = 0; i < leaves.size() / kIndexLeafBytes; ++i) {
    const Digest key = DigestOf(KeyAt(leaves, i));
    const absl::Status status = index_->Insert(key, DigestOf(ValueAt(leaves, i)));
    if (absl::IsAlreadyExists(status)) {
      return Refuse(
          RefusalCode::kBadIndexProof,
          absl::StrCat("inserts the key ", DigestToHex(key),
                       ", which an earlier commit has inserted: leaves are never changed"));
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace touchstone::cli
