#include "cli/pack/insurer_pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "cli/new_opening.h"
#include "cli/pack/pack_check.h"
#include "cli/pack/pack_summary.h"
#include "cli/pack/zip_file.h"
#include "cli/statement_draft.h"
#include "tests/cli/sample_passport.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/sha256.h"

namespace touchstone::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr uint64_t kDayMs = 86'400'000;
constexpr ZipLimits kAnySize = {
    .members_max = 1000, .member_bytes_max = size_t{1} << 30, .all_bytes_max = size_t{1} << 30};

// A ring that an owner has, with a receipt, an insurer's police report and a picture for all.
class InsurerPackTest : public testing::Test {
 protected:
  InsurerPackTest() : log_(SampleLog()) {
    log_.FirstSale(1, "maison key", "claim");
    log_.Claim(1, "claim", "anna");
    receipt_ = Opening(v1::Commitment::RECEIPT, kReceipt);
    police_ = Opening(v1::Commitment::POLICE_REPORT, "a report");
    v1::Statement added = log_.PassportStatement(1);
    AddCommitment(receipt_, v1::Commitment::RECEIPT, &added);
    AddCommitment(police_, v1::Commitment::POLICE_REPORT, &added);
    v1::Media& media = *added.mutable_documents_added()->add_media();
    media.set_kind(v1::Media::PHOTOGRAPH);
    const Digest picture = DocumentDigest("", kPicture);
    media.set_sha256(std::string(DigestBytes(picture)));
    log_.Say(added, {"anna"});
    log_.Commit();
    held_ = Held(log_);
    grant_ = GrantBy("anna", {v1::Commitment::RECEIPT});
  }

  static PassportId Id(int number) {
    return ValueOrDie(PassportId::FromBytes(TestPassportId(number)));
  }

  // With the same salt in every run.
  static DocumentOpening Opening(v1::Commitment::Kind kind, absl::string_view document) {
    DocumentOpening opening = NewOpening(Id(1), kind, document, "a.pdf", "application/pdf");
    opening.salt = std::string(32, 's');
    opening.document_sha256 = DocumentDigest(opening.salt, document);
    return opening;
  }

  static void AddCommitment(const DocumentOpening& opening, v1::Commitment::Kind kind,
                            v1::Statement* statement) {
    v1::Commitment& commitment = *statement->mutable_documents_added()->add_commitments();
    commitment.set_kind(kind);
    commitment.set_sha256(std::string(DigestBytes(opening.document_sha256)));
  }

  SignedGrant GrantBy(absl::string_view key, const std::vector<v1::Commitment::Kind>& kinds,
                      int passport = 1) {
    v1::Grant grant;
    grant.set_log_origin(log_.origin());
    grant.set_passport_id(TestPassportId(passport));
    grant.set_nonce(std::string(16, 'n'));
    grant.set_issued_at_ms(log_.now_ms());
    grant.set_expires_at_ms(log_.now_ms() + kDayMs);
    grant.set_participant_id("insurer");
    for (const v1::Commitment::Kind kind : kinds) grant.add_kinds(kind);
    const SecretKey* const keys[] = {&NamedKey(key)};
    const Envelope envelope =
        ValueOrDie(SignEnvelope(PayloadType::kGrant, grant.SerializeAsString(), keys));
    return ValueOrDie(SignedGrant::Parse(envelope.bytes()));
  }

  CheckedDocument Document(const Digest& digest, absl::string_view bytes,
                           const DocumentOpening* opening) {
    const std::vector<CommittedDocument> documents = CommittedDocuments(held_->record);
    CheckedDocument document = {.committed = *FindDocument(documents, digest),
                                .bytes = std::string(bytes),
                                .media_type = "application/pdf",
                                .opening = {}};
    if (opening != nullptr) document.opening = *opening;
    return document;
  }

  PackContents Contents() {
    PackContents contents;
    contents.passport = &*held_;
    contents.policy_text = log_.PolicyText();
    contents.grant = &*grant_;
    contents.documents = {Document(receipt_.document_sha256, kReceipt, &receipt_),
                          Document(DocumentDigest("", kPicture), kPicture, nullptr)};
    contents.absent = {{.document_sha256 = police_.document_sha256,
                        .kind = "police report",
                        .entry_number = 3,
                        .why = "not_granted"}};
    return contents;
  }

  std::string Zip() { return ValueOrDie(MakePack(Contents())).zip; }

  absl::StatusOr<CheckedPack> Check(absl::string_view zip) {
    return CheckPack(SamplePolicy(log_), zip, log_.now_ms());
  }

