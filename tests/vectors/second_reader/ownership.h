// Proofs of ownership: docs/FORMAT.md, section 14.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_OWNERSHIP_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_OWNERSHIP_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/message.h"
#include "tests/vectors/second_reader/schema.h"

namespace touchstone::second_reader {

struct Question {
  std::string bytes;
  Message message;
};
absl::StatusOr<Question> ReadQuestion(const Schema& schema, const std::string& text);

// That `answer` is the answer of the holder of `key` to that question, at that time. Whose key
// holds the piece, its passport says.
absl::Status CheckAnswer(const Schema& schema, const Question& question, const std::string& answer,
                         const std::string& key, uint64_t now_ms);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_OWNERSHIP_H_
