// Random histories of a piece, by everybody and in every order: the registry's rules, the verifier
// and the second reader must give the same answer at each step, and see the piece in the same
// state.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/rule_replay.h"
#include "tests/vectors/second_opinion.h"
#include "tests/verifier/life_scenario.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/verify_passport.h"

namespace touchstone {
namespace {

// More find more; a thousand were tried when this was written.
constexpr unsigned kHistories = 8;
constexpr int kSteps = 45;

std::string By(const std::string& participant) {
  return absl::StrCat(" by ", participant.empty() ? "a holder" : participant);
}

// As LifeBySecondReader says it.
std::string LifeOf(const PassportState& state) {
  const PieceLife& life = state.life();
  std::string text =
      absl::StrCat(OwnershipPhaseName(state.phase()), ", owners ", state.owner_count());
  if (life.kept_by_store()) absl::StrAppend(&text, ", kept by the store");
  if (life.consigned()) absl::StrAppend(&text, ", on consignment");
  if (life.has_objected()) absl::StrAppend(&text, ", objected");
  if (life.pledge()) absl::StrAppend(&text, ", pledged");
  if (life.custody()) absl::StrAppend(&text, ", with ", life.custody()->participant);
  for (const OpenIncident& incident : life.incidents()) {
    absl::StrAppend(&text, ", incident ", int{incident.kind}, By(incident.reported_by));
    if (incident.confirmed) absl::StrAppend(&text, ", confirmed");
  }
  if (life.notice()) {
    absl::StrAppend(&text, ", notice ", int{life.notice()->kind}, By(life.notice()->given_by));
  }
  std::map<std::string, const EntitlementLeft*> entitlements;
  for (const EntitlementLeft& one : life.entitlements()) entitlements[one.id] = &one;
  for (const auto& [id, one] : entitlements) {
    absl::StrAppend(&text, ", entitlement ", id, " ", one->used, " of ", one->uses);
  }
  return text;
}

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    Populate(log_);
    // In half of them another piece contests what this one bears.
    if (seed % 2 == 0) {
      Dispute(log_);
    } else {
      log_.Register(2, "rival");
    }
    // In two of three the piece is sold, in one it is owned.
    if (seed % 3 > 0) log_.FirstSale(1, "maison", NamedNext());
    if (seed % 3 > 1) log_.Claim(1, "key 0", NamedNext());
    log_.Commit();
  }

  // One more statement, which may or may not be allowed. Whether it was.
  bool Step() {
    if (Chance(20)) log_.AdvanceTo(log_.now_ms() + (Chance(50) ? kThirtyDaysMs : 5000));
    if (Chance(3)) ChangeSomeParticipant();
    const RuleReplay before(log_);
    Said said = Anything(before.passport(1));
    const absl::Status answer =
        before.Judge(SignStatement(said.statement, said.signers), {log_.size(), log_.now_ms()});
    TestLog after = log_;
    after.Say(said.statement, said.signers);
    after.Commit();
    CheckFile(after, said, answer);
    if (!answer.ok()) return false;
    log_ = std::move(after);
    return true;
  }

  // How often each event was allowed, by its field.
  const std::map<int, int>& allowed() const { return allowed_; }

 private:
  void CheckFile(const TestLog& after, const Said& said, const absl::Status& answer) {
    SCOPED_TRACE(absl::StrCat("event ", int{said.statement.event_case()}, " by ",
                              absl::StrJoin(said.signers, ", ")));
    const std::string policy = after.PolicyText();
    const std::string file = after.PassportFile(1);
    const absl::Status verifier =
        CheckPassport(ValueOrDie(TrustPolicy::Parse(policy)), file, Observed{}, after.now_ms())
            .status();
    EXPECT_EQ(verifier.ok(), answer.ok())
        << "the verifier: " << verifier << "\nthe registry: " << answer;
    ExpectSecondReaderAgrees(policy, file, verifier);
    if (!answer.ok()) return;
    ++allowed_[said.statement.event_case()];
    const PassportState state = RuleReplay(after).passport(1);
    EXPECT_EQ(LifeBySecondReader(policy, file), LifeOf(state));
    const absl::StatusOr<PassportState> decoded = PassportState::Decode(state.Encode());
    ASSERT_THAT(decoded, IsOk());
    EXPECT_EQ(*decoded, state);
  }

  uint32_t Below(size_t end) { return static_cast<uint32_t>(random_() % end); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }
  template <typename T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

  std::string NamedNext() { return absl::StrCat("key ", keys_++); }

  // Mostly one that no entry has named.
  std::string NextKey() {
    if (keys_ == 0 || Chance(92)) return NamedNext();
    return absl::StrCat("key ", Below(static_cast<size_t>(keys_)));
  }

  std::string NameOf(const Digest& key_id) const {
    for (int i = 0; i < keys_; ++i) {
      if (NamedKeyId(absl::StrCat("key ", i)) == key_id) return absl::StrCat("key ", i);
    }
    return "stranger";
  }

