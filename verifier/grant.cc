#include "verifier/grant.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "verifier/base32.h"
#include "verifier/canonical.h"
#include "verifier/envelope_signature.h"
#include "verifier/field_checker.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"
#include "verifier/refusal.h"
#include "verifier/signed_note.h"
#include "verifier/statement.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

constexpr absl::string_view kTextPrefix = "TOUCHSTONE-GRANT:";

void CheckGrantee(const v1::Grant& grant, FieldChecker& checker) {
  switch (grant.grantee_case()) {
    case v1::Grant::kParticipantId: {
      const absl::Status valid = ParticipantId::Parse(grant.participant_id()).status();
      if (!valid.ok()) checker.Fail("participant_id", std::nullopt, valid);
      return;
    }
    case v1::Grant::kKey:
      checker.Key("key", grant.key());
      return;
    case v1::Grant::GRANTEE_NOT_SET:
      checker.Required("grantee", false);
      return;
  }
}

void CheckScope(const v1::Grant& grant, FieldChecker& checker) {
  for (int i = 0; i < grant.kinds_size() && checker.ok(); ++i) {
    // KIND_UNSPECIFIED, which is 0, fails as the first; later it would not ascend.
    const int before = i == 0 ? 0 : grant.kinds(i - 1);
    if (grant.kinds(i) <= before) {
      checker.Fail("kinds", i, "is unspecified or does not come after the kind before it",
                   "are kinds in ascending order, each once");
    }
  }
  checker.Count("documents_sha256", grant.documents_sha256_size(), limits::kGrantDocumentsMax);
  for (int i = 0; i < grant.documents_sha256_size() && checker.ok(); ++i) {
    const std::string& digest = grant.documents_sha256(i);
    if (digest.size() != kDigestBytes) {
      checker.Fail("documents_sha256", i, absl::StrCat("has ", digest.size(), " bytes"),
                   absl::StrCat("are ", kDigestBytes));
    } else if (i > 0 && digest <= grant.documents_sha256(i - 1)) {
      checker.Fail("documents_sha256", i, "does not come after the one before it",
                   "are digests in ascending order, each once");
    }
  }
}

}  // namespace

absl::Status CheckGrantFields(const v1::Grant& grant) {
  FieldChecker checker;
  const absl::Status origin = ValidateKeyName(grant.log_origin());
  if (!origin.ok()) checker.Fail("log_origin", std::nullopt, origin);
  checker.Bytes("passport_id", grant.passport_id(), PassportId::kBytes, Presence::kRequired);
  checker.Bytes("nonce", grant.nonce(), kNonceBytes, Presence::kRequired);
  checker.Number("issued_at_ms", grant.issued_at_ms(), 1, UINT64_MAX / 2, Presence::kRequired);
  if (checker.ok()) {
    checker.Number("expires_at_ms", grant.expires_at_ms(), grant.issued_at_ms() + 1,
                   grant.issued_at_ms() + limits::kGrantValidityMsMax, Presence::kRequired);
  }
  CheckGrantee(grant, checker);
  CheckScope(grant, checker);
  checker.Text("purpose", grant.purpose(), limits::kGrantPurposeBytesMax);
  return checker.status();
}

absl::StatusOr<SignedGrant> SignedGrant::Parse(absl::string_view bytes) {
  absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kGrant, bytes);
  if (!envelope.ok()) return envelope.status();
  const absl::string_view payload = envelope->payload();
  absl::Status status = CheckCanonical(kGrantSchema, payload);
  if (!status.ok()) return status;
  v1::Grant grant;
  if (!grant.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return Refuse(RefusalCode::kMalformed, "the grant is not protobuf");
  }
  status = CheckGrantFields(grant);
  if (!status.ok()) return status;
  if (envelope->signatures().size() != 1) {
    return Refuse(RefusalCode::kSurplusSignature,
                  absl::StrCat("a grant carries exactly one signature, its owner's, and this one ",
                               envelope->signatures().size()));
  }
  const absl::StatusOr<PassportId> passport = PassportId::FromBytes(grant.passport_id());
  if (!passport.ok()) return passport.status();
  return SignedGrant(*std::move(envelope), std::move(grant), *passport);
}

absl::StatusOr<SignedGrant> SignedGrant::ParseText(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (!absl::ConsumePrefix(&text, kTextPrefix)) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat("a grant in text form begins with \"", kTextPrefix, "\""));
  }
  const absl::StatusOr<std::string> bytes = Base32Decode(text);
  if (!bytes.ok()) return bytes.status();
  return Parse(*bytes);
}

std::string SignedGrant::Format() const {
  return absl::StrCat(kTextPrefix, Base32Encode(envelope_.bytes()));
}

absl::Status SignedGrant::CheckSignedBy(const PublicKey& owner,
                                        absl::string_view log_origin) const {
  if (grant_.log_origin() != log_origin) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the grant is for the log ", grant_.log_origin(), " and not for ",
                               log_origin));
  }
  return VerifyEnvelopeSignature(envelope_, envelope_.signatures().front(), owner, log_origin);
}

absl::Status SignedGrant::CheckTime(uint64_t now_ms) const {
  if (now_ms >= grant_.expires_at_ms()) {
    return Refuse(RefusalCode::kGrantExpired, "the grant has expired; ask the owner for a new one");
  }
  if (grant_.issued_at_ms() > now_ms + limits::kGrantClockSkewMsMax) {
    return Refuse(RefusalCode::kGrantExpired,
                  "the grant was issued in the future: the clock that made it, or this one, is "
                  "wrong");
  }
  return absl::OkStatus();
}

bool SignedGrant::IsFor(const std::optional<std::string>& participant,
                        const std::optional<PublicKey>& key) const {
  if (grant_.has_participant_id()) return participant == grant_.participant_id();
  return key.has_value() && grant_.key() == key->encoded();
}

bool SignedGrant::Covers(const DocumentPart& part) const {
  if (grant_.kinds().empty() && grant_.documents_sha256().empty()) return true;
  const auto& kinds = grant_.kinds();
  if (std::find(kinds.begin(), kinds.end(), static_cast<int>(part.kind)) != kinds.end()) {
    return true;
  }
  const auto& documents = grant_.documents_sha256();
  return std::find(documents.begin(), documents.end(), DigestBytes(part.digest)) != documents.end();
}

}  // namespace touchstone
