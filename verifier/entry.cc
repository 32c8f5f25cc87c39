#include "verifier/entry.h"

#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

constexpr absl::string_view kMagic = "TSE1";
constexpr size_t kIndexRootPayloadBytes = kDigestBytes + sizeof(uint64_t);

absl::Status Malformed(absl::string_view what) { return Refuse(RefusalCode::kMalformed, what); }

// What an entry of a known type may not be, however it is encoded.
absl::Status CheckEntry(const Entry& entry) {
  if (entry.payload.size() > limits::kEntryPayloadBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("an entry holds at most ", limits::kEntryPayloadBytesMax,
                               " bytes of payload, not ", entry.payload.size()));
  }
  if (entry.number == 0 && entry.previous != kZeroDigest) {
    return Malformed("an entry of number 0 names a previous entry of its subject");
  }
  if (entry.type != EntryType::kIndexRoot) return absl::OkStatus();
  if (entry.number != 0) return Malformed("an index root has a number other than 0");
  if (entry.payload.size() != kIndexRootPayloadBytes) {
    return Malformed(absl::StrCat("an index root has a payload of ", entry.payload.size(),
                                  " bytes instead of ", kIndexRootPayloadBytes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> EncodeEntry(const Entry& entry) {
  const absl::Status valid = CheckEntry(entry);
  if (!valid.ok()) return valid;
  std::string frame;
  frame.reserve(limits::kEntryHeaderBytes + entry.payload.size());
  absl::StrAppend(&frame, kMagic);
  AppendBigEndian<uint8_t>(frame, static_cast<uint8_t>(entry.type));
  AppendBigEndian<uint64_t>(frame, entry.position);
  AppendBigEndian<uint64_t>(frame, entry.time_ms);
  AppendBigEndian<uint32_t>(frame, entry.number);
  absl::StrAppend(&frame, DigestBytes(entry.previous));
  AppendBigEndian<uint16_t>(frame, static_cast<uint16_t>(entry.payload.size()));
  absl::StrAppend(&frame, entry.payload);
  return frame;
}

absl::StatusOr<Entry> DecodeEntry(absl::string_view frame) {
  if (frame.size() > limits::kEntryFrameBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("an entry has at most ", limits::kEntryFrameBytesMax, " bytes, not ",
                               frame.size()));
  }
  if (frame.size() < limits::kEntryHeaderBytes) {
    return Malformed(absl::StrCat("an entry has at least ", limits::kEntryHeaderBytes,
                                  " bytes, not ", frame.size()));
  }
  if (frame.substr(0, kMagic.size()) != kMagic) {
    return Malformed("an entry does not begin with \"TSE1\"");
  }
  // The lengths add up to the header, which is there.
  absl::string_view rest = frame.substr(kMagic.size());
  const auto take = [&rest](size_t size) {
    const absl::string_view taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  };
  const auto type = LoadBigEndian<uint8_t>(take(1));
  Entry entry;
  entry.position = LoadBigEndian<uint64_t>(take(8));
  entry.time_ms = LoadBigEndian<uint64_t>(take(8));
  entry.number = LoadBigEndian<uint32_t>(take(4));
  entry.previous = DigestFromBytes(take(kDigestBytes)).value();
  const auto length = LoadBigEndian<uint16_t>(take(2));
  if (length != rest.size()) {
    return Malformed(absl::StrCat("an entry says that its payload has ", length, " bytes, but has ",
                                  rest.size()));
  }
  if (type != static_cast<uint8_t>(EntryType::kStatement) &&
      type != static_cast<uint8_t>(EntryType::kIndexRoot)) {
    return Refuse(RefusalCode::kUnknownEntryType,
                  absl::StrCat("the entry at position ", entry.position, " is of type ", type,
                               ", which is not known here; a newer verifier may know it"));
  }
  entry.type = static_cast<EntryType>(type);
  entry.payload = std::string(rest);
  const absl::Status valid = CheckEntry(entry);
  if (!valid.ok()) return valid;
  return entry;
}

Digest EntryDigest(absl::string_view frame) { return Sha256Of(frame); }

std::string EncodeIndexRootPayload(const IndexRootPayload& payload) {
  std::string bytes(DigestBytes(payload.root));
  AppendBigEndian<uint64_t>(bytes, payload.previous_index_root);
  return bytes;
}

absl::StatusOr<IndexRootPayload> DecodeIndexRootPayload(absl::string_view payload) {
  if (payload.size() != kIndexRootPayloadBytes) {
    return Malformed(absl::StrCat("an index root's payload has ", kIndexRootPayloadBytes,
                                  " bytes, not ", payload.size()));
  }
  IndexRootPayload result;
  result.root = DigestFromBytes(payload.substr(0, kDigestBytes)).value();
  result.previous_index_root = LoadBigEndian<uint64_t>(payload.substr(kDigestBytes));
  return result;
}

}  // namespace touchstone
