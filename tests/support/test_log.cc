#include "tests/support/test_log.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tests/support/or_die.h"
#include "tests/verifier/reference_tree.h"
#include "verifier/index_hash.h"
#include "verifier/merkle.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

const v1::Piece& SpecificationIn(const v1::Statement& statement) {
  if (statement.has_modification()) return statement.modification().piece();
  if (statement.has_correction()) return statement.correction().piece();
  return statement.registration().piece();
}

std::vector<ClaimSubject> ClaimsIn(const v1::Statement& statement) {
  std::vector<ClaimSubject> claims;
  const auto add = [&claims](absl::StatusOr<ClaimSubject> claim) {
    if (claim.ok()) claims.push_back(*std::move(claim));
  };
  const v1::Piece& piece = SpecificationIn(statement);
  if (const absl::StatusOr<Gtin> gtin = Gtin::Parse14(piece.gtin14()); gtin.ok()) {
    add(GtinSerialClaim(*gtin, piece.serial()));
  }
  for (const v1::Inscription& inscription : piece.inscriptions()) {
    if (inscription.kind() == v1::Inscription::LAB_REPORT ||
        inscription.kind() == v1::Inscription::SERIAL) {
      add(InscriptionClaim(inscription.text()));
    }
  }
  for (const v1::ReportReference& report : piece.laboratory_reports()) {
    add(ReportClaim(report.laboratory(), report.report_number()));
  }
  if (statement.has_laboratory_report()) {
    add(ReportClaim(statement.laboratory_report().laboratory(),
                    statement.laboratory_report().report_number()));
  }
  return claims;
}

ClaimSubject ClaimIn(const v1::ClaimReference& reference) {
  return {static_cast<IndexKind>(reference.kind()), reference.subject()};
}

template <typename References>
std::vector<ClaimSubject> ClaimsIn(const References& references) {
  std::vector<ClaimSubject> claims;
  for (const v1::ClaimReference& reference : references) claims.push_back(ClaimIn(reference));
  return claims;
}

bool Contains(const std::vector<ClaimSubject>& claims, const ClaimSubject& claim) {
  return std::find(claims.begin(), claims.end(), claim) != claims.end();
}

Subject SubjectIn(const v1::Statement& statement) {
  if (statement.subject().has_passport_id()) {
    return {IndexKind::kPassportEntry, statement.subject().passport_id()};
  }
  if (statement.subject().has_participant_id()) {
    return {IndexKind::kParticipantEntry, statement.subject().participant_id()};
  }
  return {IndexKind::kStewardsEntry, ""};
}

std::vector<ClaimSubject> ContestsIn(const v1::Statement& statement) {
  if (statement.has_laboratory_report()) return ClaimsIn(statement.laboratory_report().contests());
  if (statement.has_modification()) return ClaimsIn(statement.modification().contests());
  if (statement.has_correction()) return ClaimsIn(statement.correction().contests());
  return ClaimsIn(statement.registration().contests());
}

std::vector<ClaimSubject> ReleasesIn(const v1::Statement& statement) {
  if (statement.has_stone_removed()) return ClaimsIn(statement.stone_removed().releases());
  if (statement.has_correction()) return ClaimsIn(statement.correction().releases());
  return ClaimsIn(statement.end_of_life().releases());
}

// The registration, and the fields 64 to 79.
bool ChangesOwnership(const v1::Statement& statement) {
  const int field = statement.event_case();
  return statement.has_registration() || (field >= 64 && field <= 79);
}

}  // namespace

TestLog::TestLog() : TestLog(Options{}) {}

TestLog::TestLog(Options options)
    : options_(std::move(options)), now_ms_(options_.genesis_time_ms) {
  v1::Statement statement = StewardsStatement();
  v1::Genesis& genesis = *statement.mutable_genesis();
  std::vector<std::string> keys;
  for (const std::string& steward : options_.stewards) keys.push_back(NamedKeyBytes(steward));
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) genesis.add_steward_keys(key);
  genesis.set_threshold(options_.threshold);
  genesis.set_operator_name("Example Registry");
  genesis.set_notice_period_ms(options_.notice_period_ms);
  Say(statement, options_.genesis_signers.empty() ? Quorum() : options_.genesis_signers,
      options_.genesis_edit);
  Commit();
}

KeyNames TestLog::Quorum() const {
  return KeyNames(options_.stewards.begin(), options_.stewards.begin() + options_.threshold);
}

