#include "verifier/tlog_proof.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "verifier/base64.h"
#include "verifier/decimal.h"
#include "verifier/limits.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr absl::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr absl::string_view kExtra = "extra ";
constexpr absl::string_view kIndex = "index ";

absl::Status Malformed(absl::string_view message) {
  return Refuse(RefusalCode::kMalformed, message);
}

// Takes the next line, without its newline, off the front of `text`.
absl::StatusOr<absl::string_view> TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  if (end == absl::string_view::npos) return Malformed("a tlog-proof ends too early");
  const absl::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

absl::StatusOr<std::string> ParseExtra(absl::string_view base64) {
  if (base64.empty()) return Malformed("the extra line of a tlog-proof is empty");
  if (base64.size() > (limits::kTlogProofExtraBytesMax + 2) / 3 * 4) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a tlog-proof holds more than ", limits::kTlogProofExtraBytesMax,
                               " bytes of extra data"));
  }
  absl::StatusOr<std::string> extra = Base64Decode(base64);
  if (!extra.ok()) return InContext("the extra line of a tlog-proof", extra.status());
  return extra;
}

}  // namespace

absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view text) {
  if (text.size() > limits::kTlogProofBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a tlog-proof has ", text.size(), " bytes; at most ",
                               limits::kTlogProofBytesMax, " are read"));
  }
  absl::StatusOr<absl::string_view> line = TakeLine(text);
  if (!line.ok()) return line.status();
  if (*line != kFirstLine) {
    return Malformed(absl::StrCat("a tlog-proof does not start with ", kFirstLine));
  }

  TlogProof proof;
  line = TakeLine(text);
  if (!line.ok()) return line.status();
  if (absl::string_view base64 = *line; absl::ConsumePrefix(&base64, kExtra)) {
    absl::StatusOr<std::string> extra = ParseExtra(base64);
    if (!extra.ok()) return extra.status();
    proof.extra = *std::move(extra);
    line = TakeLine(text);
    if (!line.ok()) return line.status();
  }
  absl::string_view decimal = *line;
  if (!absl::ConsumePrefix(&decimal, kIndex)) return Malformed("a tlog-proof has no index line");
  const absl::StatusOr<uint64_t> index = ParseDecimal(decimal, limits::kTreeSizeMax);
  if (!index.ok()) return InContext("the index of a tlog-proof", index.status());
  proof.index = *index;

  for (line = TakeLine(text); line.ok() && !line->empty(); line = TakeLine(text)) {
    if (proof.path.size() == limits::kInclusionPathHashesMax) {
      return Refuse(
          RefusalCode::kTooLarge,
          absl::StrCat("a tlog-proof has more than ", limits::kInclusionPathHashesMax, " hashes"));
    }
    const absl::StatusOr<Digest> hash = DigestFromBase64(*line);
    if (!hash.ok()) {
      return InContext(absl::StrCat("hash ", proof.path.size(), " of a tlog-proof"), hash.status());
    }
    proof.path.push_back(*hash);
  }
  if (!line.ok()) return line.status();
  proof.checkpoint_note = std::string(text);
  const absl::StatusOr<SignedNote> note = SignedNote::Parse(proof.checkpoint_note);
  if (!note.ok()) return InContext("the checkpoint of a tlog-proof", note.status());
  return proof;
}

absl::StatusOr<std::string> FormatTlogProof(const TlogProof& proof) {
  std::string text = absl::StrCat(kFirstLine, "\n");
  if (proof.extra.has_value()) absl::StrAppend(&text, kExtra, Base64Encode(*proof.extra), "\n");
  absl::StrAppend(&text, kIndex, proof.index, "\n");
  for (const Digest& hash : proof.path) absl::StrAppend(&text, DigestToBase64(hash), "\n");
  absl::StrAppend(&text, "\n", proof.checkpoint_note);
  // Nothing leaves here that readers would refuse.
  const absl::StatusOr<TlogProof> parsed = ParseTlogProof(text);
  if (!parsed.ok()) return parsed.status();
  return text;
}

absl::StatusOr<VerifiedCheckpoint> VerifyTlogProof(const TrustPolicy& policy,
                                                   const TlogProof& proof, absl::string_view data) {
  absl::StatusOr<VerifiedCheckpoint> verified = VerifyCheckpointNote(policy, proof.checkpoint_note);
  if (!verified.ok()) return verified.status();
  const absl::Status status =
      VerifyInclusion(LeafHash(data), proof.index, verified->checkpoint.size(), proof.path,
                      verified->checkpoint.root());
  if (!status.ok()) return status;
  return verified;
}

}  // namespace touchstone
