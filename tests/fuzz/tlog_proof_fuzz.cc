// tlog-proof files, tile paths and entry bundles: what is read is written back the same.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"
#include "verifier/tlog_proof.h"
#include "verifier/tlog_tiles.h"

namespace touchstone {
namespace {

void Fuzz(absl::string_view input) {
  if (const absl::StatusOr<TlogProof> proof = ParseTlogProof(input); proof.ok()) {
    const absl::StatusOr<std::string> written = FormatTlogProof(*proof);
    Expect(written.ok() && *written == input, "a tlog-proof has one text");
  }
  if (const absl::StatusOr<TileName> name = ParseTilePath(input); name.ok()) {
    Expect(FormatTilePath(*name) == input, "a tile has one path");
  }
  if (input.empty()) return;
  const uint32_t width = static_cast<unsigned char>(input[0]);
  const absl::string_view bundle = input.substr(1);
  if (const auto entries = DecodeEntryBundle(bundle, width); entries.ok()) {
    const absl::StatusOr<std::string> written = EncodeEntryBundle(*entries);
    Expect(written.ok() && *written == bundle, "an entry bundle has one encoding");
  }
}

}  // namespace
}  // namespace touchstone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  touchstone::Fuzz(touchstone::FuzzInput(data, size));
  return 0;
}