  // One of those who may, in most cases; with the holder, in some.
  KeyNames Who(const std::vector<std::string>& may, uint32_t with_holder_percent = 10) {
    static const auto& everybody = *new std::vector<std::string>{
        "maison", "rival", "gia", "igi", "atelier", "appraiser", "insurer", "court", "stranger"};
    KeyNames who = {Chance(85) ? OneOf(may) : OneOf(everybody)};
    if (Chance(with_holder_percent)) who.push_back(holder_);
    return who;
  }
  KeyNames HolderAnd(const KeyNames& others = {}) {
    KeyNames who = {Chance(92) ? holder_
                               : absl::StrCat("key ", Below(static_cast<size_t>(keys_) + 1))};
    for (const std::string& other : others) {
      if (Chance(95) && other != who[0]) who.push_back(other);
    }
    return who;
  }

  // Of an entry of piece 1: it may be of any kind.
  Digest SomeEntry(const PassportState& state) {
    const auto& entries = state.life().entries();
    if (Chance(15)) return state.head().newest().digest;
    return entries[Below(entries.size())].digest;
  }
  Digest SomeIncident(const PassportState& state) {
    const auto& open = state.life().incidents();
    if (open.empty() || Chance(10)) return SomeEntry(state);
    return open[Below(open.size())].reported.digest;
  }
  std::string SomeNumber() { return absl::StrCat("GIA 70", Below(3)); }

  void ChangeSomeParticipant() {
    const std::string who = OneOf<std::string>({"maison", "atelier", "insurer", "court"});
    const std::vector<v1::Role> roles = {v1::ISSUER, v1::WORKSHOP, v1::INSURER, v1::AUTHORITY};
    Append(log_, Change(log_, who, OneOf(roles), kStewards));
  }

  void Describe(v1::Piece& piece) {
    piece = SamplePiece(1);
    if (Chance(5)) piece.set_serial("R-2");
    if (Chance(30)) piece.mutable_laboratory_reports(0)->set_report_number(SomeNumber());
    if (Chance(10)) piece.clear_inscriptions();
  }

  Said SomeCorrection(const PassportState& state) {
    const OwnEntry& entry = state.life().entries()[Below(state.life().entries().size())];
    const KeyNames who = Who({entry.said_by.empty() ? "maison" : entry.said_by}, 3);
    return Correction(
        log_, who, Chance(85) ? entry.digest : SomeEntry(state), [&](v1::Correction& correction) {
          const bool is_piece =
              entry.event == EventKind::kRegistration || entry.event == EventKind::kModification;
          if (is_piece && Chance(90)) Describe(*correction.mutable_piece());
          if (entry.event == EventKind::kCareRecord && Chance(60)) {
            *correction.mutable_care_record() =
                CareWith(log_, {}, SomeEntitlement(), SomeDay()).statement.care_record();
          }
        });
  }

  std::string SomeEntitlement() { return Chance(30) ? "" : absl::StrCat("service ", Below(3)); }
  std::string SomeDay() { return Chance(50) ? "2027-02-28" : "2027-03-01"; }

  Said SomeTransfer() {
    const std::string next = NextKey();
    const std::vector<v1::Transfer::Kind> kinds = {v1::Transfer::RESALE, v1::Transfer::GIFT,
                                                   v1::Transfer::CONSIGNMENT, v1::Transfer::RETURN};
    const std::vector<uint64_t> expiries = {0, 0, log_.now_ms(), log_.now_ms() + 1};
    return TransferAs(log_, OneOf(kinds), HolderAnd({next}), next, OneOf(expiries));
  }

  Said SomeIncidentReport() {
    const auto kind = static_cast<v1::IncidentReported::Kind>(1 + Below(7));
    return Incident(log_, kind,
                    Chance(25) ? KeyNames{holder_} : Who({"insurer", "court", "maison", "gia"}));
  }

  Said SomeOutcome(const PassportState& state) {
    const auto outcome = static_cast<v1::IncidentResolved::Outcome>(1 + Below(5));
    KeyNames who = {holder_};
    if (Chance(50)) who = Who({"court"}, 3);
    if (Chance(40)) who = Who({"insurer", "maison", "gia"}, 20);
    return IncidentOutcome(log_, SomeIncident(state),
                           Chance(40) ? v1::IncidentResolved::UNFOUNDED : outcome, who);
  }

  Said SomeMove(const PassportState& state) {
    const auto& notice = state.life().notice();
    KeyNames who = Who({notice ? notice->given_by : "maison"}, 2);
    if (notice && Chance(95)) who.push_back(NameOf(notice->to.key_id));
    if (who.size() > 1 && who[0] == who[1]) who.pop_back();
    if (notice && Chance(50)) log_.AdvanceTo(log_.now_ms() + kThirtyDaysMs);
    return Move(log_, who);
  }

