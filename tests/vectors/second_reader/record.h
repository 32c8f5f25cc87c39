// The second reader: passport files, cards files, absence files and receipts, judged by
// docs/FORMAT.md and proto/touchstone/v1/*.proto alone. It shares no code with verifier/ (the build
// holds it to that), so where the two agree it is the document that they agree about.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RECORD_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/vectors/second_reader/chains.h"
#include "tests/vectors/second_reader/claims.h"
#include "tests/vectors/second_reader/names.h"
#include "tests/vectors/second_reader/piece.h"
#include "tests/vectors/second_reader/rules.h"
#include "tests/vectors/second_reader/schema.h"
#include "tests/vectors/second_reader/trust.h"

namespace touchstone::second_reader {

// What the documents say, as far as a program can read it.
struct Documents {
  // From the root of the repository. Ends the program where a file is missing.
  explicit Documents(const std::string& root);
  Schema schema;
  Aliases aliases;
};

struct Record {
  Log log;
  uint64_t as_of_ms = 0;  // up to when it is complete
  bool is_final = false;
  Piece piece;
  Standings standings;
};
absl::StatusOr<Record> ReadPassport(const Documents& documents, const Policy& policy,
                                    const std::string& file);

// That no piece bears something.
struct Absence {
  Claim sought;  // kind 1: a passport id
  size_t past_events = 0;
};
absl::StatusOr<Absence> ReadAbsence(const Documents& documents, const Policy& policy,
                                    const std::string& file);

absl::StatusOr<Stewards> ReadCards(const Documents& documents, const Policy& policy,
                                   const std::string& file);
// A token, without the link around it.
absl::Status CheckCard(const Stewards& stewards, const CardToken& token);

// That `receipt` is for `sent`, an envelope. A missing quorum is no refusal, so `policy` is to be
// one that asks for none.
absl::StatusOr<Entry> ReadReceipt(const Documents& documents, const Policy& policy,
                                  const std::string& receipt, const std::string& sent);

// The contents of a file; ends the program if there is none.
std::string ReadFile(const std::string& path);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_RECORD_H_
