#include "tests/registry/storage/faulty_store.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "registry/storage/memory_store.h"

namespace touchstone::storage {
namespace {

WriteBatch PutOne(absl::string_view key) {
  WriteBatch batch;
  batch.Put(key, "value");
  return batch;
}

TEST(FaultyStoreTest, LosesTheBatchAndRefusesWhatFollows) {
  MemoryStore base;
  FaultyStore store(&base);
  store.FailCommit(2, Fault::kFailed);
  EXPECT_TRUE(store.Commit(PutOne("a")).ok());
  EXPECT_EQ(store.Commit(PutOne("b")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.Commit(PutOne("c")).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store.commits(), 3u);
  EXPECT_TRUE(base.Get("a").ok());
  EXPECT_EQ(base.Get("b").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(base.Get("c").status().code(), absl::StatusCode::kNotFound);
}

TEST(FaultyStoreTest, KeepsTheBatchAndReportsAnErrorNevertheless) {
  MemoryStore base;
  FaultyStore store(&base);
  EXPECT_TRUE(store.Commit(PutOne("a")).ok());
  store.FailCommit(1, Fault::kFailedButPersisted, absl::ResourceExhaustedError("full"));
  EXPECT_EQ(store.Commit(PutOne("b")).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(store.Commit(PutOne("c")).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(store.Get("b").ok());

  FaultyStore restarted(&base);
  EXPECT_TRUE(restarted.Commit(PutOne("c")).ok());
}

}  // namespace
}  // namespace touchstone::storage
