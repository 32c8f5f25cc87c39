#include "verifier/batch_signature.h"

#include "absl/strings/str_cat.h"
#include "verifier/big_endian.h"
#include "verifier/merkle.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"

namespace touchstone {
namespace {

// One name for "this key's signature over this note".
Digest CheckId(const PublicKey& key, absl::string_view sig, absl::string_view note) {
  std::string lengths;
  AppendBigEndian<uint64_t>(lengths, sig.size());
  return Sha256Of({key.encoded(), lengths, sig, note});
}

}  // namespace

std::string BatchNoteText(absl::string_view log_origin, uint64_t count, const Digest& root) {
  return absl::StrCat("touchstone batch v1\norigin ", log_origin, "\ncount ", count, "\nroot ",
                      DigestToBase64(root), "\n");
}

absl::Status VerifyBatchSignature(absl::string_view pae, const BatchPath& path,
                                  absl::string_view sig, const PublicKey& key,
                                  absl::string_view log_origin, VerifiedBatchNotes* verified) {
  const std::string note = BatchNoteText(log_origin, path.count(), path.Root(LeafHash(pae)));
  Digest check = kZeroDigest;
  if (verified != nullptr) {
    check = CheckId(key, sig, note);
    if (verified->Contains(check)) return absl::OkStatus();
  }
  const absl::Status status = key.Verify(note, sig);
  if (!status.ok()) {
    return Refuse(RefusalCode::kBadSignature,
                  absl::StrCat("the batch signature by the key with id ", DigestToHex(key.KeyId()),
                               " does not cover this envelope as number ", path.index(), " of ",
                               path.count(), " for the log \"", log_origin, "\""));
  }
  if (verified != nullptr) verified->Add(check);
  return absl::OkStatus();
}

}  // namespace touchstone
