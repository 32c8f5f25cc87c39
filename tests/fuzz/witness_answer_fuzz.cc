// What a witness sends back: an HTTP answer in whatever pieces, and what it is taken to mean.
// Nothing is kept beyond its limits, and nobody without the witness's key cosigns.
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "registry/limits.h"
#include "registry/witness/add_checkpoint.h"
#include "registry/witness/http_message.h"
#include "tests/fuzz/expect.h"
#include "verifier/checkpoint.h"
#include "verifier/signed_note.h"

namespace touchstone::witness {
namespace {

constexpr char kWitness[] =
    "witness.example/w1+ad4bcf28+BBkSmc0LLzhXHeqlA5sX5hfM59k1Pp0FXVNTPjbjTt5l";

// The first byte says in how large pieces the rest arrives.
void Fuzz(absl::string_view input) {
  if (input.empty()) return;
  const size_t portion = 1 + static_cast<unsigned char>(input[0]);
  const absl::string_view bytes = input.substr(1);
  HttpResponseReader reader;
  bool whole = false;
  for (size_t at = 0; at < bytes.size() && !whole; at += portion) {
    const absl::StatusOr<bool> taken = reader.Take(bytes.substr(at, portion));
    if (!taken.ok()) return;
    whole = *taken;
  }
  if (!whole && !reader.End().ok()) return;
  const HttpResponse& response = reader.response();
  Expect(response.body.size() <= limits::kHttpBodyBytesMax, "the body is bounded");
  Expect(response.status >= 200 && response.status <= 599, "an answer has a status");
  static const auto& witness = *new VerifierKey(*VerifierKey::Parse(kWitness));
  static const auto& text =
      *new std::string(Checkpoint::Create("passports.example/log", 17, Digest{7})->Format());
  const absl::StatusOr<WitnessAnswer> answer = ReadAnswer(response, text, witness, 1'795'000'000);
  Expect(!answer.ok() || !std::holds_alternative<Cosigned>(*answer), "nobody has that key");
}

}  // namespace
}  // namespace touchstone::witness

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::witness::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
