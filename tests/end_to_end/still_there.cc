#include "tests/end_to_end/still_there.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "cli/audit/log_continuity.h"
#include "cli/audit/log_source.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_passport.h"
#include "verifier/verify_receipt.h"

namespace touchstone::end_to_end {

void ExpectAllStillThere(const Site& site, const std::vector<Acknowledged>& acknowledged) {
  const TrustPolicy policy = site.Policy();
  std::set<uint64_t> answered;
  std::set<uint64_t> positions;
  size_t sent = 0;
  const absl::Status stream = site.Client()->SubmitStream(
      [&](cli::RegistryClient::TaggedEnvelope* item) {
        if (sent == acknowledged.size()) return false;
        item->tag = sent;
        item->envelope = acknowledged[sent++].envelope.bytes();
        return true;
      },
      [&](uint64_t tag, const absl::StatusOr<std::string>& receipt) {
        answered.insert(tag);
        const Acknowledged& first = acknowledged[tag];
        ASSERT_THAT(receipt, IsOk());
        const auto again = VerifyReceipt(policy, *receipt, first.envelope);
        ASSERT_THAT(again, IsOk());
        EXPECT_EQ(again->place.position, first.receipt.place.position);
        EXPECT_EQ(again->place.digest, first.receipt.place.digest);
        EXPECT_EQ(again->place.time_ms, first.receipt.place.time_ms);
        EXPECT_EQ(again->number, first.receipt.number);
        positions.insert(again->place.position);
      },
      [] {});
  EXPECT_THAT(stream, IsOk());
  EXPECT_EQ(answered.size(), acknowledged.size());
  EXPECT_EQ(positions.size(), acknowledged.size());
}

void ExpectPassportsHold(const Site& site, const std::vector<Acknowledged>& acknowledged) {
  std::map<std::string, std::map<uint32_t, Digest>> entries;
  for (const Acknowledged& one : acknowledged) {
    entries[one.receipt.subject.bytes][one.receipt.number] = one.receipt.place.digest;
  }
  const TrustPolicy policy = site.Policy();
  const auto client = site.Client();
  for (const auto& [id, numbers] : entries) {
    const auto file = client->GetPassport(cli::ByPassportId{id});
    ASSERT_THAT(file, IsOk());
    const auto record = CheckPassport(policy, *file, {}, 0);
    ASSERT_THAT(record, IsOk());
    for (const auto& [number, digest] : numbers) {
      ASSERT_LT(number, record->timeline.size());
      EXPECT_EQ(record->timeline[number].place.digest, digest);
    }
  }
}

void ExpectOneHistory(const Site& site, const std::map<uint64_t, Digest>& checkpoints) {
  const VerifiedCheckpoint newest = site.NewestCheckpoint();
  const auto client = site.Client();
  for (const auto& [size, root] : checkpoints) {
    EXPECT_THAT(
        cli::CheckLogGoesOn(*cli::OpenRegistry(client.get()), {size, root},
                            {newest.checkpoint.size(), newest.checkpoint.root()}, "Keep it"),
        IsOk())
        << size;
  }
}

}  // namespace touchstone::end_to_end
