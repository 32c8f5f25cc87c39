#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/vectors/examples.h"
#include "verifier/hex.h"
#include "verifier/sha256.h"

namespace touchstone {

void AddKeys(const ExampleLog& example, Examples& examples) {
  VectorFile file(
      "Section 1: the keys of the example log. seed = SHA-256(\"test key \" and the name)");
  for (const absl::string_view name : kKeyNames) {
    file.Section(name);
    const std::string prefix = absl::StrReplaceAll(name, {{" ", "_"}});
    const Digest seed = Sha256Of(absl::StrCat("test key ", name));
    const Digest key_id = NamedKeyId(name);
    file.Add(prefix + ".seed", DigestBytes(seed));
    file.Add(prefix + ".key", NamedKeyBytes(name));
    file.Add(prefix + ".key_id", DigestBytes(key_id));
  }
  file.Section("the log's key as C2SP signed-note writes it");
  file.AddText("log.vkey", example.log.LogVkey());
  examples.Add("keys.txt", file);

  const Digest seed = Sha256Of("test key atelier 1");
  examples.appendix.Heading("Section 1: a key");
  examples.appendix.Table({
      {"seed (RFC 8032)", DigestToHex(seed), ""},
      {"type ‖ key", HexEncode(NamedKeyBytes("atelier 1")).insert(2, " "), ""},
      {"key id", DigestToHex(NamedKeyId("atelier 1")), ""},
  });
}

}  // namespace touchstone
