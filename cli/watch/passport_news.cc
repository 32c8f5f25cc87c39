#include "cli/watch/passport_news.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/claim.h"
#include "verifier/digest.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/index_hash.h"
#include "verifier/passport_file.h"
#include "verifier/passport_state.h"
#include "verifier/seats.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

struct ReadEntry {
  Entry entry;
  Envelope envelope;
  ParsedStatement statement;
};

absl::StatusOr<ReadEntry> Read(const v1::ProvenEntry& proven) {
  absl::StatusOr<Entry> entry = DecodeEntry(proven.entry());
  if (!entry.ok()) return entry.status();
  absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kStatement, entry->payload);
  if (!envelope.ok()) return envelope.status();
  absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope->payload());
  if (!statement.ok()) return statement.status();
  return ReadEntry{*std::move(entry), *std::move(envelope), *std::move(statement)};
}

absl::string_view DescribeEvent(IndexEvent event) {
  switch (event) {
    case IndexEvent::kClaim:
      return "another piece claims ";
    case IndexEvent::kContest:
      return "another piece contests ";
    case IndexEvent::kRelease:
      return "another piece has let go of ";
    case IndexEvent::kResolve:
      return "found to be another piece's: ";
    case IndexEvent::kEntry:
      break;
  }
  return "";
}

class Collection {
 public:
  Collection(const VerifiedRecord& record, uint64_t from, uint64_t until)
      : record_(record), from_(from), until_(until) {}

  absl::Status AddOwn(const v1::Chain& chain) {
    for (const v1::ProvenEntry& proven : chain.entries()) {
      absl::StatusOr<ReadEntry> read = Read(proven);
      if (!read.ok()) return read.status();
      const uint64_t position = read->entry.position;
      own_digests_.insert(EntryDigest(proven.entry()));
      absl::Status counted = CountVoucher(*read);
      if (!counted.ok()) return counted;
      if (!IsAsked(position)) continue;
      PassportNews& news = At(position);
      news.number = read->entry.number;
      news.kinds = HappeningsOf(read->statement);
      news.time_ms = read->entry.time_ms;
      if (read->entry.number < record_.timeline.size()) {
        news.what = record_.timeline[read->entry.number].what;
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddClaim(const v1::ClaimChain& chain) {
    const ClaimSubject claim{static_cast<IndexKind>(chain.kind()), chain.subject()};
    bool is_made = false;  // by the piece: what was before that is no news to it
    for (const v1::ClaimEvent& said : chain.events()) {
      const absl::StatusOr<Digest> digest = DigestFromBytes(said.digest());
      if (!digest.ok()) return digest.status();
      if (own_digests_.count(*digest) != 0) {
        is_made = true;
        continue;
      }
      const auto event = static_cast<IndexEvent>(said.event());
      const std::optional<HappeningKind> kind = HappeningOf(event);
      if (!is_made || !kind || !IsAsked(said.position())) continue;
      PassportNews& news = At(said.position());
      news.kinds.push_back(*kind);
      absl::StrAppend(&news.what, news.what.empty() ? "" : "; ", DescribeEvent(event),
                      DescribeClaim(claim));
    }
    return absl::OkStatus();
  }

  absl::Status AddParticipant(const v1::Chain& chain) {
    for (const v1::ProvenEntry& proven : chain.entries()) {
      const absl::StatusOr<ReadEntry> read = Read(proven);
      if (!read.ok()) return read.status();
      const uint64_t position = read->entry.position;
      if (!IsAsked(position) || read->statement.event() != EventKind::kKeyRevoked) continue;
      const v1::KeyRevoked& revoked = read->statement.message().key_revoked();
      const absl::StatusOr<Digest> key_id = DigestFromBytes(revoked.key_id());
      if (!key_id.ok()) return key_id.status();
      const auto vouched = first_vouched_.find(*key_id);
      if (vouched == first_vouched_.end() || vouched->second >= position) continue;
      PassportNews& news = At(position);
      news.kinds = {HappeningKind::kKeyRevoked};
      news.time_ms = read->entry.time_ms;
      news.what = absl::StrCat("a key of ", read->statement.subject().bytes, " was revoked",
                               revoked.has_compromised_from()
                                   ? absl::StrCat("; what it signed from position ",
                                                  revoked.compromised_from(), " on is doubted")
                                   : "");
    }
    return absl::OkStatus();
  }

  std::vector<PassportNews> Finish() && {
    std::vector<PassportNews> all;
    for (auto& [position, news] : by_position_) {
      std::sort(news.kinds.begin(), news.kinds.end());
      news.kinds.erase(std::unique(news.kinds.begin(), news.kinds.end()), news.kinds.end());
      all.push_back(std::move(news));
    }
    return all;
  }

 private:
  bool IsAsked(uint64_t position) const { return position >= from_ && position < until_; }

  // Which key vouches for the piece's next entry. An owner's signature does not count, whoever else
  // the key is enrolled for: the registry cannot tell of a participant before he has vouched.
  absl::Status CountVoucher(const ReadEntry& read) {
    const uint32_t number = read.entry.number;
    if (number >= record_.timeline.size()) return absl::DataLossError("an entry without a place");
    const TimelineEntry& entry = record_.timeline[number];
    std::vector<Digest> signers;
    for (const EnvelopeSignature& signature : read.envelope.signatures()) {
      signers.push_back(signature.keyid);
    }
    const std::optional<Digest> key_id =
        VoucherKeyOf(read.statement, state_ ? &*state_ : nullptr, signers);
    if (key_id) first_vouched_.emplace(*key_id, read.entry.position);
    const std::string participant =
        entry.signer ? record_.signers[*entry.signer].participant_id : "";
    if (state_) {
      state_->Apply(read.statement, entry.place, participant);
    } else {
      state_ = PassportState::FromRegistration(read.statement, entry.place, participant);
    }
    return absl::OkStatus();
  }

  PassportNews& At(uint64_t position) {
    PassportNews& news = by_position_[position];
    news.position = position;
    return news;
  }

  const VerifiedRecord& record_;
  const uint64_t from_;
  const uint64_t until_;
  std::set<Digest> own_digests_;
  std::optional<PassportState> state_;        // after the own entries that were read
  std::map<Digest, uint64_t> first_vouched_;  // by key: the position of its first entry here
  std::map<uint64_t, PassportNews> by_position_;
};

}  // namespace

absl::StatusOr<std::vector<PassportNews>> NewsIn(const HeldPassport& passport, uint64_t from,
                                                 uint64_t until) {
  const absl::StatusOr<v1::Passport> file =
      ReadPassportFile(ContainerType::kPassport, passport.file);
  if (!file.ok()) return file.status();
  Collection collection(passport.record, from, until);
  absl::Status status = collection.AddOwn(file->piece());
  for (const v1::ClaimChain& chain : file->claims()) {
    if (status.ok()) status = collection.AddClaim(chain);
  }
  for (const v1::Chain& chain : file->participants()) {
    if (status.ok()) status = collection.AddParticipant(chain);
  }
  if (!status.ok()) return status;
  return std::move(collection).Finish();
}

}  // namespace touchstone::cli
