#include "registry/vault/document_secrets.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "registry/vault/sealing.h"
#include "verifier/big_endian.h"

namespace touchstone::vault {
namespace {

std::string PlaceOfSecrets(const PassportId& passport, const Digest& document) {
  return absl::StrCat("touchstone/vault/document-secrets/v1\n", passport.bytes(),
                      DigestBytes(document));
}

void AppendText(std::string& out, absl::string_view text) {
  AppendBigEndian<uint16_t>(out, static_cast<uint16_t>(text.size()));
  absl::StrAppend(&out, text);
}

bool TakeText(absl::string_view& rest, std::string& text) {
  if (rest.size() < sizeof(uint16_t)) return false;
  const size_t size = LoadBigEndian<uint16_t>(rest);
  rest.remove_prefix(sizeof(uint16_t));
  if (rest.size() < size) return false;
  text = std::string(rest.substr(0, size));
  rest.remove_prefix(size);
  return true;
}

}  // namespace

std::string PlaceOfDocument(const PassportId& passport, const Digest& document) {
  return absl::StrCat("touchstone/vault/document/v1\n", passport.bytes(), DigestBytes(document));
}

absl::StatusOr<DocumentSecrets> DocumentSecrets::Make(absl::string_view salt,
                                                      absl::string_view media_type,
                                                      absl::string_view name) {
  absl::StatusOr<SecretBytes> key = SecretBytes::Random(kKeyBytes);
  if (!key.ok()) return key.status();
  DocumentSecrets secrets(*std::move(key));
  secrets.salt_ = std::string(salt);
  secrets.media_type_ = std::string(media_type);
  secrets.name_ = std::string(name);
  return secrets;
}

absl::StatusOr<DocumentSecrets> DocumentSecrets::Unseal(const SecretBytes& piece_key,
                                                        const PassportId& passport,
                                                        const Digest& document,
                                                        absl::string_view sealed) {
  const absl::StatusOr<SecretBytes> bytes =
      vault::Unseal(piece_key, PlaceOfSecrets(passport, document), sealed);
  if (!bytes.ok()) return bytes.status();
  const absl::Status damaged = absl::DataLossError("what is said about a document is damaged");
  if (bytes->size() < kKeyBytes) return damaged;
  absl::StatusOr<SecretBytes> key = SecretBytes::CopyOf(bytes->Expose().first(kKeyBytes));
  if (!key.ok()) return key.status();
  DocumentSecrets secrets(*std::move(key));
  absl::string_view rest = bytes->ExposeText().substr(kKeyBytes);
  if (!TakeText(rest, secrets.salt_) || !TakeText(rest, secrets.media_type_) ||
      !TakeText(rest, secrets.name_) || !rest.empty()) {
    return damaged;
  }
  return secrets;
}

absl::StatusOr<std::string> DocumentSecrets::Seal(const SecretBytes& piece_key,
                                                  const PassportId& passport,
                                                  const Digest& document) const {
  std::string rest;
  AppendText(rest, salt_);
  AppendText(rest, media_type_);
  AppendText(rest, name_);
  absl::StatusOr<SecretBytes> bytes = SecretBytes::Allocate(kKeyBytes + rest.size());
  if (!bytes.ok()) return bytes.status();
  std::copy(key_.Expose().begin(), key_.Expose().end(), bytes->ExposeMutable().data());
  std::copy(rest.begin(), rest.end(), bytes->ExposeMutable().data() + kKeyBytes);
  sodium_memzero(rest.data(), rest.size());
  return vault::Seal(piece_key, PlaceOfSecrets(passport, document), *bytes);
}

}  // namespace touchstone::vault
