// That what is erased is gone: from the live vault, and from every older copy of its disk.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "registry/vault/vault.h"
#include "tests/registry/vault/vault_fixture.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ErasureTest : public VaultFixture {
 protected:
  void SetUp() override {
    VaultFixture::SetUp();
    CommitTo({receipt_, price_, photograph_}, "maison key");
    for (const TestPaper& paper : {receipt_, price_, photograph_}) {
      ASSERT_THAT(Put("maison key", paper).status(), IsOk());
    }
  }

  // The disk as it is now, keys apart: a backup.
  void BackUp() {
    backup_ = ledger::TestRegistry::Dump(store_);
    std::filesystem::copy(scratch_.File("files"), scratch_.File("backup"),
                          std::filesystem::copy_options::recursive);
  }
  // Puts it back, beside the keys as they are.
  void Restore() {
    storage::WriteBatch batch;
    for (const auto& [key, value] : ledger::TestRegistry::Dump(store_)) batch.Delete(key);
    for (const auto& [key, value] : backup_) batch.Put(key, value);
    ASSERT_THAT(store_.Commit(batch), IsOk());
    std::filesystem::remove_all(scratch_.File("files"));
    std::filesystem::copy(scratch_.File("backup"), scratch_.File("files"),
                          std::filesystem::copy_options::recursive);
  }

  v1::Statement DataErased(const std::vector<TestPaper>& papers) {
    v1::Statement statement = registry_.PassportStatement(kRing);
    v1::DataErased& erased = *statement.mutable_data_erased();
    std::vector<std::string> digests;
    for (const TestPaper& paper : papers) digests.push_back(paper.digest_bytes());
    std::sort(digests.begin(), digests.end());
    for (const std::string& digest : digests) erased.add_commitments_sha256(digest);
    erased.set_erased_on("2026-11-26");
    erased.set_ground(v1::DataErased::REQUESTED);
    return statement;
  }

  const TestPaper receipt_ = ConfidentialPaper(v1::Commitment::RECEIPT, "the receipt");
  const TestPaper price_ = ConfidentialPaper(v1::Commitment::ORIGINAL_PRICE, "the price");
  const TestPaper photograph_ = ConfidentialPaper(v1::Commitment::PHOTOGRAPH, "the picture");
  std::map<std::string, std::string> backup_;
};