  // The pack with its members changed.
  absl::StatusOr<CheckedPack> CheckChanged(
      const std::function<void(std::vector<ZipMember>&)>& change) {
    std::vector<ZipMember> members = ValueOrDie(ReadZip(Zip(), kAnySize));
    change(members);
    return Check(ValueOrDie(WriteZip(members)));
  }

  static ZipMember& Member(std::vector<ZipMember>& members, absl::string_view ending) {
    for (ZipMember& member : members) {
      if (absl::EndsWith(member.name, ending)) return member;
    }
    ADD_FAILURE() << ending;
    return members.front();
  }

  static constexpr char kReceipt[] = "12,000 CHF";
  static constexpr char kPicture[] = "a picture";
  TestLog log_;
  DocumentOpening receipt_;
  DocumentOpening police_;
  std::optional<HeldPassport> held_;
  std::optional<SignedGrant> grant_;
};

TEST_F(InsurerPackTest, Holds) {
  const absl::StatusOr<CheckedPack> pack = Check(Zip());
  ASSERT_THAT(pack, IsOk());
  EXPECT_EQ(pack->manifest.documents.size(), 2u);
  EXPECT_EQ(pack->summary_holds, true);
  EXPECT_FALSE(pack->grant_expired);
  EXPECT_THAT(pack->summary, HasSubstr("None was ever reported"));
  EXPECT_THAT(pack->summary, HasSubstr("police report, entry 3: not granted"));
  EXPECT_THAT(pack->summary, HasSubstr("1 so far"));
  EXPECT_THAT(pack->summary, Not(HasSubstr(kReceipt)));
}

TEST_F(InsurerPackTest, IsTheSameEachTime) { EXPECT_EQ(Zip(), Zip()); }

// Packs of years ago are compared with this text. Where it comes out otherwise, count up
// kSummaryVersion (docs/decisions/2026-11-26-a-pack-is-checked-whole.md), then put the new digest
// here.
TEST_F(InsurerPackTest, SaysTheSameUnderOneSummaryVersion) {
  const std::string summary = ValueOrDie(MakePack(Contents())).summary;
  EXPECT_EQ(kSummaryVersion, 2u);
  EXPECT_EQ(DigestToHex(Sha256Of(summary)),
            "8db7a6686d95c8c46c396da564424bb4995eb1e76c12ca480c82688bae4a6eae")
      << summary;
}

TEST_F(InsurerPackTest, SaysThatNothingShowsConsentWithoutAGrant) {
  PackContents contents = Contents();
  contents.grant = nullptr;
  const std::string summary = ValueOrDie(MakePack(contents)).summary;
  EXPECT_THAT(summary,
              HasSubstr("No grant in this pack: nothing here shows that the owner agreed"));
  EXPECT_THAT(summary, HasSubstr("as whoever made the pack says"));
}

TEST_F(InsurerPackTest, OutlivesItsGrant) {
  const absl::StatusOr<CheckedPack> pack =
      CheckPack(SamplePolicy(log_), Zip(), log_.now_ms() + 400 * kDayMs);
  ASSERT_THAT(pack, IsOk());
  EXPECT_TRUE(pack->grant_expired);
}

TEST_F(InsurerPackTest, IsJudgedByTheCheckersPolicyAlone) {
  TestLog::Options other;
  other.log_key = "another log's key";
  EXPECT_FALSE(CheckPack(SamplePolicy(TestLog(other)), Zip(), log_.now_ms()).ok());
}

