// A piece as it is now, and how its entries came to stand as they do: which were corrected, which
// reports superseded (docs/FORMAT.md, section 9). Of a chain whose entries were authorized.
#ifndef TOUCHSTONE_VERIFIER_SPECIFICATION_H_
#define TOUCHSTONE_VERIFIER_SPECIFICATION_H_

#include <cstdint>
#include <map>
#include <optional>

#include "touchstone/v1/piece.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/chain.h"
#include "verifier/digest.h"

namespace touchstone {

class Corrections {
 public:
  // The chain must live as long.
  explicit Corrections(const CheckedChain& chain);

  // The newest correction of the entry with that digest; nullptr if there is none.
  const ChainEntry* Of(const Digest& digest) const;

  // What the care record in `entry` says, as corrected; nullptr if it is none, or was withdrawn.
  const v1::CareRecord* CareRecordOf(const ChainEntry& entry) const;

 private:
  std::map<Digest, const ChainEntry*> newest_;
};

struct Specification {
  v1::Piece piece;
  // The entry that set it: the registration or the newest modification. And its correction, if the
  // piece is as that states it.
  uint32_t number = 0;
  std::optional<uint32_t> corrected_by;
};

Specification SpecificationOf(const CheckedChain& chain);

// For each entry, by number: the number of the later laboratory report that supersedes it.
std::map<uint32_t, uint32_t> SupersededReports(const CheckedChain& chain);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_SPECIFICATION_H_
