// Frames, envelopes, and chains of entries with their proofs: docs/FORMAT.md, sections 3 to 7. Who
// may say what is in rules.h.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_CHAINS_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_CHAINS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/message.h"
#include "tests/vectors/second_reader/schema.h"
#include "tests/vectors/second_reader/trust.h"

namespace touchstone::second_reader {

struct Entry {
  uint64_t type = 0;
  uint64_t position = 0;
  uint64_t time_ms = 0;
  uint64_t number = 0;
  std::string previous;
  std::string payload;
  std::string digest;
};
absl::StatusOr<Entry> ReadFrame(const std::string& frame);

// A statement as it was signed.
struct Said {
  std::string pae;
  std::string statement_bytes;
  Message statement;
  std::string event;  // the name of its field
  struct Signature {
    std::string keyid;
    std::string sig;
    std::optional<Message> batch;
  };
  std::vector<Signature> signatures;
};
absl::StatusOr<Said> ReadEnvelope(const Schema& schema, const std::string& envelope);
std::string PaeOf(const std::string& payload_type, const std::string& payload);
std::string BatchNote(const std::string& origin, uint64_t count, const std::string& root);
// That `said`'s signature number `i` is by `key`.
absl::Status CheckSaid(const Said& said, size_t i, const std::string& key);

// Fields 64 to 79.
bool IsOwnershipEvent(const Said& said);
// The keys that the event names: new owners', pledgees', participants', stewards', card keys.
std::vector<std::string> NamedKeys(const Said& said);

// What a checkpoint and the index root under it vouch for.
struct Log {
  Checkpoint checkpoint;
  std::string index_root;
  uint64_t time_ms = 0;  // of the index root
};
absl::StatusOr<Log> OpenLog(const Policy& policy, const std::string& note,
                            const Message& index_root);
// The entry of a ProvenEntry.
absl::StatusOr<Entry> Prove(const Log& log, const Message& proven);

struct Link {
  Entry entry;
  Said said;
};
struct Chain {
  uint8_t kind = 0;
  std::string subject;
  std::vector<Link> links;
};
// The chain check of section 7; `kind` as in the index.
absl::StatusOr<Chain> ReadChain(const Schema& schema, const Log& log, uint8_t kind,
                                const Message& chain);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_CHAINS_H_
