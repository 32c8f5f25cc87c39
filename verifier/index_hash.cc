#include "verifier/index_hash.h"

#include <string>

#include "verifier/big_endian.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

// The zero byte is part of the domain: the size counts it.
constexpr absl::string_view kKeyDomain("touchstone/index/v1", 20);
constexpr absl::string_view kValueDomain("touchstone/value/v1", 20);

}  // namespace

Digest IndexKey(IndexKind kind, absl::string_view subject, uint32_t number) {
  std::string head(kKeyDomain);
  AppendBigEndian<uint8_t>(head, static_cast<uint8_t>(kind));
  AppendBigEndian<uint16_t>(head, static_cast<uint16_t>(subject.size()));
  std::string tail;
  AppendBigEndian<uint32_t>(tail, number);
  return Sha256Of({head, subject, tail});
}

Digest IndexValue(IndexEvent event, const Digest& entry_digest, uint64_t position) {
  std::string head(kValueDomain);
  AppendBigEndian<uint8_t>(head, static_cast<uint8_t>(event));
  std::string tail;
  AppendBigEndian<uint64_t>(tail, position);
  return Sha256Of({head, DigestBytes(entry_digest), tail});
}

Digest IndexLeafHash(const Digest& key, const Digest& value) {
  return Sha256Of({"\x02", DigestBytes(key), DigestBytes(value)});
}

Digest IndexNodeHash(const Digest& left, const Digest& right) {
  return Sha256Of({"\x03", DigestBytes(left), DigestBytes(right)});
}

}  // namespace touchstone
