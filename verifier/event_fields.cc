#include "verifier/event_fields.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/limits.h"
#include "verifier/passport_id.h"

namespace touchstone {
namespace {

void CheckReferences(absl::string_view name, const Repeated<v1::ClaimReference>& references,
                     int count_min, FieldChecker& checker, std::vector<ClaimSubject>& out) {
  checker.Count(name, references.size(), limits::kClaimReferencesMax, count_min);
  for (int i = 0; i < references.size() && checker.ok(); ++i) {
    std::optional<ClaimSubject> claim;
    {
      FieldChecker::In in(checker, name, i);
      claim = CheckReference(references.Get(i), checker);
    }
    if (!claim) return;
    if (!out.empty() && !(out.back() < *claim)) {
      checker.Fail(name, i, "does not come after the claim before it",
                   "are claims in ascending order, each once");
    }
    out.push_back(*std::move(claim));
  }
}

}  // namespace

void CheckKey(absl::string_view name, const std::string& key, FieldChecker& checker,
              EventParts& parts) {
  if (const std::optional<PublicKey> valid = checker.Key(name, key)) {
    parts.named_keys.push_back(*valid);
  }
}

void CheckAscendingKeys(absl::string_view name, const Repeated<std::string>& keys, int count_max,
                        FieldChecker& checker, EventParts& parts) {
  checker.Count(name, keys.size(), count_max, 1);
  for (int i = 0; i < keys.size() && checker.ok(); ++i) {
    const std::optional<PublicKey> key = checker.Key(name, keys.Get(i), i);
    if (!key) return;
    if (!parts.named_keys.empty() && !(parts.named_keys.back() < *key)) {
      checker.Fail(name, i, "does not come after the key before it",
                   "are keys in ascending order, each once");
    }
    parts.named_keys.push_back(*key);
  }
}

std::optional<ClaimSubject> CheckReference(const v1::ClaimReference& reference,
                                           FieldChecker& checker) {
  checker.Number("kind", reference.kind(), static_cast<uint64_t>(IndexKind::kInscriptionClaim),
                 static_cast<uint64_t>(IndexKind::kGtinSerialClaim), Presence::kRequired);
  const std::string& subject = reference.subject();
  if (checker.ok() && (subject.empty() || subject.size() > limits::kClaimSubjectBytesMax)) {
    checker.Fail("subject", std::nullopt, absl::StrCat("has ", subject.size(), " bytes"),
                 absl::StrCat("are 1 to ", limits::kClaimSubjectBytesMax));
  }
  if (!checker.ok()) return std::nullopt;
  ClaimSubject claim{static_cast<IndexKind>(reference.kind()), subject};
  if (IsNormalClaim(claim)) return claim;
  checker.Fail("subject", std::nullopt, "is a claim that nobody can make",
               "are claims in normal form (docs/FORMAT.md, section 8)");
  return std::nullopt;
}

void CheckContests(const Repeated<v1::ClaimReference>& contests, FieldChecker& checker,
                   EventParts& parts) {
  CheckReferences("contests", contests, 0, checker, parts.contests);
  for (int i = 0; i < contests.size() && checker.ok(); ++i) {
    const ClaimSubject& claim = parts.contests[static_cast<size_t>(i)];
    if (std::find(parts.claims.begin(), parts.claims.end(), claim) == parts.claims.end()) {
      checker.Fail("contests", i, absl::StrCat("is ", DescribeClaim(claim)),
                   "are claims that this statement makes");
    }
  }
}

void CheckPredecessors(const Repeated<v1::Predecessor>& predecessors, FieldChecker& checker,
                       EventParts& parts) {
  checker.Count("predecessors", predecessors.size(), limits::kClaimReferencesMax);
  for (int i = 0; i < predecessors.size() && checker.ok(); ++i) {
    const v1::Predecessor& predecessor = predecessors.Get(i);
    {
      FieldChecker::In in(checker, "predecessors", i);
      checker.Bytes("passport_id", predecessor.passport_id(), PassportId::kBytes,
                    Presence::kRequired);
      checker.Bytes("digest", predecessor.digest(), kDigestBytes, Presence::kRequired);
    }
    if (!checker.ok()) return;
    const absl::StatusOr<Digest> digest = DigestFromBytes(predecessor.digest());
    if (!digest.ok()) return checker.Fail("predecessors", i, digest.status());
    if (!parts.predecessors.empty() && !(parts.predecessors.back().digest < *digest)) {
      checker.Fail("predecessors", i, "does not come after the digest before it",
                   "are entries ascending by digest, each once");
    }
    parts.predecessors.push_back({predecessor.passport_id(), *digest});
  }
}

void CheckReleases(const Repeated<v1::ClaimReference>& releases, int count_min,
                   FieldChecker& checker, EventParts& parts) {
  CheckReferences("releases", releases, count_min, checker, parts.releases);
  for (int i = 0; i < releases.size() && checker.ok(); ++i) {
    if (parts.releases[static_cast<size_t>(i)].kind != IndexKind::kGtinSerialClaim) continue;
    checker.Fail("releases", i, "is a GTIN with serial, which is never released",
                 "are inscriptions and report numbers");
  }
}

void CheckCommitments(const Repeated<v1::Commitment>& commitments, FieldChecker& checker) {
  checker.Count("commitments", commitments.size(), limits::kCommitmentsMax);
  for (int i = 0; i < commitments.size() && checker.ok(); ++i) {
    FieldChecker::In in(checker, "commitments", i);
    checker.Required("kind", commitments.Get(i).kind() != v1::Commitment::KIND_UNSPECIFIED);
    checker.Bytes("sha256", commitments.Get(i).sha256(), kDigestBytes, Presence::kRequired);
  }
}

}  // namespace touchstone
