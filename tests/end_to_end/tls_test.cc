// TLS and mutual TLS between the programs, with certificates made here, and what each side says to
// the other kind: besides tests/end_to_end/commands/tls_test.sh, which connects as people do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/end_to_end/load.h"
#include "tests/end_to_end/site.h"
#include "tests/end_to_end/still_there.h"

namespace touchstone::end_to_end {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kExitUsage = 2;
constexpr int kExitUnavailable = 3;
constexpr int kExitCouldNotStart = 1;
constexpr int kExitWrongOptions = 64;

class TlsTest : public ::testing::Test {
 protected:
  // Two authorities that have nothing to do with each other.
  void SetUp() override {
    for (const char* authority : {"ca", "other-ca"}) {
      Openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-keyout", Pem(authority, "key"), "-out", Pem(authority), "-subj",
               std::string("/CN=") + authority, "-days", "2"});
    }
  }

  std::string Pem(const std::string& name, const std::string& ending = "pem") const {
    return site_.Outside(name + "." + ending);
  }

  void Openssl(const Arguments& arguments) const {
    Command command = {"openssl"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = RunProgram(command);
    ASSERT_EQ(outcome.status, 0) << Joined(command) << "\n" << outcome.err;
  }

  // name.pem and name.key, for this machine, of that authority.
  void Certify(const std::string& name, const std::string& authority,
               const std::string& names = "DNS:localhost,IP:127.0.0.1") const {
    WriteFile(Pem(name, "ext"), "subjectAltName=" + names + "\n");
    Openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
             Pem(name, "key"), "-out", Pem(name, "csr"), "-subj", "/CN=" + name});
    Openssl({"x509", "-req", "-in", Pem(name, "csr"), "-CA", Pem(authority), "-CAkey",
             Pem(authority, "key"), "-CAcreateserial", "-days", "2", "-extfile", Pem(name, "ext"),
             "-out", Pem(name)});
  }

  Arguments ServedWith(const std::string& name) const {
    return {"--tls-cert", Pem(name), "--tls-key", Pem(name, "key")};
  }

  // `touchstone checkpoint` with those options of the connection does not get through.
  std::string Refused(Arguments options, int status = kExitUnavailable) const {
    options.push_back("checkpoint");
    const Outcome outcome = site_.Touchstone(options);
    EXPECT_EQ(outcome.status, status) << Joined(options) << "\n" << outcome.out << outcome.err;
    return outcome.err;
  }

  std::string StartRefused(const Arguments& options, int status) const {
    const Outcome outcome = RunProgram(site_.RegistryCommand(options));
    EXPECT_EQ(outcome.status, status) << Joined(options) << "\n" << outcome.err;
    return outcome.err;
  }

  Site site_;
};

TEST_F(TlsTest, OnlyTheRightAuthorityWillDo) {
  Certify("server", "ca");
  auto registry = site_.StartRegistry(ServedWith("server"));
  EXPECT_THAT(registry->err(), HasSubstr("tls=yes"));
  site_.Succeed({"--ca", Pem("ca"), "checkpoint"});
  EXPECT_THAT(
      Refused({"--ca", Pem("other-ca")}),
      AllOf(HasSubstr(site_.address()), HasSubstr("certificate verify failed"), HasSubstr("--ca")));
  EXPECT_THAT(Refused({"--tls"}), HasSubstr("--ca"));
  EXPECT_THAT(Refused({}), AllOf(HasSubstr(site_.address()), HasSubstr("--tls")));
  EXPECT_THAT(Refused({"--ca", site_.File("trust-policy.txt")}, kExitUsage),
              AllOf(HasSubstr("trust-policy.txt"), HasSubstr("certificate")));
  // Nor do those break anything for the others.
  site_.Succeed({"--ca", Pem("ca"), "checkpoint"});
  Site::Stop(std::move(registry));
}

TEST_F(TlsTest, ACertificateForAnotherHostIsRefused) {
  Certify("elsewhere", "ca", "DNS:elsewhere.example,IP:127.9.9.9");
  auto registry = site_.StartRegistry(ServedWith("elsewhere"));
  EXPECT_THAT(Refused({"--ca", Pem("ca")}),
              AllOf(HasSubstr("by a name that is in its certificate"), Not(HasSubstr("--tls"))));
  Site::Stop(std::move(registry));
}

