// Stock lists as CSV: with a header of their own, and as rows under a header that is right.
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/import_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using touchstone::cli::FuzzImport;
  using touchstone::cli::ImportFormat;
  const absl::string_view input = touchstone::FuzzInput(data, size);
  FuzzImport(std::string(input), ImportFormat::kCsv);
  FuzzImport(absl::StrCat("serial,category,title,gtin,carat,species,measurements,fineness_ppt,"
                          "metal,treatments,report_date,total_mass_g,inscription\n",
                          input),
             ImportFormat::kCsv);
  return 0;
}
