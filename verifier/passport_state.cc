#include "verifier/passport_state.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr uint8_t kEncodingVersion = 2;

// Of a claim, in the encoding.
constexpr uint8_t kContestedFlag = 1;
constexpr uint8_t kReleasedFlag = 2;

ActingKey ActingKeyOf(const PublicKey& key) {
  ActingKey acting;
  acting.key_id = key.KeyId();
  const absl::string_view encoded = key.encoded();
  std::copy(encoded.begin(), encoded.end(), acting.encoded.begin());
  return acting;
}

void AppendPlace(std::string& out, const EntryPlace& place) {
  AppendBigEndian<uint64_t>(out, place.position);
  AppendBigEndian<uint64_t>(out, place.time_ms);
  absl::StrAppend(&out, DigestBytes(place.digest));
}

// Takes values off the front of bytes. After the first that is not there, every value is zero.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : rest_(bytes) {}

  template <typename T>
  T Number() {
    const absl::string_view bytes = Take(sizeof(T));
    return bytes.size() == sizeof(T) ? LoadBigEndian<T>(bytes) : T{0};
  }

  Digest TakeDigest() { return DigestFromBytes(Take(kDigestBytes)).value_or(kZeroDigest); }

  EntryPlace TakePlace() {
    EntryPlace place;
    place.position = Number<uint64_t>();
    place.time_ms = Number<uint64_t>();
    place.digest = TakeDigest();
    return place;
  }

  absl::string_view Take(size_t size) {
    if (size > rest_.size()) {
      is_short_ = true;
      return {};
    }
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  bool IsShort() const { return is_short_; }
  bool IsAtEnd() const { return !is_short_ && rest_.empty(); }

 private:
  absl::string_view rest_;
  bool is_short_ = false;
};

absl::Status NotAState() {
  return Refuse(RefusalCode::kMalformed, "the bytes are not a stored state of a passport");
}

}  // namespace

absl::string_view OwnershipPhaseName(OwnershipPhase phase) {
  switch (phase) {
    case OwnershipPhase::kWithStore:
      return "with_store";
    case OwnershipPhase::kUnclaimed:
      return "unclaimed";
    case OwnershipPhase::kOwned:
      return "owned";
    case OwnershipPhase::kRetired:
      return "retired";
  }
  return "";
}

PassportState PassportState::FromRegistration(const ParsedStatement& registration,
                                              const EntryPlace& place, absl::string_view issuer) {
  PassportState state;
  state.issuer_of_record_ = std::string(issuer);
  state.newest_ownership_entry_ = place.digest;
  for (const ClaimStep& step : ClaimStepsOf(registration, nullptr)) state.TakeStep(step);
  state.head_.Append(place);
  return state;
}

void PassportState::Apply(const ParsedStatement& statement, const EntryPlace& place) {
  for (const ClaimStep& step : ClaimStepsOf(statement, this)) TakeStep(step);
  head_.Append(place);
  switch (statement.event()) {
    case EventKind::kFirstSale:
      phase_ = OwnershipPhase::kUnclaimed;
      break;
    case EventKind::kClaim:
    case EventKind::kTransfer:
      phase_ = OwnershipPhase::kOwned;
      ++owner_count_;
      break;
    case EventKind::kEndOfLife:
      phase_ = OwnershipPhase::kRetired;
      acting_key_.reset();
      return;
    case EventKind::kGenesis:
    case EventKind::kCardKeyEnrolled:
    case EventKind::kLogClosed:
    case EventKind::kParticipantEnrolled:
    case EventKind::kParticipantChanged:
    case EventKind::kKeyAdded:
    case EventKind::kKeyRevoked:
    case EventKind::kRegistration:
    case EventKind::kLaboratoryReport:
    case EventKind::kCareRecord:
    case EventKind::kClaimResolved:
    case EventKind::kStoneRemoved:
      return;
  }
  newest_ownership_entry_ = place.digest;
  acting_key_ = ActingKeyOf(statement.named_keys().front());
  named_keys_.push_back(acting_key_->key_id);
}

void PassportState::TakeStep(const ClaimStep& step) {
  const auto at = std::lower_bound(
      claims_.begin(), claims_.end(), step.claim,
      [](const OwnClaim& own, const ClaimSubject& claim) { return own.claim < claim; });
  const bool is_known = at != claims_.end() && at->claim == step.claim;
  OwnClaim& own = is_known ? *at : *claims_.insert(at, {step.claim});
  own.released = step.event == IndexEvent::kRelease;
  own.contested = own.contested || step.event == IndexEvent::kContest;
}

bool PassportState::HasNamedKey(const Digest& key_id) const {
  return std::find(named_keys_.begin(), named_keys_.end(), key_id) != named_keys_.end();
}

const OwnClaim* PassportState::FindClaim(const ClaimSubject& claim) const {
  const auto at = std::lower_bound(
      claims_.begin(), claims_.end(), claim,
      [](const OwnClaim& own, const ClaimSubject& other) { return own.claim < other; });
  return at != claims_.end() && at->claim == claim ? &*at : nullptr;
}

bool PassportState::Makes(const ClaimSubject& claim) const {
  const OwnClaim* const own = FindClaim(claim);
  return own != nullptr && !own->released;
}

