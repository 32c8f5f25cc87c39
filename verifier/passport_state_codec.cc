// A state of a passport as bytes, and back: PassportState::Encode() and Decode(). One list of
// fields serves both ways.
#include <array>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "verifier/big_endian.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"
#include "verifier/passport_state.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr uint8_t kEncodingVersion = 3;

class Writer {
 public:
  static constexpr bool kReads = false;

  template <typename T>
  void Number(const T& value) {
    AppendBigEndian<T>(out_, value);
  }
  void Bytes(const uint8_t* bytes, size_t size) {
    out_.append(reinterpret_cast<const char*>(bytes), size);
  }
  void Text(const std::string& text) {
    Number(static_cast<uint16_t>(text.size()));
    out_.append(text);
  }
  bool ok() const { return true; }
  void Fail() {}
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// After the first value that is not there, every one is zero.
class Reader {
 public:
  static constexpr bool kReads = true;

  explicit Reader(absl::string_view bytes) : rest_(bytes) {}

  template <typename T>
  void Number(T& value) {
    const absl::string_view bytes = Take(sizeof(T));
    value = ok_ ? LoadBigEndian<T>(bytes) : T{0};
  }
  void Bytes(uint8_t* bytes, size_t size) {
    const absl::string_view taken = Take(size);
    for (size_t i = 0; i < taken.size(); ++i) bytes[i] = static_cast<uint8_t>(taken[i]);
  }
  void Text(std::string& text) {
    uint16_t size = 0;
    Number(size);
    text = std::string(Take(size));
  }
  bool ok() const { return ok_; }
  void Fail() { ok_ = false; }
  bool IsAtEnd() const { return ok_ && rest_.empty(); }

