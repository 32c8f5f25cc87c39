#include "verifier/signing/key_file_text.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "verifier/decimal.h"
#include "verifier/hex.h"
#include "verifier/utf8.h"

namespace touchstone {
namespace {

constexpr absl::string_view kKeyHeader = "touchstone-key v1";
constexpr absl::string_view kSecretHeader = "touchstone-secret v1";
constexpr size_t kSecretSize = 32;
constexpr size_t kSaltBytes = crypto_pwhash_argon2id_SALTBYTES;
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kSealBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kSealKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;

static_assert(kEd25519SeedBytes == kSecretSize && DerivationSecret::kBytes == kSecretSize);
static_assert(kPassphraseCostMin.memory_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN);
static_assert(kPassphraseCostMin.passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN);
static_assert(kKeyFileBytesMax >= kKeyFileLabelBytesMax + 1024);

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

absl::Status CheckCost(const PassphraseCost& cost) {
  if (cost.passes < kPassphraseCostMin.passes || cost.passes > kPassphraseCostMax.passes ||
      cost.memory_bytes < kPassphraseCostMin.memory_bytes ||
      cost.memory_bytes > kPassphraseCostMax.memory_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the cost of the passphrase is out of bounds: ", cost.passes, " passes (",
        kPassphraseCostMin.passes, " to ", kPassphraseCostMax.passes, ") over ", cost.memory_bytes,
        " bytes (", kPassphraseCostMin.memory_bytes, " to ", kPassphraseCostMax.memory_bytes, ")"));
  }
  return absl::OkStatus();
}

absl::Status CheckLabel(absl::string_view label) {
  if (label.empty() || label.size() > kKeyFileLabelBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("a key file's label has 1 to ",
                                                   kKeyFileLabelBytesMax, " bytes; this one has ",
                                                   label.size()));
  }
  for (const char c : label) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return absl::InvalidArgumentError("a key file's label has no control characters");
    }
  }
  return ValidateUtf8(label);
}

// The key under which the secret is sealed.
absl::StatusOr<SecretBytes> StretchPassphrase(const SecretBytes& passphrase, absl::string_view salt,
                                              const PassphraseCost& cost) {
  if (passphrase.empty() || passphrase.size() > kPassphraseBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a passphrase has 1 to ", kPassphraseBytesMax, " bytes"));
  }
  absl::StatusOr<SecretBytes> key = SecretBytes::Allocate(kSealKeyBytes);
  if (!key.ok()) return key;
  if (crypto_pwhash(key->ExposeMutable().data(), kSealKeyBytes, passphrase.ExposeText().data(),
                    passphrase.size(), Bytes(salt), cost.passes, cost.memory_bytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "not enough memory for the passphrase: Argon2id needs ", cost.memory_bytes >> 20, " MiB"));
  }
  return key;
}

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

// `head` ‖ the plain secret line.
absl::StatusOr<SecretBytes> EncodePlain(absl::string_view head, absl::Span<const uint8_t> secret) {
  constexpr absl::string_view kPrefix = "secret plain ";
  const size_t size = head.size() + kPrefix.size() + 2 * secret.size() + 1;
  // sodium_bin2hex ends its text with a zero byte, where the line's end belongs.
  absl::StatusOr<SecretBytes> text = SecretBytes::Allocate(size);
  if (!text.ok()) return text;
  char* out = reinterpret_cast<char*>(text->ExposeMutable().data());
  std::memcpy(out, head.data(), head.size());
  std::memcpy(out + head.size(), kPrefix.data(), kPrefix.size());
  sodium_bin2hex(out + head.size() + kPrefix.size(), 2 * secret.size() + 1, secret.data(),
                 secret.size());
  out[size - 1] = '\n';
  return text;
}

// `head` ‖ the two lines of a sealed secret.
absl::StatusOr<SecretBytes> EncodeSealed(absl::string_view head, absl::Span<const uint8_t> secret,
                                         const SecretBytes& passphrase,
                                         const PassphraseCost& cost) {
  if (absl::Status status = CheckCost(cost); !status.ok()) return status;
  const std::string salt = RandomBytes(kSaltBytes);
  const std::string nonce = RandomBytes(kNonceBytes);
  absl::StatusOr<SecretBytes> key = StretchPassphrase(passphrase, salt, cost);
  if (!key.ok()) return key;
  const std::string associated_data =
      absl::StrCat(head, "secret argon2id13 passes=", cost.passes, " memory=", cost.memory_bytes,
                   " salt=", HexEncode(salt), "\n");
  std::string sealed(secret.size() + kSealBytes, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      reinterpret_cast<unsigned char*>(sealed.data()), nullptr, secret.data(), secret.size(),
      Bytes(associated_data), associated_data.size(), nullptr, Bytes(nonce), key->Expose().data());
  const std::string text =
      absl::StrCat(associated_data, "sealed xchacha20poly1305 nonce=", HexEncode(nonce), " ",
                   HexEncode(sealed), "\n");
  return SecretBytes::CopyOf({Bytes(text), text.size()});
}