TEST_F(TlsTest, MutualTlsAsksForACertificateOfItsAuthority) {
  Certify("server", "ca");
  Certify("client", "ca");
  Certify("stranger", "other-ca");
  Arguments mutual = ServedWith("server");
  mutual.insert(mutual.end(), {"--client-ca", Pem("ca")});
  auto registry = site_.StartRegistry(mutual);
  EXPECT_THAT(registry->err(), HasSubstr("tls=mutual"));
  const auto as = [this](const std::string& name) {
    return Arguments{"--ca",    Pem("ca"),      "--client-cert",
                     Pem(name), "--client-key", Pem(name, "key")};
  };
  Arguments asking = as("client");
  asking.push_back("checkpoint");
  site_.Succeed(asking);
  EXPECT_THAT(Refused({"--ca", Pem("ca")}), HasSubstr("--client-cert"));
  EXPECT_THAT(Refused(as("stranger")), HasSubstr("certificate"));
  EXPECT_THAT(Refused({"--client-cert", Pem("client")}, kExitUsage),
              HasSubstr("a client certificate needs both"));
  site_.Succeed(asking);
  Site::Stop(std::move(registry));
}

TEST_F(TlsTest, AClientThatWantsTlsIsToldThatThereIsNone) {
  auto registry = site_.StartRegistry();
  EXPECT_THAT(Refused({"--ca", Pem("ca")}), AllOf(HasSubstr(site_.address()), HasSubstr("TLS")));
  site_.Succeed({"checkpoint"});
  Site::Stop(std::move(registry));
}

TEST_F(TlsTest, WithoutTlsNothingLeavesThisMachineUnlessAskedTo) {
  EXPECT_THAT(StartRefused({"--listen", "0.0.0.0:0"}, kExitWrongOptions),
              AllOf(HasSubstr("--listen"), HasSubstr("--tls-cert"), HasSubstr("--insecure")));
  EXPECT_THAT(StartRefused({"--listen", "[::]:0"}, kExitWrongOptions), HasSubstr("--insecure"));
  // 192.0.2.0/24 is for documentation: nobody is there, and nothing is sent.
  for (const char* other : {"192.0.2.1:7420", "passports.example:7420", "[2001:db8::1]:7420"}) {
    const Outcome outcome =
        RunProgram({TouchstonePath(), "--registry", other, "checkpoint"}, site_.directory());
    EXPECT_EQ(outcome.status, kExitUsage) << other;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("--tls"), HasSubstr("--insecure"))) << other;
  }
  auto registry = site_.StartRegistry({"--listen", "0.0.0.0:0", "--insecure"});
  site_.Succeed({"checkpoint"});
  Site::Stop(std::move(registry));
}

TEST_F(TlsTest, WrongCertificatesAreNamedAtTheStart) {
  Certify("server", "ca");
  Certify("second", "ca");
  EXPECT_THAT(StartRefused({"--tls-cert", Pem("server")}, kExitWrongOptions),
              HasSubstr("--tls-key"));
  EXPECT_THAT(StartRefused({"--tls-cert", Pem("server"), "--tls-key", Pem("second", "key")},
                           kExitCouldNotStart),
              AllOf(HasSubstr("--tls-key"), HasSubstr("is not the key of the certificate")));
  EXPECT_THAT(StartRefused({"--tls-cert", Pem("none"), "--tls-key", Pem("server", "key")},
                           kExitCouldNotStart),
              AllOf(HasSubstr("--tls-cert"), HasSubstr("cannot be read")));
  EXPECT_THAT(StartRefused(
                  {"--tls-cert", site_.File("trust-policy.txt"), "--tls-key", Pem("server", "key")},
                  kExitCouldNotStart),
              HasSubstr("holds no certificate"));
  EXPECT_THAT(StartRefused({"--client-ca", Pem("ca")}, kExitWrongOptions),
              HasSubstr("--client-ca needs --tls-cert"));
}

}  // namespace
}  // namespace touchstone::end_to_end
