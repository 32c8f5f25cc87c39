// Ledger::Initialise: the first commit of a log, which has no log behind it yet.
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/ledger/commit.h"
#include "registry/ledger/commit_draft.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/passport_books.h"
#include "registry/ledger/schema.h"
#include "registry/ledger/submission.h"
#include "registry/ledger/tile_store.h"
#include "verifier/authorization.h"
#include "verifier/envelope_signature.h"
#include "verifier/refusal.h"

namespace touchstone::ledger {
namespace {

absl::Status CheckEmpty(const storage::Store& store) {
  bool empty = true;
  const absl::StatusOr<storage::ScanEnd> end =
      store.Scan(storage::KeyRange::Prefix(""), 1, [&empty](absl::string_view, absl::string_view) {
        empty = false;
        return absl::OkStatus();
      });
  if (!end.ok()) return end.status();
  if (empty) return absl::OkStatus();
  return absl::AlreadyExistsError("the database is not empty; a log is started in an empty one");
}

absl::Status CheckGenesis(const Submission& genesis, const VerifierKey& log_key) {
  const ParsedStatement& statement = genesis.statement();
  if (statement.log_origin() != log_key.name()) {
    return Refuse(RefusalCode::kWrongOrigin,
                  absl::StrCat("the genesis is for the log \"", statement.log_origin(),
                               "\", and the log key is of \"", log_key.name(), "\""));
  }
  const auto nobody = [](const Digest&) -> const ParticipantState* { return nullptr; };
  for (const EnvelopeSignature& signature : genesis.envelope().signatures()) {
    const std::optional<PublicKey> key =
        SigningKey(signature.keyid, statement, nullptr, nullptr, nobody);
    if (!key) {
      return Refuse(RefusalCode::kUnknownSigner,
                    absl::StrCat("key ", DigestToHex(signature.keyid),
                                 " is none of the stewards' that the genesis names"));
    }
    absl::Status status =
        VerifyEnvelopeSignature(genesis.envelope(), signature, *key, log_key.name());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> Ledger::Initialise(storage::Store& store, const std::string& guard_path,
                                               absl::string_view genesis_envelope,
                                               const CheckpointSigner& signer, const Clock& clock) {
  absl::Status status = CheckEmpty(store);
  if (!status.ok()) return status;
  const absl::StatusOr<Submission> genesis = Submission::Read(genesis_envelope);
  if (!genesis.ok()) return genesis.status();
  status = CheckGenesis(*genesis, signer.log_key());
  if (!status.ok()) return status;

  const TileStore tiles(store, 0);
  Directory directory;
  PassportBooks books(store, directory, 0);
  Tip tip(tiles);
  CommitDraft draft(tip, store, directory, books);
  const uint64_t now_ms = clock.NowMs();
  const absl::StatusOr<uint64_t> position = draft.Append(*genesis, now_ms);
  if (!position.ok()) return position.status();
  status = draft.Seal(now_ms);
  if (!status.ok()) return status;
  absl::StatusOr<SignedTip> first = SignTip(tip, signer);
  if (!first.ok()) return first.status();

  // The guard first: there is never a database without one, and a guard without a database is
  // refused on start.
  status = CreateGuard(guard_path, first->note);
  if (!status.ok()) return status;
  draft.batch().Put(schema::VersionKey(),
                    schema::EncodeVersionRow({schema::kVersion, signer.log_key().name()}));
  draft.batch().Put(schema::CheckpointKey(), first->note);
  status = store.Commit(draft.batch());
  if (!status.ok()) return status;
  return std::move(first->note);
}

}  // namespace touchstone::ledger
