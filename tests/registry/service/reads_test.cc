// The reading RPCs: what they answer is proven, and what cannot be answered is said properly.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/registry/service/test_registry.h"
#include "tests/support/reference_index.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/entry.h"
#include "verifier/merkle.h"
#include "verifier/observed.h"
#include "verifier/tlog_tiles.h"
#include "verifier/verify_absence.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_checkpoint.h"
#include "verifier/verify_passport.h"

namespace touchstone::service {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// One registry for all: nothing here changes it.
class ReadsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    registry_ = new TestRegistry();
    for (int i = 1; i <= 3; ++i) registry_->Submit(registry_->Registration(i));
    registry_->Submit(
        registry_->EnvelopeAt(registry_->log().Report(2, "lab key", "GIA", "9900112233")));
    registry_->Submit(registry_->EnvelopeAt(registry_->log().EnrolCardKey("card")));
  }
  static void TearDownTestSuite() { delete std::exchange(registry_, nullptr); }

  template <typename Request, typename Response>
  using Method = grpc::Status (v1::Registry::Stub::*)(grpc::ClientContext*, const Request&,
                                                      Response*);

  template <typename Request, typename Response>
  grpc::Status Call(Method<Request, Response> method, const Request& request, Response* response) {
    grpc::ClientContext context;
    grpc::Status status = (registry_->stub().*method)(&context, request, response);
    refusal_ = RefusalOf(context);
    return status;
  }

  template <typename Request, typename Response>
  Response CallOk(Method<Request, Response> method, const Request& request) {
    Response response;
    const grpc::Status status = Call(method, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message() << "\n"
                             << registry_->log_text();
    return response;
  }

  VerifiedCheckpoint NewestCheckpoint() {
    const auto response = CallOk(&v1::Registry::Stub::GetCheckpoint, v1::GetCheckpointRequest());
    const auto verified = VerifyCheckpointNote(registry_->policy(), response.checkpoint());
    EXPECT_TRUE(verified.ok()) << verified.status();
    return *verified;
  }

  static void ExpectPassport(const std::string& file, int number) {
    const auto record =
        CheckPassport(registry_->policy(), file, Observed(), registry_->clock().NowMs());
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_THAT(file, HasSubstr(TestPassportId(number)));
  }

  static TestRegistry* registry_;
  std::string refusal_;
};

TestRegistry* ReadsTest::registry_ = nullptr;

std::vector<Digest> Hashes(const std::string& bytes) {
  std::vector<Digest> hashes;
  for (size_t i = 0; i + kDigestBytes <= bytes.size(); i += kDigestBytes) {
    hashes.push_back(*DigestFromBytes(absl::string_view(bytes).substr(i, kDigestBytes)));
  }
  return hashes;
}

TEST_F(ReadsTest, APassportIsFoundByAnyOfItsNames) {
  v1::GetPassportRequest by_id;
  by_id.set_passport_id(TestPassportId(1));
  ExpectPassport(CallOk(&v1::Registry::Stub::GetPassport, by_id).passport(), 1);

  v1::GetPassportRequest by_inscription;
  by_inscription.set_inscription("gia 21 41-438002");
  ExpectPassport(CallOk(&v1::Registry::Stub::GetPassport, by_inscription).passport(), 2);

  v1::GetPassportRequest by_report;
  by_report.mutable_report()->set_laboratory("Gemological Institute of America");
  by_report.mutable_report()->set_report_number("9900112233");
  ExpectPassport(CallOk(&v1::Registry::Stub::GetPassport, by_report).passport(), 2);
}

