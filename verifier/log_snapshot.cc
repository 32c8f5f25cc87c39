#include "verifier/log_snapshot.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "verifier/index_proof.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

absl::StatusOr<std::vector<Digest>> SplitPath(absl::string_view bytes, size_t hashes_max,
                                              RefusalCode code) {
  if (bytes.size() % kDigestBytes != 0 || bytes.size() > hashes_max * kDigestBytes) {
    return Refuse(code, absl::StrCat("the path has ", bytes.size(), " bytes; accepted are 0 to ",
                                     hashes_max, " hashes of 32"));
  }
  std::vector<Digest> path;
  path.reserve(bytes.size() / kDigestBytes);
  for (size_t i = 0; i < bytes.size(); i += kDigestBytes) {
    absl::StatusOr<Digest> node = DigestFromBytes(bytes.substr(i, kDigestBytes));
    if (!node.ok()) return node.status();
    path.push_back(*node);
  }
  return path;
}

}  // namespace

absl::StatusOr<LogSnapshot> LogSnapshot::Verify(const TrustPolicy& policy,
                                                absl::string_view checkpoint_note,
                                                const v1::ProvenEntry& index_root,
                                                absl::string_view retired_path) {
  absl::StatusOr<VerifiedCheckpoint> verified = VerifyCheckpointNote(policy, checkpoint_note);
  if (!verified.ok()) return InContext("checkpoint", verified.status());
  return WithIndexRoot(*std::move(verified), index_root, retired_path);
}

absl::StatusOr<LogSnapshot> LogSnapshot::VerifyProvisional(const TrustPolicy& policy,
                                                           absl::string_view checkpoint_note,
                                                           const v1::ProvenEntry& index_root) {
  absl::StatusOr<VerifiedCheckpoint> verified =
      VerifyProvisionalCheckpointNote(policy, checkpoint_note);
  if (!verified.ok()) return InContext("checkpoint", verified.status());
  return WithIndexRoot(*std::move(verified), index_root, /*retired_path=*/"");
}

absl::StatusOr<LogSnapshot> LogSnapshot::WithIndexRoot(VerifiedCheckpoint verified,
                                                       const v1::ProvenEntry& index_root,
                                                       absl::string_view retired_path) {
  const absl::StatusOr<std::vector<Digest>> up_to_retirement =
      SplitPath(retired_path, limits::kConsistencyPathHashesMax, RefusalCode::kBadConsistencyProof);
  if (!up_to_retirement.ok()) return InContext("retired_path", up_to_retirement.status());
  if (absl::Status status = CheckRetiredConsistency(verified, *up_to_retirement); !status.ok()) {
    return InContext("checkpoint", status);
  }
  LogSnapshot snapshot(std::move(verified));
  const absl::StatusOr<LoggedEntry> logged = snapshot.Read(index_root);
  if (!logged.ok()) return InContext("index_root", logged.status());
  const Entry& entry = logged->entry;
  if (entry.type != EntryType::kIndexRoot || entry.position != snapshot.size() - 1) {
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat("index_root: the last entry under a checkpoint of size ",
                               snapshot.size(), " must be an index root; this is an entry of type ",
                               static_cast<int>(entry.type), " at position ", entry.position));
  }
  const absl::StatusOr<IndexRootPayload> payload = DecodeIndexRootPayload(entry.payload);
  if (!payload.ok()) return InContext("index_root", payload.status());
  snapshot.index_root_ = payload->root;
  snapshot.time_ms_ = entry.time_ms;
  return snapshot;
}

absl::StatusOr<LoggedEntry> LogSnapshot::Read(const v1::ProvenEntry& proven) {
  absl::StatusOr<Entry> entry = DecodeEntry(proven.entry());
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<std::vector<Digest>> path =
      SplitPath(proven.path(), limits::kInclusionPathHashesMax, RefusalCode::kBadInclusionProof);
  if (!path.ok()) return path.status();
  const Digest digest = EntryDigest(proven.entry());
  const absl::Status included =
      VerifyInclusion(LeafHash(DigestBytes(digest)), entry->position, size(), *path,
                      verified_.checkpoint.root(), &log_nodes_);
  if (!included.ok()) return included;
  return LoggedEntry{*std::move(entry), digest};
}

absl::Status LogSnapshot::CheckPresent(const IndexInsertion& leaf, absl::string_view proof) {
  const absl::StatusOr<IndexProof> parsed = ParseIndexProof(proof);
  if (!parsed.ok()) return parsed.status();
  return VerifyIndexPresent(index_root_, leaf.Key(), leaf.Value(), *parsed, &index_nodes_);
}

absl::Status LogSnapshot::CheckAbsent(IndexKind kind, absl::string_view subject, uint32_t number,
                                      absl::string_view proof) {
  const absl::StatusOr<IndexProof> parsed = ParseIndexProof(proof);
  if (!parsed.ok()) return parsed.status();
  return VerifyIndexAbsent(index_root_, IndexKey(kind, subject, number), *parsed, &index_nodes_);
}

}  // namespace touchstone
