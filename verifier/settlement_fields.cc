// Incidents, and what settles: the resolution of claims and incidents, the end of a piece.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "verifier/digest.h"
#include "verifier/event_fields.h"
#include "verifier/limits.h"
#include "verifier/participant_id.h"
#include "verifier/passport_id.h"

namespace touchstone {
namespace {

void CheckSuccessor(absl::string_view name, std::optional<int> index, const std::string& id,
                    FieldChecker& checker, EventParts& parts) {
  if (id.size() != PassportId::kBytes) {
    checker.Fail(name, index, absl::StrCat("has ", id.size(), " bytes"),
                 absl::StrCat("are exactly ", PassportId::kBytes));
  } else if (!parts.successors.empty() && !(parts.successors.back() < id)) {
    checker.Fail(name, index, "does not come after the passport before it",
                 "are passports in ascending order, each once");
  } else {
    parts.successors.push_back(id);
  }
}

void CheckSuccessorIssuer(const std::string& id, FieldChecker& checker, EventParts& parts) {
  if (id.empty() || !checker.ok()) return;
  const absl::Status valid = ParticipantId::Parse(id).status();
  if (!valid.ok()) return checker.Fail("successor_issuer", std::nullopt, valid);
  parts.successor_issuer = id;
}

}  // namespace

void CheckEvent(const v1::ClaimResolved& resolved, FieldChecker& checker, EventParts& parts) {
  checker.Required("claim", resolved.has_claim());
  {
    FieldChecker::In in(checker, "claim");
    parts.resolves = CheckReference(resolved.claim(), checker);
  }
  checker.Text("grounds", resolved.grounds(), 1000);
}

void CheckEvent(const v1::IncidentReported& incident, FieldChecker& checker, EventParts&) {
  checker.Required("kind", incident.kind() != v1::IncidentReported::KIND_UNSPECIFIED);
  checker.Date("occurred_on", incident.occurred_on(), Presence::kRequired);
  checker.Country("country", incident.country());
  checker.Text("reference", incident.reference(), 60);
  checker.Text("note", incident.note(), 500);
  CheckCommitments(incident.commitments(), checker);
}

void CheckEvent(const v1::IncidentResolved& resolved, FieldChecker& checker, EventParts&) {
  checker.Bytes("incident", resolved.incident(), kDigestBytes, Presence::kRequired);
  checker.Required("outcome", resolved.outcome() != v1::IncidentResolved::OUTCOME_UNSPECIFIED);
  checker.Date("resolved_on", resolved.resolved_on(), Presence::kRequired);
  checker.Text("note", resolved.note(), 500);
}

void CheckEvent(const v1::EndOfLife& end, FieldChecker& checker, EventParts& parts) {
  checker.Required("kind", end.kind() != v1::EndOfLife::KIND_UNSPECIFIED);
  checker.Date("ended_on", end.ended_on(), Presence::kRequired);
  CheckReleases(end.releases(), 0, checker, parts);
  checker.Count("successors", end.successors_size(), limits::kSuccessorsMax);
  for (int i = 0; i < end.successors_size() && checker.ok(); ++i) {
    CheckSuccessor("successors", i, end.successors(i), checker, parts);
  }
  if (end.kind() == v1::EndOfLife::DESTROYED) {
    checker.Count("releases", end.releases_size(), 0);
    checker.Count("successors", end.successors_size(), 0);
    if (!end.successor_issuer().empty()) {
      checker.Fail("successor_issuer", std::nullopt, "is stated",
                   "is none for a piece that was destroyed");
    }
  }
  CheckSuccessorIssuer(end.successor_issuer(), checker, parts);
  checker.Text("note", end.note(), 500);
}

void CheckEvent(const v1::StoneRemoved& removed, FieldChecker& checker, EventParts& parts) {
  checker.Date("removed_on", removed.removed_on(), Presence::kRequired);
  CheckReleases(removed.releases(), 1, checker, parts);
  if (!removed.successor().empty() && checker.ok()) {
    CheckSuccessor("successor", std::nullopt, removed.successor(), checker, parts);
  }
  CheckSuccessorIssuer(removed.successor_issuer(), checker, parts);
  checker.Text("reason", removed.reason(), 500);
}

}  // namespace touchstone
