#include "verifier/verify_absence.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/canonical.h"
#include "verifier/claim_chain.h"
#include "verifier/container.h"
#include "verifier/freshness.h"
#include "verifier/log_snapshot.h"
#include "verifier/passport_file.h"
#include "verifier/refusal.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

absl::StatusOr<v1::Absence> ReadAbsenceFile(absl::string_view file) {
  const absl::StatusOr<absl::string_view> message = OpenContainer(ContainerType::kAbsence, file);
  if (!message.ok()) return message.status();
  if (absl::Status status = CheckCanonical(kAbsenceSchema, *message); !status.ok()) return status;
  v1::Absence absence;
  if (!absence.ParseFromArray(message->data(), static_cast<int>(message->size()))) {
    return Refuse(RefusalCode::kMalformed, "the file holds no protobuf message");
  }
  return absence;
}

absl::StatusOr<Sought> SoughtIn(const v1::ClaimChain& claim) {
  for (const IndexKind kind : {IndexKind::kPassportEntry, IndexKind::kInscriptionClaim,
                               IndexKind::kReportNumberClaim, IndexKind::kGtinSerialClaim}) {
    if (claim.kind() != static_cast<uint32_t>(kind)) continue;
    const bool is_id = kind == IndexKind::kPassportEntry;
    if (is_id && !PassportId::FromBytes(claim.subject()).ok()) {
      return Refuse(RefusalCode::kMalformed, "claim.subject: a passport id has 16 bytes");
    }
    if (is_id && !claim.events().empty()) {
      return Refuse(RefusalCode::kMalformed, "claim.events: a passport that is not there has none");
    }
    if (!is_id && !IsNormalClaim({kind, claim.subject()})) {
      return Refuse(RefusalCode::kMalformed,
                    "claim.subject: is not in normal form, so that no piece could ever claim it");
    }
    return Sought{kind, claim.subject()};
  }
  return Refuse(RefusalCode::kMalformed,
                absl::StrCat("claim.kind: ", claim.kind(), " is nothing that can be looked for"));
}

}  // namespace

Sought Sought::Id(const PassportId& id) {
  return {IndexKind::kPassportEntry, std::string(id.bytes())};
}

std::string DescribeSought(const Sought& sought) {
  if (sought.kind != IndexKind::kPassportEntry) return DescribeClaim({sought.kind, sought.subject});
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(sought.subject);
  return id.ok() ? absl::StrCat("passport ", id->Format()) : "no passport id";
}

absl::StatusOr<ProvenAbsence> CheckAbsence(const TrustPolicy& policy, absl::string_view file,
                                           uint64_t now_ms) {
  const absl::StatusOr<v1::Absence> absence = ReadAbsenceFile(file);
  if (!absence.ok()) return absence.status();
  absl::StatusOr<LogSnapshot> log =
      LogSnapshot::Verify(policy, absence->checkpoint(), absence->index_root());
  if (!log.ok()) return log.status();
  const absl::StatusOr<StewardsState> stewards = CheckStewards(policy, *log, absence->stewards());
  if (!stewards.ok()) return stewards.status();
  absl::StatusOr<Sought> sought = SoughtIn(absence->claim());
  if (!sought.ok()) return sought.status();
  if (absl::Status status = CheckUnclaimed(*log, {sought->kind, sought->subject}, absence->claim());
      !status.ok()) {
    return InContext(DescribeSought(*sought), status);
  }
  return ProvenAbsence{*std::move(sought), static_cast<uint32_t>(absence->claim().events_size()),
                       EvidenceOf(policy, *log, *stewards),
                       FreshnessOf(policy, *log, *stewards, now_ms)};
}

AbsenceVerdict AbsenceVerdict::From(absl::StatusOr<ProvenAbsence> checked) {
  AbsenceVerdict verdict;
  if (checked.ok()) {
    verdict.outcome = Outcome::kVerified;
    verdict.absence = *std::move(checked);
  } else {
    verdict.outcome = OutcomeOf(checked.status());
    verdict.reason = ReasonOf(checked.status());
  }
  return verdict;
}

}  // namespace touchstone
