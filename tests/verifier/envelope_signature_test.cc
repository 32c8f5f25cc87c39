// Single and batch signatures, made by the signer's side and checked by the verifier's.

#include "verifier/envelope_signature.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"
#include "verifier/batch_signature.h"
#include "verifier/signing/batch.h"
#include "verifier/signing/secret_key.h"

namespace touchstone {
namespace {

constexpr absl::string_view kOrigin = "passports.example/log";

SecretKey TestKey(uint8_t fill) {
  return ValueOrDie(SecretKey::FromSeed(std::vector<uint8_t>(kEd25519SeedBytes, fill)));
}

Envelope SignedAlone(const SecretKey& key, absl::string_view payload) {
  EnvelopeSignature signature{.keyid = key.public_key().KeyId(),
                              .sig = key.Sign(Pae(PayloadType::kStatement, payload)),
                              .batch = std::nullopt};
  return ValueOrDie(Envelope::Create(PayloadType::kStatement, payload, {signature}));
}

std::string Payload(size_t i) { return "statement " + std::to_string(i); }

Batch BatchOf(size_t count) {
  std::vector<std::string> paes;
  for (size_t i = 0; i < count; ++i) paes.push_back(Pae(PayloadType::kStatement, Payload(i)));
  return ValueOrDie(Batch::Create(paes));
}

Envelope SignedInBatch(const SecretKey& key, const Batch& batch, const std::string& sig, size_t i) {
  EnvelopeSignature signature{
      .keyid = key.public_key().KeyId(), .sig = sig, .batch = batch.PathOf(i)};
  return ValueOrDie(Envelope::Create(PayloadType::kStatement, Payload(i), {signature}));
}

absl::Status VerifyOnly(const Envelope& envelope, const PublicKey& key,
                        absl::string_view origin = kOrigin,
                        VerifiedBatchNotes* verified = nullptr) {
  return VerifyEnvelopeSignature(envelope, envelope.signatures()[0], key, origin, verified);
}

TEST(EnvelopeSignature, HoldsAlone) {
  const SecretKey key = TestKey(1);
  EXPECT_THAT(VerifyOnly(SignedAlone(key, "p"), key.public_key()), IsOk());
}

TEST(EnvelopeSignature, IsNotAnotherKeys) {
  const SecretKey key = TestKey(1);
  const SecretKey other = TestKey(2);
  EXPECT_THAT(VerifyOnly(SignedAlone(key, "p"), other.public_key()),
              IsRefused(RefusalCode::kBadSignature));
  // By the other key, under this key's name.
  EnvelopeSignature renamed = SignedAlone(other, "p").signatures()[0];
  renamed.keyid = key.public_key().KeyId();
  const Envelope envelope = ValueOrDie(Envelope::Create(PayloadType::kStatement, "p", {renamed}));
  EXPECT_THAT(VerifyOnly(envelope, key.public_key()), IsRefused(RefusalCode::kBadSignature));
}

TEST(EnvelopeSignature, StandsUnderItsOwnKeyId) {
  const SecretKey key = TestKey(1);
  EnvelopeSignature signature = SignedAlone(key, "p").signatures()[0];
  signature.keyid = TestKey(2).public_key().KeyId();
  const Envelope envelope = ValueOrDie(Envelope::Create(PayloadType::kStatement, "p", {signature}));
  EXPECT_THAT(VerifyOnly(envelope, key.public_key()), IsRefused(RefusalCode::kBadSignature));
}

TEST(EnvelopeSignature, IsNotOverAnotherPayloadOrType) {
  const SecretKey key = TestKey(1);
  const EnvelopeSignature signature = SignedAlone(key, "p").signatures()[0];
  const Envelope other = ValueOrDie(Envelope::Create(PayloadType::kStatement, "q", {signature}));
  EXPECT_THAT(VerifyOnly(other, key.public_key()), IsRefused(RefusalCode::kBadSignature));
  const Envelope request = ValueOrDie(Envelope::Create(PayloadType::kRequest, "p", {signature}));
  EXPECT_THAT(VerifyOnly(request, key.public_key()), IsRefused(RefusalCode::kBadSignature));
}

TEST(EnvelopeSignature, RefusesEveryFlippedBit) {
  const SecretKey key = TestKey(1);
  const EnvelopeSignature good = SignedAlone(key, "p").signatures()[0];
  for (size_t bit = 0; bit < good.sig.size() * 8; ++bit) {
    EnvelopeSignature bad = good;
    bad.sig[bit / 8] = static_cast<char>(bad.sig[bit / 8] ^ (1 << bit % 8));
    const Envelope envelope = ValueOrDie(Envelope::Create(PayloadType::kStatement, "p", {bad}));
    ASSERT_THAT(VerifyOnly(envelope, key.public_key()), IsRefused(RefusalCode::kBadSignature));
  }
}

TEST(EnvelopeSignature, OfAnotherLengthIsRefused) {
  const SecretKey key = TestKey(1);
  EnvelopeSignature signature = SignedAlone(key, "p").signatures()[0];
  signature.sig.push_back('x');
  const Envelope envelope = ValueOrDie(Envelope::Create(PayloadType::kStatement, "p", {signature}));
  EXPECT_THAT(VerifyOnly(envelope, key.public_key()), IsRefused(RefusalCode::kBadSignature));
}

TEST(BatchSignature, NoteIsAsTheFormatSays) {
  Digest root;
  root.fill(0);
  EXPECT_EQ(BatchNoteText(kOrigin, 65536, root),
            "touchstone batch v1\n"
            "origin passports.example/log\n"
            "count 65536\n"
            "root AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
}

class BatchOfSize : public testing::TestWithParam<size_t> {};

TEST_P(BatchOfSize, OneSignatureCoversEveryEnvelope) {
  const SecretKey key = TestKey(1);
  const Batch batch = BatchOf(GetParam());
  const std::string sig = key.Sign(batch.NoteText(kOrigin));
  // All of a small batch; of a large one the ends, the middle and some between.
  const size_t step = GetParam() < 100 ? 1 : 4099;
  for (size_t i = 0; i < GetParam(); i += step) {
    EXPECT_THAT(VerifyOnly(SignedInBatch(key, batch, sig, i), key.public_key()), IsOk()) << i;
  }
  const Envelope last = SignedInBatch(key, batch, sig, GetParam() - 1);
  EXPECT_THAT(VerifyOnly(last, key.public_key()), IsOk());
  // It travels as bytes.
  const Envelope read = ValueOrDie(Envelope::Parse(PayloadType::kStatement, last.bytes()));
  EXPECT_THAT(VerifyOnly(read, key.public_key()), IsOk());
}

INSTANTIATE_TEST_SUITE_P(Sizes, BatchOfSize, testing::Values(1, 2, 3, 5, 65536));

TEST(BatchSignature, CoversNothingElse) {
  const SecretKey key = TestKey(1);
  const Batch batch = BatchOf(5);
  const std::string sig = key.Sign(batch.NoteText(kOrigin));
  const EnvelopeSignature good = SignedInBatch(key, batch, sig, 2).signatures()[0];
  const auto check = [&](absl::string_view payload, const EnvelopeSignature& signature,
                         absl::string_view origin = kOrigin) {
    return VerifyOnly(ValueOrDie(Envelope::Create(PayloadType::kStatement, payload, {signature})),
                      key.public_key(), origin);
  };
  ASSERT_THAT(check(Payload(2), good), IsOk());
  EXPECT_THAT(check(Payload(3), good), IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(check(Payload(2), good, "test.example/log"), IsRefused(RefusalCode::kBadSignature));

  EnvelopeSignature elsewhere = good;
  elsewhere.batch = ValueOrDie(BatchPath::Create(3, 5, good.batch->path()));
  EXPECT_THAT(check(Payload(2), elsewhere), IsRefused(RefusalCode::kBadSignature));
  EnvelopeSignature larger = good;
  larger.batch = ValueOrDie(BatchPath::Create(2, 6, good.batch->path()));
  EXPECT_THAT(check(Payload(2), larger), IsRefused(RefusalCode::kBadSignature));
  for (size_t i = 0; i < good.batch->path().size(); ++i) {
    std::vector<Digest> path = good.batch->path();
    path[i][31] ^= 1;
    EnvelopeSignature other_path = good;
    other_path.batch = ValueOrDie(BatchPath::Create(2, 5, path));
    EXPECT_THAT(check(Payload(2), other_path), IsRefused(RefusalCode::kBadSignature)) << i;
  }
}

TEST(BatchSignature, IsNoSingleSignatureNorTheReverse) {
  const SecretKey key = TestKey(1);
  const Batch batch = BatchOf(1);
  EnvelopeSignature signature =
      SignedInBatch(key, batch, key.Sign(batch.NoteText(kOrigin)), 0).signatures()[0];
  signature.batch.reset();
  const Envelope as_single =
      ValueOrDie(Envelope::Create(PayloadType::kStatement, Payload(0), {signature}));
  EXPECT_THAT(VerifyOnly(as_single, key.public_key()), IsRefused(RefusalCode::kBadSignature));

  const std::string sig = SignedAlone(key, Payload(0)).signatures()[0].sig;
  EXPECT_THAT(VerifyOnly(SignedInBatch(key, batch, sig, 0), key.public_key()),
              IsRefused(RefusalCode::kBadSignature));
}

class RememberAll : public VerifiedBatchNotes {
 public:
  bool Contains(const Digest& check) override {
    const bool found = checks_.count(check) != 0;
    hits_ += found ? 1 : 0;
    return found;
  }
  void Add(const Digest& check) override { checks_.insert(check); }

  int hits() const { return hits_; }
  size_t size() const { return checks_.size(); }

 private:
  std::set<Digest> checks_;
  int hits_ = 0;
};

TEST(VerifiedBatchNotes, SaveTheCheckForTheRowsOfOneBatch) {
  const SecretKey key = TestKey(1);
  const Batch batch = BatchOf(10);
  const std::string sig = key.Sign(batch.NoteText(kOrigin));
  RememberAll verified;
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_THAT(VerifyOnly(SignedInBatch(key, batch, sig, i), key.public_key(), kOrigin, &verified),
                IsOk());
  }
  EXPECT_EQ(verified.size(), 1u);
  EXPECT_EQ(verified.hits(), 9);
}

TEST(VerifiedBatchNotes, VouchForNothingElse) {
  const SecretKey key = TestKey(1);
  const SecretKey other = TestKey(2);
  const Batch batch = BatchOf(3);
  const std::string sig = key.Sign(batch.NoteText(kOrigin));
  RememberAll verified;
  const Envelope good = SignedInBatch(key, batch, sig, 0);
  ASSERT_THAT(VerifyOnly(good, key.public_key(), kOrigin, &verified), IsOk());

  // Another key's name on the same signature; another signature; another log; another leaf.
  EXPECT_THAT(
      VerifyOnly(SignedInBatch(other, batch, sig, 0), other.public_key(), kOrigin, &verified),
      IsRefused(RefusalCode::kBadSignature));
  std::string flipped = sig;
  flipped[0] = static_cast<char>(flipped[0] ^ 1);
  EXPECT_THAT(
      VerifyOnly(SignedInBatch(key, batch, flipped, 0), key.public_key(), kOrigin, &verified),
      IsRefused(RefusalCode::kBadSignature));
  EXPECT_THAT(VerifyOnly(good, key.public_key(), "test.example/log", &verified),
              IsRefused(RefusalCode::kBadSignature));
  const Envelope other_leaf =
      ValueOrDie(Envelope::Create(PayloadType::kStatement, "not in the batch", good.signatures()));
  EXPECT_THAT(VerifyOnly(other_leaf, key.public_key(), kOrigin, &verified),
              IsRefused(RefusalCode::kBadSignature));
  EXPECT_EQ(verified.size(), 1u) << "a refused check must not be remembered";
}

}  // namespace
}  // namespace touchstone
