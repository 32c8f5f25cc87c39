// Makes the worked examples of docs/FORMAT.md: tests/vectors/format/ and the document's appendix.
//
//   format_vectors --check ROOT    exit status 1 if what is in the repository at ROOT differs
//   format_vectors --write ROOT    puts them there

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/vectors/example_log.h"
#include "tests/vectors/examples.h"
#include "tests/vectors/vector_files.h"

namespace touchstone {
namespace {

constexpr absl::string_view kDirectory = "tests/vectors/format";
constexpr absl::string_view kReadme = "README.md";  // written by hand
constexpr absl::string_view kDocument = "docs/FORMAT.md";
// Everything in the document from this line on is generated.
constexpr absl::string_view kAppendix = "## Appendix: worked examples\n";

Examples MakeExamples() {
  const ExampleLog example = MakeExampleLog();
  Examples examples;
  AddKeys(example, examples);
  AddStatements(example, examples);
  AddLog(example, examples);
  AddIndex(example, examples);
  AddClaims(example, examples);
  AddNames(example, examples);
  AddCard(example, examples);
  AddOwnership(example, examples);
  AddFiles(example, examples);
  return examples;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

// The document with its appendix exchanged.
std::string Document(const std::string& current, const std::string& appendix) {
  const size_t at = current.find(std::string(kAppendix));
  std::string text = absl::StrCat(
      current.substr(0, at), at == std::string::npos ? "\n" : "", kAppendix,
      "\nFrom a log of 20 entries with fixed keys; every `seed` is SHA-256 of a text, so none of "
      "these keys is secret. `...` stands for bytes that are\nprinted before. What is too long for "
      "here, and all of this in a form for programs, is in "
      "[tests/vectors/format](../tests/vectors/format/README.md).\nMade by "
      "`tests/vectors/format_vectors_main.cc`, to whose code a test holds it.\n\n",
      appendix);
  while (absl::EndsWith(text, "\n\n")) text.pop_back();
  return text;
}

size_t FirstDifferentLine(const std::string& a, const std::string& b) {
  size_t line = 1;
  for (size_t i = 0; i < a.size() && i < b.size() && a[i] == b[i]; ++i) {
    if (a[i] == '\n') ++line;
  }
  return line;
}

// All generated files by their paths from the root.
std::map<std::string, std::string> Generate(const std::filesystem::path& root) {
  const Examples examples = MakeExamples();
  std::map<std::string, std::string> files;
  for (const auto& [name, contents] : examples.files) {
    files[absl::StrCat(kDirectory, "/", name)] = contents;
  }
  const std::string document(kDocument);
  files[document] = Document(ReadFile(root / document), examples.appendix.text());
  return files;
}

int Check(const std::filesystem::path& root) {
  const std::map<std::string, std::string> files = Generate(root);
  bool differs = false;
  for (const auto& [path, contents] : files) {
    const std::string there = ReadFile(root / path);
    if (there == contents) continue;
    std::fprintf(stderr, "%s:%zu: not what the code makes\n", path.c_str(),
                 FirstDifferentLine(there, contents));
    differs = true;
  }
  for (const auto& item : std::filesystem::directory_iterator(root / std::string(kDirectory))) {
    const std::string name = item.path().filename().string();
    if (name == kReadme || files.count(absl::StrCat(kDirectory, "/", name)) != 0) continue;
    std::fprintf(stderr, "%s/%s: nothing makes this file\n", std::string(kDirectory).c_str(),
                 name.c_str());
    differs = true;
  }
  if (!differs) return 0;
  std::fprintf(stderr,
               "The format's examples and the code differ. If the format did not change, mend the "
               "code: files and signatures\nout there would no longer be read. If it did, say so "
               "in docs/FORMAT.md and run: format_vectors --write ROOT\n");
  return 1;
}

int Write(const std::filesystem::path& root) {
  for (const auto& [path, contents] : Generate(root)) {
    std::ofstream file(root / path, std::ios::binary | std::ios::trunc);
    file << contents;
    file.close();
    if (file) continue;
    std::fprintf(stderr, "%s: cannot be written\n", path.c_str());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace touchstone

int main(int argc, char** argv) {
  const std::string mode = argc == 3 ? argv[1] : "";
  if (mode == "--check") return touchstone::Check(argv[2]);
  if (mode == "--write") return touchstone::Write(argv[2]);
  std::fprintf(stderr, "usage: format_vectors --check|--write ROOT\n");
  return 2;
}
