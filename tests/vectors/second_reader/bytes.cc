#include "tests/vectors/second_reader/bytes.h"

#include <sodium.h>

namespace touchstone::second_reader {
namespace {

const unsigned char* Data(const std::string& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned At(const std::string& bytes, size_t i) { return static_cast<unsigned char>(bytes[i]); }

// Symbols of `bits` bits each, most significant first; the bits left over must be zero and fewer
// than a symbol.
absl::StatusOr<std::string> FromSymbols(const std::string& text, const std::string& alphabet,
                                        unsigned bits) {
  std::string bytes;
  unsigned pending = 0;
  unsigned pending_bits = 0;
  for (const char symbol : text) {
    const size_t value = alphabet.find(symbol);
    if (value == std::string::npos) return Refused("a symbol that the alphabet does not have");
    pending = (pending << bits) | static_cast<unsigned>(value);
    pending_bits += bits;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    bytes.push_back(static_cast<char>(pending >> pending_bits));
    pending &= (1U << pending_bits) - 1;
  }
  if (pending_bits >= bits || pending != 0) return Refused("a text that ends in stray bits");
  return bytes;
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

absl::Status Refused(const std::string& why) { return absl::InvalidArgumentError(why); }
absl::Status CannotJudge(const std::string& why) { return absl::UnimplementedError(why); }

std::string AnswerOf(const absl::Status& status) {
  if (status.ok()) return "verified";
  return absl::IsUnimplemented(status) ? "cannot_judge" : "refused";
}

std::string Sha256(const std::string& bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()), Data(bytes), bytes.size());
  return hash;
}

std::string HmacSha256(const std::string& key, const std::string& message) {
  std::string inner(64, '\x36');
  std::string outer(64, '\x5c');
  for (size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  return Sha256(outer + Sha256(inner + message));
}

absl::Status CheckKey(const std::string& key) {
  if (key.empty()) return Refused("a key is empty");
  if (key[0] != 1) return CannotJudge("a key of an algorithm that is not known here");
  if (key.size() != 33) return Refused("an Ed25519 key of another length than 32");
  if (crypto_core_ed25519_is_valid_point(Data(key) + 1) != 1) return Refused("a key that is none");
  return absl::OkStatus();
}

absl::Status CheckSignature(const std::string& key, const std::string& message,
                            const std::string& signature) {
  if (signature.size() != 64) return Refused("an Ed25519 signature of another length than 64");
  if (crypto_sign_verify_detached(Data(signature), Data(message), message.size(), Data(key) + 1) !=
      0) {
    return Refused("a signature that does not hold");
  }
  return absl::OkStatus();
}

std::string Number(uint64_t value, size_t width) {
  std::string bytes(width, '\0');
  for (size_t i = width; i-- > 0; value >>= 8) bytes[i] = static_cast<char>(value & 0xFF);
  return bytes;
}

std::string Cursor::Take(size_t count) {
  if (short_ || bytes_.size() - at_ < count) {
    short_ = true;
    return "";
  }
  at_ += count;
  return bytes_.substr(at_ - count, count);
}

uint64_t Cursor::TakeNumber(size_t width) {
  uint64_t value = 0;
  for (const char byte : Take(width)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

absl::StatusOr<std::string> FromHex(const std::string& text) {
  return FromSymbols(text, "0123456789abcdef", 4);
}

absl::StatusOr<std::string> FromBase64(const std::string& text) {
  if (text.size() % 4 != 0) return Refused("base 64 without its padding");
  size_t size = text.size();
  while (size > 0 && text.size() - size < 2 && text[size - 1] == '=') --size;
  return FromSymbols(text.substr(0, size), kBase64, 6);
}

absl::StatusOr<std::string> FromBase32(const std::string& text) {
  return FromSymbols(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);
}

absl::StatusOr<uint64_t> FromDecimal(const std::string& text, uint64_t max) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return Refused("not a plain number");
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return Refused("not a plain number");
    const auto digit = static_cast<uint64_t>(c - '0');
    if (digit > max || value > (max - digit) / 10) return Refused("too large a number");
    value = value * 10 + digit;
  }
  return value;
}

std::string ToBase64(const std::string& bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? At(bytes, i + j) : 0);
    for (unsigned j = 0; j < 4; ++j) {
      text.push_back(i + j > bytes.size() ? '=' : kBase64[group >> (18 - 6 * j) & 63]);
    }
  }
  return text;
}

std::string ToHex(const std::string& bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    text.push_back("0123456789abcdef"[At(bytes, i) >> 4]);
    text.push_back("0123456789abcdef"[At(bytes, i) & 15]);
  }
  return text;
}

bool IsUtf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned lead = At(text, i);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || text.size() - i < length) return false;
    for (size_t j = 1; j < length; ++j) {
      if ((At(text, i + j) & 0xC0) != 0x80) return false;
    }
    // Longer than need be, surrogates, beyond U+10FFFF: the second byte tells.
    const unsigned second = length > 1 ? At(text, i + 1) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace touchstone::second_reader
