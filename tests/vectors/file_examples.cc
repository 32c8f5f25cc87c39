#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/vectors/examples.h"
#include "verifier/big_endian.h"
#include "verifier/observed.h"
#include "verifier/policy.h"
#include "verifier/verdict_json.h"
#include "verifier/verify_absence.h"
#include "verifier/verify_cards.h"
#include "verifier/verify_passport.h"
#include "verifier/verify_receipt.h"

namespace touchstone {
namespace {

constexpr uint64_t kNowMs = 1'795'303'600'000;  // an hour after the genesis

Observed Ring() {
  Observed observed;
  observed.inscription = "gia 2141438167";
  observed.mass_mg = 4195;
  observed.ring_inner_circumference_um = 54000;
  return observed;
}

// What becomes of the ring's stone: the files of three pieces, and what is said of them.
void AddLaterFiles(const ExampleLog& example, const TrustPolicy& policy, Examples& examples) {
  const std::pair<absl::string_view, const PassportId*> pieces[] = {
      {"retired", &example.ring}, {"copy", &example.copy}, {"successor", &example.successor}};
  for (const auto& [name, id] : pieces) {
    const std::string file = TestLog::PassportFile(LaterPassport(example, *id));
    const Verdict verdict = VerifyPassport(policy, file, Observed{}, kNowMs);
    if (verdict.outcome != Outcome::kVerified) {
      StopWith(absl::InternalError(VerdictToJson(verdict)));
    }
    examples.files[absl::StrCat(name, ".passport.hex")] = HexFile(file);
    examples.files[absl::StrCat(name, ".verdict.json")] = VerdictToJson(verdict);
  }
}

// What nobody bears: a number that was let go of, one that nobody ever bore, and an id.
void AddAbsences(const ExampleLog& example, const TrustPolicy& policy, Examples& examples) {
  const std::pair<absl::string_view, Sought> absences[] = {
      {"freed", Sought::Claim(example.claims[0])},
      {"never", Sought::Claim(Must(ReportClaim("GIA", "9999999999")))},
      {"no-passport", Sought::Id(Must(PassportId::FromBytes(std::string(16, '\x11'))))}};
  for (const auto& [name, sought] : absences) {
    const std::string file =
        TestLog::AbsenceFile(ExampleAbsence(example, sought.kind, sought.subject));
    const auto verdict = AbsenceVerdict::From(CheckAbsence(policy, file, kNowMs));
    if (!verdict.absence || verdict.absence->sought != sought) {
      StopWith(absl::InternalError(AbsenceVerdictToJson(verdict)));
    }
    examples.files[absl::StrCat(name, ".absence.hex")] = HexFile(file);
    examples.files[absl::StrCat(name, ".verdict.json")] = AbsenceVerdictToJson(verdict);
  }
}

}  // namespace

void AddFiles(const ExampleLog& example, Examples& examples) {
  const std::string policy_text = ExamplePolicy(example);
  const TrustPolicy policy = Must(TrustPolicy::Parse(policy_text));
  const std::string passport = TestLog::PassportFile(RingPassport(example));
  const std::string cards = TestLog::CardsFile(ExampleCards(example));
  Observed observed = Ring();
  observed.card = ExampleCardLink(example);
  const Verdict verdict = VerifyPassport(policy, passport, observed, kNowMs);
  if (verdict.outcome != Outcome::kVerified) StopWith(absl::InternalError(VerdictToJson(verdict)));
  const CardVerdict card = VerifyCard(policy, ExampleCardLink(example), cards, kNowMs);
  if (card.outcome != Outcome::kVerified) StopWith(absl::InternalError(CardVerdictToJson(card)));

  examples.files["trust.policy"] = policy_text;
  examples.files["ring.passport.hex"] = HexFile(passport);
  examples.files["cards.hex"] = HexFile(cards);
  examples.files["ring.verdict.json"] = VerdictToJson(verdict);
  examples.files["card.verdict.json"] = CardVerdictToJson(card);

  VectorFile file("Section 7: a receipt, and what the verdicts were made with");
  file.Section("of the ring's care record, before anybody cosigned");
  const uint64_t position = example.first_care + 1;
  const std::string receipt = ExampleReceipt(example, position).SerializeAsString();
  const absl::StatusOr<VerifiedReceipt> verified = VerifyReceipt(policy, receipt, example.cares[1]);
  if (!verified.ok()) StopWith(verified.status());
  file.Add("receipt", receipt);
  file.Add("receipt.sent", example.cares[1].bytes());
  file.Section("both verdicts: now, u64 in milliseconds");
  std::string now;
  AppendBigEndian<uint64_t>(now, kNowMs);
  file.Add("now_ms", now);
  file.Section(
      "ring.verdict.json: what was observed; numbers u64, tolerances as they are by default");
  file.AddText("observed.inscription", *observed.inscription);
  std::string mass;
  AppendBigEndian<uint64_t>(mass, *observed.mass_mg);
  file.Add("observed.mass_mg", mass);
  std::string circumference;
  AppendBigEndian<uint64_t>(circumference, *observed.ring_inner_circumference_um);
  file.Add("observed.ring_inner_circumference_um", circumference);
  file.AddText("observed.card", *observed.card);
  examples.Add("files.txt", file);

  examples.appendix.Heading("Sections 7 and 13: whole files");
  examples.appendix.Prose(absl::StrCat(
      "Under the policy below (`trust.policy`) the passport file `ring.passport.hex` (",
      passport.size(),
      " bytes) gives `ring.verdict.json`: five entries, owned, complete as of the older\nof the "
      "two "
      "witnesses' times, the care record doubted, since its key was revoked later as compromised "
      "from there on. `cards.hex` (",
      cards.size(), " bytes) and the link above give\n`card.verdict.json`."));
  examples.appendix.Prose(
      "The files `retired`, `copy` and `successor` (`.passport.hex`, `.verdict.json`, with the "
      "same "
      "time and nothing observed) are of\nthe same log later: a rival's piece contests what the "
      "ring "
      "bears, the laboratory resolves it for the ring, and the stone is set into a third.");
  AddLaterFiles(example, policy, examples);
  examples.appendix.Prose(
      "The files `freed`, `never` and `no-passport` (`.absence.hex`, `.verdict.json`, with the "
      "same "
      "time) are of the same log later still,\nwhen the third piece was taken apart: nobody bears "
      "the inscription any more, nobody has ever borne the report number GIA 9999999999, and there "
      "is no\npassport with the id of sixteen bytes 11.");
  AddAbsences(example, policy, examples);
  examples.appendix.Block(policy_text);
}

}  // namespace touchstone
