// How long documents are kept, by their kind: a table with the trade's usual periods, which the
// operator can change. Enforced by the vault (maintenance.h), whoever forgets to.
#ifndef TOUCHSTONE_REGISTRY_VAULT_RETENTION_H_
#define TOUCHSTONE_REGISTRY_VAULT_RETENTION_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "registry/vault/papers.h"
#include "touchstone/v1/statement.pb.h"

namespace touchstone::vault {

// In days; 0: without end.
struct KeptFor {
  uint32_t after_storing = 0;
  uint32_t after_owners_time = 0;  // of an owner's own papers, once the piece is another's
};

class RetentionRules {
 public:
  // The defaults (docs/PRIVACY.md).
  RetentionRules();

  // "receipt=3650" or "receipt=3650/365": days after it was stored, and after its owner's time.
  // Changes one kind. InvalidArgument says what is accepted.
  absl::Status Change(absl::string_view text);

  KeptFor Of(v1::Commitment::Kind kind) const;

  // Until when a paper is kept that was stored then; 0: as long as the piece. Public documents are
  // kept as long as the piece.
  uint64_t KeepUntilMs(const Paper& paper, uint64_t stored_at_ms,
                       std::optional<uint64_t> owners_time_ended_ms) const;

 private:
  std::array<KeptFor, v1::Commitment::Kind_MAX + 1> by_kind_ = {};
};

}  // namespace touchstone::vault

#endif  // TOUCHSTONE_REGISTRY_VAULT_RETENTION_H_
