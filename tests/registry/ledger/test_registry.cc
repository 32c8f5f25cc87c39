#include "tests/registry/ledger/test_registry.h"

#include <algorithm>
#include <future>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/entry.h"
#include "verifier/merkle.h"
#include "verifier/sha256.h"
#include "verifier/signing/note_signer.h"
#include "verifier/statement.h"
#include "verifier/verify_passport.h"

namespace touchstone::ledger {

NamedSigner::NamedSigner(absl::string_view origin, absl::string_view key_name)
    : key_name_(key_name),
      log_key_(ValueOrDie(VerifierKey::Create(origin, NoteSignatureType::kEd25519,
                                              NamedKey(key_name).public_key()))) {}

absl::StatusOr<std::string> NamedSigner::Sign(const Checkpoint& checkpoint) const {
  return SignCheckpoint(checkpoint, NamedKey(key_name_));
}

TestRegistry::TestRegistry(storage::Store* store)
    : store_(store == nullptr ? own_store_ : *store),
      guard_path_(scratch_.File("guard")),
      signer_(kOrigin, "log") {
  options_.on_fatal = [this](const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    fatal_.push_back(status);
  };
}

absl::Status TestRegistry::Initialise() {
  const Envelope genesis = Genesis();
  absl::StatusOr<std::string> note =
      Ledger::Initialise(store_, guard_path_, genesis.bytes(), signer_, clock_);
  if (!note.ok()) return note.status();
  Entry entry;
  entry.time_ms = ValueOrDie(ParsedStatement::Parse(genesis.payload())).occurred_at_ms();
  entry.payload = genesis.bytes();
  genesis_ = EntryDigest(ValueOrDie(EncodeEntry(entry)));
  return absl::OkStatus();
}

absl::Status TestRegistry::Open(storage::Store* store) {
  ledger_.reset();  // it holds the guard
  absl::StatusOr<std::unique_ptr<Guard>> guard = OpenGuard(guard_path_);
  if (!guard.ok()) return guard.status();
  return OpenWith(store == nullptr ? store_ : *store, *std::move(guard));
}

absl::Status TestRegistry::OpenWith(storage::Store& store, std::unique_ptr<Guard> guard) {
  ledger_.reset();
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      Ledger::Open({store, std::move(guard), signer_, clock_}, options_);
  if (!ledger.ok()) return ledger.status();
  ledger_ = *std::move(ledger);
  return absl::OkStatus();
}

void TestRegistry::Start() {
  ASSERT_THAT(Initialise(), IsOk());
  ASSERT_THAT(Open(), IsOk());
  Accepted(Enrolment("maison", {v1::ISSUER}, {"maison key"}, [](v1::ParticipantDetails& details) {
    details.add_gs1_company_prefixes("4006381");
  }));
  Accepted(Enrolment("gia", {v1::LABORATORY}, {"gia key"},
                     [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); }));
  Accepted(Enrolment("atelier", {v1::WORKSHOP}, {"atelier key"}));
}

TrustPolicy TestRegistry::Policy() {
  return ValueOrDie(TrustPolicy::Parse(absl::StrCat(
      "log ", signer_.log_key().Format(), "\ngenesis ", DigestToHex(genesis_), "\nquorum none\n")));
}

std::vector<absl::Status> TestRegistry::fatal() const {
  const std::lock_guard lock(mutex_);
  return fatal_;
}

v1::Statement TestRegistry::NewStatement() {
  v1::Statement statement;
  statement.set_log_origin(kOrigin);
  statement.set_rules_version(kRulesVersion);
  const Digest nonce = Sha256Of(absl::StrCat("nonce ", nonces_++));
  statement.set_nonce(std::string(DigestBytes(nonce).substr(0, kNonceBytes)));
  statement.set_occurred_at_ms(clock_.NowMs());
  return statement;
}

v1::Statement TestRegistry::StewardsStatement() {
  v1::Statement statement = NewStatement();
  statement.mutable_subject()->mutable_stewards();
  return statement;
}

v1::Statement TestRegistry::ParticipantStatement(absl::string_view id) {
  v1::Statement statement = NewStatement();
  statement.mutable_subject()->set_participant_id(std::string(id));
  return statement;
}

v1::Statement TestRegistry::PassportStatement(int passport) {
  v1::Statement statement = NewStatement();
  statement.mutable_subject()->set_passport_id(TestPassportId(passport));
  return statement;
}

v1::Statement TestRegistry::OwnershipStatement(int passport, const Digest& builds_on) {
  v1::Statement statement = PassportStatement(passport);
  statement.set_builds_on(std::string(DigestBytes(builds_on)));
  return statement;
}

