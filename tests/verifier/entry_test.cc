#include "verifier/entry.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"
#include "verifier/hex.h"
#include "verifier/limits.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

Entry SampleEntry() {
  Entry entry;
  entry.type = EntryType::kStatement;
  entry.position = 0x0102030405060708;
  entry.time_ms = 0x1112131415161718;
  entry.number = 0x21222324;
  entry.previous.fill(0xAB);
  entry.payload = "payload";
  return entry;
}

Entry IndexRoot() {
  Entry entry;
  entry.type = EntryType::kIndexRoot;
  entry.position = 1;
  entry.payload = EncodeIndexRootPayload({});
  return entry;
}

TEST(Entry, IsLaidOutAsTheFormatSays) {
  const std::string frame = ValueOrDie(EncodeEntry(SampleEntry()));
  EXPECT_EQ(HexEncode(frame),
            "54534531"
            "01"
            "0102030405060708"
            "1112131415161718"
            "21222324"
            "abababababababababababababababababababababababababababababababab"
            "0007"
            "7061796c6f6164");
  EXPECT_EQ(EntryDigest(frame), Sha256Of(frame));
}

TEST(Entry, ReadsWhatItWrites) {
  for (const Entry& entry : {SampleEntry(), IndexRoot(), Entry{}}) {
    EXPECT_EQ(ValueOrDie(DecodeEntry(ValueOrDie(EncodeEntry(entry)))), entry);
  }
}

TEST(Entry, HoldsUpToTheLimitAndNotAByteMore) {
  Entry entry = SampleEntry();
  entry.payload.assign(65535 - 59, 'x');
  const std::string frame = ValueOrDie(EncodeEntry(entry));
  EXPECT_EQ(frame.size(), 65535u);
  EXPECT_EQ(ValueOrDie(DecodeEntry(frame)), entry);

  entry.payload.push_back('x');
  EXPECT_THAT(EncodeEntry(entry), IsRefused(RefusalCode::kTooLarge));
  // What such a frame would be, had somebody made it.
  std::string too_long = frame + "x";
  ASSERT_EQ(too_long.size(), 65536u);
  too_long[58] = static_cast<char>(too_long[58] + 1);
  EXPECT_THAT(DecodeEntry(too_long), IsRefused(RefusalCode::kTooLarge));
}

TEST(Entry, RefusesEveryOtherLength) {
  const std::string frame = ValueOrDie(EncodeEntry(SampleEntry()));
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_THAT(DecodeEntry(frame.substr(0, size)), IsRefused(RefusalCode::kMalformed)) << size;
  }
  EXPECT_THAT(DecodeEntry(frame + "x"), IsRefused(RefusalCode::kMalformed));
}

TEST(Entry, RefusesAnotherMagic) {
  std::string frame = ValueOrDie(EncodeEntry(SampleEntry()));
  frame[3] = '2';
  EXPECT_THAT(DecodeEntry(frame), IsRefused(RefusalCode::kMalformed));
}

TEST(Entry, CannotJudgeOtherTypes) {
  std::string frame = ValueOrDie(EncodeEntry(SampleEntry()));
  for (const char type : {'\0', '\x03', '\xFF'}) {
    frame[4] = type;
    EXPECT_THAT(DecodeEntry(frame), IsRefused(RefusalCode::kUnknownEntryType));
  }
}

TEST(Entry, NumberZeroHasNoPrevious) {
  Entry entry = SampleEntry();
  std::string frame = ValueOrDie(EncodeEntry(entry));
  entry.number = 0;
  EXPECT_THAT(EncodeEntry(entry), IsRefused(RefusalCode::kMalformed));
  frame.replace(21, 4, 4, '\0');
  EXPECT_THAT(DecodeEntry(frame), IsRefused(RefusalCode::kMalformed));
}

TEST(Entry, IndexRootsHaveOneShape) {
  Entry numbered = IndexRoot();
  numbered.number = 1;
  EXPECT_THAT(EncodeEntry(numbered), IsRefused(RefusalCode::kMalformed));
  Entry chained = IndexRoot();
  chained.previous.fill(1);
  EXPECT_THAT(EncodeEntry(chained), IsRefused(RefusalCode::kMalformed));
  Entry longer = IndexRoot();
  longer.payload.push_back('x');
  EXPECT_THAT(EncodeEntry(longer), IsRefused(RefusalCode::kMalformed));
}

TEST(IndexRootPayload, IsRootAndPosition) {
  IndexRootPayload payload;
  payload.root.fill(0xCD);
  payload.previous_index_root = 258;
  const std::string bytes = EncodeIndexRootPayload(payload);
  EXPECT_EQ(HexEncode(bytes),
            "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
            "0000000000000102");
  EXPECT_EQ(ValueOrDie(DecodeIndexRootPayload(bytes)), payload);
  EXPECT_EQ(HexEncode(EncodeIndexRootPayload({}).substr(32)), "ffffffffffffffff");
  EXPECT_THAT(DecodeIndexRootPayload(bytes + "x"), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(DecodeIndexRootPayload(bytes.substr(1)), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