TEST_F(InsurerPackTest, RefusesEachChange) {
  const std::pair<RefusalCode, std::function<void(std::vector<ZipMember>&)>> changes[] = {
      {RefusalCode::kWrongDocument,
       [](auto& m) { m.at(m.size() - 3).contents = "19,000 CHF"; }},  // the receipt, as long
      {RefusalCode::kWrongDocument, [](auto& m) { m.back().contents = "another"; }},
      {RefusalCode::kMalformed, [](auto& m) { m.pop_back(); }},
      {RefusalCode::kMalformed,
       [](auto& m) {
         m.push_back({"more.pdf", "more"});
       }},
      {RefusalCode::kMalformed, [](auto& m) { m.erase(m.begin()); }},
      {RefusalCode::kMalformed, [](auto& m) { Member(m, "manifest.json").contents = "{}"; }},
      {RefusalCode::kMalformed, [](auto& m) { Member(m, ".opening").contents = "{}"; }},
      {RefusalCode::kUnknownPayloadType,
       [](auto& m) { Member(m, "grant.txt").contents = "TOUCHSTONE-GRANT:"; }},
      // It names the receipt's opening as the receipt.
      {RefusalCode::kMalformed,
       [](auto& m) {
         ZipMember& manifest = Member(m, "manifest.json");
         manifest.contents =
             absl::StrReplaceAll(manifest.contents, {{"\"kind\": \"receipt\"", "\"kind\": \"x\""}});
       }},
      {RefusalCode::kMalformed,
       [](auto& m) {
         ZipMember& manifest = Member(m, "manifest.json");
         manifest.contents = absl::StrReplaceAll(manifest.contents,
                                                 {{"\"entry_number\": 3", "\"entry_number\": 2"}});
       }},
      // It is silent about the police report.
      {RefusalCode::kWrongDocument,
       [](auto& m) {
         ZipMember& manifest = Member(m, "manifest.json");
         const size_t absent = manifest.contents.find("\"absent\"");
         manifest.contents = manifest.contents.substr(0, absent) + "\"absent\": []\n}\n";
       }},
      // A name that says something else of the receipt, in the manifest and in the archive.
      {RefusalCode::kMalformed,
       [](auto& m) {
         for (ZipMember& member : m) {
           member.name = absl::StrReplaceAll(member.name, {{"-receipt-", "-valuation-"}});
         }
         ZipMember& manifest = Member(m, "manifest.json");
         manifest.contents = absl::StrReplaceAll(manifest.contents, {{"-receipt-", "-valuation-"}});
       }},
      // An opening that calls it of another kind.
      {RefusalCode::kWrongDocument,
       [](auto& m) {
         ZipMember& opening = Member(m, ".opening");
         opening.contents = absl::StrReplaceAll(opening.contents, {{"RECEIPT", "APPRAISED_VALUE"}});
       }},
      {RefusalCode::kUnknownVersion,
       [](auto& m) {
         ZipMember& manifest = Member(m, "manifest.json");
         manifest.contents =
             absl::StrReplaceAll(manifest.contents, {{"\"version\": 1", "\"version\": 2"}});
       }},
  };
  int number = 0;
  for (const auto& [code, change] : changes) {
    EXPECT_THAT(CheckChanged(change), IsRefused(code)) << "change " << number;
    ++number;
  }
}

TEST_F(InsurerPackTest, SeesAChangedSummary) {
  const absl::StatusOr<CheckedPack> pack = CheckChanged([](auto& m) {
    ZipMember& summary = Member(m, "SUMMARY.txt");
    summary.contents = absl::StrReplaceAll(summary.contents, {{"1 so far", "2 so far"}});
  });
  ASSERT_THAT(pack, IsOk());
  EXPECT_EQ(pack->summary_holds, false);
}

TEST_F(InsurerPackTest, DoesNotCompareAnotherVersionsSummary) {
  const absl::StatusOr<CheckedPack> pack = CheckChanged([](auto& m) {
    ZipMember& manifest = Member(m, "manifest.json");
    manifest.contents = absl::StrReplaceAll(manifest.contents,
                                            {{"\"summary_version\": 2", "\"summary_version\": 7"}});
  });
  ASSERT_THAT(pack, IsOk());
  EXPECT_EQ(pack->summary_holds, std::nullopt);
}

TEST_F(InsurerPackTest, RefusesAGrantThatDoesNotCount) {
  grant_ = GrantBy("claim", {v1::Commitment::RECEIPT});
  EXPECT_THAT(Check(Zip()), IsRefused(RefusalCode::kGrantWithdrawn));
  grant_ = GrantBy("anna", {v1::Commitment::RECEIPT}, 2);
  EXPECT_THAT(Check(Zip()), IsRefused(RefusalCode::kWrongGrantee));
  grant_ = GrantBy("anna", {v1::Commitment::PHOTOGRAPH});
  EXPECT_THAT(Check(Zip()), IsRefused(RefusalCode::kNotYourDocument));
}

TEST_F(InsurerPackTest, RefusesTheGrantOfAnOwnerBefore) {
  log_.Transfer(1, "anna", "boris");
  log_.Commit();
  held_ = Held(log_);
  EXPECT_THAT(Check(Zip()), IsRefused(RefusalCode::kGrantWithdrawn));
}

TEST_F(InsurerPackTest, SaysWhatWasReported) {
  v1::Statement stolen = log_.PassportStatement(1);
  stolen.mutable_incident_reported()->set_kind(v1::IncidentReported::STOLEN);
  stolen.mutable_incident_reported()->set_occurred_on("2026-11-20");
  log_.Say(stolen, {"anna"});
  log_.Commit();
  held_ = Held(log_);
  const absl::StatusOr<CheckedPack> pack = Check(Zip());
  ASSERT_THAT(pack, IsOk());
  EXPECT_THAT(pack->summary, HasSubstr("OPEN ONES ARE AMONG THEM"));
}

}  // namespace
}  // namespace touchstone::cli
