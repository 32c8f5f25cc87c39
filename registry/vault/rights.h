// Who may see, store and erase which document of a piece. Decided from what the log says and from
// the grant that was shown, and from nothing else; whether a grant was withdrawn is asked elsewhere
// (access_book.h).
//
//   an owner, present or former   the papers of their own time
//   whoever holds the piece       those that go with the piece; the claim key and a dealer on
//                                 consignment see no more than these
//   the issuer of record          all, while the piece is with the store
//   a grantee                     what the present owner sees and the grant covers
//   who signed the entry          may store what it commits to, as may the present owner
#ifndef TOUCHSTONE_REGISTRY_VAULT_RIGHTS_H_
#define TOUCHSTONE_REGISTRY_VAULT_RIGHTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "registry/vault/papers.h"
#include "verifier/grant.h"
#include "verifier/public_key.h"

namespace touchstone::vault {

// Who asks: a participant or a key, whose signature was checked; with a grant, perhaps.
struct Asker {
  std::optional<std::string> participant;
  std::optional<PublicKey> key;
  std::optional<SignedGrant> grant;
};

class Rights {
 public:
  // `papers` and `asker` must outlive it. Errors, where a grant is shown: kWrongGrantee;
  // kGrantWithdrawn (it is not the present owner's); kGrantExpired; those of CheckSignedBy.
  static absl::StatusOr<Rights> Of(const Papers& papers, const Asker& asker,
                                   absl::string_view log_origin, uint64_t now_ms);

  bool MayRead(const Paper& paper) const;
  bool MayStore(const Paper& paper) const;
  bool MayErase(const Paper& paper) const;
  // In whose time the accesses are that the asker may list; nothing: none.
  std::optional<OwnersTime> MayListAccesses() const;
  // Whether anything at all ties the asker to the piece.
  bool HasStanding() const;

 private:
  Rights(const Papers& papers, const Asker& asker) : papers_(&papers), asker_(&asker) {}

  bool IsIssuerWithPiece() const;
  bool IsOwnerIn(OwnersTime time) const;

  const Papers* papers_;
  const Asker* asker_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_RIGHTS_H_
