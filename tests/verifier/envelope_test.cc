#include "verifier/envelope.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "tests/verifier/wire_bytes.h"
#include "touchstone/v1/envelope.pb.h"
#include "verifier/limits.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

constexpr PayloadType kStatement = PayloadType::kStatement;

Digest KeyId(uint8_t fill) {
  Digest id;
  id.fill(fill);
  return id;
}

EnvelopeSignature SignatureOf(uint8_t key, char fill = 's') {
  return {.keyid = KeyId(key), .sig = std::string(64, fill), .batch = std::nullopt};
}

EnvelopeSignature BatchSignatureOf(uint8_t key) {
  EnvelopeSignature signature = SignatureOf(key);
  signature.batch = ValueOrDie(BatchPath::Create(1, 3, {KeyId(7), KeyId(8)}));
  return signature;
}

// The generated message, as a stranger would write an envelope.
v1::Envelope Message(const std::vector<uint8_t>& keys) {
  v1::Envelope message;
  message.set_payload("payload");
  message.set_payload_type("application/vnd.touchstone.statement.v1+protobuf");
  for (const uint8_t key : keys) {
    v1::Signature& signature = *message.add_signatures();
    signature.set_keyid(std::string(32, static_cast<char>(key)));
    signature.set_sig(std::string(64, 's'));
  }
  return message;
}

absl::StatusOr<Envelope> ParseMessage(const v1::Envelope& message) {
  return Envelope::Parse(kStatement, message.SerializeAsString());
}

TEST(Pae, IsDssesOwnExampleInShape) {
  // The protocol document's example: PAE("http://example.com/HelloWorld", "hello world") =
  // "DSSEv1 29 http://example.com/HelloWorld 11 hello world".
  EXPECT_EQ(Pae(kStatement, "hello world"),
            "DSSEv1 48 application/vnd.touchstone.statement.v1+protobuf 11 hello world");
  EXPECT_EQ(Pae(PayloadType::kRequest, ""),
            "DSSEv1 46 application/vnd.touchstone.request.v1+protobuf 0 ");
}

TEST(Envelope, ReadsWhatAnotherProgramWrote) {
  const std::string bytes = Message({1, 2}).SerializeAsString();
  const Envelope envelope = ValueOrDie(Envelope::Parse(kStatement, bytes));
  EXPECT_EQ(envelope.payload(), "payload");
  EXPECT_EQ(envelope.payload_type(), kStatement);
  EXPECT_EQ(envelope.bytes(), bytes);
  EXPECT_EQ(envelope.pae(), Pae(kStatement, "payload"));
  EXPECT_EQ(envelope.digest(), Sha256Of(Pae(kStatement, "payload")));
  EXPECT_EQ(envelope.signatures(), (std::vector{SignatureOf(1), SignatureOf(2)}));
}

TEST(Envelope, WritesWhatItReads) {
  const Envelope made = ValueOrDie(
      Envelope::Create(PayloadType::kRequest, "payload", {BatchSignatureOf(9), SignatureOf(3)}));
  EXPECT_EQ(made.signatures(), (std::vector{SignatureOf(3), BatchSignatureOf(9)}));
  const Envelope read = ValueOrDie(Envelope::Parse(PayloadType::kRequest, made.bytes()));
  EXPECT_EQ(read.signatures(), made.signatures());
  EXPECT_EQ(read.payload(), made.payload());
  EXPECT_EQ(read.bytes(), made.bytes());
}

TEST(Envelope, KeepsItsPayloadWhenMoved) {
  Envelope envelope = ValueOrDie(ParseMessage(Message({1})));
  const Envelope moved = std::move(envelope);
  EXPECT_EQ(moved.payload(), "payload");
}

TEST(Envelope, TellsWrongTypesFromUnknownOnes) {
  v1::Envelope message = Message({1});
  message.set_payload_type("application/vnd.touchstone.request.v1+protobuf");
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kWrongPayloadType));
  message.set_payload_type("application/vnd.touchstone.statement.v2+protobuf");
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kUnknownPayloadType));
  message.clear_payload_type();
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kUnknownPayloadType));
}

TEST(Envelope, MustBeCanonical) {
  const std::string bytes = Message({1}).SerializeAsString();
  EXPECT_THAT(Envelope::Parse(kStatement, bytes + NumberField(4, 1)),
              IsRefused(RefusalCode::kUnknownField));
  EXPECT_THAT(Envelope::Parse(kStatement, bytes + BytesField(1, "payload")),
              IsRefused(RefusalCode::kNotCanonical));
  EXPECT_THAT(Envelope::Parse(kStatement, bytes.substr(0, bytes.size() - 1)),
              IsRefused(RefusalCode::kMalformed));
}

