#include "cli/audit/audit_state.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "verifier/decimal.h"
#include "verifier/sha256.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kFirstLine = "touchstone audit state v2";
constexpr absl::string_view kNewestFirstLine = "touchstone audit newest v1";
constexpr absl::string_view kChecksum = "checksum ";

// Takes the fields of the text off its front, line by line.
class Lines {
 public:
  explicit Lines(absl::string_view text) : rest_(absl::StrSplit(text, '\n')) {}

  bool NextIs(absl::string_view name) const {
    return next_ < rest_.size() && absl::StartsWith(rest_[next_], absl::StrCat(name, " "));
  }

  // The words behind the name. Where the next line is another field's, none.
  std::vector<absl::string_view> Take(absl::string_view name) {
    if (!NextIs(name)) return {};
    return absl::StrSplit(rest_[next_++].substr(name.size() + 1), ' ');
  }

  absl::StatusOr<uint64_t> TakeNumber(absl::string_view name) {
    return NumberAt(name, Take(name), 0);
  }
  absl::StatusOr<Digest> TakeDigest(absl::string_view name) {
    return DigestAt(name, Take(name), 0);
  }

  static absl::Status Missing(absl::string_view name) {
    return absl::InvalidArgumentError(absl::StrCat("damaged: no whole line \"", name, "\""));
  }

  static absl::StatusOr<uint64_t> NumberAt(absl::string_view name,
                                           const std::vector<absl::string_view>& words, size_t i) {
    if (i < words.size()) {
      const absl::StatusOr<uint64_t> number = ParseDecimal(words[i], UINT64_MAX);
      if (number.ok()) return number;
    }
    return Missing(name);
  }

  static absl::StatusOr<Digest> DigestAt(absl::string_view name,
                                         const std::vector<absl::string_view>& words, size_t i) {
    if (i < words.size()) {
      const absl::StatusOr<Digest> digest = DigestFromHex(words[i]);
      if (digest.ok()) return digest;
    }
    return Missing(name);
  }

 private:
  std::vector<absl::string_view> rest_;
  size_t next_ = 0;
};

std::string Sealed(const std::string& fields) {
  return absl::StrCat(fields, kChecksum, DigestToHex(Sha256Of(fields)), "\n");
}

// The lines between the first one and the checksum, which fits.
absl::StatusOr<absl::string_view> Unsealed(absl::string_view first_line, absl::string_view text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, absl::StrCat(first_line, "\n"))) {
    return absl::InvalidArgumentError(
        absl::StrCat("does not begin with \"", first_line,
                     "\": it is damaged, or was written by another version of this program"));
  }
  const size_t end = text.rfind(kChecksum);
  if (end == text.npos || text != Sealed(std::string(text.substr(0, end)))) {
    return absl::InvalidArgumentError("damaged: its checksum does not fit");
  }
  return rest;
}

// One way of writing for what was read.
absl::Status CheckWrittenAs(absl::string_view text, absl::string_view expected) {
  if (text == expected) return absl::OkStatus();
  return absl::InvalidArgumentError("damaged: it has lines that do not belong there");
}

std::string Fields(const AuditState& state) {
  const CheckedCommits& checked = state.checked;
  std::string text =
      absl::StrCat(kFirstLine, "\norigin ", state.origin, "\ngenesis ", DigestToHex(state.genesis),
                   "\nsize ", state.tree.size(), "\nroot ", DigestToHex(state.tree.Root()), "\n");
  for (const Digest& peak : state.tree.peaks()) {
    absl::StrAppend(&text, "peak ", DigestToHex(peak), "\n");
  }
  absl::StrAppend(&text, "index_root ", checked.index_root_position, " ", checked.time_ms, " ",
                  DigestToHex(checked.index_root), "\ncommits ", checked.commits,
                  "\npublic_entries ", checked.public_entries, "\nleaves ", checked.leaves,
                  "\nchains ", state.chains.bytes, " ", DigestToHex(state.chains.digest), "\n");
  return text;
}

