// A log in memory for tests: genesis, participants, pieces, commits, checkpoints, passport files.
// It appends whatever it is told to, allowed or not, so that tests can lie in any way that a
// registry or a thief could. Its trees are the recursive definitions of the specifications, so it
// is an oracle independent of the code under test. Not fast, and never part of a program.
#ifndef TOUCHSTONE_TESTS_SUPPORT_TEST_LOG_H_
#define TOUCHSTONE_TESTS_SUPPORT_TEST_LOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/reference_index.h"
#include "tests/support/sample_statement.h"
#include "touchstone/v1/passport.pb.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/chain_head.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/index_insertions.h"

namespace touchstone {

class TestLog {
 public:
  struct Options {
    std::string origin = "passports.example/log";
    std::string log_key = "log";
    KeyNames stewards = {"steward 1", "steward 2", "steward 3"};
    uint32_t threshold = 2;
    KeyNames genesis_signers = {};                       // empty: the first `threshold` stewards
    std::function<void(Entry&)> genesis_edit = nullptr;  // changes the genesis' frame
    uint64_t notice_period_ms = 0;                       // 0: not stated
    uint64_t genesis_time_ms = 1'795'300'000'000;        // 2026-11-21T22:26:40Z
  };

  // With its genesis and first index root, positions 0 and 1.
  TestLog();
  explicit TestLog(Options options);

  const std::string& origin() const { return options_.origin; }
  uint64_t size() const { return frames_.size(); }
  uint64_t now_ms() const { return now_ms_; }
  // Later entries bear at least this time.
  void AdvanceTo(uint64_t time_ms) { now_ms_ = time_ms; }

  // ---- Statements, complete but for what the test adds. Fresh nonce, occurred now. ----
  v1::Statement StewardsStatement();
  v1::Statement ParticipantStatement(absl::string_view id);
  v1::Statement PassportStatement(int passport);
  // The same with builds_on set to the newest ownership entry.
  v1::Statement OwnershipStatement(int passport);

  // ---- The ordinary course of things: signs, appends, does not commit. ----
  EntryPlace Enrol(absl::string_view id, const std::vector<v1::Role>& roles, const KeyNames& keys,
                   const std::function<void(v1::ParticipantDetails&)>& edit = nullptr);
  EntryPlace AddKey(absl::string_view id, absl::string_view key);
  EntryPlace RevokeKey(absl::string_view id, absl::string_view key,
                       std::optional<uint64_t> compromised_from = std::nullopt);
  EntryPlace EnrolCardKey(absl::string_view key, absl::string_view label = "2026");
  EntryPlace Close(absl::string_view continued_at = "");
  EntryPlace Register(int passport, absl::string_view issuer_key);
  EntryPlace Register(int passport, absl::string_view issuer_key, const v1::Piece& piece);
  EntryPlace Report(int passport, absl::string_view key, absl::string_view laboratory,
                    absl::string_view report_number);
  EntryPlace Care(int passport, absl::string_view key,
                  v1::CareRecord::Kind kind = v1::CareRecord::CLEANING);
  EntryPlace FirstSale(int passport, absl::string_view issuer_key, absl::string_view claim_key);
  EntryPlace Claim(int passport, absl::string_view claim_key, absl::string_view owner_key);
  EntryPlace Transfer(int passport, absl::string_view from_key, absl::string_view to_key,
                      v1::Transfer::Kind kind = v1::Transfer::RESALE);

  EntryPlace Resolve(int passport, absl::string_view key, const ClaimSubject& claim);
  EntryPlace RemoveStone(int passport, const KeyNames& keys,
                         const std::vector<ClaimSubject>& releases,
                         std::optional<int> successor = std::nullopt);
  EntryPlace EndLife(int passport, const KeyNames& keys, v1::EndOfLife::Kind kind,
                     const std::vector<ClaimSubject>& releases = {},
                     const std::vector<int>& successors = {});

  // Appends the statement as its own subject says, with what it does to claims.
  EntryPlace Say(const v1::Statement& statement, const KeyNames& signers,
                 const std::function<void(Entry&)>& edit = nullptr);