TEST_F(ErasureTest, TakesOneAndLeavesTheRest) {
  EXPECT_THAT(ValueOrDie(Erase("ann", {receipt_})), ElementsAre(receipt_.digest()));
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_EQ(ValueOrDie(Get("ann", price_)), price_.bytes);
  EXPECT_EQ(ValueOrDie(Get("ann", photograph_)), photograph_.bytes);
  OpenVault();
  EXPECT_THAT(warnings_, IsEmpty());
  EXPECT_EQ(ValueOrDie(Get("ann", price_)), price_.bytes);
  EXPECT_EQ(ValueOrDie(List("ann"))[0].state, ListedDocument::State::kErased);
  EXPECT_THAT(Put("maison key", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_THAT(ValueOrDie(Erase("ann", {receipt_})), IsEmpty());
}

TEST_F(ErasureTest, ReachesOlderCopiesOfTheDisk) {
  BackUp();
  ASSERT_THAT(Erase("ann", {receipt_}).status(), IsOk());
  Restore();
  OpenVault();
  EXPECT_THAT(warnings_, SizeIs(1));
  // The rows and the sealed files are back, and open nothing: what was erased, and in this bucket
  // all that the copy was older than.
  EXPECT_TRUE(absl::IsDataLoss(Get("ann", receipt_).status()));
  EXPECT_TRUE(absl::IsDataLoss(Get("ann", price_).status()));
}

TEST_F(ErasureTest, EverythingOfAnOwnerAtOnce) {
  BackUp();
  EXPECT_THAT(ValueOrDie(Erase("ann", {})), SizeIs(3));
  for (const TestPaper& paper : {receipt_, price_, photograph_}) {
    EXPECT_THAT(Get("ann", paper).status(), IsRefused(RefusalCode::kDocumentErased));
  }
  size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(scratch_.File("files"))) {
    files += file.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 0u);
  Restore();
  OpenVault();
  for (const TestPaper& paper : {receipt_, price_, photograph_}) {
    EXPECT_FALSE(Get("ann", paper).ok());
  }
}

TEST_F(ErasureTest, FollowsTheLog) {
  Maintain();
  registry_.Accepted(SignStatement(DataErased({price_}), {"ann"}));
  Maintain();
  EXPECT_THAT(Get("ann", price_).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
  registry_.Accepted(SignStatement(DataErased({}), {"maison key"}));
  OpenVault();
  Maintain();
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_THAT(Get("ann", photograph_).status(), IsRefused(RefusalCode::kDocumentErased));
}

TEST_F(ErasureTest, AHolderDoesNotReachTheOwnerBefore) {
  Maintain();
  GiveTo("ann", "bob");
  registry_.Accepted(SignStatement(DataErased({}), {"bob"}));
  Maintain();
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
  EXPECT_THAT(Get("bob", photograph_).status(), IsRefused(RefusalCode::kDocumentErased));
  // The owner before still can, and whoever sold it too.
  ASSERT_THAT(Erase("ann", {receipt_}).status(), IsOk());
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
}

TEST_F(ErasureTest, EndsADownloadAndAnUploadThatAreUnderWay) {
  const TestPaper dossier =
      ConfidentialPaper(v1::Commitment::DESIGN_DOSSIER, std::string(200'000, 'd'));
  const TestPaper coming =
      ConfidentialPaper(v1::Commitment::APPRAISED_VALUE, std::string(200'000, 'v'));
  CommitTo({dossier, coming}, "maison key");
  ASSERT_THAT(Put("maison key", dossier).status(), IsOk());
  auto download = ValueOrDie(vault_->Get(*registry_.Newest(), GetRequest("ann", dossier)));
  ASSERT_THAT(download->Next().status(), IsOk());
  auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", coming)));
  ASSERT_THAT(upload->Append(coming.bytes), IsOk());
  ASSERT_THAT(Erase("ann", {}).status(), IsOk());
  EXPECT_THAT(download->Next().status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_THAT(upload->Finish(*registry_.Newest()).status(),
              IsRefused(RefusalCode::kDocumentErased));
}

TEST_F(ErasureTest, RetentionEndsByItself) {
  Maintain();
  GiveTo("ann", "bob");
  Maintain();
  registry_.clock().Advance(uint64_t{364} * 86'400'000);
  Maintain();
  EXPECT_EQ(ValueOrDie(Get("ann", receipt_)), receipt_.bytes);
  registry_.clock().Advance(uint64_t{2} * 86'400'000);
  Maintain();
  EXPECT_THAT(Get("ann", receipt_).status(), IsRefused(RefusalCode::kDocumentErased));
  EXPECT_EQ(ValueOrDie(List("ann"))[0].state, ListedDocument::State::kRetentionEnded);
  EXPECT_EQ(ValueOrDie(Get("bob", photograph_)), photograph_.bytes);
}

TEST_F(ErasureTest, AnUnfinishedUploadIsForgottenAfterADay) {
  const TestPaper coming =
      ConfidentialPaper(v1::Commitment::APPRAISED_VALUE, std::string(200'000, 'v'));
  CommitTo({coming}, "maison key");
  {
    auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", coming)));
    ASSERT_THAT(upload->Append(absl::string_view(coming.bytes).substr(0, kPieceBytes)), IsOk());
  }
  registry_.clock().Advance(uint64_t{25} * 3600 * 1000);
  Maintain();
  auto upload = ValueOrDie(vault_->Put(*registry_.Newest(), PutRequest("maison key", coming)));
  EXPECT_EQ(upload->offset(), 0u);
}

// A crash between the database's commit and the new epoch key's taking its place, and before.
TEST_F(ErasureTest, IsEndedByTheNextStart) {
  const std::string files = scratch_.File("keys");
  std::map<std::string, std::string> before;
  const auto key_files = [&] {
    std::map<std::string, std::string> all;
    for (const auto& file : std::filesystem::directory_iterator(files)) {
      if (file.path().extension() != ".key") continue;
      std::ifstream in(file.path(), std::ios::binary);
      all[file.path().string()] = std::string(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  };
  before = key_files();
  ASSERT_THAT(Erase("ann", {receipt_}).status(), IsOk());
  const auto after = key_files();
  ASSERT_NE(before, after);
  vault_.reset();
  epoch_keys_.reset();
  for (const auto& [path, bytes] : after) {
    if (before[path] == bytes) continue;
    // As it is when the rename has not happened: the old key, and the next beside it.
    std::filesystem::rename(path, path.substr(0, path.size() - 3) + "next");
    std::ofstream(path, std::ios::binary) << before[path];
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  OpenVault();
  EXPECT_THAT(warnings_, IsEmpty());
  EXPECT_EQ(key_files(), after);
  EXPECT_EQ(ValueOrDie(Get("ann", price_)), price_.bytes);
}

TEST_F(ErasureTest, DoesNotStartWithoutItsKeys) {
  vault_.reset();
  epoch_keys_.reset();
  for (const auto& file : std::filesystem::directory_iterator(scratch_.File("keys"))) {
    if (file.path().extension() == ".key") std::filesystem::remove(file.path());
  }
  epoch_keys_ = ValueOrDie(EpochKeys::Open(scratch_.File("keys")));
  VaultOptions options;
  options.files_directory = scratch_.File("files");
  options.log_origin = ledger::kOrigin;
  const auto opened = Vault::Open(store_, *epoch_keys_, registry_.clock(), options, &warnings_);
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status())) << opened.status();
}

}  // namespace
}  // namespace touchstone::vault