v1::Statement TestLog::NewStatement() {
  v1::Statement statement;
  statement.set_log_origin(options_.origin);
  statement.set_rules_version(1);
  const Digest nonce = Sha256Of(absl::StrCat("nonce ", nonces_++));
  statement.set_nonce(std::string(DigestBytes(nonce).substr(0, 16)));
  statement.set_occurred_at_ms(now_ms_);
  return statement;
}

v1::Statement TestLog::StewardsStatement() {
  v1::Statement statement = NewStatement();
  statement.mutable_subject()->mutable_stewards();
  return statement;
}

v1::Statement TestLog::ParticipantStatement(absl::string_view id) {
  v1::Statement statement = NewStatement();
  statement.mutable_subject()->set_participant_id(std::string(id));
  return statement;
}

v1::Statement TestLog::PassportStatement(int passport) {
  v1::Statement statement = NewStatement();
  statement.mutable_subject()->set_passport_id(TestPassportId(passport));
  return statement;
}

v1::Statement TestLog::OwnershipStatement(int passport) {
  v1::Statement statement = PassportStatement(passport);
  const SubjectChain& chain = chains_[{IndexKind::kPassportEntry, TestPassportId(passport)}];
  statement.set_builds_on(std::string(DigestBytes(chain.newest_ownership)));
  return statement;
}

EntryPlace TestLog::Enrol(absl::string_view id, const std::vector<v1::Role>& roles,
                          const KeyNames& keys,
                          const std::function<void(v1::ParticipantDetails&)>& edit) {
  v1::Statement statement = ParticipantStatement(id);
  v1::ParticipantEnrolled& enrolled = *statement.mutable_participant_enrolled();
  v1::ParticipantDetails& details = *enrolled.mutable_details();
  details.set_legal_name(absl::StrCat("The ", id, " company"));
  details.set_country("FR");
  details.set_domain(absl::StrCat(id, ".example"));
  for (const v1::Role role : roles) details.add_roles(role);
  if (edit) edit(details);
  std::vector<std::string> encoded;
  for (const std::string& key : keys) encoded.push_back(NamedKeyBytes(key));
  std::sort(encoded.begin(), encoded.end());
  for (const std::string& key : encoded) enrolled.add_keys(key);
  return Say(statement, Quorum());
}

EntryPlace TestLog::AddKey(absl::string_view id, absl::string_view key) {
  v1::Statement statement = ParticipantStatement(id);
  statement.mutable_key_added()->set_key(NamedKeyBytes(key));
  return Say(statement, Quorum());
}

EntryPlace TestLog::RevokeKey(absl::string_view id, absl::string_view key,
                              std::optional<uint64_t> compromised_from) {
  v1::Statement statement = ParticipantStatement(id);
  v1::KeyRevoked& revoked = *statement.mutable_key_revoked();
  const Digest key_id = NamedKeyId(key);
  revoked.set_key_id(std::string(DigestBytes(key_id)));
  revoked.set_reason(v1::KeyRevoked::COMPROMISED);
  if (compromised_from) revoked.set_compromised_from(*compromised_from);
  return Say(statement, Quorum());
}

EntryPlace TestLog::EnrolCardKey(absl::string_view key, absl::string_view label) {
  v1::Statement statement = StewardsStatement();
  statement.mutable_card_key_enrolled()->set_key(NamedKeyBytes(key));
  statement.mutable_card_key_enrolled()->set_label(std::string(label));
  return Say(statement, Quorum());
}

EntryPlace TestLog::Close(absl::string_view continued_at) {
  v1::Statement statement = StewardsStatement();
  statement.mutable_log_closed()->set_reason("moved");
  statement.mutable_log_closed()->set_continued_at(std::string(continued_at));
  return Say(statement, Quorum());
}

EntryPlace TestLog::Register(int passport, absl::string_view issuer_key) {
  return Register(passport, issuer_key, SamplePiece(passport));
}

EntryPlace TestLog::Register(int passport, absl::string_view issuer_key, const v1::Piece& piece) {
  v1::Statement statement = PassportStatement(passport);
  *statement.mutable_registration()->mutable_piece() = piece;
  return Say(statement, {std::string(issuer_key)});
}

EntryPlace TestLog::Report(int passport, absl::string_view key, absl::string_view laboratory,
                           absl::string_view report_number) {
  v1::Statement statement = PassportStatement(passport);
  statement.mutable_laboratory_report()->set_laboratory(std::string(laboratory));
  statement.mutable_laboratory_report()->set_report_number(std::string(report_number));
  return Say(statement, {std::string(key)});
}