absl::StatusOr<SecretBytes> Encode(absl::string_view head, absl::Span<const uint8_t> secret,
                                   const KeyProtection& protection) {
  if (protection.passphrase() == nullptr) return EncodePlain(head, secret);
  return EncodeSealed(head, secret, *protection.passphrase(), protection.cost());
}

// Takes a key file apart line by line and says where it stopped making sense.
class LineReader {
 public:
  explicit LineReader(absl::string_view text) : text_(text), rest_(text) {}

  // The next line without its end.
  absl::StatusOr<absl::string_view> Next() {
    ++number_;
    const size_t end = rest_.find('\n');
    if (end == absl::string_view::npos) return Wrong("ends too early");
    const absl::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  bool at_end() const { return rest_.empty(); }
  absl::string_view consumed() const { return text_.substr(0, text_.size() - rest_.size()); }

  // Never quotes the line, which may hold the secret.
  absl::Status Wrong(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat("line ", number_, " of the key file ", what));
  }

 private:
  absl::string_view text_;
  absl::string_view rest_;
  int number_ = 0;
};

// The word after `name` up to the next blank or the end, which it takes off `line`.
std::optional<absl::string_view> TakeWord(absl::string_view& line, absl::string_view name) {
  if (!absl::ConsumePrefix(&line, name)) return std::nullopt;
  const size_t end = line.find(' ');
  const absl::string_view word = line.substr(0, end);
  line.remove_prefix(end == absl::string_view::npos ? line.size() : end + 1);
  return word;
}

std::optional<uint64_t> TakeNumber(absl::string_view& line, absl::string_view name, uint64_t max) {
  const std::optional<absl::string_view> word = TakeWord(line, name);
  if (!word.has_value()) return std::nullopt;
  const absl::StatusOr<uint64_t> number = ParseDecimal(*word, max);
  if (!number.ok()) return std::nullopt;
  return *number;
}

// Lower-case hex of exactly `size` bytes.
std::optional<std::string> TakeHex(absl::string_view& line, absl::string_view name, size_t size) {
  const std::optional<absl::string_view> word = TakeWord(line, name);
  if (!word.has_value() || word->size() != 2 * size) return std::nullopt;
  absl::StatusOr<std::string> bytes = HexDecode(*word);
  if (!bytes.ok() || HexEncode(*bytes) != *word) return std::nullopt;
  return *std::move(bytes);
}

// The same for what must not lie in ordinary memory.
absl::StatusOr<SecretBytes> SecretFromHex(absl::string_view hex, const LineReader& lines) {
  absl::StatusOr<SecretBytes> secret = SecretBytes::Allocate(kSecretSize);
  if (!secret.ok()) return secret;
  size_t size = 0;
  const char* end = nullptr;
  // Lower-case only, so that a key has one text.
  if (hex.find_first_of("ABCDEF") != absl::string_view::npos || hex.size() != 2 * kSecretSize ||
      sodium_hex2bin(secret->ExposeMutable().data(), kSecretSize, hex.data(), hex.size(), nullptr,
                     &size, &end) != 0 ||
      size != kSecretSize || end != hex.data() + hex.size()) {
    return lines.Wrong("should be 'secret plain' and 64 lower-case digits");
  }
  return secret;
}

}  // namespace

absl::StatusOr<SecretBytes> EncodeKeyFile(const SecretKey& key, absl::string_view label,
                                          const KeyProtection& protection) {
  if (absl::Status status = CheckLabel(label); !status.ok()) return status;
  const std::string head = absl::StrCat(kKeyHeader, "\nlabel ", label, "\npublic-key ",
                                        HexEncode(key.public_key().encoded()), "\n");
  return Encode(head, key.ExposeSeed(), protection);
}

absl::StatusOr<SecretBytes> EncodeIssuerSecretFile(const DerivationSecret& secret,
                                                   absl::string_view label,
                                                   const KeyProtection& protection) {
  if (absl::Status status = CheckLabel(label); !status.ok()) return status;
  return Encode(absl::StrCat(kSecretHeader, "\nlabel ", label, "\n"), secret.ExposeBytes(),
                protection);
}

