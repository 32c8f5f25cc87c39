#include "cli/audit/audit_state.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/sha256.h"

namespace touchstone::cli {
namespace {

AuditState Sample() {
  AuditState state;
  state.origin = "passports.example/log";
  state.genesis = Digest{1};
  for (uint8_t i = 0; i < 21; ++i) state.tree.Append(Digest{i});
  state.checked = {20, 1'795'300'000'000, Digest{2}, 7, 11, 40};
  state.chains = {1234, Digest{3}};
  return state;
}

// With a checksum that fits again.
std::string Sealed(std::string fields) {
  fields.resize(fields.rfind("checksum "));
  const Digest checksum = Sha256Of(fields);
  return fields + "checksum " + DigestToHex(checksum) + "\n";
}

TEST(AuditState, ComesBackAsItWas) {
  const AuditState state = Sample();
  const AuditState read = ValueOrDie(ParseAuditState(FormatAuditState(state)));
  EXPECT_EQ(read.origin, state.origin);
  EXPECT_EQ(read.genesis, state.genesis);
  EXPECT_EQ(read.checked, state.checked);
  EXPECT_EQ(read.chains, state.chains);
  EXPECT_EQ(read.tree.size(), state.tree.size());
  EXPECT_EQ(read.tree.peaks(), state.tree.peaks());
}

TEST(AuditState, AnyDamageIsNoticed) {
  const std::string text = FormatAuditState(Sample());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(ParseAuditState(changed).status().code(), absl::StatusCode::kInvalidArgument) << i;
    EXPECT_FALSE(ParseAuditState(text.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(ParseAuditState(text + "\n").ok());
  EXPECT_FALSE(ParseAuditState(text + text).ok());
  EXPECT_FALSE(ParseAuditState("").ok());
}

TEST(NewestSeen, ComesBackAsItWasOrDamaged) {
  const NewestSeen seen = {"passports.example/log", Digest{1}, {21, Digest{2}}};
  const std::string text = FormatNewestSeen(seen);
  const NewestSeen read = ValueOrDie(ParseNewestSeen(text));
  EXPECT_EQ(read.origin, seen.origin);
  EXPECT_EQ(read.genesis, seen.genesis);
  EXPECT_EQ(read.log.size, seen.log.size);
  EXPECT_EQ(read.log.root, seen.log.root);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(ParseNewestSeen(changed).status().code(), absl::StatusCode::kInvalidArgument) << i;
    EXPECT_FALSE(ParseNewestSeen(text.substr(0, i)).ok()) << i;
  }
  for (const auto& [from, to] : {std::pair<const char*, const char*>{"size 21", "size 021"},
                                 {"size 21", "size 21 1"},
                                 {"size 21", "size 21\nsize 21"},
                                 {"origin passports.example/log", "origin "},
                                 {"root ", "root 0"}}) {
    EXPECT_FALSE(ParseNewestSeen(Sealed(absl::StrReplaceAll(text, {{from, to}}))).ok()) << to;
  }
  EXPECT_FALSE(ParseNewestSeen(FormatAuditState(Sample())).ok());
}

TEST(AuditState, PartsThatDoNotFitAreRefusedWhateverTheChecksum) {
  const std::string text = FormatAuditState(Sample());
  ASSERT_EQ(Sealed(text), text);
  for (const auto& [from, to] : {std::pair<const char*, const char*>{"size 21", "size 22"},
                                 {"size 21", "size 0"},
                                 {"size 21", "size 021"},
                                 {"index_root 20", "index_root 21"},
                                 {"root ", "root 0"},
                                 {"leaves 40", "leaves 4294967296"},
                                 {"leaves 40", "leaves -1"},
                                 {"leaves 40", "leaves 40 1"},
                                 {"commits 7\n", ""},
                                 {"commits 7\n", "commits 7\ncommits 7\n"},
                                 {"origin passports.example/log", "origin "},
                                 {"origin passports.example/log\n", ""},
                                 {"chains 1234", "chains -1"},
                                 {"chains 1234", "chains"},
                                 {"state v2", "state v1"}}) {
    const std::string changed = Sealed(absl::StrReplaceAll(text, {{from, to}}));
    EXPECT_EQ(ParseAuditState(changed).status().code(), absl::StatusCode::kInvalidArgument)
        << from << " -> " << to;
  }
}

}  // namespace
}  // namespace touchstone::cli
