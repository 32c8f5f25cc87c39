// Asking one witness for its cosignature on one checkpoint, until it has cosigned it or there is a
// reason why not: finding out what it has, proving that ours continues it, and whether it has seen
// what this log is not. Not for when to ask, and whom (asker.h).
#ifndef TOUCHSTONE_REGISTRY_WITNESS_EXCHANGE_H_
#define TOUCHSTONE_REGISTRY_WITNESS_EXCHANGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "registry/ledger/clock.h"
#include "registry/ledger/ledger.h"
#include "registry/witness/add_checkpoint.h"
#include "registry/witness/http_client.h"
#include "registry/witness/http_url.h"
#include "verifier/checkpoint.h"
#include "verifier/policy.h"

namespace touchstone::witness {

// Who asks whom. All outlive the call.
struct ExchangeParts {
  const ledger::Ledger& ledger;
  HttpClient& http;
  const ledger::Clock& clock;
  const PolicyWitness& witness;
  const HttpUrl& url;
};

struct Exchanged {
  // Nothing: it has cosigned a newer checkpoint of this log already, which somebody else showed it.
  std::optional<Cosigned> cosigned;
  // The size of the last checkpoint that it has cosigned.
  uint64_t witness_size = 0;
};

// Takes at most `time_max`, however often it asks. `checkpoint`, in `note`, is one that the ledger
// has published; `witness_size` what the witness is believed to have, 0 if nothing is known.
//   kFailedPrecondition: the witness says, and says again when asked once more, that it has
//   cosigned a larger log than the ledger has, or one that the ledger's does not continue: the
//   ledger must not go on. The message has the way out.   Others: as HttpClient::Post and
//   ReadAnswer.
absl::StatusOr<Exchanged> AskToCosign(const ExchangeParts& parts, const Checkpoint& checkpoint,
                                      const std::string& note, uint64_t witness_size,
                                      absl::Duration time_max);

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_EXCHANGE_H_
