#include "registry/vault/vault.h"

#include <string>

#include "tests/registry/vault/vault_fixture.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using VaultTest = VaultFixture;

const TestPaper& Receipt() {
  static const auto& paper =
      *new TestPaper(ConfidentialPaper(v1::Commitment::RECEIPT, "Sold to Ann for 12,300 EUR"));
  return paper;
}
const TestPaper& Photograph() {
  static const auto& paper = *new TestPaper(
      ConfidentialPaper(v1::Commitment::PHOTOGRAPH, std::string(300'000, 'p') + "unmistakable"));
  return paper;
}
const TestPaper& PublicPicture() {
  static const auto& paper = *new TestPaper{"a picture for all", "", {}};
  return paper;
}

TEST_F(VaultTest, GivesBackWhatWasStored) {
  CommitTo({Receipt(), Photograph()}, "maison key");
  ASSERT_THAT(Put("maison key", Receipt()).status(), IsOk());
  ASSERT_THAT(Put("maison key", Photograph()).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("ann", Receipt())), Receipt().bytes);
  EXPECT_EQ(ValueOrDie(Get("ann", Photograph())), Photograph().bytes);
  OpenVault();
  EXPECT_EQ(ValueOrDie(Get("ann", Photograph())), Photograph().bytes);
}

TEST_F(VaultTest, KeepsNothingInTheClear) {
  CommitTo({Receipt(), Photograph()}, "maison key");
  ASSERT_THAT(Put("maison key", Receipt()).status(), IsOk());
  ASSERT_THAT(Put("maison key", Photograph()).status(), IsOk());
  const std::string on_disk = OnDisk();
  EXPECT_THAT(on_disk, Not(HasSubstr("Sold to Ann")));
  EXPECT_THAT(on_disk, Not(HasSubstr("unmistakable")));
  EXPECT_THAT(on_disk, Not(HasSubstr("paper.pdf")));
  EXPECT_THAT(on_disk, Not(HasSubstr(Receipt().salt)));
}

TEST_F(VaultTest, ReadsFromAnOffset) {
  CommitTo({Photograph()}, "maison key");
  ASSERT_THAT(Put("maison key", Photograph()).status(), IsOk());
  for (const size_t offset : {size_t{1}, kPieceBytes, kPieceBytes + 7, Photograph().bytes.size()}) {
    VaultRequest request = GetRequest("ann", Photograph());
    request.message.mutable_get_document()->set_offset(offset);
    EXPECT_EQ(ValueOrDie(ReadAll(vault_->Get(*registry_.Newest(), request))),
              Photograph().bytes.substr(offset));
  }
  VaultRequest request = GetRequest("ann", Photograph());
  request.message.mutable_get_document()->set_offset(Photograph().bytes.size() + 1);
  EXPECT_TRUE(absl::IsOutOfRange(vault_->Get(*registry_.Newest(), request).status()));
}

TEST_F(VaultTest, GoesOnWithAnUploadThatBrokeOff) {
  CommitTo({Photograph()}, "maison key");
  const TestPaper& paper = Photograph();
  {
    auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", paper)));
    EXPECT_EQ(upload->offset(), 0u);
    ASSERT_THAT(upload->Append(absl::string_view(paper.bytes).substr(0, 2 * kPieceBytes + 5)),
                IsOk());
    // Meanwhile nobody else stores it.
    EXPECT_THAT(vault_->Put(*registry_.Newest(), PutRequest("maison key", paper)).status(),
                IsRefused(RefusalCode::kWrongState));
    EXPECT_TRUE(absl::IsOutOfRange(upload->Finish(*registry_.Newest()).status()));
  }
  OpenVault();  // and the registry was started again
  auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", paper)));
  EXPECT_EQ(upload->offset(), 2 * kPieceBytes);
  ASSERT_THAT(upload->Append(absl::string_view(paper.bytes).substr(2 * kPieceBytes)), IsOk());
  EXPECT_TRUE(absl::IsOutOfRange(upload->Append("x")));
  ASSERT_THAT(upload->Finish(*registry_.Newest()).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("ann", paper)), paper.bytes);
  // Once more is no harm, and stores nothing.
  auto again = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", paper)));
  EXPECT_EQ(again->offset(), paper.bytes.size());
}

TEST_F(VaultTest, RefusesAnotherDocumentThanTheOneCommittedTo) {
  CommitTo({Receipt()}, "maison key");
  TestPaper forged = Receipt();
  forged.bytes.back() = '!';
  VaultRequest request = PutRequest("maison key", Receipt());
  auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), request));
  ASSERT_THAT(upload->Append(forged.bytes), IsOk());
  EXPECT_THAT(upload->Finish(*registry_.Newest()).status(), IsRefused(RefusalCode::kWrongDocument));
  upload.reset();
  EXPECT_THAT(Get("ann", Receipt()).status(), IsRefused(RefusalCode::kNoSuchDocument));
  EXPECT_THAT(Put("maison key", Receipt()).status(), IsOk());
}

