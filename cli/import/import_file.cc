#include "cli/import/import_file.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/import/csv_import.h"
#include "cli/import/jsonl_import.h"
#include "verifier/sha256.h"

namespace touchstone::cli {

absl::StatusOr<ImportFormat> ImportFormatOf(absl::string_view path) {
  const absl::string_view whole_path = path;
  while (absl::ConsumeSuffix(&path, ".rejects")) {
  }
  for (const absl::string_view ending : {".csv", ".tsv", ".txt"}) {
    if (absl::EndsWithIgnoreCase(path, ending)) return ImportFormat::kCsv;
  }
  for (const absl::string_view ending : {".jsonl", ".ndjson"}) {
    if (absl::EndsWithIgnoreCase(path, ending)) return ImportFormat::kJsonLines;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the name ", whole_path,
                   " does not say what it is: .csv, .tsv, .txt, .jsonl, .ndjson; say --format"));
}

absl::StatusOr<std::unique_ptr<ImportFile>> ImportFile::FromBytes(ByteSource source,
                                                                  ImportFormat format,
                                                                  const ImportOptions& options) {
  switch (format) {
    case ImportFormat::kCsv:
      return CsvImport::Create(std::move(source), options);
    case ImportFormat::kJsonLines:
      return JsonLinesImport::Create(std::move(source), options);
  }
  return absl::InvalidArgumentError("no such format");
}

absl::StatusOr<std::unique_ptr<ImportFile>> ImportFile::Open(const std::string& path,
                                                             ImportFormat format,
                                                             const ImportOptions& options) {
  uint64_t size = 0;
  absl::StatusOr<ByteSource> source = OpenByteSource(path, size);
  if (!source.ok()) return source.status();
  absl::StatusOr<std::unique_ptr<ImportFile>> file = FromBytes(*std::move(source), format, options);
  if (file.ok()) return file;
  return absl::Status(file.status().code(), absl::StrCat(path, ": ", file.status().message()));
}

absl::StatusOr<Digest> DigestOfImport(const std::string& path, uint64_t& size) {
  absl::StatusOr<ByteSource> source = OpenByteSource(path, size);
  if (!source.ok()) return source.status();
  std::string portion(size_t{256} << 10, '\0');
  Sha256 hash;
  while (true) {
    const absl::StatusOr<size_t> got = (*source)(absl::MakeSpan(portion));
    if (!got.ok()) return got.status();
    if (*got == 0) return hash.Final();
    hash.Update(absl::string_view(portion).substr(0, *got));
  }
}

}  // namespace touchstone::cli
