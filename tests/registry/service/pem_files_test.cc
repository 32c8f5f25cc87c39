#include "registry/service/pem_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/registry/service/test_certificates.h"
#include "tests/registry/storage/scratch_directory.h"

namespace touchstone::service {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PemFilesTest : public ::testing::Test {
 protected:
  std::string Mistake(const std::string& certificate, const std::string& key,
                      const std::string& client_ca = "") {
    const auto files = ReadPemFiles(certificate, key, client_ca, absl::Now());
    EXPECT_FALSE(files.ok());
    return files.ok() ? "" : std::string(files.status().message());
  }

  storage::ScratchDirectory scratch_;
  TestCertificates made_{scratch_.path()};
};

TEST_F(PemFilesTest, ReadsWhatBelongsTogether) {
  const auto files = ReadPemFiles(made_.Certificate("server"), made_.Key("server"),
                                  made_.Certificate("ca"), absl::Now());
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_THAT(files->certificate_chain, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(files->private_key, HasSubstr("PRIVATE KEY"));
  EXPECT_THAT(files->client_ca, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_GT(files->valid_until, absl::Now() + absl::Hours(24));
  EXPECT_LT(files->valid_until, absl::Now() + absl::Hours(49));
}

TEST_F(PemFilesTest, SaysWhichFileIsWrongAndWhy) {
  const std::string certificate = made_.Certificate("server");
  const std::string key = made_.Key("server");
  const std::string nonsense = scratch_.File("nonsense");
  std::ofstream(nonsense) << "-----BEGIN CERTIFICATE-----\nnonsense\n";
  made_.Run(absl::StrCat("openssl ec -aes256 -passout pass:x -in '", key, "' -out sealed.key"));

  EXPECT_THAT(Mistake("/no/such", key),
              AllOf(HasSubstr("--tls-cert: '/no/such'"), HasSubstr("cannot be read")));
  EXPECT_THAT(Mistake(certificate, "/no/such"), HasSubstr("--tls-key: '/no/such'"));
  EXPECT_THAT(Mistake(certificate, key, "/no/such"), HasSubstr("--client-ca: '/no/such'"));
  EXPECT_THAT(Mistake(nonsense, key), HasSubstr("holds no certificate"));
  EXPECT_THAT(Mistake(key, key), HasSubstr("holds no certificate"));
  EXPECT_THAT(Mistake(certificate, certificate), HasSubstr("holds no private key"));
  EXPECT_THAT(Mistake(certificate, scratch_.File("sealed.key")),
              HasSubstr("holds no private key in PEM without a passphrase"));
  EXPECT_THAT(Mistake(certificate, made_.Key("client")), HasSubstr("is not the key of"));
  EXPECT_THAT(Mistake(certificate, key, key), HasSubstr("--client-ca"));
  EXPECT_THAT(Mistake(made_.Certificate("expired"), made_.Key("expired")),
              HasSubstr("and not now"));
}

}  // namespace
}  // namespace touchstone::service
