// What somebody tries who may not: dealers, claim keys, those who copy a commitment, those who
// flood; and what a disk that fails, or a copy of it that is put back, may cost.
#include <filesystem>
#include <string>

#include "registry/limits.h"
#include "registry/vault/vault.h"
#include "tests/registry/vault/vault_fixture.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class HostileTest : public VaultFixture {
 protected:
  void SetUp() override {
    VaultFixture::SetUp();
    CommitTo({receipt_, photograph_}, "maison key");
    ASSERT_THAT(Put("maison key", receipt_).status(), IsOk());
    ASSERT_THAT(Put("maison key", photograph_).status(), IsOk());
    Maintain();
  }

  void Pass(const std::string& from, const std::string& to, v1::Transfer::Kind kind) {
    v1::Statement statement = registry_.OwnershipStatement(kRing, newest_);
    v1::Transfer& transfer = *statement.mutable_transfer();
    transfer.set_kind(kind);
    transfer.set_to_key(NamedKeyBytes(to));
    transfer.set_effective_on("2026-11-26");
    newest_ = registry_.Accepted(SignStatement(statement, {from, to})).place.digest;
  }

  void SayErased(const std::string& who) {
    v1::Statement statement = registry_.PassportStatement(kRing);
    statement.mutable_data_erased()->set_erased_on("2026-11-26");
    statement.mutable_data_erased()->set_ground(v1::DataErased::REQUESTED);
    registry_.Accepted(SignStatement(statement, {who}));
  }

  bool OnDiskRow(const TestPaper& paper) const {
    return store_.Get(absl::StrCat("d", ring().bytes(), paper.digest_bytes())).ok();
  }

  const TestPaper receipt_ = ConfidentialPaper(v1::Commitment::RECEIPT, "the receipt");
  const TestPaper photograph_ = ConfidentialPaper(v1::Commitment::PHOTOGRAPH, "the picture");
};

TEST_F(HostileTest, ADealerIsNoOwnerWhateverHeDoes) {
  Pass("ann", "dealer", v1::Transfer::CONSIGNMENT);
  EXPECT_EQ(ValueOrDie(Get("dealer", photograph_)), photograph_.bytes);
  EXPECT_THAT(Get("dealer", receipt_).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
  EXPECT_EQ(ValueOrDie(Get("ann", photograph_)), photograph_.bytes);
  EXPECT_THAT(Erase("dealer", {}).status(), IsRefused(RefusalCode::kNotYourDocument));
  SayErased("dealer");
  Maintain();
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
  EXPECT_THAT(Get("gia key", photograph_, GrantBy("dealer", "gia key")).status(),
              IsRefused(RefusalCode::kGrantWithdrawn));
  // He gives it back, to a key of his own.
  Pass("dealer", "dealer too", v1::Transfer::RETURN);
  EXPECT_THAT(Get("dealer too", receipt_).status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Erase("dealer too", {receipt_}).status(), IsRefused(RefusalCode::kNotYourDocument));
  SayErased("dealer too");
  Maintain();
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
  for (const auto& [number, access] : ValueOrDie(Accesses("dealer too")).accesses) {
    EXPECT_NE(access.key, NamedKeyBytes("ann"));
  }
}

TEST_F(HostileTest, AClaimKeyErasesNothing) {
  const auto registered = registry_.Accepted(registry_.Registration(2));
  registry_.Accepted(registry_.FirstSale(2, registered.place.digest, "maison key", "printed code"));
  v1::Statement statement = registry_.PassportStatement(2);
  v1::Commitment& commitment = *statement.mutable_documents_added()->add_commitments();
  commitment.set_kind(v1::Commitment::RECEIPT);
  commitment.set_sha256(receipt_.digest_bytes());
  registry_.Accepted(SignStatement(statement, {"maison key"}));
  const PassportId second = ValueOrDie(PassportId::FromBytes(TestPassportId(2)));
  VaultRequest put = PutRequest("maison key", receipt_);
  put.passport = second;
  auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), put));
  ASSERT_THAT(upload->Append(receipt_.bytes), IsOk());
  ASSERT_THAT(upload->Finish(*registry_.Newest()).status(), IsOk());
  v1::Statement erased = registry_.PassportStatement(2);
  erased.mutable_data_erased()->set_erased_on("2026-11-26");
  erased.mutable_data_erased()->set_ground(v1::DataErased::REQUESTED);
  registry_.Accepted(SignStatement(erased, {"printed code"}));
  Maintain();
  VaultRequest list =
      RequestBy("maison key", [](v1::VaultRequest& r) { r.mutable_list_documents(); });
  list.passport = second;
  EXPECT_EQ(ValueOrDie(vault_->List(*registry_.Newest(), list))[0].state,
            ListedDocument::State::kStored);
}

