// Trust policies and checkpoints: docs/FORMAT.md, sections 5 and 13, with the C2SP documents that
// these name. It does not know the keyword `retired` and says so.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_TRUST_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_TRUST_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace touchstone::second_reader {

// A C2SP signed-note verifier key.
struct NoteKey {
  std::string name;
  std::string hash;  // 4 bytes
  uint8_t type = 0;
  std::string key;  // 01 ‖ 32 bytes, as in section 1
};
absl::StatusOr<NoteKey> ReadVkey(const std::string& vkey);

struct Policy {
  NoteKey log;
  std::string genesis;  // empty if it names none
  std::optional<uint64_t> max_age_seconds;
  // Witnesses and groups by name. A witness has a key; a group has members.
  struct Node {
    std::optional<NoteKey> witness;
    size_t threshold = 0;
    std::vector<std::string> members;
  };
  std::map<std::string, Node> nodes;
  std::string quorum;  // a name of these, or "none"
};
absl::StatusOr<Policy> ReadPolicy(const std::string& text);

struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  std::string root;
  // When the quorum had cosigned; nothing where the policy asks for none.
  std::optional<uint64_t> quorum_seconds;
  size_t cosigned = 0;  // by how many of the policy's witnesses
};
absl::StatusOr<Checkpoint> ReadCheckpoint(const Policy& policy, const std::string& note);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_TRUST_H_
