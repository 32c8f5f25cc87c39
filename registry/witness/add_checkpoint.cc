#include "registry/witness/add_checkpoint.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "registry/limits.h"
#include "verifier/cosignature.h"
#include "verifier/decimal.h"

namespace touchstone::witness {
namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kUnprocessable = 422;
constexpr char kSizeType[] = "text/x.tlog.size";

absl::Status Unexpected(absl::string_view what) { return absl::DataLossError(what); }

absl::StatusOr<WitnessAnswer> ReadCosignatures(absl::string_view body,
                                               absl::string_view checkpoint_text,
                                               const VerifierKey& witness, uint64_t now_seconds) {
  const absl::StatusOr<SignedNote> note =
      SignedNote::Parse(absl::StrCat(checkpoint_text, "\n", body));
  // Parse() splits at the last empty line: one in the body would move the text.
  if (!note.ok() || note->text() != checkpoint_text) {
    return Unexpected(absl::StrCat("it answered 200 and no signature lines", note.ok() ? "" : ": ",
                                   note.status().message()));
  }
  std::optional<Cosigned> newest;
  for (const NoteSignature& signature : note->signatures()) {
    if (!signature.Names(witness)) continue;
    const absl::StatusOr<uint64_t> time =
        VerifyCosignature(witness, checkpoint_text, signature.signature);
    if (!time.ok()) {
      return Unexpected(absl::StrCat("its cosignature does not hold: ", time.status().message()));
    }
    if (!newest || newest->time_seconds < *time) newest = Cosigned{signature, *time};
  }
  if (!newest) {
    return Unexpected(absl::StrCat("it answered 200 and no cosignature of the key ",
                                   witness.Format(), ", which the policy has for it"));
  }
  const uint64_t off =
      std::max(newest->time_seconds, now_seconds) - std::min(newest->time_seconds, now_seconds);
  if (off > limits::kWitnessClockSeconds) {
    return Unexpected(
        absl::StrCat("its clock and this one differ by ", off, " s: one of them is wrong"));
  }
  return WitnessAnswer(*std::move(newest));
}

absl::StatusOr<WitnessAnswer> ReadConflict(const HttpResponse& response) {
  // The specification has a size in the answer to a wrong old size, and none where the sizes agree
  // and the roots do not.
  if (response.content_type != kSizeType) return WitnessAnswer(OtherRoot());
  absl::string_view text = response.body;
  const absl::StatusOr<uint64_t> size = absl::ConsumeSuffix(&text, "\n")
                                            ? ParseDecimal(text, limits::kTreeSizeMax)
                                            : absl::InvalidArgumentError("no newline");
  if (!size.ok()) return Unexpected("it answered 409 and no size");
  return WitnessAnswer(HasSize{*size});
}

}  // namespace

std::string FormatAddCheckpoint(uint64_t old_size, absl::Span<const Digest> path,
                                absl::string_view note) {
  std::string body = absl::StrCat("old ", old_size, "\n");
  for (const Digest& hash : path) absl::StrAppend(&body, DigestToBase64(hash), "\n");
  absl::StrAppend(&body, "\n", note);
  return body;
}

absl::StatusOr<WitnessAnswer> ReadAnswer(const HttpResponse& response,
                                         absl::string_view checkpoint_text,
                                         const VerifierKey& witness, uint64_t now_seconds) {
  switch (response.status) {
    case kOk:
      return ReadCosignatures(response.body, checkpoint_text, witness, now_seconds);
    case kConflict:
      return ReadConflict(response);
    case kUnprocessable:
      return WitnessAnswer(Inconsistent());
    case kForbidden:
      return absl::PermissionDeniedError(
          "it does not accept the log key's signature (403): give its operator the log's key, the "
          "'log' line of the policy");
    case kNotFound:
      return absl::NotFoundError(
          "it does not know this log (404): have its operator add it, or correct the URL");
    case kBadRequest:
      return absl::InvalidArgumentError("it takes the request for a bad one (400)");
    default:
      return absl::UnavailableError(absl::StrCat("it answered ", response.status));
  }
}

}  // namespace touchstone::witness