EntryPlace TestLog::Care(int passport, absl::string_view key, v1::CareRecord::Kind kind) {
  v1::Statement statement = PassportStatement(passport);
  statement.mutable_care_record()->set_kind(kind);
  statement.mutable_care_record()->set_performed_on("2026-11-22");
  return Say(statement, {std::string(key)});
}

EntryPlace TestLog::FirstSale(int passport, absl::string_view issuer_key,
                              absl::string_view claim_key) {
  v1::Statement statement = OwnershipStatement(passport);
  statement.mutable_first_sale()->set_claim_key(NamedKeyBytes(claim_key));
  statement.mutable_first_sale()->set_sold_on("2026-11-22");
  return Say(statement, {std::string(issuer_key), std::string(claim_key)});
}

EntryPlace TestLog::Claim(int passport, absl::string_view claim_key, absl::string_view owner_key) {
  v1::Statement statement = OwnershipStatement(passport);
  statement.mutable_claim()->set_owner_key(NamedKeyBytes(owner_key));
  return Say(statement, {std::string(claim_key), std::string(owner_key)});
}

EntryPlace TestLog::Transfer(int passport, absl::string_view from_key, absl::string_view to_key,
                             v1::Transfer::Kind kind) {
  v1::Statement statement = OwnershipStatement(passport);
  statement.mutable_transfer()->set_kind(kind);
  statement.mutable_transfer()->set_to_key(NamedKeyBytes(to_key));
  statement.mutable_transfer()->set_effective_on("2026-11-22");
  return Say(statement, {std::string(from_key), std::string(to_key)});
}

EntryPlace TestLog::Resolve(int passport, absl::string_view key, const ClaimSubject& claim) {
  v1::Statement statement = PassportStatement(passport);
  *statement.mutable_claim_resolved()->mutable_claim() = ReferenceTo(claim);
  return Say(statement, {std::string(key)});
}

EntryPlace TestLog::RemoveStone(int passport, const KeyNames& keys,
                                const std::vector<ClaimSubject>& releases,
                                std::optional<int> successor) {
  v1::Statement statement = PassportStatement(passport);
  v1::StoneRemoved& removed = *statement.mutable_stone_removed();
  removed.set_removed_on("2026-11-22");
  for (const ClaimSubject& claim : releases) *removed.add_releases() = ReferenceTo(claim);
  if (successor) removed.set_successor(TestPassportId(*successor));
  return Say(statement, keys);
}

EntryPlace TestLog::EndLife(int passport, const KeyNames& keys, v1::EndOfLife::Kind kind,
                            const std::vector<ClaimSubject>& releases,
                            const std::vector<int>& successors) {
  v1::Statement statement = PassportStatement(passport);
  v1::EndOfLife& end = *statement.mutable_end_of_life();
  end.set_kind(kind);
  end.set_ended_on("2026-11-22");
  for (const ClaimSubject& claim : releases) *end.add_releases() = ReferenceTo(claim);
  std::vector<std::string> ids;
  for (const int number : successors) ids.push_back(TestPassportId(number));
  std::sort(ids.begin(), ids.end());
  for (const std::string& id : ids) end.add_successors(id);
  return Say(statement, keys);
}

EntryPlace TestLog::Say(const v1::Statement& statement, const KeyNames& signers,
                        const std::function<void(Entry&)>& edit) {
  const Subject subject = SubjectIn(statement);
  SubjectChain& chain = chains_[subject];
  const std::vector<ClaimSubject> contests = ContestsIn(statement);
  std::vector<ClaimStep> steps;
  for (const ClaimSubject& claim : ClaimsIn(statement)) {
    if (Contains(chain.claims, claim)) continue;
    steps.push_back({claim, Contains(contests, claim) ? IndexEvent::kContest : IndexEvent::kClaim});
    chain.claims.push_back(claim);
  }
  for (const ClaimSubject& claim : ReleasesIn(statement)) {
    steps.push_back({claim, IndexEvent::kRelease});
    chain.claims.erase(std::remove(chain.claims.begin(), chain.claims.end(), claim),
                       chain.claims.end());
  }
  if (statement.has_claim_resolved()) {
    const ClaimSubject claim = ClaimIn(statement.claim_resolved().claim());
    steps.push_back({claim, IndexEvent::kResolve});
    if (!Contains(chain.claims, claim)) chain.claims.push_back(claim);
  }
  const EntryPlace place = Append(SignStatement(statement, signers), subject, steps, edit);
  if (ChangesOwnership(statement)) chain.newest_ownership = place.digest;
  const auto& enrolled = statement.participant_enrolled();
  for (const std::string& key : enrolled.keys()) {
    participant_of_key_[Sha256Of(key)] = subject.bytes;
  }
  if (statement.has_key_added()) {
    participant_of_key_[Sha256Of(statement.key_added().key())] = subject.bytes;
  }
  return place;
}

