#include "verifier/envelope.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "touchstone/v1/envelope.pb.h"
#include "verifier/canonical.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

absl::Status Malformed(absl::string_view what) { return Refuse(RefusalCode::kMalformed, what); }

bool IsKnown(absl::string_view payload_type) {
  for (const PayloadType type :
       {PayloadType::kStatement, PayloadType::kRequest, PayloadType::kVaultRequest,
        PayloadType::kGrant, PayloadType::kOwnershipProof}) {
    if (payload_type == PayloadTypeName(type)) return true;
  }
  return false;
}

absl::Status CheckSize(size_t size) {
  if (size <= limits::kEnvelopeBytesMax) return absl::OkStatus();
  return Refuse(
      RefusalCode::kTooLarge,
      absl::StrCat("an envelope has at most ", limits::kEnvelopeBytesMax, " bytes, not ", size));
}

absl::StatusOr<BatchPath> ReadBatchPath(const v1::BatchPath& batch) {
  if (batch.path().size() > limits::kBatchPathHashesMax * kDigestBytes) {
    return Refuse(RefusalCode::kTooLarge, absl::StrCat("a batch path has at most ",
                                                       limits::kBatchPathHashesMax, " hashes"));
  }
  if (batch.path().size() % kDigestBytes != 0) {
    return Malformed("a batch path is not a number of whole hashes");
  }
  std::vector<Digest> path;
  for (absl::string_view rest = batch.path(); !rest.empty(); rest.remove_prefix(kDigestBytes)) {
    path.push_back(DigestFromBytes(rest.substr(0, kDigestBytes)).value());
  }
  return BatchPath::Create(batch.index(), batch.count(), std::move(path));
}

absl::StatusOr<EnvelopeSignature> ReadSignature(const v1::Signature& signature) {
  absl::StatusOr<Digest> keyid = DigestFromBytes(signature.keyid());
  if (!keyid.ok()) return InContext("keyid", keyid.status());
  EnvelopeSignature result{.keyid = *keyid, .sig = signature.sig(), .batch = std::nullopt};
  if (signature.has_batch()) {
    absl::StatusOr<BatchPath> batch = ReadBatchPath(signature.batch());
    if (!batch.ok()) return InContext("batch", batch.status());
    result.batch = *std::move(batch);
  }
  return result;
}

void WriteSignature(const EnvelopeSignature& signature, v1::Signature& message) {
  message.set_sig(signature.sig);
  message.set_keyid(std::string(DigestBytes(signature.keyid)));
  if (!signature.batch.has_value()) return;
  v1::BatchPath& batch = *message.mutable_batch();
  batch.set_index(signature.batch->index());
  batch.set_count(signature.batch->count());
  for (const Digest& hash : signature.batch->path()) {
    absl::StrAppend(batch.mutable_path(), DigestBytes(hash));
  }
}

