#include "verifier/claim_chain.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "verifier/claim.h"
#include "verifier/index_insertions.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

std::optional<IndexEvent> ClaimEventKind(uint32_t wire_event) {
  for (const IndexEvent event :
       {IndexEvent::kClaim, IndexEvent::kContest, IndexEvent::kRelease, IndexEvent::kResolve}) {
    if (static_cast<uint32_t>(event) == wire_event) return event;
  }
  return std::nullopt;
}

absl::Status CheckFirstEvent(const v1::ClaimEvent& event, const MadeClaim& made) {
  if (event.event() == static_cast<uint32_t>(IndexEvent::kClaim) &&
      event.digest() == DigestBytes(made.by.digest) && event.position() == made.by.position) {
    return absl::OkStatus();
  }
  return Refuse(RefusalCode::kWrongClaims,
                absl::StrCat("the first event is not the claim by this piece's entry at position ",
                             made.by.position, ": another piece was first, or the file is wrong"));
}

// That the index holds the event under its number.
absl::Status CheckEvent(LogSnapshot& log, const ClaimSubject& claim, uint32_t number,
                        const v1::ClaimEvent& event) {
  const std::optional<IndexEvent> kind = ClaimEventKind(event.event());
  if (!kind) {
    return Refuse(RefusalCode::kUnknownRules,
                  absl::StrCat("claims have no event of kind ", event.event(), " here"));
  }
  const absl::StatusOr<Digest> digest = DigestFromBytes(event.digest());
  if (!digest.ok()) return digest.status();
  return log.CheckPresent({claim.kind, claim.subject, number, *kind, *digest, event.position()},
                          event.present());
}

absl::Status CheckClaim(LogSnapshot& log, const MadeClaim& made, const v1::ClaimChain& chain) {
  const ClaimSubject& claim = made.claim;
  if (chain.kind() != static_cast<uint32_t>(claim.kind) || chain.subject() != claim.subject) {
    return Refuse(RefusalCode::kWrongClaims, "the file holds another claim in its place");
  }
  if (chain.events().empty()) {
    return Refuse(RefusalCode::kWrongClaims, "the file holds no event of it");
  }
  absl::Status status = CheckFirstEvent(chain.events(0), made);
  if (!status.ok()) return status;
  uint32_t number = 0;
  for (const v1::ClaimEvent& event : chain.events()) {
    status = CheckEvent(log, claim, number, event);
    if (!status.ok()) return InContext(absl::StrCat("event ", number), status);
    ++number;
  }
  status = log.CheckAbsent(claim.kind, claim.subject, number, chain.next_absent());
  if (!status.ok()) return InContext("next_absent", status);
  if (number > 1) {
    return Refuse(RefusalCode::kUnknownRules,
                  absl::StrCat("it has ", number,
                               " events; rules version 1 knows of none after the first claim"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckClaims(LogSnapshot& log, absl::Span<const MadeClaim> made,
                         const google::protobuf::RepeatedPtrField<v1::ClaimChain>& chains) {
  if (static_cast<size_t>(chains.size()) != made.size()) {
    return Refuse(
        RefusalCode::kWrongClaims,
        absl::StrCat("the file holds ", chains.size(), " claims; the entries make ", made.size()));
  }
  for (size_t i = 0; i < made.size(); ++i) {
    const absl::Status status = CheckClaim(log, made[i], chains.Get(static_cast<int>(i)));
    if (!status.ok()) {
      return InContext(absl::StrCat("claim on ", DescribeClaim(made[i].claim)), status);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckUnclaimed(const LogSnapshot& log, const v1::ClaimChain& chain) {
  if (!chain.events().empty()) {
    return Refuse(RefusalCode::kWrongClaims, "a piece bears it: it has events");
  }
  const absl::Status status = log.CheckAbsent(static_cast<IndexKind>(chain.kind()), chain.subject(),
                                              0, chain.next_absent());
  return InContext("next_absent", status);
}

}  // namespace touchstone