// version u8 ‖ phase u8 ‖ entries u32 ‖ newest place ‖ newest ownership entry[32] ‖ owners u32 ‖
// length u8 ‖ issuer of record ‖ acting key[33] while unclaimed and owned ‖ count u16 ‖ ids of
// named keys[32 each] ‖ count u16 ‖ (kind u8 ‖ flags u8 ‖ length u16 ‖ subject)*. A place is
// position u64 ‖ time u64 ‖ digest[32]. Big-endian.
std::string PassportState::Encode() const {
  std::string out;
  AppendBigEndian<uint8_t>(out, kEncodingVersion);
  AppendBigEndian<uint8_t>(out, static_cast<uint8_t>(phase_));
  AppendBigEndian<uint32_t>(out, head_.count());
  AppendPlace(out, head_.newest());
  absl::StrAppend(&out, DigestBytes(newest_ownership_entry_));
  AppendBigEndian<uint32_t>(out, owner_count_);
  AppendBigEndian<uint8_t>(out, static_cast<uint8_t>(issuer_of_record_.size()));
  out.append(issuer_of_record_);
  if (acting_key_) {
    out.append(reinterpret_cast<const char*>(acting_key_->encoded.data()),
               acting_key_->encoded.size());
  }
  AppendBigEndian<uint16_t>(out, static_cast<uint16_t>(named_keys_.size()));
  for (const Digest& key_id : named_keys_) absl::StrAppend(&out, DigestBytes(key_id));
  AppendBigEndian<uint16_t>(out, static_cast<uint16_t>(claims_.size()));
  for (const OwnClaim& own : claims_) {
    AppendBigEndian<uint8_t>(out, static_cast<uint8_t>(own.claim.kind));
    AppendBigEndian<uint8_t>(out, static_cast<uint8_t>((own.contested ? kContestedFlag : 0) |
                                                       (own.released ? kReleasedFlag : 0)));
    AppendBigEndian<uint16_t>(out, static_cast<uint16_t>(own.claim.subject.size()));
    out.append(own.claim.subject);
  }
  return out;
}

absl::StatusOr<PassportState> PassportState::Decode(absl::string_view bytes) {
  Reader reader(bytes);
  PassportState state;
  if (reader.Number<uint8_t>() != kEncodingVersion) return NotAState();
  const auto phase = reader.Number<uint8_t>();
  if (phase < static_cast<uint8_t>(OwnershipPhase::kWithStore) ||
      phase > static_cast<uint8_t>(OwnershipPhase::kRetired)) {
    return NotAState();
  }
  state.phase_ = static_cast<OwnershipPhase>(phase);
  const auto count = reader.Number<uint32_t>();
  const EntryPlace newest = reader.TakePlace();
  if (count == 0 || count > limits::kPassportEntriesMax) return NotAState();
  state.head_ = ChainHead(count, newest);
  state.newest_ownership_entry_ = reader.TakeDigest();
  state.owner_count_ = reader.Number<uint32_t>();
  const auto issuer_size = reader.Number<uint8_t>();
  const absl::string_view issuer = reader.Take(issuer_size);
  if (!ParticipantId::Parse(issuer).ok()) return NotAState();
  state.issuer_of_record_ = std::string(issuer);

  const bool has_holder =
      state.phase_ == OwnershipPhase::kUnclaimed || state.phase_ == OwnershipPhase::kOwned;
  absl::string_view acting;
  if (has_holder) acting = reader.Take(PublicKey::kEncodedBytes);
  const auto named_keys = reader.Number<uint16_t>();
  for (unsigned i = 0; i < named_keys && !reader.IsShort(); ++i) {
    state.named_keys_.push_back(reader.TakeDigest());
  }
  if (reader.IsShort() || (has_holder && state.named_keys_.empty())) return NotAState();
  if (state.phase_ == OwnershipPhase::kWithStore && !state.named_keys_.empty()) return NotAState();
  if (!acting.empty()) {
    // The newest named key is the one that acts, so its id need not be computed.
    state.acting_key_.emplace();
    state.acting_key_->key_id = state.named_keys_.back();
    std::copy(acting.begin(), acting.end(), state.acting_key_->encoded.begin());
  }

  const auto claims = reader.Number<uint16_t>();
  for (unsigned i = 0; i < claims && !reader.IsShort(); ++i) {
    const auto kind = static_cast<IndexKind>(reader.Number<uint8_t>());
    const auto flags = reader.Number<uint8_t>();
    if (!IsClaimKind(kind) || flags > (kContestedFlag | kReleasedFlag)) return NotAState();
    const auto size = reader.Number<uint16_t>();
    OwnClaim own{{kind, std::string(reader.Take(size))},
                 (flags & kContestedFlag) != 0,
                 (flags & kReleasedFlag) != 0};
    if (!state.claims_.empty() && !(state.claims_.back().claim < own.claim)) return NotAState();
    state.claims_.push_back(std::move(own));
  }
  if (!reader.IsAtEnd()) return NotAState();
  return state;
}

std::vector<ClaimStep> ClaimStepsOf(const ParsedStatement& statement, const PassportState* before) {
  std::vector<ClaimStep> steps;
  const std::vector<ClaimSubject>& contests = statement.contests();
  for (const ClaimSubject& claim : statement.claims()) {
    if (before != nullptr && before->Makes(claim)) continue;
    const bool is_contest = std::binary_search(contests.begin(), contests.end(), claim);
    steps.push_back({claim, is_contest ? IndexEvent::kContest : IndexEvent::kClaim});
  }
  for (const ClaimSubject& claim : statement.releases()) {
    steps.push_back({claim, IndexEvent::kRelease});
  }
  if (statement.resolves()) steps.push_back({*statement.resolves(), IndexEvent::kResolve});
  return steps;
}

}  // namespace touchstone
