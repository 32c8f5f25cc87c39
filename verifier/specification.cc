#include "verifier/specification.h"

#include "verifier/statement.h"

namespace touchstone {

Corrections::Corrections(const CheckedChain& chain) {
  for (const ChainEntry& entry : chain.entries) {
    const v1::Statement& message = entry.statement.message();
    if (!message.has_correction()) continue;
    const absl::StatusOr<Digest> corrected = DigestFromBytes(message.correction().corrects());
    if (corrected.ok()) newest_[*corrected] = &entry;
  }
}

const ChainEntry* Corrections::Of(const Digest& digest) const {
  const auto found = newest_.find(digest);
  return found == newest_.end() ? nullptr : found->second;
}

const v1::CareRecord* Corrections::CareRecordOf(const ChainEntry& entry) const {
  const v1::Statement& message = entry.statement.message();
  if (!message.has_care_record()) return nullptr;
  const ChainEntry* const correction = Of(entry.place.digest);
  if (correction == nullptr) return &message.care_record();
  const v1::Correction& corrected = correction->statement.message().correction();
  return corrected.has_care_record() ? &corrected.care_record() : nullptr;
}

Specification SpecificationOf(const CheckedChain& chain) {
  Specification specification;
  const ChainEntry* newest = &chain.entries.front();
  for (const ChainEntry& entry : chain.entries) {
    if (entry.statement.message().has_modification()) newest = &entry;
  }
  const v1::Statement& message = newest->statement.message();
  specification.number = newest->number;
  specification.piece =
      message.has_modification() ? message.modification().piece() : message.registration().piece();
  if (const ChainEntry* const correction = Corrections(chain).Of(newest->place.digest)) {
    specification.corrected_by = correction->number;
    specification.piece = correction->statement.message().correction().piece();
  }
  return specification;
}

std::map<uint32_t, uint32_t> SupersededReports(const CheckedChain& chain) {
  std::map<uint32_t, uint32_t> superseded;
  for (const ChainEntry& later : chain.entries) {
    if (!later.statement.supersedes()) continue;
    for (const ChainEntry& earlier : chain.entries) {
      if (earlier.number >= later.number) break;
      if (earlier.statement.event() != EventKind::kLaboratoryReport) continue;
      if (earlier.statement.claims().front() == *later.statement.supersedes()) {
        superseded[earlier.number] = later.number;
      }
    }
  }
  return superseded;
}

}  // namespace touchstone