TEST_F(ReadsTest, WhatIsNotThereIsProvenNotToBe) {
  v1::GetPassportRequest request;
  request.set_inscription("gia 21 41-438002");
  ExpectPassport(CallOk(&v1::Registry::Stub::Lookup, request).passport(), 2);

  std::vector<v1::GetPassportRequest> absent(4);
  absent[0].set_inscription("g.i.a. 1234");
  absent[1].set_passport_id(TestPassportId(99));
  absent[2].mutable_report()->set_laboratory("Gemological Institute of America");
  absent[2].mutable_report()->set_report_number("31");
  absent[3].mutable_gtin_serial()->set_gtin("9521234543213");
  absent[3].mutable_gtin_serial()->set_serial("NONE");
  const Sought sought[] = {
      Sought::Claim(*InscriptionClaim("GIA 1234")),
      Sought::Id(*PassportId::FromBytes(TestPassportId(99))),
      Sought::Claim(*ReportClaim("GIA", "31")),
      Sought::Claim(*GtinSerialClaim(*Gtin::ParseAnyLength("9521234543213"), "NONE"))};
  for (size_t i = 0; i < absent.size(); ++i) {
    const auto response = CallOk(&v1::Registry::Stub::Lookup, absent[i]);
    const auto absence =
        CheckAbsence(registry_->policy(), response.absence(), registry_->clock().NowMs());
    ASSERT_TRUE(absence.ok()) << i << absence.status();
    EXPECT_EQ(absence->sought, sought[i]) << i;
  }
}

TEST_F(ReadsTest, ALookupThatCannotBeMeantIsNamed) {
  const std::string long_text(10'000, 'A');
  struct Case {
    const char* name;
    v1::GetPassportRequest request;
    grpc::StatusCode code;
    const char* said;
  };
  std::vector<Case> cases(9);
  cases[0] = {"nothing", {}, grpc::INVALID_ARGUMENT, "passport_id, gtin_serial"};
  cases[1] = {"short id", {}, grpc::INVALID_ARGUMENT, "16"};
  cases[1].request.set_passport_id("short");
  cases[2] = {"unknown id", {}, grpc::NOT_FOUND, ""};
  cases[2].request.set_passport_id(TestPassportId(99));
  cases[3] = {"unknown inscription", {}, grpc::NOT_FOUND, ""};
  cases[3].request.set_inscription("GIA 1");
  cases[4] = {"inscription not ASCII", {}, grpc::INVALID_ARGUMENT, "ASCII"};
  cases[4].request.set_inscription("gravé");
  cases[5] = {"long inscription", {}, grpc::INVALID_ARGUMENT, "at most"};
  cases[5].request.set_inscription(long_text);
  cases[6] = {"wrong check digit", {}, grpc::INVALID_ARGUMENT, "digit"};
  cases[6].request.mutable_gtin_serial()->set_gtin("09521234543211");
  cases[6].request.mutable_gtin_serial()->set_serial("A1");
  cases[7] = {"no serial", {}, grpc::INVALID_ARGUMENT, "gtin_serial.serial"};
  cases[7].request.mutable_gtin_serial()->set_gtin("09521234543213");
  cases[8] = {"no report number", {}, grpc::INVALID_ARGUMENT, "report.report_number"};
  cases[8].request.mutable_report()->set_laboratory("GIA");
  for (const Case& c : cases) {
    v1::GetPassportResponse response;
    const grpc::Status status = Call(&v1::Registry::Stub::GetPassport, c.request, &response);
    EXPECT_EQ(status.error_code(), c.code) << c.name << ": " << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(c.said)) << c.name;
  }
}