TEST(Envelope, SignaturesAscendByKeyIdEachKeyOnce) {
  EXPECT_THAT(ParseMessage(Message({1, 2, 255})), IsOk());
  EXPECT_THAT(ParseMessage(Message({})), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseMessage(Message({2, 1})), IsRefused(RefusalCode::kMalformed));
  EXPECT_THAT(ParseMessage(Message({1, 1})), IsRefused(RefusalCode::kMalformed));
}

TEST(Envelope, BoundsItsSignatures) {
  std::vector<uint8_t> keys;
  for (uint8_t i = 0; i < limits::kEnvelopeSignaturesMax; ++i) keys.push_back(i);
  EXPECT_THAT(ParseMessage(Message(keys)), IsOk());
  keys.push_back(200);
  EXPECT_THAT(ParseMessage(Message(keys)), IsRefused(RefusalCode::kTooLarge));

  v1::Envelope message = Message({1});
  message.mutable_signatures(0)->set_sig(std::string(limits::kSignatureBytesMax + 1, 's'));
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kTooLarge));
  message.mutable_signatures(0)->clear_sig();
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kMalformed));
}

TEST(Envelope, KeyIdsAre32Bytes) {
  for (const size_t size : {0, 4, 31, 33}) {
    v1::Envelope message = Message({1});
    message.mutable_signatures(0)->set_keyid(std::string(size, 'k'));
    EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kMalformed)) << size;
  }
}

TEST(Envelope, BatchPathsAreChecked) {
  v1::Envelope message = Message({1});
  v1::BatchPath& batch = *message.mutable_signatures(0)->mutable_batch();
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kMalformed)) << "count 0";
  batch.set_count(2);
  batch.set_index(1);
  batch.set_path(std::string(32, 'h'));
  EXPECT_THAT(ParseMessage(message), IsOk());
  batch.set_path(std::string(33, 'h'));
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kMalformed)) << "part of a hash";
  batch.set_path(std::string(64, 'h'));
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kMalformed)) << "too long";
  batch.set_path(std::string(17 * 32, 'h'));
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kTooLarge));
  batch.clear_path();
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kMalformed)) << "too short";
}

TEST(Envelope, FitsIntoAnEntry) {
  v1::Envelope message = Message({1});
  message.set_payload("");
  const size_t around = message.ByteSizeLong() + 4;  // with the payload's tag and length
  message.set_payload(std::string(limits::kEnvelopeBytesMax - around, 'x'));
  ASSERT_EQ(message.ByteSizeLong(), 65476u);
  const Envelope largest = ValueOrDie(ParseMessage(message));
  EXPECT_THAT(Envelope::Create(kStatement, largest.payload(), largest.signatures()), IsOk());

  message.mutable_payload()->push_back('x');
  EXPECT_THAT(ParseMessage(message), IsRefused(RefusalCode::kTooLarge));
  EXPECT_THAT(Envelope::Create(kStatement, message.payload(), largest.signatures()),
              IsRefused(RefusalCode::kTooLarge));
}

TEST(CombineEnvelopes, GathersSignaturesFromSeveralMachines) {
  const Envelope a = ValueOrDie(Envelope::Create(kStatement, "p", {SignatureOf(5)}));
  const Envelope b =
      ValueOrDie(Envelope::Create(kStatement, "p", {SignatureOf(9), SignatureOf(5)}));
  const Envelope c = ValueOrDie(Envelope::Create(kStatement, "p", {SignatureOf(2)}));
  const Envelope all = ValueOrDie(CombineEnvelopes(ValueOrDie(CombineEnvelopes(a, b)), c));
  EXPECT_EQ(all.signatures(), (std::vector{SignatureOf(2), SignatureOf(5), SignatureOf(9)}));
  EXPECT_EQ(all.bytes(), ValueOrDie(Envelope::Parse(kStatement, all.bytes())).bytes());
}

TEST(CombineEnvelopes, RefusesWhatDoesNotBelongTogether) {
  const Envelope a = ValueOrDie(Envelope::Create(kStatement, "p", {SignatureOf(5)}));
  const Envelope payload = ValueOrDie(Envelope::Create(kStatement, "q", {SignatureOf(6)}));
  EXPECT_THAT(CombineEnvelopes(a, payload), IsRefused(RefusalCode::kMalformed));
  const Envelope type = ValueOrDie(Envelope::Create(PayloadType::kRequest, "p", {SignatureOf(6)}));
  EXPECT_THAT(CombineEnvelopes(a, type), IsRefused(RefusalCode::kMalformed));
  const Envelope same_key = ValueOrDie(Envelope::Create(kStatement, "p", {SignatureOf(5, 't')}));
  EXPECT_THAT(CombineEnvelopes(a, same_key), IsRefused(RefusalCode::kMalformed));
}

}  // namespace
}  // namespace touchstone