absl::StatusOr<AuditState> ReadFields(absl::string_view fields) {
  Lines lines(fields);
  const std::vector<absl::string_view> origin = lines.Take("origin");
  if (origin.size() != 1 || origin[0].empty()) return Lines::Missing("origin");
  const absl::StatusOr<Digest> genesis = lines.TakeDigest("genesis");
  if (!genesis.ok()) return genesis.status();
  const absl::StatusOr<uint64_t> size = lines.TakeNumber("size");
  if (!size.ok()) return size.status();
  const absl::StatusOr<Digest> root = lines.TakeDigest("root");
  if (!root.ok()) return root.status();
  std::vector<Digest> peaks;
  while (lines.NextIs("peak")) {
    const absl::StatusOr<Digest> peak = lines.TakeDigest("peak");
    if (!peak.ok()) return peak.status();
    peaks.push_back(*peak);
  }
  absl::StatusOr<MerkleFrontier> tree = MerkleFrontier::FromPeaks(*size, std::move(peaks));
  if (!tree.ok()) return absl::InvalidArgumentError(tree.status().message());
  const std::vector<absl::string_view> index_root = lines.Take("index_root");
  const auto position = Lines::NumberAt("index_root", index_root, 0);
  if (!position.ok()) return position.status();
  const auto time_ms = Lines::NumberAt("index_root", index_root, 1);
  if (!time_ms.ok()) return time_ms.status();
  const auto index_root_hash = Lines::DigestAt("index_root", index_root, 2);
  if (!index_root_hash.ok()) return index_root_hash.status();
  const auto commits = lines.TakeNumber("commits");
  if (!commits.ok()) return commits.status();
  const auto public_entries = lines.TakeNumber("public_entries");
  if (!public_entries.ok()) return public_entries.status();
  const auto leaves = lines.TakeNumber("leaves");
  if (!leaves.ok()) return leaves.status();
  const std::vector<absl::string_view> chains = lines.Take("chains");
  const auto chain_bytes = Lines::NumberAt("chains", chains, 0);
  if (!chain_bytes.ok()) return chain_bytes.status();
  const auto chain_digest = Lines::DigestAt("chains", chains, 1);
  if (!chain_digest.ok()) return chain_digest.status();
  AuditState state;
  state.origin = std::string(origin[0]);
  state.genesis = *genesis;
  state.tree = *std::move(tree);
  state.checked = {*position, *time_ms, *index_root_hash, *commits, *public_entries, *leaves};
  state.chains = {*chain_bytes, *chain_digest};
  // More leaves than this no index replica holds.
  if (state.tree.size() == 0 || *leaves > IndexReplica::kLeavesMax ||
      state.checked.size() != state.tree.size() || state.tree.Root() != *root) {
    return absl::InvalidArgumentError(
        "its size, root, peaks, leaves and index root do not fit each other");
  }
  return state;
}

absl::StatusOr<NewestSeen> ReadNewestFields(absl::string_view fields) {
  Lines lines(fields);
  const std::vector<absl::string_view> origin = lines.Take("origin");
  if (origin.size() != 1 || origin[0].empty()) return Lines::Missing("origin");
  const absl::StatusOr<Digest> genesis = lines.TakeDigest("genesis");
  if (!genesis.ok()) return genesis.status();
  const absl::StatusOr<uint64_t> size = lines.TakeNumber("size");
  if (!size.ok()) return size.status();
  const absl::StatusOr<Digest> root = lines.TakeDigest("root");
  if (!root.ok()) return root.status();
  return NewestSeen{std::string(origin[0]), *genesis, {*size, *root}};
}

}  // namespace

std::string FormatAuditState(const AuditState& state) { return Sealed(Fields(state)); }

absl::StatusOr<AuditState> ParseAuditState(absl::string_view text) {
  const absl::StatusOr<absl::string_view> fields = Unsealed(kFirstLine, text);
  if (!fields.ok()) return fields.status();
  absl::StatusOr<AuditState> state = ReadFields(*fields);
  if (!state.ok()) return state;
  const absl::Status written = CheckWrittenAs(text, FormatAuditState(*state));
  if (!written.ok()) return written;
  return state;
}

std::string FormatNewestSeen(const NewestSeen& seen) {
  return Sealed(absl::StrCat(kNewestFirstLine, "\norigin ", seen.origin, "\ngenesis ",
                             DigestToHex(seen.genesis), "\nsize ", seen.log.size, "\nroot ",
                             DigestToHex(seen.log.root), "\n"));
}

absl::StatusOr<NewestSeen> ParseNewestSeen(absl::string_view text) {
  const absl::StatusOr<absl::string_view> fields = Unsealed(kNewestFirstLine, text);
  if (!fields.ok()) return fields.status();
  absl::StatusOr<NewestSeen> seen = ReadNewestFields(*fields);
  if (!seen.ok()) return seen;
  const absl::Status written = CheckWrittenAs(text, FormatNewestSeen(*seen));
  if (!written.ok()) return written;
  return seen;
}

}  // namespace touchstone::cli