TEST_F(HostileTest, WhatIsCommittedToAnewIsNotTheOldPaper) {
  // Before maintenance has seen that it was erased.
  SayErased("maison key");
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  GiveTo("ann", "bob");
  CommitTo({receipt_}, "bob");
  EXPECT_THAT(Get("bob", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  TestPaper as_public = receipt_;
  as_public.salt.clear();
  v1::Statement statement = registry_.PassportStatement(kRing);
  v1::Media& media = *statement.mutable_documents_added()->add_media();
  media.set_kind(v1::Media::PHOTOGRAPH);
  media.set_sha256(photograph_.digest_bytes());
  registry_.Accepted(SignStatement(statement, {"gia key"}));
  EXPECT_THAT(vault_->GetPublic(*registry_.Newest(), ring(), photograph_.digest(), 0).status(),
              IsRefused(RefusalCode::kDocumentErased));
  Maintain();
  EXPECT_THAT(Put("bob", receipt_).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("bob", receipt_)), receipt_.bytes);
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kNotYourDocument));
}

TEST_F(HostileTest, CopyingACommitmentGivesNoStanding) {
  CommitTo({receipt_}, "gia key");
  EXPECT_THAT(List("gia key").status(), IsRefused(RefusalCode::kNotYourDocument));
  EXPECT_THAT(Put("gia key", receipt_).status(), IsRefused(RefusalCode::kNotYourDocument));
}

TEST_F(HostileTest, StrangersDoNotFillTheListOfAccesses) {
  const TestPaper picture{"for all", "", {}};
  CommitTo({picture}, "maison key");
  ASSERT_THAT(Put("maison key", picture).status(), IsOk());
  const size_t before = ValueOrDie(Accesses("ann")).accesses.size();
  EXPECT_EQ(ValueOrDie(Get("mallory", picture)), picture.bytes);
  EXPECT_THAT(ValueOrDie(Accesses("ann")).accesses, SizeIs(before + 1));  // ann's own
  // Somebody who has a right to ask, and asks without end, as of the last request allowed.
  absl::Status last;
  for (uint32_t i = 0; i <= limits::kAsksPerDayMax && last.ok(); ++i) {
    last = List("maison key").status();
  }
  EXPECT_THAT(last, IsRefused(RefusalCode::kQuotaExceeded));
  EXPECT_THAT(List("ann").status(), IsOk());
  registry_.clock().Advance(uint64_t{24} * 3600 * 1000);
  EXPECT_THAT(List("maison key").status(), IsOk());
}

TEST_F(HostileTest, AFormerOwnerMayAlwaysErase) {
  GiveTo("ann", "bob");
  absl::Status last;
  for (uint32_t i = 0; i <= limits::kAsksPerDayMax && last.ok(); ++i) last = List("ann").status();
  EXPECT_THAT(last, IsRefused(RefusalCode::kQuotaExceeded));
  // Whatever the present owner withdraws, it is a grant.
  for (const char* who : {"ann", "maison key"}) {
    const Digest digest = Sha256Of(absl::StrCat("asker\n\n", NamedKeyBytes(who)));
    EXPECT_THAT(vault_
                    ->Withdraw(*registry_.Newest(),
                               RequestBy("bob",
                                         [&](v1::VaultRequest& request) {
                                           request.mutable_withdraw_grant()->set_grant_nonce(
                                               std::string(DigestBytes(digest).substr(0, 16)));
                                         }))
                    .status(),
                IsOk());
  }
  EXPECT_THAT(ValueOrDie(Erase("ann", {receipt_})), SizeIs(1));
}