TEST_F(ReadsTest, WithoutWitnessesNoCheckpointIsCosigned) {
  v1::GetCheckpointRequest request;
  v1::GetCheckpointResponse response;
  request.set_checkpoint(v1::COSIGNED);
  const grpc::Status refused = Call(&v1::Registry::Stub::GetCheckpoint, request, &response);
  EXPECT_EQ(refused.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(refused.error_message(), HasSubstr("--witness-policy"));
  request.set_checkpoint(static_cast<v1::CheckpointChoice>(7));
  const grpc::Status unknown = Call(&v1::Registry::Stub::GetCheckpoint, request, &response);
  EXPECT_EQ(unknown.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(unknown.error_message(), HasSubstr("NEWEST or COSIGNED"));
}

TEST(CosignedReadsTest, EveryAnswerIsUnderTheCheckpointThatWasChosen) {
  TestRegistry registry(nullptr, {"w"});
  v1::GetCheckpointRequest cosigned;
  cosigned.set_checkpoint(v1::COSIGNED);
  v1::GetCheckpointResponse checkpoint;
  grpc::ClientContext contexts[7];
  const grpc::Status none = registry.stub().GetCheckpoint(&contexts[6], cosigned, &checkpoint);
  EXPECT_EQ(none.error_code(), grpc::UNAVAILABLE);
  EXPECT_THAT(none.error_message(), HasSubstr("not cosigned a checkpoint yet"));

  const std::string first = registry.Registration(1);
  EXPECT_TRUE(registry.SubmitForAnswer(first).provisional());
  registry.CosignNewest();
  EXPECT_FALSE(registry.SubmitForAnswer(first).provisional());
  EXPECT_TRUE(registry.SubmitForAnswer(registry.Registration(2)).provisional());
  const TrustPolicy policy = registry.witness_policy();
  const uint64_t now_ms = registry.clock().NowMs();

  v1::GetPassportRequest by_id;
  by_id.set_passport_id(TestPassportId(1));
  v1::GetPassportRequest by_later_id;
  by_later_id.set_passport_id(TestPassportId(2));
  by_id.set_checkpoint(v1::COSIGNED);
  by_later_id.set_checkpoint(v1::COSIGNED);
  v1::GetPassportResponse passport;
  ASSERT_TRUE(registry.stub().GetPassport(&contexts[0], by_id, &passport).ok());
  EXPECT_TRUE(CheckPassport(policy, passport.passport(), Observed(), now_ms).ok());
  EXPECT_EQ(registry.stub().GetPassport(&contexts[1], by_later_id, &passport).error_code(),
            grpc::NOT_FOUND);
  v1::LookupResponse absent;
  ASSERT_TRUE(registry.stub().Lookup(&contexts[2], by_later_id, &absent).ok());
  EXPECT_TRUE(CheckAbsence(policy, absent.absence(), now_ms).ok());
  by_id.set_checkpoint(v1::NEWEST);
  ASSERT_TRUE(registry.stub().GetPassport(&contexts[3], by_id, &passport).ok());
  EXPECT_THAT(CheckPassport(policy, passport.passport(), Observed(), now_ms),
              IsRefused(RefusalCode::kQuorumNotMet));
  v1::GetCardsRequest cards_request;
  cards_request.set_checkpoint(v1::COSIGNED);
  v1::GetCardsResponse cards;
  ASSERT_TRUE(registry.stub().GetCards(&contexts[4], cards_request, &cards).ok());
  EXPECT_TRUE(CheckCards(policy, cards.cards(), now_ms).ok());
  ASSERT_TRUE(registry.stub().GetCheckpoint(&contexts[5], cosigned, &checkpoint).ok());
  EXPECT_TRUE(VerifyCheckpointNote(policy, checkpoint.checkpoint()).ok());
}

TEST_F(ReadsTest, TheCardsFileVerifies) {
  const auto response = CallOk(&v1::Registry::Stub::GetCards, v1::GetCardsRequest());
  const auto cards = CheckCards(registry_->policy(), response.cards(), registry_->clock().NowMs());
  ASSERT_TRUE(cards.ok()) << cards.status();
  EXPECT_THAT(cards->keys, SizeIs(1));
}

TEST_F(ReadsTest, ProofsLeadToTheCheckpoint) {
  const VerifiedCheckpoint newest = NewestCheckpoint();
  const uint64_t size = newest.checkpoint.size();
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_position(2);
  const auto proof = CallOk(&v1::Registry::Stub::GetInclusionProof, inclusion);
  EXPECT_EQ(proof.tree_size(), size);
  EXPECT_TRUE(VerifyInclusion(LeafHash(proof.digest()), 2, size, Hashes(proof.path()),
                              newest.checkpoint.root())
                  .ok());

  v1::GetTileRequest first_two;
  first_two.set_width(2);
  MerkleFrontier then;
  for (const Digest& leaf : Hashes(CallOk(&v1::Registry::Stub::GetTile, first_two).tile())) {
    then.Append(leaf);
  }
  v1::GetConsistencyProofRequest consistency;
  consistency.set_first_size(2);
  const auto path = CallOk(&v1::Registry::Stub::GetConsistencyProof, consistency);
  EXPECT_EQ(path.second_size(), size);
  EXPECT_TRUE(
      VerifyConsistency(2, then.Root(), size, newest.checkpoint.root(), Hashes(path.path())).ok());
}

TEST_F(ReadsTest, TilesAndBundlesMakeUpTheTree) {
  const VerifiedCheckpoint newest = NewestCheckpoint();
  const auto width = static_cast<uint32_t>(newest.checkpoint.size());
  ASSERT_LT(width, 256u);
  v1::GetTileRequest tile;
  tile.set_width(width);
  v1::GetEntryBundleRequest bundle;
  bundle.set_width(width);
  const std::vector<Digest> leaves = Hashes(CallOk(&v1::Registry::Stub::GetTile, tile).tile());
  ASSERT_THAT(leaves, SizeIs(width));
  MerkleFrontier tree;
  for (const Digest& leaf : leaves) tree.Append(leaf);
  EXPECT_EQ(tree.Root(), newest.checkpoint.root());

  const std::string bytes = CallOk(&v1::Registry::Stub::GetEntryBundle, bundle).bundle();
  const auto entries = DecodeEntryBundle(bytes, width);
  ASSERT_TRUE(entries.ok()) << entries.status();
  for (size_t i = 0; i < leaves.size(); ++i) EXPECT_EQ(LeafHash((*entries)[i]), leaves[i]);
}

TEST_F(ReadsTest, WhatLiesBeyondTheTreeIsOutOfRange) {
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_position(uint64_t{1} << 62);
  v1::GetInclusionProofResponse inclusion_response;
  EXPECT_EQ(
      Call(&v1::Registry::Stub::GetInclusionProof, inclusion, &inclusion_response).error_code(),
      grpc::OUT_OF_RANGE);
  v1::GetConsistencyProofRequest consistency;
  v1::GetConsistencyProofResponse consistency_response;
  EXPECT_EQ(Call(&v1::Registry::Stub::GetConsistencyProof, consistency, &consistency_response)
                .error_code(),
            grpc::INVALID_ARGUMENT);
  consistency.set_first_size(UINT64_MAX);
  EXPECT_EQ(Call(&v1::Registry::Stub::GetConsistencyProof, consistency, &consistency_response)
                .error_code(),
            grpc::OUT_OF_RANGE);
  v1::GetTileRequest tile;
  v1::GetTileResponse tile_response;
  EXPECT_EQ(Call(&v1::Registry::Stub::GetTile, tile, &tile_response).error_code(),
            grpc::OUT_OF_RANGE);  // there is no full one yet
  tile.set_width(256);
  EXPECT_EQ(Call(&v1::Registry::Stub::GetTile, tile, &tile_response).error_code(),
            grpc::INVALID_ARGUMENT);
  tile.set_width(1);
  tile.set_level(8);
  EXPECT_EQ(Call(&v1::Registry::Stub::GetTile, tile, &tile_response).error_code(),
            grpc::INVALID_ARGUMENT);
  v1::GetEntryBundleRequest bundle;
  bundle.set_index(UINT64_MAX);
  v1::GetEntryBundleResponse bundle_response;
  EXPECT_EQ(Call(&v1::Registry::Stub::GetEntryBundle, bundle, &bundle_response).error_code(),
            grpc::OUT_OF_RANGE);
}

TEST_F(ReadsTest, PublicEntriesComeInPagesAndHoldNoPassport) {
  const uint64_t size = NewestCheckpoint().checkpoint.size();
  std::vector<std::string> frames;
  v1::GetPublicEntriesRequest request;
  request.set_limit(2);
  while (request.first_position() < size) {
    const auto page = CallOk(&v1::Registry::Stub::GetPublicEntries, request);
    EXPECT_LE(page.entries_size(), 2);
    for (const std::string& entry : page.entries()) frames.push_back(entry);
    ASSERT_GT(page.next_position(), request.first_position());
    request.set_first_position(page.next_position());
  }
  EXPECT_EQ(frames.front(), registry_->log().Frame(0));
  for (const std::string& frame : frames) {
    EXPECT_THAT(frame, ::testing::Not(HasSubstr(TestPassportId(1))));
  }
  // Of the log's statements: genesis, two enrolments, a card key; and an index root a commit.
  EXPECT_EQ(frames.size(), size - 4);

  request.set_first_position(0);
  request.set_limit(1001);
  v1::GetPublicEntriesResponse response;
  const grpc::Status status = Call(&v1::Registry::Stub::GetPublicEntries, request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("limit: 1001; must be 1 to 1000"));
}

TEST_F(ReadsTest, InsertionsComeInPagesAndMakeTheIndexRoot) {
  const uint64_t size = NewestCheckpoint().checkpoint.size();
  ReferenceIndex index;
  uint64_t last_end = 0;
  v1::GetInsertionsRequest request;
  request.set_limit(2);
  while (request.first_position() < size) {
    const auto page = CallOk(&v1::Registry::Stub::GetInsertions, request);
    ASSERT_GE(page.commits_size(), 1);
    EXPECT_LE(page.commits_size(), 2);
    for (const v1::CommitInsertions& commit : page.commits()) {
      ASSERT_GE(commit.index_root_position(), last_end);
      last_end = commit.index_root_position() + 1;
      const std::vector<Digest> hashes = Hashes(commit.leaves());
      ASSERT_EQ(hashes.size() * kDigestBytes, commit.leaves().size());
      ASSERT_EQ(hashes.size() % 2, 0u);
      for (size_t i = 0; i < hashes.size(); i += 2) index.Insert(hashes[i], hashes[i + 1]);
    }
    ASSERT_GT(page.next_position(), request.first_position());
    request.set_first_position(page.next_position());
  }
  EXPECT_EQ(last_end, size);
  v1::GetPublicEntriesRequest newest;
  newest.set_first_position(size - 1);
  const auto entries = CallOk(&v1::Registry::Stub::GetPublicEntries, newest);
  ASSERT_EQ(entries.entries_size(), 1);
  const Entry last_root = ValueOrDie(DecodeEntry(entries.entries(0)));
  EXPECT_EQ(ValueOrDie(DecodeIndexRootPayload(last_root.payload)).root, index.Root());

  // Behind the log there is nothing, and from there a later state goes on.
  request.set_first_position(size);
  const auto none = CallOk(&v1::Registry::Stub::GetInsertions, request);
  EXPECT_EQ(none.commits_size(), 0);
  EXPECT_EQ(none.next_position(), size);

  request.set_limit(1001);
  v1::GetInsertionsResponse response;
  const grpc::Status status = Call(&v1::Registry::Stub::GetInsertions, request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("limit: 1001; must be 1 to 1000"));
}

TEST_F(ReadsTest, ParticipantsComeInPages) {
  v1::ListParticipantsRequest request;
  request.set_page_size(1);
  const auto first = CallOk(&v1::Registry::Stub::ListParticipants, request);
  ASSERT_EQ(first.chains_size(), 1);
  EXPECT_THAT(first.chains(0), HasSubstr("The lab company"));
  request.set_page_token(first.next_page_token());
  const auto second = CallOk(&v1::Registry::Stub::ListParticipants, request);
  ASSERT_EQ(second.chains_size(), 1);
  EXPECT_THAT(second.chains(0), HasSubstr("The maison company"));
  EXPECT_EQ(second.next_page_token(), "");

  request.set_page_token("NOT A TOKEN");
  v1::ListParticipantsResponse response;
  EXPECT_EQ(Call(&v1::Registry::Stub::ListParticipants, request, &response).error_code(),
            grpc::INVALID_ARGUMENT);
}

TEST_F(ReadsTest, BytesThatAreNoMessageAreTheCallersMistake) {
  std::string response;
  const grpc::Status status =
      CallRaw(registry_->NewChannel(grpc::InsecureChannelCredentials()),
              "/touchstone.v1.Registry/GetPassport", "\xff\xff\xff\xff", &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
}

// A view that holds a lock on a thread of the pool: with one thread and one place to wait, the
// third read finds no room.
TEST(ReadFlood, IsTurnedAwayWhileSubmissionsGoOn) {
  TestRegistry registry([](Options& options) {
    options.reads_at_once = 1;
    options.reads_waiting = 1;
  });
  constexpr int kReaders = 64;
  std::atomic<int> answered = 0;
  std::atomic<int> turned_away = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      const auto stub =
          v1::Registry::NewStub(registry.NewChannel(grpc::InsecureChannelCredentials()));
      for (int n = 0; n < 20; ++n) {
        grpc::ClientContext context;
        v1::GetCardsResponse response;
        const grpc::Status status = stub->GetCards(&context, v1::GetCardsRequest(), &response);
        if (status.ok()) {
          ++answered;
        } else {
          EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED) << status.error_message();
          ++turned_away;
        }
      }
    });
  }
  for (int i = 1; i <= 10; ++i) registry.Submit(registry.Registration(i));
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(answered, 0);
  EXPECT_GT(turned_away, 0);
}

}  // namespace
}  // namespace touchstone::service