namespace {
const KeyNames& Quorum() {
  static const auto& names = *new KeyNames{"steward 1", "steward 2"};
  return names;
}
}  // namespace

Envelope TestRegistry::Genesis() {
  v1::Statement statement = StewardsStatement();
  v1::Genesis& genesis = *statement.mutable_genesis();
  std::vector<std::string> keys;
  for (const char* name : {"steward 1", "steward 2", "steward 3"}) {
    keys.push_back(NamedKeyBytes(name));
  }
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) genesis.add_steward_keys(key);
  genesis.set_threshold(2);
  genesis.set_operator_name("Example Registry");
  return SignStatement(statement, Quorum());
}

Envelope TestRegistry::Enrolment(absl::string_view id, const std::vector<v1::Role>& roles,
                                 const KeyNames& keys,
                                 const std::function<void(v1::ParticipantDetails&)>& edit) {
  v1::Statement statement = ParticipantStatement(id);
  v1::ParticipantEnrolled& enrolled = *statement.mutable_participant_enrolled();
  v1::ParticipantDetails& details = *enrolled.mutable_details();
  details.set_legal_name(absl::StrCat(id, " SA"));
  details.set_country("FR");
  for (const v1::Role role : roles) details.add_roles(role);
  if (edit) edit(details);
  std::vector<std::string> encoded;
  for (const std::string& key : keys) encoded.push_back(NamedKeyBytes(key));
  std::sort(encoded.begin(), encoded.end());
  for (const std::string& key : encoded) enrolled.add_keys(key);
  return SignStatement(statement, Quorum());
}

Envelope TestRegistry::KeyAddition(absl::string_view id, absl::string_view key) {
  v1::Statement statement = ParticipantStatement(id);
  statement.mutable_key_added()->set_key(NamedKeyBytes(key));
  return SignStatement(statement, Quorum());
}

Envelope TestRegistry::KeyRevocation(absl::string_view id, absl::string_view key) {
  v1::Statement statement = ParticipantStatement(id);
  const Digest key_id = NamedKeyId(key);
  statement.mutable_key_revoked()->set_key_id(std::string(DigestBytes(key_id)));
  statement.mutable_key_revoked()->set_reason(v1::KeyRevoked::SUPERSEDED);
  return SignStatement(statement, Quorum());
}

Envelope TestRegistry::CardKey(absl::string_view key) {
  v1::Statement statement = StewardsStatement();
  statement.mutable_card_key_enrolled()->set_key(NamedKeyBytes(key));
  statement.mutable_card_key_enrolled()->set_label("2026");
  return SignStatement(statement, Quorum());
}

Envelope TestRegistry::Closing() {
  v1::Statement statement = StewardsStatement();
  statement.mutable_log_closed()->set_reason("end of test");
  return SignStatement(statement, Quorum());
}

Envelope TestRegistry::Registration(int passport, absl::string_view issuer_key) {
  return Registration(passport, issuer_key, SamplePiece(passport));
}

Envelope TestRegistry::Registration(int passport, absl::string_view issuer_key,
                                    const v1::Piece& piece) {
  v1::Statement statement = PassportStatement(passport);
  *statement.mutable_registration()->mutable_piece() = piece;
  return SignStatement(statement, {std::string(issuer_key)});
}

Envelope TestRegistry::Report(int passport, absl::string_view key, absl::string_view laboratory,
                              absl::string_view report_number) {
  v1::Statement statement = PassportStatement(passport);
  v1::LaboratoryReport& report = *statement.mutable_laboratory_report();
  report.set_laboratory(std::string(laboratory));
  report.set_report_number(std::string(report_number));
  return SignStatement(statement, {std::string(key)});
}

Envelope TestRegistry::Care(int passport, absl::string_view key) {
  v1::Statement statement = PassportStatement(passport);
  statement.mutable_care_record()->set_kind(v1::CareRecord::CLEANING);
  statement.mutable_care_record()->set_performed_on("2026-11-22");
  return SignStatement(statement, {std::string(key)});
}

Envelope TestRegistry::FirstSale(int passport, const Digest& builds_on,
                                 absl::string_view issuer_key, absl::string_view claim_key) {
  v1::Statement statement = OwnershipStatement(passport, builds_on);
  statement.mutable_first_sale()->set_claim_key(NamedKeyBytes(claim_key));
  statement.mutable_first_sale()->set_sold_on("2026-11-22");
  return SignStatement(statement, {std::string(issuer_key), std::string(claim_key)});
}