EntryPlace TestLog::Append(const Envelope& envelope, const Subject& subject,
                           const std::vector<ClaimStep>& steps,
                           const std::function<void(Entry&)>& edit) {
  SubjectChain& chain = chains_[subject];
  Entry entry;
  entry.position = frames_.size();
  entry.time_ms = now_ms_;
  entry.number = static_cast<uint32_t>(chain.positions.size());
  entry.previous = chain.newest;
  entry.payload = envelope.bytes();
  if (edit) edit(entry);
  const EntryPlace place = AppendFrame(OrDie(EncodeEntry(entry)));
  pending_insertions_.push_back({subject.kind, subject.bytes,
                                 static_cast<uint32_t>(chain.positions.size()), IndexEvent::kEntry,
                                 place.digest, place.position});
  for (const auto& [claim, event] : steps) {
    std::vector<IndexInsertion>& events = claim_events_[claim];
    events.push_back({claim.kind, claim.subject, static_cast<uint32_t>(events.size()), event,
                      place.digest, place.position});
    pending_insertions_.push_back(events.back());
  }
  chain.positions.push_back(place.position);
  chain.newest = place.digest;
  return place;
}

EntryPlace TestLog::AppendFrame(absl::string_view frame) {
  const EntryPlace place{frames_.size(), now_ms_, EntryDigest(frame)};
  frames_.emplace_back(frame);
  digests_.push_back(place.digest);
  times_.push_back(now_ms_);
  now_ms_ += 1000;
  return place;
}

void TestLog::InsertIntoIndex(const IndexInsertion& insertion) {
  if (insertion.kind == IndexKind::kInscriptionClaim ||
      insertion.kind == IndexKind::kReportNumberClaim ||
      insertion.kind == IndexKind::kGtinSerialClaim) {
    claim_events_[{insertion.kind, insertion.subject}].push_back(insertion);
  }
  pending_insertions_.push_back(insertion);
}

uint64_t TestLog::Commit() {
  insertions_.insert(insertions_.end(), pending_insertions_.begin(), pending_insertions_.end());
  pending_insertions_.clear();
  ReferenceIndex index;
  for (const IndexInsertion& insertion : insertions_) {
    index.Insert(insertion.Key(), insertion.Value());
  }
  Entry entry;
  entry.type = EntryType::kIndexRoot;
  entry.position = frames_.size();
  entry.time_ms = now_ms_;
  entry.payload = EncodeIndexRootPayload(
      {index.Root(), commits_.empty() ? IndexRootPayload::kNone : commits_.back().size - 1});
  AppendFrame(OrDie(EncodeEntry(entry)));
  commits_.push_back({frames_.size(), insertions_.size()});
  return frames_.size();
}

uint64_t TestLog::SizeOrLast(uint64_t size) const {
  return size == 0 ? commits_.back().size : size;
}

ReferenceIndex TestLog::IndexUnder(uint64_t size) const {
  ReferenceIndex index;
  for (const Commitment& commit : commits_) {
    if (commit.size != size) continue;
    for (size_t i = 0; i < commit.insertions; ++i) {
      index.Insert(insertions_[i].Key(), insertions_[i].Value());
    }
  }
  return index;
}

Digest TestLog::Root(uint64_t size) const {
  std::vector<Digest> leaves;
  for (uint64_t i = 0; i < SizeOrLast(size); ++i) {
    leaves.push_back(LeafHash(DigestBytes(digests_[i])));
  }
  return ReferenceRoot(leaves);
}

std::string TestLog::InsertionsOf(uint64_t index_root_position) const {
  std::map<Digest, Digest> leaves;
  size_t first = 0;
  for (const Commitment& commit : commits_) {
    for (size_t i = first; i < commit.insertions && commit.size == index_root_position + 1; ++i) {
      leaves[insertions_[i].Key()] = insertions_[i].Value();
    }
    first = commit.insertions;
  }
  std::string bytes;
  for (const auto& [key, value] : leaves) {
    absl::StrAppend(&bytes, DigestBytes(key), DigestBytes(value));
  }
  return bytes;
}

uint64_t TestLog::WitnessTimeSeconds(uint64_t size) const {
  return times_[SizeOrLast(size) - 1] / 1000;
}

}  // namespace touchstone
