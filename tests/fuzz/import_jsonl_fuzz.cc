// Stock lists as JSON Lines, and JSON descriptions: what is shown of a message is read back as it.
#include <cstddef>
#include <cstdint>

#include "cli/message_description.h"
#include "tests/fuzz/import_rows.h"

namespace touchstone::cli {
namespace {

void FuzzDescription(absl::string_view input) {
  const absl::StatusOr<std::string> bytes = MessageFromDescription("Statement", input);
  if (!bytes.ok()) return;
  const absl::StatusOr<std::string> json =
      MessageToJson("Statement", *bytes, JsonWriter::Layout::kPretty);
  // Text-proto takes enum values and empty bytes fields that JSON has no form for.
  if (!json.ok() || input.find('{') != 0) return;
  const absl::StatusOr<std::string> again = MessageFromDescription("Statement", *json);
  Expect(again.ok() && *again == *bytes, "what is shown is read back");
}

}  // namespace
}  // namespace touchstone::cli

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input = touchstone::FuzzInput(data, size);
  touchstone::cli::FuzzImport(std::string(input), touchstone::cli::ImportFormat::kJsonLines);
  touchstone::cli::FuzzDescription(input);
  return 0;
}
