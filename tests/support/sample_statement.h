// Keys, a piece and signed statements for tests: the same in every run. Not for logs of them
// (tests/support/test_log.h).
#ifndef TOUCHSTONE_TESTS_SUPPORT_SAMPLE_STATEMENT_H_
#define TOUCHSTONE_TESTS_SUPPORT_SAMPLE_STATEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/envelope.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {

// The secret key that a name stands for, the same in every run. Lives until the program ends.
const SecretKey& NamedKey(absl::string_view name);
// type ‖ public key.
std::string NamedKeyBytes(absl::string_view name);
Digest NamedKeyId(absl::string_view name);

// 16 bytes, different for each number.
std::string TestPassportId(int number);

// A ring with a certified diamond; its serial, inscription and report number differ by `number`.
v1::Piece SamplePiece(int number);

// A reference to `claim`, as statements carry it.
v1::ClaimReference ReferenceTo(const ClaimSubject& claim);

using KeyNames = std::vector<std::string>;

// `statement` in an envelope signed by those keys. Aborts if it cannot be made.
Envelope SignStatement(const v1::Statement& statement, const KeyNames& signers);
Envelope SignStatementBytes(absl::string_view statement, const KeyNames& signers);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_SUPPORT_SAMPLE_STATEMENT_H_
