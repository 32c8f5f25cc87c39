// The life of a claim (docs/FORMAT.md, section 8): free -> claim -> held -> contest -> disputed ->
// resolve -> held -> release -> free; and from free, once it was released, -> contest -> disputed.
// Folded as one passport sees it, for whom every event is its own or another's: the same for the
// registry, which is about to append one more of its own, for an auditor, and for a verifier, who
// knows the others' events by their digests alone. Not for whether the events are in the index
// (verifier/claim_chain.h), nor for who may say them (verifier/authorization.h), nor for what only
// those can ask who know whose they are (verifier/known_claims.h).
#ifndef TOUCHSTONE_VERIFIER_CLAIM_FOLD_H_
#define TOUCHSTONE_VERIFIER_CLAIM_FOLD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/index_hash.h"
#include "verifier/statement.h"

namespace touchstone {

// What a claim is to the passport from which it is seen.
enum class ClaimStanding {
  kNone,      // this passport never made it
  kHeld,      // this piece alone bears it
  kDisputed,  // it has claimed or contested it, and so has another; nobody has said who is right
  kLost,      // it had claimed or contested it, and another was found to be right
  kReleased,  // it held it, and has let it go
};

// For programs: "none", "held", "disputed", "lost", "released".
absl::string_view ClaimStandingName(ClaimStanding standing);

class ClaimFold {
 public:
  explicit ClaimFold(ClaimSubject claim) : claim_(std::move(claim)) {}

  // One more event of the claim. `digest`: of the entry that says it. Errors, after which nothing
  // has changed. Of an own event: kClaimTaken (another piece has it, and it was not contested; the
  // message never says which piece), kWrongClaimStep. Of others': kWrongClaims, since a registry
  // that keeps the rules would not have logged it. Of both: kQuotaExceeded.
  absl::Status Append(IndexEvent event, bool is_own, const Digest& digest);

  const ClaimSubject& claim() const { return claim_; }
  // How many events there were, which is the number of the next.
  uint32_t count() const { return count_; }
  ClaimStanding standing() const;
  // The digest of the entry that released it, while it is free.
  const std::optional<Digest>& freed_by() const { return freed_by_; }

 private:
  enum class Phase { kFree, kHeld, kDisputed };
  enum class Part { kNone, kTakes, kLost, kReleased };

  absl::Status CheckRoom(IndexEvent event) const;
  absl::Status CheckOwn(IndexEvent event) const;
  absl::Status CheckOthers(IndexEvent event) const;
  absl::Status WrongStep(absl::string_view why) const;

  ClaimSubject claim_;
  uint32_t count_ = 0;
  Phase phase_ = Phase::kFree;
  bool is_own_ = false;  // while held: by this passport
  Part part_ = Part::kNone;
  bool has_contested_ = false;
  std::optional<Digest> freed_by_;
};

// The predecessor that the statement names with that digest; nullptr if there is none.
const Predecessor* FindPredecessor(const ParsedStatement& statement, const Digest& digest);

// OK if the statement names as its predecessors exactly the entries `freed_by`, which released the
// claims that it makes anew (in any order, some perhaps twice). kWrongPredecessors.
absl::Status CheckPredecessors(const ParsedStatement& statement, std::vector<Digest> freed_by);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_CLAIM_FOLD_H_