TEST_F(HostileTest, AFileThatWasCutShortCanBeStoredAgain) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(scratch_.File("files"))) {
    if (file.is_regular_file()) std::filesystem::resize_file(file.path(), 40);
  }
  EXPECT_TRUE(absl::IsDataLoss(Get("ann", receipt_).status()));
  EXPECT_THAT(Put("maison key", receipt_).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
}

TEST_F(HostileTest, FilesThatNoRowNamesAreKept) {
  vault_.reset();
  const std::string file = scratch_.File("files/aa/" + std::string(32, 'a'));
  std::filesystem::create_directories(scratch_.File("files/aa"));
  std::ofstream(file) << "of a newer database";
  OpenVault();
  EXPECT_THAT(warnings_, SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(std::filesystem::exists(scratch_.File("files.unnamed/" + std::string(32, 'a'))));
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
}

TEST_F(HostileTest, WhatIsErasedWhileItComesDoesNotComeAgain) {
  const TestPaper coming =
      ConfidentialPaper(v1::Commitment::APPRAISED_VALUE, std::string(200'000, 'v'));
  const TestPaper other =
      ConfidentialPaper(v1::Commitment::DESIGN_DOSSIER, std::string(200'000, 'd'));
  const TestPaper never = ConfidentialPaper(v1::Commitment::ORIGINAL_PRICE, "never stored");
  CommitTo({coming, other, never}, "maison key");
  auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", coming)));
  ASSERT_THAT(upload->Append(absl::string_view(coming.bytes).substr(0, 100'000)), IsOk());
  upload.reset();
  auto surviving = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", other)));
  ASSERT_THAT(surviving->Append(other.bytes), IsOk());
  ASSERT_THAT(Erase("ann", {coming, never}).status(), IsOk());
  EXPECT_THAT(Put("maison key", coming).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_THAT(Put("maison key", never).status(), IsRefused(RefusalCode::kDocumentErased));
  // Nobody else's upload is lost with it, though its key was sealed anew meanwhile.
  ASSERT_THAT(surviving->Finish(*registry_.Newest()).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("ann", other)), other.bytes);
}

TEST_F(HostileTest, AnnouncingAndRefusingDoesNotMoveTheAccounts) {
  std::vector<TestPaper> many;
  for (int i = 0; i < 16; ++i) {
    TestPaper paper = ConfidentialPaper(v1::Commitment::DOCUMENT, "");
    paper.salt = absl::StrCat(std::string(30, 's'), 10 + i);
    paper.bytes = absl::StrCat("paper ", i);
    many.push_back(paper);
  }
  CommitTo(many, "maison key");
  absl::Status last;
  for (const TestPaper& paper : many) {
    VaultRequest request = PutRequest("maison key", paper);
    request.message.mutable_put_document()->set_size(limits::kDocumentBytesMax);
    last = vault_->Put(*registry_.Newest(), request).status();
  }
  EXPECT_THAT(last, IsRefused(RefusalCode::kQuotaExceeded));  // 1 GiB and what was there before
  for (int i = 0; i < 3; ++i) {
    VaultRequest request = PutRequest("maison key", many[0]);
    request.message.mutable_put_document()->set_size(limits::kDocumentBytesMax);
    request.message.mutable_put_document()->set_salt(absl::StrCat(std::string(31, 'x'), i));
    EXPECT_THAT(vault_->Put(*registry_.Newest(), request).status(), IsOk());
  }
  ASSERT_THAT(Erase("ann", {}).status(), IsOk());
  EXPECT_THAT(List("ann").status(), IsOk());
}

TEST_F(HostileTest, OthersHaveTheirPartOfAPiecesRoom) {
  std::vector<TestPaper> theirs;
  for (int i = 0; i < 6; ++i) {
    TestPaper paper = ConfidentialPaper(v1::Commitment::DOCUMENT, absl::StrCat("theirs ", i));
    paper.salt = absl::StrCat(std::string(31, 't'), i);
    theirs.push_back(paper);
  }
  CommitTo(theirs, "gia key");
  absl::Status last;
  for (const TestPaper& paper : theirs) {
    VaultRequest request = PutRequest("gia key", paper);
    request.message.mutable_put_document()->set_size(limits::kDocumentBytesMax);
    last = vault_->Put(*registry_.Newest(), request).status();
  }
  EXPECT_THAT(last, IsRefused(RefusalCode::kQuotaExceeded));
  const TestPaper mine = ConfidentialPaper(v1::Commitment::OWNERS_CONTACT, "ann@example.org");
  CommitTo({mine}, "ann");
  EXPECT_THAT(Put("ann", mine).status(), IsOk());
}

TEST_F(HostileTest, ANewDatabaseBesideOldFilesIsRefused) {
  vault_.reset();
  storage::MemoryStore empty;
  VaultOptions options;
  options.files_directory = scratch_.File("files");
  options.log_origin = ledger::kOrigin;
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Vault::Open(empty, *epoch_keys_, registry_.clock(), options, &warnings_).status()));
  OpenVault();
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
}

TEST_F(HostileTest, OtherKeysOfTheSameNumbersAreRefused) {
  vault_.reset();
  epoch_keys_.reset();
  const std::string keys = scratch_.File("keys");
  std::filesystem::rename(keys, scratch_.File("right"));
  epoch_keys_ = ValueOrDie(EpochKeys::Open(keys));
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    ASSERT_THAT(epoch_keys_->CurrentOrNew(static_cast<Bucket>(bucket)).status(), IsOk());
  }
  VaultOptions options;
  options.files_directory = scratch_.File("files");
  options.log_origin = ledger::kOrigin;
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Vault::Open(store_, *epoch_keys_, registry_.clock(), options, &warnings_).status()));
}

TEST_F(HostileTest, AnOldEpochKeyThatCouldNotBeDestroyedIsDestroyedLater) {
  // A directory in the place of the key's file: it cannot be overwritten, nor replaced.
  std::string key;
  for (const auto& file : std::filesystem::directory_iterator(scratch_.File("keys"))) {
    if (file.path().extension() == ".key") key = file.path().string();
  }
  std::filesystem::rename(key, key + ".aside");
  std::filesystem::create_directories(key + "/in the way");
  EXPECT_FALSE(Erase("ann", {receipt_}).ok());
  EXPECT_FALSE(vault_->Maintain([this] { return registry_.Newest(); }).ok());
  EXPECT_FALSE(Erase("ann", {receipt_}).ok());  // not done before it is done
  std::filesystem::remove_all(key);
  std::filesystem::rename(key + ".aside", key);
  Maintain();
  EXPECT_THAT(ValueOrDie(Erase("ann", {receipt_})), IsEmpty());
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_EQ(ValueOrDie(Get("ann", photograph_)), photograph_.bytes);
  OpenVault();
  EXPECT_THAT(warnings_, IsEmpty());
  EXPECT_EQ(ValueOrDie(Get("ann", photograph_)), photograph_.bytes);
}

TEST_F(HostileTest, ALostFileCanBeStoredAgain) {
  std::filesystem::remove_all(scratch_.File("files"));
  EXPECT_TRUE(absl::IsDataLoss(Get("ann", receipt_).status()));
  std::filesystem::create_directory(scratch_.File("files"));
  EXPECT_THAT(Put("maison key", receipt_).status(), IsOk());
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
}

TEST_F(HostileTest, OneDamagedPieceHoldsUpNoOther) {
  const PassportId damaged = ValueOrDie(PassportId::FromBytes(TestPassportId(7)));
  storage::WriteBatch batch;
  batch.Put(absl::StrCat("d", damaged.bytes(), std::string(32, 'd')), "no row");
  batch.Put(absl::StrCat("p", damaged.bytes()), "");
  ASSERT_THAT(store_.Commit(batch), IsOk());
  SayErased("ann");
  EXPECT_FALSE(vault_->Maintain([this] { return registry_.Newest(); }).ok());
  batch.Clear();
  batch.Delete(absl::StrCat("d", damaged.bytes(), std::string(32, 'd')));
  ASSERT_THAT(store_.Commit(batch), IsOk());
  EXPECT_THAT(List("ann").status(), IsOk());
  for (const TestPaper& paper : {receipt_, photograph_}) {
    EXPECT_FALSE(OnDiskRow(paper)) << "it was erased beside the damaged one";
  }
}

}  // namespace
}  // namespace touchstone::vault