  // ---- Anything at all. ----
  // `edit` changes the frame before it is encoded; null leaves it.
  EntryPlace Append(const Envelope& envelope, const Subject& subject,
                    const std::vector<ClaimStep>& steps,
                    const std::function<void(Entry&)>& edit = nullptr);
  // Without touching any chain or the index.
  EntryPlace AppendFrame(absl::string_view frame);
  void InsertIntoIndex(const IndexInsertion& insertion);
  // Forgets the last insertion, as a registry that hides an entry would.
  void DropLastInsertion() { pending_insertions_.pop_back(); }

  // Appends an index root over everything so far and returns the log's size.
  uint64_t Commit();

  // ---- What a registry hands out, under the checkpoint of `size` (a size that Commit returned; 0
  // for the last one). ----
  std::string Checkpoint(uint64_t size = 0, const std::vector<std::string>& witnesses = {}) const;
  v1::ProvenEntry IndexRoot(uint64_t size = 0) const;
  v1::ProvenEntry Proven(uint64_t position, uint64_t size = 0) const;
  std::string IndexProofOf(IndexKind kind, absl::string_view subject, uint32_t number,
                           uint64_t size = 0) const;
  v1::Chain ChainOf(const Subject& subject, uint64_t size = 0) const;
  v1::ClaimChain ClaimChainOf(const ClaimSubject& claim, uint64_t size = 0) const;
  v1::Passport Passport(int passport, uint64_t size = 0) const {
    return PassportOf(TestPassportId(passport), size);
  }
  // `id`: 16 bytes.
  v1::Passport PassportOf(absl::string_view id, uint64_t size = 0) const;
  v1::Passport Cards(uint64_t size = 0) const;  // the message of a cards file
  v1::Receipt Receipt(uint64_t position, uint64_t size = 0) const;

  // The files.
  static std::string PassportFile(const v1::Passport& passport);
  static std::string CardsFile(const v1::Passport& cards);
  // That nobody bears it, whether or not that is so.
  v1::Absence Absence(IndexKind kind, const std::string& subject, uint64_t size = 0) const;
  static std::string AbsenceFile(const v1::Absence& absence);
  std::string PassportFile(int passport, uint64_t size = 0) const {
    return PassportFile(Passport(passport, size));
  }

  // A policy that trusts this log: its key, its genesis, those witnesses (all needed), and `more`
  // lines.
  std::string PolicyText(const std::vector<std::string>& witnesses = {},
                         absl::string_view more = "") const;
  std::string LogVkey() const;
  Digest GenesisDigest() const { return digests_.front(); }
  const std::string& Frame(uint64_t position) const { return frames_[position]; }
  Digest Root(uint64_t size = 0) const;
  // What the commit inserted that ends in the index root at that position: (key ‖ value)*,
  // ascending by key.
  std::string InsertionsOf(uint64_t index_root_position) const;

  // When the witness with that name cosigns: the time of the last entry under the checkpoint.
  uint64_t WitnessTimeSeconds(uint64_t size = 0) const;

 private:
  struct SubjectChain {
    std::vector<uint64_t> positions;
    Digest newest = kZeroDigest;
    Digest newest_ownership = kZeroDigest;
    std::vector<ClaimSubject> claims;  // made, and not released since
  };
  struct Commitment {
    uint64_t size = 0;
    size_t insertions = 0;  // how many of insertions_ are under it
  };

  v1::Statement NewStatement();
  uint64_t SizeOrLast(uint64_t size) const;
  ReferenceIndex IndexUnder(uint64_t size) const;
  KeyNames Quorum() const;

  Options options_;
  uint64_t now_ms_ = 0;
  uint64_t nonces_ = 0;
  std::vector<std::string> frames_;
  std::vector<Digest> digests_;
  std::vector<uint64_t> times_;
  std::map<Subject, SubjectChain> chains_;
  std::map<ClaimSubject, std::vector<IndexInsertion>> claim_events_;
  std::map<Digest, std::string> participant_of_key_;
  std::vector<IndexInsertion> insertions_;          // under some commit
  std::vector<IndexInsertion> pending_insertions_;  // not yet
  std::vector<Commitment> commits_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_SUPPORT_TEST_LOG_H_
