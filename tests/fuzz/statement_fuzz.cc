// Statements: what is read has been checked, shows as JSON, and is judged by the rules without ever
// getting a registry's state into trouble. The first byte chooses who signs.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "tests/fuzz/expect.h"
#include "tests/support/rule_replay.h"
#include "tests/support/test_log.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"
#include "verifier/wire_json.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

struct World {
  World() {
    log.Enrol("maison", {v1::ISSUER}, {"maison"});
    log.Enrol("gia", {v1::LABORATORY}, {"gia"},
              [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
    log.Register(1, "maison");
    log.FirstSale(1, "maison", "claim key");
    log.Commit();
  }
  TestLog log;
};

const KeyNames kSigners[] = {{"maison"},
                             {"gia"},
                             {"steward 1", "steward 2"},
                             {"claim key", "owner"},
                             {"maison", "claim 2"},
                             {"maison", "claim key"}};

void Fuzz(absl::string_view input) {
  if (input.empty()) return;
  const absl::string_view bytes = input.substr(1);
  const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(bytes);
  if (!statement.ok()) {
    Expect(RefusalCodeOf(statement.status()).has_value(), "a refusal has a code");
    return;
  }
  Expect(statement->message().SerializeAsString() == std::string(bytes),
         "a statement has one encoding");
  JsonWriter json;
  WriteMessageJson(kStatementSchema, bytes, json);
  Expect(std::move(json).Finish().size() > 2, "a statement shows");

  static const World& world = *new World;
  static const RuleReplay& rules = *new RuleReplay(world.log);
  const KeyNames& signers = kSigners[static_cast<uint8_t>(input[0]) % std::size(kSigners)];
  const absl::Status answer =
      rules.Judge(SignStatementBytes(bytes, signers), {world.log.size(), world.log.now_ms()});
  Expect(answer.ok() || RefusalCodeOf(answer).has_value(), "a refusal has a code");
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
