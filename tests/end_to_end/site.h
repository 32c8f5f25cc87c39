// A registry as its operator sets it up, with the real programs: a directory that `touchstone init`
// made, touchstone-registry over it, a participant who may register. Not for what goes wrong there:
// the tests do that.
#ifndef TOUCHSTONE_TESTS_END_TO_END_SITE_H_
#define TOUCHSTONE_TESTS_END_TO_END_SITE_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/client/registry_client.h"
#include "tests/end_to_end/program.h"
#include "tests/registry/storage/scratch_directory.h"
#include "verifier/policy.h"
#include "verifier/signing/secret_key.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::end_to_end {

using Arguments = std::vector<std::string>;

inline constexpr char kOrigin[] = "passports.example/log";
// In the order that tests rely on: `touchstone init` makes three stewards, of whom two sign.
inline constexpr char kMaison[] = "maison-example";

// The programs' paths, of this build.
std::string TouchstonePath();
std::string VerifyPath();
std::string RegistryPath();

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& contents);

class Site {
 public:
  // Made with keys that need no passphrase.
  Site();

  // Everything lies here: keys/, data/, guard, trust-policy.txt, registry.toml.
  const std::string& directory() const { return directory_; }
  std::string File(const std::string& name) const { return directory_ + "/" + name; }
  // Beside the site; removed with it.
  std::string Outside(const std::string& name) const { return scratch_.File(name); }

  // touchstone-registry with the site's configuration, on any free port.
  Command RegistryCommand(const Arguments& more = {}) const;
  // The same, when it serves; address() is then its. The test has failed if it does not.
  std::unique_ptr<Program> StartRegistry(const Arguments& more = {});
  // Takes the address from the port file that the registry, which serves now, has written.
  void ReadAddress();
  const std::string& address() const { return address_; }
  std::string port() const { return address_.substr(address_.rfind(':') + 1); }

  // Asks it to end and expects that it does so properly.
  static void Stop(std::unique_ptr<Program> registry);

  // `touchstone` in the site's directory, against address().
  Command TouchstoneCommand(const Arguments& arguments) const;
  Outcome Touchstone(const Arguments& arguments) const;
  // The same where it has to succeed; its standard output.
  std::string Succeed(const Arguments& arguments) const;

  // Makes keys/maison.key and keys/maison.secret and has two stewards enrol kMaison, an issuer.
  void EnrolMaison() const;
  // The options with which the maison signs.
  static Arguments AsMaison(Arguments arguments);
  SecretKey MaisonKey() const;

  TrustPolicy Policy() const;
  std::unique_ptr<cli::RegistryClient> Client() const;
  // The newest checkpoint, whose signature holds.
  VerifiedCheckpoint NewestCheckpoint() const;

  // Exports the log (the registry, which had these options, has ended) and audits it; what the
  // audit says.
  std::string ExportAndAudit(const Arguments& more = {}) const;

 private:
  storage::ScratchDirectory scratch_;
  const std::string directory_;
  std::string address_;
};

}  // namespace touchstone::end_to_end

#endif  // TOUCHSTONE_TESTS_END_TO_END_SITE_H_