// The signatures as an envelope may carry them.
absl::Status CheckSignatures(const std::vector<EnvelopeSignature>& signatures) {
  if (signatures.empty()) return Malformed("an envelope carries no signature");
  if (signatures.size() > limits::kEnvelopeSignaturesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("an envelope carries at most ", limits::kEnvelopeSignaturesMax,
                               " signatures, not ", signatures.size()));
  }
  for (size_t i = 0; i < signatures.size(); ++i) {
    const EnvelopeSignature& signature = signatures[i];
    if (signature.sig.empty()) return Malformed(absl::StrCat("signatures[", i, "].sig is empty"));
    if (signature.sig.size() > limits::kSignatureBytesMax) {
      return Refuse(RefusalCode::kTooLarge, absl::StrCat("signatures[", i, "].sig has more than ",
                                                         limits::kSignatureBytesMax, " bytes"));
    }
    if (i == 0) continue;
    if (signatures[i - 1].keyid == signature.keyid) {
      return Malformed(
          absl::StrCat("two signatures are by the key with id ", DigestToHex(signature.keyid)));
    }
    if (signatures[i - 1].keyid > signature.keyid) {
      return Malformed(
          absl::StrCat("signatures[", i, "] stands out of order: they ascend by keyid"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view PayloadTypeName(PayloadType type) {
  switch (type) {
    case PayloadType::kStatement:
      return kStatementPayloadType;
    case PayloadType::kRequest:
      return kRequestPayloadType;
    case PayloadType::kVaultRequest:
      return kVaultRequestPayloadType;
    case PayloadType::kGrant:
      return kGrantPayloadType;
    case PayloadType::kOwnershipProof:
      return kOwnershipProofPayloadType;
  }
  return "";
}

std::string Pae(PayloadType type, absl::string_view payload) {
  const absl::string_view name = PayloadTypeName(type);
  return absl::StrCat("DSSEv1 ", name.size(), " ", name, " ", payload.size(), " ", payload);
}

Envelope::Envelope(PayloadType type, std::string bytes, absl::string_view payload,
                   std::vector<EnvelopeSignature> signatures)
    : type_(type),
      bytes_(std::move(bytes)),
      pae_(Pae(type, payload)),
      payload_offset_(pae_.size() - payload.size()),
      signatures_(std::move(signatures)) {}

Digest Envelope::digest() const { return Sha256Of(pae_); }

absl::StatusOr<Envelope> Envelope::Parse(PayloadType expected, absl::string_view bytes) {
  absl::Status status = CheckSize(bytes.size());
  if (!status.ok()) return status;
  status = CheckCanonical(kEnvelopeSchema, bytes);
  if (!status.ok()) return status;
  v1::Envelope message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Malformed("not a touchstone.v1.Envelope");
  }
  if (message.payload_type() != PayloadTypeName(expected)) {
    return Refuse(IsKnown(message.payload_type()) ? RefusalCode::kWrongPayloadType
                                                  : RefusalCode::kUnknownPayloadType,
                  absl::StrCat("payload_type is not \"", PayloadTypeName(expected), "\""));
  }
  if (message.signatures_size() > static_cast<int>(limits::kEnvelopeSignaturesMax)) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("an envelope carries at most ", limits::kEnvelopeSignaturesMax,
                               " signatures, not ", message.signatures_size()));
  }
  std::vector<EnvelopeSignature> signatures;
  for (int i = 0; i < message.signatures_size(); ++i) {
    absl::StatusOr<EnvelopeSignature> signature = ReadSignature(message.signatures(i));
    if (!signature.ok()) return InContext(absl::StrCat("signatures[", i, "]"), signature.status());
    signatures.push_back(*std::move(signature));
  }
  status = CheckSignatures(signatures);
  if (!status.ok()) return status;
  return Envelope(expected, std::string(bytes), message.payload(), std::move(signatures));
}

absl::StatusOr<Envelope> Envelope::Create(PayloadType type, absl::string_view payload,
                                          std::vector<EnvelopeSignature> signatures) {
  std::sort(
      signatures.begin(), signatures.end(),
      [](const EnvelopeSignature& a, const EnvelopeSignature& b) { return a.keyid < b.keyid; });
  absl::Status status = CheckSignatures(signatures);
  if (!status.ok()) return status;
  status = CheckSize(payload.size());
  if (!status.ok()) return status;
  v1::Envelope message;
  message.set_payload(payload.data(), payload.size());
  const absl::string_view name = PayloadTypeName(type);
  message.set_payload_type(name.data(), name.size());
  for (const EnvelopeSignature& signature : signatures) {
    WriteSignature(signature, *message.add_signatures());
  }
  std::string bytes = message.SerializeAsString();
  status = CheckSize(bytes.size());
  if (!status.ok()) return status;
  return Envelope(type, std::move(bytes), payload, std::move(signatures));
}

absl::StatusOr<Envelope> CombineEnvelopes(const Envelope& a, const Envelope& b) {
  if (a.payload_type() != b.payload_type() || a.payload() != b.payload()) {
    return Malformed("only signatures over the same payload can be put into one envelope");
  }
  std::vector<EnvelopeSignature> signatures = a.signatures();
  for (const EnvelopeSignature& signature : b.signatures()) {
    const bool had = std::find(signatures.begin(), signatures.end(), signature) != signatures.end();
    if (!had) signatures.push_back(signature);
  }
  // Create refuses two different signatures by one key.
  return Envelope::Create(a.payload_type(), a.payload(), std::move(signatures));
}

}  // namespace touchstone