Envelope TestRegistry::Claim(int passport, const Digest& builds_on, absl::string_view claim_key,
                             absl::string_view owner_key) {
  v1::Statement statement = OwnershipStatement(passport, builds_on);
  statement.mutable_claim()->set_owner_key(NamedKeyBytes(owner_key));
  return SignStatement(statement, {std::string(claim_key), std::string(owner_key)});
}

Envelope TestRegistry::Transfer(int passport, const Digest& builds_on, absl::string_view from_key,
                                absl::string_view to_key) {
  v1::Statement statement = OwnershipStatement(passport, builds_on);
  statement.mutable_transfer()->set_kind(v1::Transfer::RESALE);
  statement.mutable_transfer()->set_to_key(NamedKeyBytes(to_key));
  statement.mutable_transfer()->set_effective_on("2026-11-22");
  return SignStatement(statement, {std::string(from_key), std::string(to_key)});
}

absl::StatusOr<Receipt> TestRegistry::SubmitForReceipt(std::string envelope) {
  std::promise<absl::StatusOr<Receipt>> answer;
  ledger_->Submit(std::move(envelope), [&answer](absl::StatusOr<Receipt> receipt) {
    answer.set_value(std::move(receipt));  // a second one aborts
  });
  return answer.get_future().get();
}

absl::StatusOr<std::string> TestRegistry::SubmitBytes(std::string envelope) {
  absl::StatusOr<Receipt> receipt = SubmitForReceipt(std::move(envelope));
  if (!receipt.ok()) return receipt.status();
  return std::move(receipt->bytes);
}

absl::StatusOr<VerifiedReceipt> TestRegistry::SubmitAndCheck(const Envelope& envelope) {
  const absl::StatusOr<std::string> receipt = Submit(envelope);
  if (!receipt.ok()) return receipt.status();
  absl::StatusOr<VerifiedReceipt> verified = VerifyReceipt(Policy(), *receipt, envelope);
  EXPECT_THAT(verified, IsOk());
  return verified;
}

VerifiedReceipt TestRegistry::Accepted(const Envelope& envelope) {
  return ValueOrDie(SubmitAndCheck(envelope));
}

std::map<std::string, std::string> TestRegistry::Dump(const storage::Store& store) {
  std::map<std::string, std::string> dump;
  EXPECT_THAT(store.Scan(storage::KeyRange::Prefix(""), UINT64_MAX,
                         [&dump](absl::string_view key, absl::string_view value) {
                           dump.emplace(key, value);
                           return absl::OkStatus();
                         }),
              IsOk());
  return dump;
}

void ExpectWholeLogHolds(TestRegistry& registry, std::optional<size_t> passports) {
  const std::shared_ptr<const View> view = registry.Newest();
  MerkleFrontier frontier;
  std::set<std::string> ids;
  uint64_t next = 0;
  ASSERT_THAT(
      view->ForEachEntry(0,
                         [&](uint64_t position, absl::string_view frame) {
                           EXPECT_EQ(position, next++);
                           const Digest digest = EntryDigest(frame);
                           EXPECT_EQ(view->EntryDigest(position).value(), digest);
                           const Digest leaf = LeafHash(DigestBytes(digest));
                           frontier.Append(leaf);
                           const auto path = view->InclusionPath(position, 0);
                           EXPECT_THAT(path, IsOk());
                           EXPECT_THAT(VerifyInclusion(leaf, position, view->size(), *path,
                                                       view->checkpoint().root()),
                                       IsOk());
                           const Entry entry = ValueOrDie(DecodeEntry(frame));
                           if (entry.type == EntryType::kIndexRoot) return absl::OkStatus();
                           const Envelope envelope =
                               ValueOrDie(Envelope::Parse(PayloadType::kStatement, entry.payload));
                           const Subject subject =
                               ValueOrDie(ParsedStatement::Parse(envelope.payload())).subject();
                           if (subject.kind == IndexKind::kPassportEntry) {
                             ids.insert(subject.bytes);
                           }
                           return absl::OkStatus();
                         }),
      IsOk());
  EXPECT_EQ(next, view->size());
  EXPECT_EQ(frontier.Root(), view->checkpoint().root());
  const TrustPolicy policy = registry.Policy();
  for (const std::string& id : ids) {
    const auto file = view->PassportFile(ValueOrDie(PassportId::FromBytes(id)));
    ASSERT_THAT(file, IsOk());
    EXPECT_THAT(CheckPassport(policy, *file, Observed{}, view->time_ms()), IsOk());
  }
  EXPECT_EQ(ids.size(), passports.value_or(ids.size()));
}

}  // namespace touchstone::ledger
