#include "verifier/grant.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/support/sample_statement.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

constexpr uint64_t kNow = 1'795'300'000'000;
constexpr uint64_t kDay = 86'400'000;

v1::Grant Sample() {
  v1::Grant grant;
  grant.set_log_origin("passports.example/log");
  grant.set_passport_id(TestPassportId(1));
  grant.set_nonce("0123456789abcdef");
  grant.set_issued_at_ms(kNow);
  grant.set_expires_at_ms(kNow + kDay);
  grant.set_participant_id("insurer");
  return grant;
}

std::string Signed(const v1::Grant& grant, const KeyNames& signers = {"ann"},
                   PayloadType type = PayloadType::kGrant) {
  const std::string payload = grant.SerializeAsString();
  std::vector<EnvelopeSignature> signatures;
  for (const std::string& name : signers) {
    signatures.push_back({NamedKeyId(name), NamedKey(name).Sign(Pae(type, payload)), std::nullopt});
  }
  return ValueOrDie(Envelope::Create(type, payload, std::move(signatures))).bytes();
}

absl::StatusOr<SignedGrant> Changed(const std::function<void(v1::Grant&)>& change) {
  v1::Grant grant = Sample();
  change(grant);
  return SignedGrant::Parse(Signed(grant));
}

TEST(Grant, IsReadAndWritten) {
  const SignedGrant grant = ValueOrDie(SignedGrant::Parse(Signed(Sample())));
  EXPECT_EQ(grant.passport().bytes(), TestPassportId(1));
  EXPECT_EQ(grant.signer(), NamedKeyId("ann"));
  EXPECT_THAT(grant.CheckSignedBy(NamedKey("ann").public_key(), "passports.example/log"), IsOk());
  const SignedGrant again =
      ValueOrDie(SignedGrant::ParseText(absl::StrCat(" \n", grant.Format(), "\n")));
  EXPECT_EQ(again.envelope().bytes(), grant.envelope().bytes());
  EXPECT_THAT(SignedGrant::ParseText(absl::AsciiStrToLower(grant.Format())),
              IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(SignedGrant::ParseText("TOUCHSTONE-GRANT:"), testing::Not(IsOk()));
}

TEST(Grant, IsOfOneLogAndOneKey) {
  const SignedGrant grant = ValueOrDie(SignedGrant::Parse(Signed(Sample())));
  EXPECT_THAT(grant.CheckSignedBy(NamedKey("ann").public_key(), "other.example/log"),
              IsRefused(RefusalCode::kWrongOrigin));
  EXPECT_THAT(grant.CheckSignedBy(NamedKey("bob").public_key(), "passports.example/log"),
              IsRefused(RefusalCode::kBadSignature));
}

TEST(Grant, IsNothingElse) {
  EXPECT_THAT(SignedGrant::Parse(Signed(Sample(), {"ann"}, PayloadType::kVaultRequest)),
              IsRefused(RefusalCode::kWrongPayloadType));
  EXPECT_THAT(SignedGrant::Parse(Signed(Sample(), {"ann", "bob"})),
              IsRefused(RefusalCode::kSurplusSignature));
  EXPECT_THAT(SignedGrant::Parse("garbage"), testing::Not(IsOk()));
  v1::Grant grant = Sample();
  std::string payload = grant.SerializeAsString();
  payload += std::string("\x78\x01", 2);  // a field that nobody knows
  const EnvelopeSignature signature{
      NamedKeyId("ann"), NamedKey("ann").Sign(Pae(PayloadType::kGrant, payload)), std::nullopt};
  const Envelope envelope = ValueOrDie(Envelope::Create(PayloadType::kGrant, payload, {signature}));
  EXPECT_THAT(SignedGrant::Parse(envelope.bytes()), IsRefused(RefusalCode::kUnknownField));
}

TEST(Grant, CountsForItsTime) {
  const SignedGrant grant = ValueOrDie(SignedGrant::Parse(Signed(Sample())));
  EXPECT_THAT(grant.CheckTime(kNow), IsOk());
  EXPECT_THAT(grant.CheckTime(kNow + kDay - 1), IsOk());
  EXPECT_THAT(grant.CheckTime(kNow + kDay), IsRefused(RefusalCode::kGrantExpired));
  EXPECT_THAT(grant.CheckTime(kNow - limits::kGrantClockSkewMsMax), IsOk());
  EXPECT_THAT(grant.CheckTime(kNow - limits::kGrantClockSkewMsMax - 1),
              IsRefused(RefusalCode::kGrantExpired));
}

TEST(Grant, IsForItsGranteeOnly) {
  const SignedGrant to_insurer = ValueOrDie(SignedGrant::Parse(Signed(Sample())));
  EXPECT_TRUE(to_insurer.IsFor("insurer", std::nullopt));
  EXPECT_FALSE(to_insurer.IsFor("rival", std::nullopt));
  EXPECT_FALSE(to_insurer.IsFor(std::nullopt, NamedKey("carol").public_key()));
  const SignedGrant to_carol =
      ValueOrDie(Changed([](v1::Grant& grant) { grant.set_key(NamedKeyBytes("carol")); }));
  EXPECT_TRUE(to_carol.IsFor(std::nullopt, NamedKey("carol").public_key()));
  EXPECT_FALSE(to_carol.IsFor(std::nullopt, NamedKey("dave").public_key()));
  EXPECT_FALSE(to_carol.IsFor("insurer", std::nullopt));
}

TEST(Grant, CoversWhatItNames) {
  DocumentPart receipt;
  receipt.confidential = true;
  receipt.kind = v1::Commitment::RECEIPT;
  receipt.digest[0] = 1;
  DocumentPart contact = receipt;
  contact.kind = v1::Commitment::OWNERS_CONTACT;
  contact.digest[0] = 2;
  const SignedGrant all = ValueOrDie(SignedGrant::Parse(Signed(Sample())));
  EXPECT_TRUE(all.Covers(receipt));
  EXPECT_TRUE(all.Covers(contact));
  const SignedGrant receipts =
      ValueOrDie(Changed([](v1::Grant& grant) { grant.add_kinds(v1::Commitment::RECEIPT); }));
  EXPECT_TRUE(receipts.Covers(receipt));
  EXPECT_FALSE(receipts.Covers(contact));
  const SignedGrant one = ValueOrDie(Changed([&](v1::Grant& grant) {
    grant.add_documents_sha256(std::string(DigestBytes(contact.digest)));
  }));
  EXPECT_FALSE(one.Covers(receipt));
  EXPECT_TRUE(one.Covers(contact));
}

TEST(Grant, SaysWhichFieldIsWrong) {
  const auto refused = [](const std::function<void(v1::Grant&)>& change, const char* field) {
    const absl::Status status = Changed(change).status();
    EXPECT_FALSE(status.ok()) << field;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(field));
  };
  refused([](v1::Grant& grant) { grant.clear_log_origin(); }, "log_origin");
  refused([](v1::Grant& grant) { grant.set_passport_id("short"); }, "passport_id");
  refused([](v1::Grant& grant) { grant.set_nonce("short"); }, "nonce");
  refused([](v1::Grant& grant) { grant.clear_issued_at_ms(); }, "issued_at_ms");
  refused([](v1::Grant& grant) { grant.set_expires_at_ms(kNow); }, "expires_at_ms");
  refused([](v1::Grant& grant) { grant.set_expires_at_ms(kNow + 367 * kDay); }, "expires_at_ms");
  refused([](v1::Grant& grant) { grant.clear_grantee(); }, "grantee");
  refused([](v1::Grant& grant) { grant.set_participant_id("Not An Id"); }, "participant_id");
  refused([](v1::Grant& grant) { grant.set_key(std::string(33, '\0')); }, "key");
  refused(
      [](v1::Grant& grant) {
        grant.add_kinds(v1::Commitment::RECEIPT);
        grant.add_kinds(v1::Commitment::RECEIPT);
      },
      "kinds");
  refused([](v1::Grant& grant) { grant.add_documents_sha256("short"); }, "documents_sha256");
  refused([](v1::Grant& grant) { grant.set_purpose(std::string(201, 'p')); }, "purpose");
  refused([](v1::Grant& grant) { grant.set_purpose("\x1b[2J"); }, "purpose");
}

}  // namespace
}  // namespace touchstone
