#include "tests/vectors/second_reader/schema.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace touchstone::second_reader {
namespace {

[[noreturn]] void Stop(const std::string& why) {
  std::fprintf(stderr, "the .proto files: %s\n", why.c_str());
  std::abort();
}

// Words and single punctuation marks, without comments and the contents of strings.
std::vector<std::string> TokensOf(const std::string& text) {
  std::vector<std::string> tokens;
  for (size_t i = 0; i < text.size();) {
    const auto is_word = [&text](size_t at) {
      const auto c = static_cast<unsigned char>(text[at]);
      return std::isalnum(c) != 0 || c == '_' || c == '.';
    };
    if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text[i] == '"') {
      i = std::min(text.find('"', i + 1), text.size() - 1) + 1;
      tokens.push_back("\"\"");
    } else if (is_word(i)) {
      size_t end = i;
      while (end < text.size() && is_word(end)) ++end;
      tokens.push_back(text.substr(i, end - i));
      i = end;
    } else {
      if (std::isspace(static_cast<unsigned char>(text[i])) == 0) tokens.push_back({text[i]});
      ++i;
    }
  }
  return tokens;
}

}  // namespace

// Reads one file after the other. In the namespace, as Schema's friend.
class SchemaParser {
 public:
  explicit SchemaParser(Schema& schema) : schema_(schema) {}

  void ReadFile(const std::string& text) {
    tokens_ = TokensOf(text);
    at_ = 0;
    while (at_ < tokens_.size()) {
      const std::string word = Next();
      if (word == "message") {
        ReadMessage("");
      } else if (word == "enum") {
        ReadEnum("");
      } else {
        SkipLine();  // syntax, package, import, option
      }
    }
  }

  // After all files: what the fields' types are.
  void Resolve() {
    for (auto& [scope, message] : schema_.messages_) {
      for (auto& [number, field] : message.fields) ResolveField(scope, field);
    }
  }

 private:
  std::string Next() {
    if (at_ == tokens_.size()) Stop("a file ends too early");
    return tokens_[at_++];
  }
  void Expect(const std::string& token) {
    if (const std::string found = Next(); found != token) Stop(token + " expected, not " + found);
  }
  void SkipLine() {
    while (Next() != ";") {
    }
  }

  void ReadEnum(const std::string& scope) {
    std::set<int64_t>& values = schema_.enums_[scope + Next()];
    Expect("{");
    while (Next() != "}") {
      Expect("=");
      values.insert(std::stoll(Next()));
      Expect(";");
    }
  }

  void ReadMessage(const std::string& outer) {
    const std::string name = outer + Next();
    MessageType& message = schema_.messages_[name];
    Expect("{");
    int oneofs = 0;
    for (std::string word = Next(); word != "}"; word = Next()) {
      if (word == "message") {
        ReadMessage(name + ".");
      } else if (word == "enum") {
        ReadEnum(name + ".");
      } else if (word == "reserved" || word == "option") {
        SkipLine();
      } else if (word == "oneof") {
        Next();
        Expect("{");
        for (word = Next(); word != "}"; word = Next()) ReadField(word, oneofs, message);
        ++oneofs;
      } else {
        ReadField(word, -1, message);
      }
    }
  }

  void ReadField(std::string word, int oneof, MessageType& message) {
    FieldType field;
    field.oneof = oneof;
    field.repeated = word == "repeated";
    field.optional = word == "optional";
    if (field.repeated || field.optional) word = Next();
    field.type = word;
    field.name = Next();
    Expect("=");
    const uint64_t number = std::stoull(Next());
    Expect(";");
    message.fields[number] = field;
  }

  // In the innermost scope first: "Piece.Category", then "Category".
  void ResolveField(std::string scope, FieldType& field) {
    if (field.type == "bool" || field.type == "uint32" || field.type == "uint64" ||
        field.type == "string" || field.type == "bytes") {
      return;
    }
    while (true) {
      const std::string name = scope.empty() ? field.type : scope + "." + field.type;
      if (const auto found = schema_.messages_.find(name); found != schema_.messages_.end()) {
        field.message = &found->second;
        return;
      }
      if (const auto found = schema_.enums_.find(name); found != schema_.enums_.end()) {
        field.enum_values = &found->second;
        return;
      }
      if (scope.empty()) Stop("no type " + field.type);
      const size_t dot = scope.rfind('.');
      scope = dot == std::string::npos ? "" : scope.substr(0, dot);
    }
  }

  Schema& schema_;
  std::vector<std::string> tokens_;
  size_t at_ = 0;
};

Schema::Schema(const std::vector<std::string>& files) {
  SchemaParser parser(*this);
  for (const std::string& file : files) parser.ReadFile(file);
  parser.Resolve();
}

const MessageType& Schema::Message(const std::string& name) const {
  const auto found = messages_.find(name);
  if (found == messages_.end()) Stop("no message " + name);
  return found->second;
}

}  // namespace touchstone::second_reader