 private:
  absl::string_view Take(size_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  absl::string_view rest_;
  bool ok_ = true;
};

template <typename Archive>
void Visit(Archive& archive, std::string& text) {
  archive.Text(text);
}
template <typename Archive>
void Visit(Archive& archive, uint32_t& number) {
  archive.Number(number);
}
template <typename Archive>
void Visit(Archive& archive, Digest& digest) {
  archive.Bytes(digest.data(), digest.size());
}

// A flag or an enum: one byte, at most `max`.
template <typename Archive, typename T>
void VisitSmall(Archive& archive, T& value, unsigned max) {
  auto byte = static_cast<uint8_t>(value);
  archive.Number(byte);
  if (byte > max) archive.Fail();
  if constexpr (Archive::kReads) value = static_cast<T>(byte);
}
template <typename Archive>
void Visit(Archive& archive, bool& flag) {
  VisitSmall(archive, flag, 1);
}

template <typename Archive>
void Visit(Archive& archive, EntryPlace& place) {
  archive.Number(place.position);
  archive.Number(place.time_ms);
  Visit(archive, place.digest);
}
template <typename Archive>
void Visit(Archive& archive, ActingKey& key) {
  Visit(archive, key.key_id);
  archive.Bytes(key.encoded.data(), key.encoded.size());
}
template <typename Archive>
void Visit(Archive& archive, OwnClaim& own) {
  VisitSmall(archive, own.claim.kind, 255);
  if (!IsClaimKind(own.claim.kind)) archive.Fail();
  Visit(archive, own.claim.subject);
  Visit(archive, own.contested);
  Visit(archive, own.released);
  Visit(archive, own.superseded);
}
template <typename Archive>
void Visit(Archive& archive, OpenIncident& incident) {
  VisitSmall(archive, incident.kind, v1::IncidentReported::Kind_MAX);
  Visit(archive, incident.reported);
  Visit(archive, incident.reported_by);
  Visit(archive, incident.confirmed);
}
template <typename Archive>
void Visit(Archive& archive, PendingNotice& notice) {
  VisitSmall(archive, notice.kind, v1::TransferNotice::Kind_MAX);
  Visit(archive, notice.given);
  Visit(archive, notice.given_by);
  Visit(archive, notice.to);
  Visit(archive, notice.objected);
}
template <typename Archive>
void Visit(Archive& archive, Pledge& pledge) {
  Visit(archive, pledge.pledged);
  Visit(archive, pledge.pledgee);
}
template <typename Archive>
void Visit(Archive& archive, InCustody& custody) {
  Visit(archive, custody.received);
  Visit(archive, custody.participant);
}
template <typename Archive>
void Visit(Archive& archive, EntitlementLeft& entitlement) {
  Visit(archive, entitlement.id);
  Visit(archive, entitlement.uses);
  Visit(archive, entitlement.used);
  Visit(archive, entitlement.valid_until);
}
template <typename Archive>
void Visit(Archive& archive, OwnEntry& entry) {
  Visit(archive, entry.digest);
  VisitSmall(archive, entry.event, 255);
  if (FindEventRule(static_cast<uint8_t>(entry.event)) == nullptr) archive.Fail();
  Visit(archive, entry.said_by);
  Visit(archive, entry.entitlement_used);
  Visit(archive, entry.corrected);
}
template <typename Archive>
void Visit(Archive& archive, std::pair<std::string, uint32_t>& by) {
  Visit(archive, by.first);
  Visit(archive, by.second);
}

template <typename Archive, typename T>
void Visit(Archive& archive, std::optional<T>& value) {
  bool is_there = value.has_value();
  Visit(archive, is_there);
  if constexpr (Archive::kReads) {
    if (is_there) value.emplace();
  }
  if (value) Visit(archive, *value);
}
template <typename Archive, typename T>
void Visit(Archive& archive, std::vector<T>& values) {
  auto count = static_cast<uint16_t>(values.size());
  archive.Number(count);
  for (unsigned i = 0; i < count && archive.ok(); ++i) {
    if constexpr (Archive::kReads) values.emplace_back();
    Visit(archive, values[i]);
  }
}

}  // namespace

class PassportStateCodec {
 public:
  template <typename Archive>
  static void Visit(Archive& archive, PassportState& state) {
    using touchstone::Visit;
    uint8_t version = kEncodingVersion;
    archive.Number(version);
    if (version != kEncodingVersion) archive.Fail();
    VisitSmall(archive, state.phase_, static_cast<unsigned>(OwnershipPhase::kRetired));
    if (state.phase_ < OwnershipPhase::kWithStore) archive.Fail();
    uint32_t count = state.head_.count();
    EntryPlace newest = state.head_.count() == 0 ? EntryPlace{} : state.head_.newest();
    archive.Number(count);
    Visit(archive, newest);
    if (count == 0 || count > limits::kPassportEntriesMax) archive.Fail();
    if constexpr (Archive::kReads) {
      if (archive.ok()) state.head_ = ChainHead(count, newest);
    }
    Visit(archive, state.newest_ownership_entry_);
    Visit(archive, state.owner_count_);
    Visit(archive, state.issuer_of_record_);
    Visit(archive, state.acting_key_);
    Visit(archive, state.named_keys_);
    Visit(archive, state.claims_);
    Visit(archive, state.identity_);
    Visit(archive, state.life_.incidents_);
    Visit(archive, state.life_.notice_);
    Visit(archive, state.life_.has_objected_);
    Visit(archive, state.life_.moved_after_notice_);
    Visit(archive, state.life_.pledge_);
    Visit(archive, state.life_.custody_);
    Visit(archive, state.life_.consigned_);
    Visit(archive, state.life_.kept_by_store_);
    Visit(archive, state.life_.entitlements_);
    Visit(archive, state.life_.entries_);
    Visit(archive, state.entries_by_);
  }

  static absl::StatusOr<PassportState> Decode(absl::string_view bytes) {
    Reader reader(bytes);
    PassportState state;
    Visit(reader, state);
    const bool has_holder =
        state.phase_ == OwnershipPhase::kUnclaimed || state.phase_ == OwnershipPhase::kOwned;
    if (!reader.IsAtEnd() || !ParticipantId::Parse(state.issuer_of_record_).ok() ||
        has_holder != state.acting_key_.has_value()) {
      return Refuse(RefusalCode::kMalformed, "the bytes are not a stored state of a passport");
    }
    return state;
  }
};

std::string PassportState::Encode() const {
  Writer writer;
  PassportState copy = *this;
  PassportStateCodec::Visit(writer, copy);
  return writer.Take();
}

absl::StatusOr<PassportState> PassportState::Decode(absl::string_view bytes) {
  return PassportStateCodec::Decode(bytes);
}

}  // namespace touchstone
