// What checking a passport offline costs, in units of what nobody can do without: its signature
// checks. One bare check of the same kind is timed before every passport, so that both see the same
// noise.
//   signatures   that the passport holds: the checkpoint's, the stewards', the participants',
//   owners' keys         public keys that its entries name; each is proven to be a point of the
//   main
//                subgroup, which costs nearly as much as a signature check
//   x_signatures time of the whole check by that of its bare signature checks (p50 to p50)
//   x_crypto     the same by its bare signature and key checks
// Two builds of this program differ in SHA-256: verifier_benchmark is linked as touchstone-verify
// is (libsodium), verifier_fast_benchmark as the registry and touchstone are (OpenSSL).

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/test_log.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/policy.h"
#include "verifier/statement.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kOtherPieces = 1000;  // so that inclusion paths and index proofs have some length

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double Median(std::vector<double> samples) {
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  std::nth_element(samples.begin(), middle, samples.end());
  return *middle;
}

struct Subject {
  std::string policy;
  std::string file;
  uint64_t now_ms = 0;
  size_t signatures = 1;  // the checkpoint's
  std::set<std::string> keys;
};

void CountCrypto(const v1::Chain& chain, Subject* subject) {
  for (const v1::ProvenEntry& proven : chain.entries()) {
    const auto entry = DecodeEntry(proven.entry());
    const auto envelope = Envelope::Parse(PayloadType::kStatement, entry->payload);
    const auto statement = ParsedStatement::Parse(envelope->payload());
    subject->signatures += envelope->signatures().size();
    for (const PublicKey& key : statement->named_keys()) {
      subject->keys.emplace(key.encoded());
    }
  }
}

// A passport of `entries` entries: a registration, a sale, a claim, then care.
Subject MakeSubject(int entries) {
  TestLog log;
  log.Enrol("maison", {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("9521234"); });
  log.Enrol("atelier", {v1::WORKSHOP}, {"atelier"});
  for (int i = 2; i < kOtherPieces + 2; ++i) log.Register(i, "maison");
  log.Register(1, "maison");
  if (entries > 1) log.FirstSale(1, "maison", "claim");
  if (entries > 2) log.Claim(1, "claim", "owner");
  for (int i = 3; i < entries; ++i) log.Care(1, "atelier");
  log.Commit();

  Subject subject;
  subject.policy = log.PolicyText();
  const v1::Passport passport = log.Passport(1);
  subject.file = TestLog::PassportFile(passport);
  subject.now_ms = log.now_ms();
  CountCrypto(passport.stewards(), &subject);
  for (const v1::Chain& participant : passport.participants()) CountCrypto(participant, &subject);
  CountCrypto(passport.piece(), &subject);
  return subject;
}

void BM_VerifyPassport(benchmark::State& state) {
  const Subject subject = MakeSubject(static_cast<int>(state.range(0)));
  const auto policy = TrustPolicy::Parse(subject.policy);
  const SecretKey& key = NamedKey("bare");
  const std::string message(1024, 'm');
  const std::string signature = key.Sign(message);
  const std::string encoded(key.public_key().encoded());

  std::vector<double> bare_us;
  std::vector<double> key_us;
  std::vector<double> passport_us;
  for (auto _ : state) {
    Clock::time_point start = Clock::now();
    if (!key.public_key().Verify(message, signature).ok()) std::abort();
    bare_us.push_back(MicrosecondsSince(start));
    start = Clock::now();
    if (!PublicKey::Parse(encoded).ok()) std::abort();
    key_us.push_back(MicrosecondsSince(start));
    start = Clock::now();
    const Verdict verdict = VerifyPassport(*policy, subject.file, {}, subject.now_ms);
    const double us = MicrosecondsSince(start);
    if (verdict.outcome != Outcome::kVerified) std::abort();
    passport_us.push_back(us);
    state.SetIterationTime(us / 1e6);
  }
  const double bare = Median(bare_us);
  const double signatures = static_cast<double>(subject.signatures);
  const double keys = static_cast<double>(subject.keys.size());
  state.counters["signatures"] = signatures;
  state.counters["keys"] = keys;
  state.counters["file_bytes"] = static_cast<double>(subject.file.size());
  state.counters["bare_us"] = bare;
  state.counters["x_signatures"] = Median(passport_us) / (signatures * bare);
  state.counters["x_crypto"] = Median(passport_us) / (signatures * bare + keys * Median(key_us));
}
BENCHMARK(BM_VerifyPassport)->Arg(1)->Arg(3)->Arg(10)->Arg(50)->UseManualTime();

}  // namespace
}  // namespace touchstone

BENCHMARK_MAIN();
