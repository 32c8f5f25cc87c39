// Everything at once: papers stored, read, erased and maintained by many threads. Afterwards what
// was erased is gone, what was stored and not erased is there, and both are so after a start.
#include <array>
#include <atomic>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "registry/vault/vault.h"
#include "tests/registry/vault/vault_fixture.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

constexpr int kPapers = 32;
constexpr int kRounds = 60;

class RaceTest : public VaultFixture {
 protected:
  void SetUp() override {
    VaultFixture::SetUp();
    for (int i = 0; i < kPapers; ++i) {
      TestPaper paper = ConfidentialPaper(
          i % 2 == 0 ? v1::Commitment::RECEIPT : v1::Commitment::PHOTOGRAPH,
          absl::StrCat("paper ", i, " ", std::string(static_cast<size_t>(i) * 5000, '.')));
      paper.salt = absl::StrCat(std::string(30, 's'), 10 + i);
      papers_.push_back(paper);
    }
    const auto half = papers_.begin() + kPapers / 2;
    CommitTo({papers_.begin(), half}, "maison key");
    CommitTo({half, papers_.end()}, "maison key");
  }

  // A request of its own for each thread: the fixture's are not made by several at once.
  VaultRequest Request(int thread, const std::string& who,
                       const std::function<void(v1::VaultRequest&)>& fill) {
    VaultRequest request{ring(), {}, {}};
    if (who == "maison key") {
      request.asker.participant = "maison";
    } else {
      request.asker.key = NamedKey(who).public_key();
    }
    request.message.set_nonce(
        absl::StrCat(thread, " ", 10'000'000 + made_++, std::string(16, '.')).substr(0, 16));
    request.message.set_issued_at_ms(registry_.clock().NowMs());
    fill(request.message);
    return request;
  }

  void Store(int thread, const TestPaper& paper) {
    auto upload =
        vault_->Put(*registry_.Newest(), Request(thread, "ann", [&](v1::VaultRequest& request) {
          v1::PutDocument& put = *request.mutable_put_document();
          put.set_document_sha256(paper.digest_bytes());
          put.set_salt(paper.salt);
          put.set_size(paper.bytes.size());
        }));
    if (!upload.ok()) {  // erased, or another thread is at it
      EXPECT_TRUE(RefusalCodeOf(upload.status()).has_value()) << upload.status();
      return;
    }
    const auto offset = static_cast<size_t>((*upload)->offset());
    if (offset < paper.bytes.size()) {
      const absl::string_view rest = absl::string_view(paper.bytes).substr(offset);
      // Some break off.
      if (made_ % 5 == 0) {
        EXPECT_THAT((*upload)->Append(rest.substr(0, rest.size() / 2)), IsOk());
        return;
      }
      EXPECT_THAT((*upload)->Append(rest), IsOk());
    }
    const auto stored = (*upload)->Finish(*registry_.Newest());
    if (!stored.ok()) {
      EXPECT_THAT(stored.status(), IsRefused(RefusalCode::kDocumentErased));
    }
  }

  void Read(int thread, const TestPaper& paper) {
    const absl::StatusOr<std::string> read = ReadAll(
        vault_->Get(*registry_.Newest(), Request(thread, "ann", [&](v1::VaultRequest& request) {
          request.mutable_get_document()->set_document_sha256(paper.digest_bytes());
        })));
    if (read.ok()) {
      EXPECT_TRUE(*read == paper.bytes);
    } else {
      EXPECT_TRUE(RefusalCodeOf(read.status()) == RefusalCode::kNoSuchDocument ||
                  RefusalCodeOf(read.status()) == RefusalCode::kDocumentErased)
          << read.status();
    }
  }

  void EraseOne(int thread, size_t paper) {
    const auto erased =
        vault_->Erase(*registry_.Newest(), Request(thread, "ann", [&](v1::VaultRequest& request) {
          request.mutable_erase_documents()->add_documents_sha256(papers_[paper].digest_bytes());
        }));
    EXPECT_THAT(erased.status(), IsOk());
    erased_[paper] = true;
  }

  std::vector<TestPaper> papers_;
  std::atomic<uint64_t> made_ = 0;
  std::array<std::atomic<bool>, kPapers> erased_ = {};
};

TEST_F(RaceTest, NothingErasedLivesAndNothingElseDies) {
  std::atomic<bool> over = false;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      std::mt19937 random(static_cast<unsigned>(thread));
      for (int round = 0; round < kRounds; ++round) {
        const size_t paper = random() % kPapers;
        switch (random() % 8) {
          case 0:
            // The first few live.
            if (paper >= 8) EraseOne(thread, paper);
            break;
          case 1:
          case 2:
          case 3:
          case 4:
            Store(thread, papers_[paper]);
            break;
          default:
            Read(thread, papers_[paper]);
        }
      }
    });
  }
  std::thread maintainer([this, &over] {
    while (!over) {
      EXPECT_THAT(vault_->Maintain([this] { return registry_.Newest(); }).status(), IsOk());
    }
  });
  for (std::thread& thread : threads) thread.join();
  over = true;
  maintainer.join();

  for (size_t i = 0; i < kPapers; ++i) {
    if (!erased_[i]) {
      const absl::Status stored = Put("ann", papers_[i]).status();
      EXPECT_THAT(stored, IsOk()) << i;
    }
  }
  for (int start = 0; start < 2; ++start) {
    for (size_t i = 0; i < kPapers; ++i) {
      const absl::StatusOr<std::string> read = Get("ann", papers_[i]);
      if (erased_[i]) {
        EXPECT_THAT(read.status(), IsRefused(RefusalCode::kDocumentErased)) << i;
      } else {
        ASSERT_THAT(read.status(), IsOk()) << i;
        EXPECT_TRUE(*read == papers_[i].bytes);
      }
    }
    OpenVault();
    EXPECT_THAT(warnings_, testing::IsEmpty());
  }
}

}  // namespace
}  // namespace touchstone::vault
