#include "verifier/chain.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

absl::StatusOr<ChainEntry> ReadEntry(LogSnapshot& log, const v1::ProvenEntry& proven,
                                     const ChainHead& head) {
  absl::StatusOr<LoggedEntry> logged = log.Read(proven);
  if (!logged.ok()) return logged.status();
  const Entry& entry = logged->entry;
  if (entry.type != EntryType::kStatement) {
    return Refuse(RefusalCode::kBrokenChain, "the entry is an index root, and not a statement");
  }
  const absl::Status next =
      head.CheckNext(entry.number, entry.previous, entry.position, entry.time_ms);
  if (!next.ok()) return next;
  absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kStatement, entry.payload);
  if (!envelope.ok()) return envelope.status();
  absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope->payload());
  if (!statement.ok()) return statement.status();
  return ChainEntry{entry.number, logged->place(), *std::move(envelope), *std::move(statement)};
}

absl::Status CheckSubject(const Subject& subject, IndexKind kind, const CheckedChain& checked) {
  if (subject.kind != kind) {
    return Refuse(RefusalCode::kBrokenChain, "the statement is about another kind of subject");
  }
  if (!checked.entries.empty() && !(subject == checked.subject)) {
    return Refuse(RefusalCode::kBrokenChain,
                  "the statement is about another subject than the entries before it");
  }
  return absl::OkStatus();
}

// That the index ends where the chain does.
absl::Status CheckEnds(LogSnapshot& log, const v1::Chain& chain, const CheckedChain& checked) {
  const ChainEntry& last = checked.entries.back();
  const IndexInsertion leaf{checked.subject.kind, checked.subject.bytes, last.number,
                            IndexEvent::kEntry,   last.place.digest,     last.place.position};
  absl::Status status = log.CheckPresent(leaf, chain.last_present());
  if (!status.ok()) return InContext("last_present", status);
  status = log.CheckAbsent(checked.subject.kind, checked.subject.bytes, last.number + 1,
                           chain.next_absent());
  return InContext("next_absent", status);
}

}  // namespace

absl::StatusOr<CheckedChain> CheckChain(LogSnapshot& log, IndexKind kind, const v1::Chain& chain) {
  if (chain.entries().empty()) {
    return Refuse(RefusalCode::kBrokenChain, "the chain has no entries");
  }
  CheckedChain checked;
  checked.entries.reserve(static_cast<size_t>(chain.entries_size()));
  ChainHead head;
  std::set<std::string> said;  // one type of payload: equal payloads are equal envelopes
  for (const v1::ProvenEntry& proven : chain.entries()) {
    const std::string where = absl::StrCat("entry ", checked.entries.size());
    absl::StatusOr<ChainEntry> entry = ReadEntry(log, proven, head);
    if (!entry.ok()) return InContext(where, entry.status());
    const Subject& subject = entry->statement.subject();
    if (absl::Status status = CheckSubject(subject, kind, checked); !status.ok()) {
      return InContext(where, status);
    }
    if (checked.entries.empty()) checked.subject = subject;
    // Its signatures would be as genuine the second time: so a registry could say for them again
    // what they have said once.
    if (!said.insert(std::string(entry->envelope.payload())).second) {
      return Refuse(RefusalCode::kBrokenChain,
                    absl::StrCat(where, ": the same statement is in the chain already"));
    }
    head.Append(entry->place);
    checked.entries.push_back(*std::move(entry));
  }
  if (absl::Status status = CheckEnds(log, chain, checked); !status.ok()) return status;
  return checked;
}

}  // namespace touchstone