TEST_F(VaultTest, StoresOnlyWhatAnEntryCommitsTo) {
  EXPECT_THAT(Put("maison key", Receipt()).status(), IsRefused(RefusalCode::kNoSuchDocument));
  CommitTo({Receipt()}, "maison key");
  EXPECT_THAT(Put("atelier key", Receipt()).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Put("mallory", Receipt()).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Put("ann", Receipt()).status(), IsOk());
}

TEST_F(VaultTest, ShowsPapersToTheirOwnerOnly) {
  CommitTo({Receipt(), Photograph(), PublicPicture()}, "maison key");
  for (const TestPaper& paper : {Receipt(), Photograph(), PublicPicture()}) {
    ASSERT_THAT(Put("maison key", paper).status(), IsOk());
  }
  for (const char* who : {"mallory", "claim code", "maison key", "gia key"}) {
    EXPECT_THAT(Get(who, Receipt()).status(), IsRefused(RefusalCode::kNotYourDocument)) << who;
    EXPECT_THAT(Get(who, Photograph()).status(), IsRefused(RefusalCode::kNotYourDocument));
  }
  EXPECT_THAT(List("mallory").status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(ValueOrDie(List("ann")), SizeIs(3));
  // Who has said it sees that it is there, and no more.
  EXPECT_THAT(ValueOrDie(List("maison key")), SizeIs(3));
  EXPECT_FALSE(ValueOrDie(List("maison key"))[1].readable);
  EXPECT_EQ(ValueOrDie(List("maison key"))[1].name, "");
  const auto in_public = [&](const TestPaper& paper) {
    return ReadAll(vault_->GetPublic(*registry_.Newest(), ring(), paper.digest(), 0));
  };
  EXPECT_EQ(ValueOrDie(in_public(PublicPicture())), PublicPicture().bytes);
  EXPECT_THAT(in_public(Receipt()).status(), IsRefused(RefusalCode::kNoSuchDocument));
}

TEST_F(VaultTest, PassesOnWhatGoesWithThePieceAndNothingElse) {
  CommitTo({Receipt(), Photograph()}, "maison key");
  ASSERT_THAT(Put("maison key", Receipt()).status(), IsOk());
  ASSERT_THAT(Put("maison key", Photograph()).status(), IsOk());
  GiveTo("ann", "bob");
  EXPECT_EQ(ValueOrDie(Get("bob", Photograph())), Photograph().bytes);
  EXPECT_THAT(Get("bob", Receipt()).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Get("ann", Photograph()).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_EQ(ValueOrDie(Get("ann", Receipt())), Receipt().bytes);
  const TestPaper contact = ConfidentialPaper(v1::Commitment::OWNERS_CONTACT, "bob@example.org");
  CommitTo({contact}, "bob");
  ASSERT_THAT(Put("bob", contact).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("bob", contact)), contact.bytes);
  EXPECT_THAT(Get("ann", contact).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Erase("ann", {contact}).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Erase("bob", {Receipt()}).status(), IsRefused(RefusalCode::kNotYourDocument));
}

TEST_F(VaultTest, KnowsARequestThatWasMadeBefore) {
  CommitTo({Receipt()}, "maison key");
  ASSERT_THAT(Put("maison key", Receipt()).status(), IsOk());
  const VaultRequest request = GetRequest("ann", Receipt());
  EXPECT_THAT(vault_->Get(*registry_.Newest(), request).status(), IsOk());
  EXPECT_THAT(vault_->Get(*registry_.Newest(), request).status(),
              IsRefused(RefusalCode::kReplayedRequest));
  OpenVault();
  EXPECT_THAT(vault_->Get(*registry_.Newest(), request).status(),
              IsRefused(RefusalCode::kReplayedRequest));
  Maintain();
  EXPECT_THAT(vault_->Get(*registry_.Newest(), request).status(),
              IsRefused(RefusalCode::kReplayedRequest));
}

TEST_F(VaultTest, LetsAGranteeSeeWhatTheGrantCovers) {
  const TestPaper value = ConfidentialPaper(v1::Commitment::APPRAISED_VALUE, "15,000 EUR");
  CommitTo({Receipt(), value, Photograph()}, "maison key");
  for (const TestPaper& paper : {Receipt(), value, Photograph()}) {
    ASSERT_THAT(Put("maison key", paper).status(), IsOk());
  }
  const SignedGrant grant = GrantBy("ann", "gia key", [&](v1::Grant& edited) {
    edited.add_kinds(v1::Commitment::PHOTOGRAPH);
    edited.add_documents_sha256(value.digest_bytes());
  });
  EXPECT_EQ(ValueOrDie(Get("gia key", value, grant)), value.bytes);
  EXPECT_EQ(ValueOrDie(Get("gia key", Photograph(), grant)), Photograph().bytes);
  EXPECT_THAT(Get("gia key", Receipt(), grant).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(ValueOrDie(List("gia key", grant)), SizeIs(2));
  EXPECT_THAT(Get("gia key", value).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Get("atelier key", value, grant).status(), IsRefused(RefusalCode::kWrongGrantee));
  EXPECT_THAT(Get("mallory", value, grant).status(), IsRefused(RefusalCode::kWrongGrantee));
  EXPECT_THAT(Get("gia key", value, GrantBy("mallory", "gia key")).status(),
              IsRefused(RefusalCode::kGrantWithdrawn));
  EXPECT_EQ(ValueOrDie(Get("carol", Receipt(), GrantBy("ann", "carol"))), Receipt().bytes);

  // Ann sees who has looked, and who was refused.
  const AccessPage page = ValueOrDie(Accesses("ann"));
  std::vector<std::string> by_gia;
  for (const auto& [number, access] : page.accesses) {
    if (access.participant_id == "gia" && access.what == "get_document") {
      by_gia.push_back(access.refused ? "refused" : "shown");
      EXPECT_EQ(access.grant_nonce, grant.grant().nonce());
    }
  }
  EXPECT_THAT(by_gia, ElementsAre("shown", "shown", "refused"));
  EXPECT_THAT(Accesses("gia key").status(), IsRefused(RefusalCode::kNotYourDocument));

  registry_.clock().Advance(86'400'000);
  EXPECT_THAT(Get("gia key", value, grant).status(), IsRefused(RefusalCode::kGrantExpired));
}

TEST_F(VaultTest, EndsAGrantThatIsWithdrawnOrWhoseOwnerHasSold) {
  CommitTo({Receipt(), Photograph()}, "maison key");
  ASSERT_THAT(Put("maison key", Photograph()).status(), IsOk());
  const SignedGrant grant = GrantBy("ann", "gia key");
  const SignedGrant other = GrantBy("ann", "gia key");
  const auto withdraw = [&](const std::string& who) {
    return vault_->Withdraw(*registry_.Newest(), RequestBy(who, [&](v1::VaultRequest& request) {
      request.mutable_withdraw_grant()->set_grant_nonce(grant.grant().nonce());
    }));
  };
  EXPECT_THAT(Get("gia key", Photograph(), grant).status(), IsOk());
  EXPECT_THAT(withdraw("mallory").status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(withdraw("ann").status(), IsOk());
  EXPECT_THAT(Get("gia key", Photograph(), grant).status(),
              IsRefused(RefusalCode::kGrantWithdrawn));
  EXPECT_THAT(Get("gia key", Photograph(), other).status(), IsOk());
  GiveTo("ann", "bob");
  EXPECT_THAT(Get("gia key", Photograph(), other).status(),
              IsRefused(RefusalCode::kGrantWithdrawn));
}

TEST_F(VaultTest, OwnersSeeTheAccessesOfTheirOwnTime) {
  CommitTo({Photograph()}, "maison key");
  ASSERT_THAT(Put("maison key", Photograph()).status(), IsOk());
  ASSERT_THAT(Get("gia key", Photograph(), GrantBy("ann", "gia key")).status(), IsOk());
  GiveTo("ann", "bob");
  ASSERT_THAT(Get("bob", Photograph()).status(), IsOk());
  for (const auto& [number, access] : ValueOrDie(Accesses("bob")).accesses) {
    EXPECT_EQ(access.participant_id, "");
  }
  size_t by_gia = 0;
  for (const auto& [number, access] : ValueOrDie(Accesses("ann")).accesses) {
    by_gia += access.participant_id == "gia" ? 1 : 0;
  }
  EXPECT_EQ(by_gia, 1u);
}

}  // namespace
}  // namespace touchstone::vault
