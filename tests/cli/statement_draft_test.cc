#include "cli/statement_draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/describe_statement.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/envelope_signature.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;

constexpr uint64_t kNowMs = 1'795'300'000'000;

v1::Statement Registration() {
  const PassportId id = ValueOrDie(PassportId::FromBytes(TestPassportId(1)));
  v1::Statement statement = NewPassportStatement("passports.example/log", kNowMs, id);
  *statement.mutable_registration()->mutable_piece() = SamplePiece(1);
  return statement;
}

DerivationSecret SecretOf(uint8_t byte) {
  const std::vector<uint8_t> bytes(DerivationSecret::kBytes, byte);
  return ValueOrDie(DerivationSecret::FromBytes(bytes));
}

TEST(StatementDraftTest, RandomNoncesDiffer) {
  EXPECT_NE(Registration().nonce(), Registration().nonce());
  EXPECT_EQ(Registration().nonce().size(), kNonceBytes);
}

TEST(StatementDraftTest, DerivedNoncesFollowTheContent) {
  v1::Statement first = Registration();
  v1::Statement second = Registration();
  SetDerivedNonce(SecretOf(1), &first);
  SetDerivedNonce(SecretOf(1), &second);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  SetDerivedNonce(SecretOf(2), &second);
  EXPECT_NE(first.nonce(), second.nonce());
  second.mutable_registration()->mutable_piece()->set_title("Another ring");
  SetDerivedNonce(SecretOf(1), &second);
  EXPECT_NE(first.nonce(), second.nonce());
}

TEST(StatementDraftTest, RefusesBeforeSigningWhatARegistryWouldRefuse) {
  v1::Statement statement = Registration();
  EXPECT_THAT(FinishStatement(statement), IsOk());
  statement.mutable_registration()->mutable_piece()->clear_serial();
  const absl::Status status = FinishStatement(statement).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("serial"));
  EXPECT_EQ(RefusalCodeOf(status), std::nullopt);  // a mistake of the user's, and nobody's refusal
}

TEST(StatementDraftTest, SignsWithEveryKey) {
  const std::string payload = ValueOrDie(FinishStatement(Registration()));
  const SecretKey* const keys[] = {&NamedKey("a"), &NamedKey("b")};
  const Envelope envelope = ValueOrDie(SignEnvelope(PayloadType::kStatement, payload, keys));
  ASSERT_EQ(envelope.signatures().size(), 2u);
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    const SecretKey& key = signature.keyid == NamedKeyId("a") ? NamedKey("a") : NamedKey("b");
    EXPECT_THAT(
        VerifyEnvelopeSignature(envelope, signature, key.public_key(), "passports.example/log"),
        IsOk());
  }
}

TEST(DescribeStatementTest, LeavesNothingOut) {
  const std::string text =
      ValueOrDie(DescribeStatement(ValueOrDie(FinishStatement(Registration()))));
  EXPECT_THAT(text, HasSubstr("registration for passport "));
  EXPECT_THAT(text, HasSubstr("passports.example/log"));
  EXPECT_THAT(text, HasSubstr("\"total_mass_mg\": 4210"));
  EXPECT_THAT(text, HasSubstr("\"GIA 2141438001\""));
  EXPECT_FALSE(DescribeStatement("nonsense").ok());
}

}  // namespace
}  // namespace touchstone::cli
