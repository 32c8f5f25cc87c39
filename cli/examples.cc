#include "cli/examples.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/embedded_examples.inc"

namespace touchstone::cli {
namespace {

struct Example {
  absl::string_view name;
  absl::string_view json;
};

template <size_t kSize>
absl::string_view Text(const unsigned char (&bytes)[kSize]) {
  return {reinterpret_cast<const char*>(bytes), kSize};
}

std::vector<Example> Examples() {
  return {
      {"ring", Text(kRing_json)}, {"diamond", Text(kDiamond_json)}, {"brooch", Text(kBrooch_json)}};
}

}  // namespace

std::vector<absl::string_view> ExampleNames() {
  std::vector<absl::string_view> names;
  for (const Example& example : Examples()) names.push_back(example.name);
  return names;
}

absl::StatusOr<absl::string_view> ExamplePiece(absl::string_view name) {
  for (const Example& example : Examples()) {
    if (example.name == name) return example.json;
  }
  return absl::NotFoundError(absl::StrCat("there is no example \"", name, "\"; there are ",
                                          absl::StrJoin(ExampleNames(), ", ")));
}

}  // namespace touchstone::cli
