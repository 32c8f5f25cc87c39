#include "verifier/history.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "verifier/event_text.h"
#include "verifier/specification.h"

namespace touchstone {
namespace {

bool IsAsProvided(const ChainEntry& entry, const VouchingParticipant& vouching) {
  const EventKind event = entry.statement.event();
  return (event == EventKind::kLaboratoryReport || event == EventKind::kAssayReport) &&
         vouching.role != Role::kLaboratory;
}

}  // namespace

std::vector<Signer> SignersOf(const CheckedChain& chain, const FoldedPassport& folded) {
  std::map<std::string, Signer> by_id;
  for (size_t i = 0; i < chain.entries.size(); ++i) {
    const std::optional<VouchingParticipant>& vouching = folded.vouching[i];
    if (!vouching) continue;
    const ChainEntry& entry = chain.entries[i];
    Signer& signer = by_id[vouching->participant->id()];
    signer.participant_id = vouching->participant->id();
    // There are details wherever a participant was allowed to sign.
    signer.details = *vouching->participant->DetailsAt(entry.place.position);
    signer.entries.push_back(
        {entry.number, vouching->role, IsAsProvided(entry, *vouching), vouching->doubted});
  }
  std::vector<Signer> signers;
  signers.reserve(by_id.size());
  for (auto& [id, signer] : by_id) signers.push_back(std::move(signer));
  return signers;
}

std::vector<TimelineEntry> TimelineOf(const CheckedChain& chain, const FoldedPassport& folded,
                                      const std::vector<Signer>& signers) {
  const Corrections corrections(chain);
  const std::map<uint32_t, uint32_t> superseded = SupersededReports(chain);
  std::vector<TimelineEntry> timeline;
  timeline.reserve(chain.entries.size());
  for (size_t i = 0; i < chain.entries.size(); ++i) {
    const ChainEntry& entry = chain.entries[i];
    TimelineEntry line;
    line.number = entry.number;
    line.place = entry.place;
    line.occurred_at_ms = entry.statement.occurred_at_ms();
    line.event = entry.statement.event();
    if (const ChainEntry* const correction = corrections.Of(entry.place.digest)) {
      line.corrected_by = correction->number;
    }
    if (const auto later = superseded.find(entry.number); later != superseded.end()) {
      line.superseded_by = later->second;
    }
    line.what = DescribeEvent(entry.statement);
    line.statement = std::string(entry.envelope.payload());
    if (const std::optional<VouchingParticipant>& vouching = folded.vouching[i]) {
      const auto signer = std::lower_bound(
          signers.begin(), signers.end(), vouching->participant->id(),
          [](const Signer& a, const std::string& id) { return a.participant_id < id; });
      line.signer = static_cast<size_t>(signer - signers.begin());
      line.as_provided = IsAsProvided(entry, *vouching);
      line.doubted = vouching->doubted;
    }
    timeline.push_back(std::move(line));
  }
  return timeline;
}

}  // namespace touchstone
