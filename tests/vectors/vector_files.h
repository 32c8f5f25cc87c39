// What the generator of the examples writes: files of `name = hex` lines, and the appendix of
// docs/FORMAT.md. tests/vectors/format/README.md describes the files for their readers.
#ifndef TOUCHSTONE_TESTS_VECTORS_VECTOR_FILES_H_
#define TOUCHSTONE_TESTS_VECTORS_VECTOR_FILES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace touchstone {

class VectorFile {
 public:
  // `about` is one line, which becomes the file's first.
  explicit VectorFile(absl::string_view about);

  // An empty line and a comment of one line.
  void Section(absl::string_view about);
  // name = hex
  void Add(absl::string_view name, absl::string_view bytes);
  // The same, with the text itself in comments above it.
  void AddText(absl::string_view name, absl::string_view text);

  const std::string& contents() const { return contents_; }

 private:
  std::string contents_;
};

// One line of an annotated example. Hexadecimal digits are printed as they stand, wrapped.
struct Row {
  std::string name;
  std::string hex;
  std::string meaning = "";
};

class Appendix {
 public:
  void Heading(absl::string_view text);
  void Prose(absl::string_view text);
  void Table(const std::vector<Row>& rows);
  // As it is, in a block of its own.
  void Block(absl::string_view text);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Everything that is generated.
struct Examples {
  std::map<std::string, std::string> files;  // by name in tests/vectors/format/
  Appendix appendix;

  void Add(const std::string& name, const VectorFile& file) { files[name] = file.contents(); }
};

// Lines of 64 digits.
std::string HexFile(absl::string_view bytes);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VECTORS_VECTOR_FILES_H_
