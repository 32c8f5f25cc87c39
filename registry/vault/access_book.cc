#include "registry/vault/access_book.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"
#include "verifier/refusal.h"
#include "verifier/sha256.h"

namespace touchstone::vault {
namespace {

constexpr uint64_t kDayMs = uint64_t{24} * 3600 * 1000;

}  // namespace

// An empty row where there is none.
template <typename Row>
absl::StatusOr<Row> AccessBook::Load(const std::string& key) const {
  const absl::StatusOr<std::string> row = store_.Get(key);
  if (absl::IsNotFound(row.status())) return Row{};
  if (!row.ok()) return row.status();
  return Row::Decode(*row);
}

absl::Status AccessBook::CheckGrant(const PassportId& passport, const SignedGrant& grant) const {
  const absl::StatusOr<GrantRow> row = Load<GrantRow>(GrantKey(passport, grant.grant().nonce()));
  if (!row.ok()) return row.status();
  if (row->withdrawn_at_ms != 0) {
    return Refuse(RefusalCode::kGrantWithdrawn, "the owner has withdrawn the grant");
  }
  if (row->uses >= limits::kGrantUsesMax) {
    return Refuse(RefusalCode::kQuotaExceeded,
                  absl::StrCat("the grant was used ", row->uses,
                               " times, as often as one may be; ask the owner for a new one"));
  }
  return absl::OkStatus();
}

absl::Status AccessBook::CountAsker(const PassportId& passport, const Asker& asker, uint64_t now_ms,
                                    storage::WriteBatch& batch) const {
  const Digest who = Sha256Of(absl::StrCat(asker.participant.value_or(""), "\n",
                                           asker.key ? asker.key->encoded() : absl::string_view()));
  const std::string key = AskerKey(passport, DigestBytes(who));
  absl::StatusOr<AskerRow> row = Load<AskerRow>(key);
  if (!row.ok()) return row.status();
  if (row->day != now_ms / kDayMs) *row = {now_ms / kDayMs, 0};
  if (row->asked >= limits::kAsksPerDayMax) {
    return Refuse(RefusalCode::kQuotaExceeded,
                  absl::StrCat("whoever signed the request has asked ", row->asked,
                               " times about this piece today, as often as one may who does not "
                               "own it and has no grant"));
  }
  ++row->asked;
  batch.Put(key, row->Encode());
  return absl::OkStatus();
}

absl::Status AccessBook::Record(const PassportId& passport, OwnersTime time, const Asker& asker,
                                absl::string_view nonce, uint64_t issued_at_ms, uint64_t now_ms,
                                const AccessNote& note, storage::WriteBatch& batch) const {
  AccessRow row;
  row.time_ms = now_ms;
  row.owners_time = time;
  row.refused = note.refused;
  if (asker.participant) row.participant_id = *asker.participant;
  if (asker.key) row.key = std::string(asker.key->encoded());
  if (asker.grant) row.grant_nonce = asker.grant->grant().nonce();
  row.what = note.what;
  row.document = note.document;

  const std::string nonce_key =
      NonceKey(issued_at_ms, absl::StrCat(row.participant_id, "\n", row.key), nonce);
  const absl::StatusOr<std::string> seen = store_.Get(nonce_key);
  if (seen.ok()) {
    return Refuse(RefusalCode::kReplayedRequest,
                  "nonce: this request was made before; make a new one with a new nonce");
  }
  if (!absl::IsNotFound(seen.status())) return seen.status();
  batch.Put(nonce_key, "");

  absl::StatusOr<AccessCountRow> count = Load<AccessCountRow>(AccessCountKey(passport));
  if (!count.ok()) return count.status();
  ++count->count;
  if (count->count - count->forgotten > limits::kAccessesKeptMax) {
    ++count->forgotten;
    batch.Delete(AccessKey(passport, count->forgotten));
  }
  batch.Put(AccessCountKey(passport), count->Encode());
  batch.Put(AccessKey(passport, count->count), row.Encode());

  if (!asker.grant) return absl::OkStatus();
  const std::string grant_key = GrantKey(passport, asker.grant->grant().nonce());
  absl::StatusOr<GrantRow> grant = Load<GrantRow>(grant_key);
  if (!grant.ok()) return grant.status();
  ++grant->uses;
  batch.Put(grant_key, grant->Encode());
  return absl::OkStatus();
}

absl::StatusOr<AccessPage> AccessBook::List(const PassportId& passport, OwnersTime time,
                                            uint64_t after) const {
  const absl::StatusOr<AccessCountRow> count = Load<AccessCountRow>(AccessCountKey(passport));
  if (!count.ok()) return count.status();
  AccessPage page;
  page.forgotten = count->forgotten;
  uint64_t number = std::max(after, count->forgotten);
  const auto visit = [&](absl::string_view, absl::string_view value) -> absl::Status {
    absl::StatusOr<AccessRow> row = AccessRow::Decode(value);
    if (!row.ok()) return row.status();
    ++number;
    if (row->owners_time == time) page.accesses.emplace_back(number, *std::move(row));
    return absl::OkStatus();
  };
  const auto scanned =
      store_.Scan(AccessesAfter(passport, number), limits::kAccessesPageMax, visit);
  if (!scanned.ok()) return scanned.status();
  if (*scanned == storage::ScanEnd::kMoreRemain) page.next_after = number;
  return page;
}

absl::StatusOr<uint64_t> AccessBook::Withdraw(const PassportId& passport,
                                              absl::string_view grant_nonce, uint64_t now_ms,
                                              storage::WriteBatch& batch) const {
  const std::string key = GrantKey(passport, grant_nonce);
  absl::StatusOr<GrantRow> row = Load<GrantRow>(key);
  if (!row.ok()) return row.status();
  if (row->withdrawn_at_ms == 0) {
    row->withdrawn_at_ms = now_ms;
    batch.Put(key, row->Encode());
  }
  return row->withdrawn_at_ms;
}

absl::Status AccessBook::ForgetRequestsBefore(uint64_t issued_at_ms) {
  storage::WriteBatch batch;
  const auto visit = [&](absl::string_view key, absl::string_view) {
    batch.Delete(key);
    return absl::OkStatus();
  };
  const auto scanned =
      store_.Scan(NoncesBefore(issued_at_ms), limits::kVaultMaintenanceRowsMax, visit);
  if (!scanned.ok()) return scanned.status();
  return batch.empty() ? absl::OkStatus() : store_.Commit(batch);
}

}  // namespace touchstone::vault