  Said SomeNotice() {
    const auto kind = static_cast<v1::TransferNotice::Kind>(1 + Below(4));
    return Notice(log_, kind, Who({"maison", "insurer", "court"}, 2), NextKey());
  }

  Said SomeSale() {
    const std::string key = NextKey();
    Said said = FirstSale(log_, 1, Who({"maison"}, 0), key);
    if (Chance(95)) said.signers.push_back(key);
    said.statement.mutable_first_sale()->set_kept_by_store(Chance(50));
    return said;
  }

  Said SomeEnd() {
    if (Chance(70)) {
      return StoneRemoved(log_, 1, Who({"maison", "atelier"}, 70),
                          {Chance(50) ? InscriptionOfPiece1() : ReportOfPiece1()});
    }
    return EndOfLife(log_, 1, Who({"maison", "atelier"}, 70), v1::EndOfLife::RECYCLED);
  }

  Said SomeReport() {
    Said said = ReportSuperseding(log_, Who({"gia", "maison"}), SomeNumber(),
                                  Chance(40) ? SomeNumber() : "");
    if (said.statement.laboratory_report().supersedes() ==
        said.statement.laboratory_report().report_number()) {
      said.statement.mutable_laboratory_report()->clear_supersedes();
    }
    return said;
  }

  Said SomeRelease(const PassportState& state) {
    const auto& pledge = state.life().pledge();
    if (!pledge || Chance(20)) return PledgeRelease(log_, Who({"court"}, 0));
    return PledgeRelease(log_, HolderAnd({NameOf(pledge->pledgee.key_id)}));
  }

  Said Anything(const PassportState& state) {
    holder_ = state.acting_key() ? NameOf(state.acting_key()->key_id) : "stranger";
    Said said = Something(state);
    // Nobody signs twice.
    std::sort(said.signers.begin(), said.signers.end());
    said.signers.erase(std::unique(said.signers.begin(), said.signers.end()), said.signers.end());
    return said;
  }

  Said Something(const PassportState& state) {
    const std::string key = NextKey();
    switch (Below(30)) {
      case 0:
        return SomeReport();
      case 1:
        return Care(log_, 1, Who({"atelier", "maison"}));
      case 2:
      case 3:
        return CareWith(log_, Who({"maison", "atelier"}, 40), SomeEntitlement(), SomeDay());
      case 4:
        return AssayReport(log_, Who({"gia", "maison"}));
      case 5: {
        Said said = Modification(log_, Who({"maison", "atelier"}, 40));
        Describe(*said.statement.mutable_modification()->mutable_piece());
        return said;
      }
      case 6:
        return Appraisal(log_, Who({"appraiser"}));
      case 7:
        return Received(log_, Who({"atelier", "gia"}));
      case 8:
        return Returned(log_, Who({"atelier", "gia", "maison"}));
      case 9:
      case 10:
        return SomeCorrection(state);
      case 11:
        return Grant(log_, Who({"maison"}, 2), absl::StrCat("service ", Below(3)), Below(3),
                     Chance(50) ? "2027-02-28" : "");
      case 12:
        return Documents(log_, Chance(50) ? KeyNames{holder_} : Who({"court", "maison"}));
      case 13:
        return DataErasure(log_, Chance(50) ? KeyNames{holder_} : Who({"maison"}));
      case 14:
        return SomeSale();
      case 15:
      case 16:
        return Claim(log_, 1, HolderAnd({key}), key);
      case 17:
      case 18:
        return SomeTransfer();
      case 19:
        return OfferWithdrawal(log_, HolderAnd());
      case 20:
        return SomeNotice();
      case 21:
        return Objection(log_, HolderAnd());
      case 22:
        return NoticeWithdrawal(log_, Who({"maison", "insurer", "court"}, 2));
      case 23:
        return SomeMove(state);
      case 24:
        return PledgeTo(log_, HolderAnd({key}), key);
      case 25:
        return SomeRelease(state);
      case 26:
        return SomeIncidentReport();
      case 27:
      case 28:
        return SomeOutcome(state);
      default:
        return Chance(60) ? Resolution(log_, 1, Who({"gia", "court"}, 2), ReportOfPiece1())
                          : SomeEnd();
    }
  }

  std::mt19937 random_;
  TestLog log_;
  int keys_ = 0;        // "key 0" and so on have been named, or tried
  std::string holder_;  // the present holder's key, or a stranger's
  std::map<int, int> allowed_;
};

TEST(LifeModel, EverybodyAgreesAtEachStep) {
  std::map<int, int> allowed;
  for (unsigned seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE(seed);
    History history(seed);
    for (int step = 0; step < kSteps && !testing::Test::HasFailure(); ++step) {
      SCOPED_TRACE(step);
      history.Step();
    }
    for (const auto& [event, count] : history.allowed()) allowed[event] += count;
  }
  // It would show little if hardly anything were ever allowed.
  EXPECT_GE(allowed.size(), 20u);
}

}  // namespace
}  // namespace touchstone
