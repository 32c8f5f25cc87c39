// What a passport's entries say about its documents: which there are, under which owner each came,
// who held the piece when, and what was erased. Made from the log alone; what is stored is not
// asked (rows.h).
#ifndef TOUCHSTONE_REGISTRY_VAULT_PAPERS_H_
#define TOUCHSTONE_REGISTRY_VAULT_PAPERS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/ledger/view.h"
#include "verifier/digest.h"
#include "verifier/document_part.h"
#include "verifier/event_rules.h"
#include "verifier/passport_id.h"
#include "verifier/passport_state.h"
#include "verifier/public_key.h"

namespace touchstone::vault {

// The time of one owner's key, numbered from 1; the store's time before the first sale is a part of
// the first owner's. A piece that comes back from consignment begins another time: whether the key
// that it came back to is the same person's, nobody proves. 0 stands for what goes with the piece
// from owner to owner.
using OwnersTime = uint32_t;
inline constexpr OwnersTime kWithPiece = 0;

struct Paper {
  DocumentPart part;
  uint32_t entry_number = 0;  // of the entry that commits to it
  // kWithPiece, or whose it is.
  OwnersTime owners_time = kWithPiece;
  std::vector<std::string> said_by;  // ids of the participants who signed it
  // When a data_erased named it, or all; 0: none did since it was committed to.
  uint64_t erased_at_ms = 0;
};

class Papers {
 public:
  // As of that view. Errors: kNoSuchSubject; those of the view.
  static absl::StatusOr<Papers> Of(const ledger::View& view, const PassportId& passport);

  const PassportId& passport() const { return passport_; }
  const std::vector<Paper>& all() const { return papers_; }  // in the order of the entries
  // nullptr if no entry commits to that document.
  const Paper* Find(const Digest& digest) const;
  // Up to where the passport is known here.
  uint32_t entries() const { return state_->head().count(); }

  OwnershipPhase phase() const { return state_->phase(); }
  const std::string& issuer_of_record() const { return state_->issuer_of_record(); }
  OwnersTime present_time() const { return present_time_; }
  // When that owner's time ended; nothing while it lasts.
  std::optional<uint64_t> EndOf(OwnersTime time) const;

  // Whether the key is (for the present time) or was an owner's in that time: not a claim key, nor
  // that of a dealer who has the piece on consignment.
  bool IsOwner(const PublicKey& key, OwnersTime time) const;
  // The present owner's key: none with the store, unclaimed, on consignment or retired.
  std::optional<PublicKey> PresentOwner() const;
  // Whether the key acts for the piece now, a dealer's or the claim key included.
  bool IsHolder(const PublicKey& key) const;

 private:
  struct Ownership {
    Digest key_id = {};
    std::optional<uint64_t> ended_at_ms;
  };
  // Whose word an erasure is.
  enum class ErasedBy { kIssuer, kOwner, kNobodyWhoMay };

  explicit Papers(const PassportId& passport) : passport_(passport) {}

  absl::Status Take(const ledger::View& view, const std::string& frame);
  void AddParts(const v1::Statement& statement, uint32_t number, OwnersTime time,
                const std::vector<std::string>& said_by);
  ErasedBy WhoErases(const std::vector<Digest>& signers,
                     const std::vector<std::string>& said_by) const;
  void Erase(const v1::DataErased& erased, ErasedBy by, uint64_t time_ms);
  // The paper that counts for that digest; not yet erased, it is the first.
  Paper* FindMutable(const Digest& digest);
  void NoteOwner(uint64_t time_ms);

  PassportId passport_;
  std::optional<PassportState> state_;
  OwnersTime present_time_ = 1;
  std::vector<Paper> papers_;
  std::map<Digest, size_t> by_digest_;  // into papers_
  std::map<OwnersTime, Ownership> owners_;
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_PAPERS_H_
