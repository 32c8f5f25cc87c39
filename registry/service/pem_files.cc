#include "registry/service/pem_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <fstream>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace touchstone::service {
namespace {

constexpr size_t kPemBytesMax = size_t{1} << 20;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreeKey>;

absl::Status Wrong(absl::string_view option, absl::string_view file, absl::string_view what) {
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat(option, ": '", file, "' ", what));
}

absl::StatusOr<std::string> ReadWhole(absl::string_view option, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Wrong(option, path, "cannot be read");
  std::string text(kPemBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kPemBytesMax) return Wrong(option, path, "is too long for a PEM file");
  return text;
}

std::unique_ptr<BIO, FreeBio> Open(const std::string& pem) {
  return std::unique_ptr<BIO, FreeBio>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate FirstCertificate(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(Open(pem).get(), nullptr, nullptr, nullptr));
}

// A key under a passphrase counts as none: nobody is there to type it.
PrivateKey FirstPrivateKey(const std::string& pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  return PrivateKey(PEM_read_bio_PrivateKey(Open(pem).get(), nullptr, no_passphrase, nullptr));
}

absl::Time ToTime(const ASN1_TIME* asn1) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(asn1, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<PemFiles> ReadPemFiles(const std::string& certificate_file,
                                      const std::string& key_file,
                                      const std::string& client_ca_file, absl::Time now) {
  PemFiles files;
  absl::StatusOr<std::string> text = ReadWhole("--tls-cert", certificate_file);
  if (!text.ok()) return text.status();
  files.certificate_chain = *std::move(text);
  const Certificate certificate = FirstCertificate(files.certificate_chain);
  if (certificate == nullptr) {
    return Wrong("--tls-cert", certificate_file, "holds no certificate in PEM");
  }
  const absl::Time begins = ToTime(X509_get0_notBefore(certificate.get()));
  files.valid_until = ToTime(X509_get0_notAfter(certificate.get()));
  if (now < begins || now > files.valid_until) {
    return Wrong(
        "--tls-cert", certificate_file,
        absl::StrCat("is valid from ", absl::FormatTime(begins, absl::UTCTimeZone()), " to ",
                     absl::FormatTime(files.valid_until, absl::UTCTimeZone()), ", and not now"));
  }

  text = ReadWhole("--tls-key", key_file);
  if (!text.ok()) return text.status();
  files.private_key = *std::move(text);
  const PrivateKey key = FirstPrivateKey(files.private_key);
  if (key == nullptr) {
    return Wrong("--tls-key", key_file, "holds no private key in PEM without a passphrase");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Wrong("--tls-key", key_file,
                 absl::StrCat("is not the key of the certificate in '", certificate_file, "'"));
  }

  if (!client_ca_file.empty()) {
    text = ReadWhole("--client-ca", client_ca_file);
    if (!text.ok()) return text.status();
    files.client_ca = *std::move(text);
    if (FirstCertificate(files.client_ca) == nullptr) {
      return Wrong("--client-ca", client_ca_file, "holds no certificate in PEM");
    }
  }
  return files;
}

}  // namespace touchstone::service