absl::StatusOr<KeyFile> KeyFile::Parse(absl::string_view text) {
  if (text.size() > kKeyFileBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a key file has at most ", kKeyFileBytesMax, " bytes"));
  }
  KeyFile file;
  LineReader lines(text);

  absl::StatusOr<absl::string_view> line = lines.Next();
  if (!line.ok()) return line.status();
  const bool is_key = *line == kKeyHeader;
  if (!is_key && *line != kSecretHeader) {
    if (absl::StartsWith(*line, "touchstone-key v") ||
        absl::StartsWith(*line, "touchstone-secret v")) {
      return absl::UnimplementedError(
          "the key file is of a later version; open it with a newer touchstone");
    }
    return absl::InvalidArgumentError(
        absl::StrCat("this is no key file: its first line should be '", kKeyHeader, "' or '",
                     kSecretHeader, "'"));
  }

  line = lines.Next();
  if (!line.ok()) return line.status();
  if (!absl::ConsumePrefix(&*line, "label ")) return lines.Wrong("should begin with 'label '");
  if (absl::Status status = CheckLabel(*line); !status.ok()) return lines.Wrong(status.message());
  file.label_ = std::string(*line);

  if (is_key) {
    line = lines.Next();
    if (!line.ok()) return line.status();
    const std::optional<std::string> encoded =
        TakeHex(*line, "public-key ", PublicKey::kEncodedBytes);
    if (!encoded.has_value()) return lines.Wrong("should be 'public-key' and 66 lower-case digits");
    absl::StatusOr<PublicKey> key = PublicKey::Parse(*encoded);
    if (!key.ok()) return key.status();
    file.public_key_ = *key;
  }

  line = lines.Next();
  if (!line.ok()) return line.status();
  if (absl::ConsumePrefix(&*line, "secret plain ")) {
    absl::StatusOr<SecretBytes> secret = SecretFromHex(*line, lines);
    if (!secret.ok()) return secret.status();
    file.plain_.emplace(*std::move(secret));
  } else {
    Seal seal;
    if (!absl::ConsumePrefix(&*line, "secret argon2id13 ")) {
      return lines.Wrong("should begin with 'secret plain' or 'secret argon2id13'");
    }
    const std::optional<uint64_t> passes = TakeNumber(*line, "passes=", UINT32_MAX);
    const std::optional<uint64_t> memory = TakeNumber(*line, "memory=", UINT64_MAX >> 1);
    std::optional<std::string> salt = TakeHex(*line, "salt=", kSaltBytes);
    if (!passes.has_value() || !memory.has_value() || !salt.has_value() || !line->empty()) {
      return lines.Wrong("should go on with passes=, memory= and salt=");
    }
    seal.cost = {*passes, *memory};
    if (absl::Status status = CheckCost(seal.cost); !status.ok()) return status;
    seal.salt = *std::move(salt);
    seal.associated_data = std::string(lines.consumed());

    line = lines.Next();
    if (!line.ok()) return line.status();
    if (!absl::ConsumePrefix(&*line, "sealed xchacha20poly1305 ")) {
      return lines.Wrong("should begin with 'sealed xchacha20poly1305'");
    }
    std::optional<std::string> nonce = TakeHex(*line, "nonce=", kNonceBytes);
    std::optional<std::string> sealed = TakeHex(*line, "", kSecretSize + kSealBytes);
    if (!nonce.has_value() || !sealed.has_value() || !line->empty()) {
      return lines.Wrong("should go on with nonce= and 96 lower-case digits");
    }
    seal.nonce = *std::move(nonce);
    seal.sealed = *std::move(sealed);
    file.seal_ = std::move(seal);
  }
  if (!lines.at_end()) {
    return absl::InvalidArgumentError("the key file goes on behind its last line");
  }
  return file;
}

absl::StatusOr<SecretBytes> KeyFile::OpenSecret(const SecretBytes* passphrase) const {
  if (plain_.has_value()) return SecretBytes::CopyOf(plain_->Expose());
  if (passphrase == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key file '", label_, "' is sealed under a passphrase"));
  }
  absl::StatusOr<SecretBytes> key = StretchPassphrase(*passphrase, seal_->salt, seal_->cost);
  if (!key.ok()) return key;
  absl::StatusOr<SecretBytes> secret = SecretBytes::Allocate(kSecretSize);
  if (!secret.ok()) return secret;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          secret->ExposeMutable().data(), nullptr, nullptr, Bytes(seal_->sealed),
          seal_->sealed.size(), Bytes(seal_->associated_data), seal_->associated_data.size(),
          Bytes(seal_->nonce), key->Expose().data()) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("the passphrase does not open '", label_,
                     "' (or the file was changed: the two cannot be told apart)"));
  }
  return secret;
}

absl::StatusOr<SecretKey> KeyFile::OpenSigningKey(const SecretBytes* passphrase) const {
  if (!public_key_.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat("'", label_, "' is an issuer's secret and not a key to sign with"));
  }
  absl::StatusOr<SecretBytes> seed = OpenSecret(passphrase);
  if (!seed.ok()) return seed.status();
  absl::StatusOr<SecretKey> key = SecretKey::FromSeed(seed->Expose());
  if (!key.ok()) return key;
  if (key->public_key() != *public_key_) {
    return absl::InvalidArgumentError(
        absl::StrCat("the public key that '", label_, "' names is not that of its secret"));
  }
  return key;
}

absl::StatusOr<DerivationSecret> KeyFile::OpenIssuerSecret(const SecretBytes* passphrase) const {
  if (public_key_.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat("'", label_, "' is a key to sign with and not an issuer's secret"));
  }
  absl::StatusOr<SecretBytes> secret = OpenSecret(passphrase);
  if (!secret.ok()) return secret.status();
  return DerivationSecret::FromBytes(secret->Expose());
}

}  // namespace touchstone
