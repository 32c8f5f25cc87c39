#include "registry/vault/vault.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"
#include "registry/storage/disk_error.h"
#include "registry/vault/core.h"
#include "registry/vault/erasure.h"
#include "registry/vault/maintenance.h"
#include "registry/vault/open_upload.h"
#include "verifier/refusal.h"

namespace touchstone::vault {
namespace {

absl::Status NoSuchDocument() {
  return Refuse(RefusalCode::kNoSuchDocument,
                "no entry of the passport commits to that document; log the statement that does "
                "first");
}

absl::Status NotYours(absl::string_view what) {
  return Refuse(RefusalCode::kNotYourDocument,
                absl::StrCat("whoever signed the request may not ", what));
}

// A request about a piece, as far as every request goes: what the passport says, and what the asker
// may.
class Admission {
 public:
  static absl::StatusOr<Admission> Of(VaultCore& core, const ledger::View& view,
                                      const VaultRequest& request) {
    absl::StatusOr<Papers> papers = Papers::Of(view, request.passport);
    if (!papers.ok()) return papers.status();
    auto kept = std::make_unique<const Papers>(*std::move(papers));
    const absl::StatusOr<Rights> rights =
        Rights::Of(*kept, request.asker, core.options.log_origin, core.clock.NowMs());
    if (!rights.ok()) return rights.status();
    return Admission(core, request, std::move(kept), *rights);
  }

  const Papers& papers() const { return *papers_; }
  const Rights& rights() const { return rights_; }

  // Under the bucket's lock: that the asker may ask still; and writes the access down, durably,
  // with what else is in `batch`. `paper`: what it is about, if it is about one.
  absl::Status Record(const std::string& what, const Paper* paper, bool refused,
                      storage::WriteBatch& batch) const {
    absl::Status status = Add(what, paper, refused, batch);
    if (status.ok()) status = core_->store.Commit(batch);
    return status;
  }

  // The same without committing.
  absl::Status Add(const std::string& what, const Paper* paper, bool refused,
                   storage::WriteBatch& batch) const {
    const Asker& asker = request_->asker;
    const OwnersTime now = papers_->present_time();
    const bool is_owner = asker.key && papers_->IsOwner(*asker.key, now);
    absl::Status may_ask;
    if (asker.grant) {
      may_ask = core_->book.CheckGrant(request_->passport, *asker.grant);
    } else if (!is_owner && !request_->message.has_erase_documents()) {
      // Who may erase always may.
      may_ask = core_->book.CountAsker(request_->passport, asker, core_->clock.NowMs(), batch);
    }
    if (!may_ask.ok()) return may_ask;
    // Owners see what concerns papers of their own time, whenever that is.
    const OwnersTime time =
        paper == nullptr || paper->owners_time == kWithPiece ? now : paper->owners_time;
    const v1::VaultRequest& message = request_->message;
    const std::string document =
        paper == nullptr ? "" : std::string(DigestBytes(paper->part.digest));
    return core_->book.Record(request_->passport, time, asker, message.nonce(),
                              message.issued_at_ms(), core_->clock.NowMs(),
                              {what, document, refused}, batch);
  }

  // A refusal is worth writing down where the owner knows the asker: under a grant of theirs.
  absl::Status Refused(const std::string& what, const Paper* paper,
                       const absl::Status& refusal) const {
    if (!request_->asker.grant) return refusal;
    const std::lock_guard<std::mutex> lock(core_->LockOf(request_->passport));
    storage::WriteBatch batch;
    const absl::Status recorded = Record(what, paper, true, batch);
    return recorded.ok() ? refusal : recorded;
  }

 private:
  Admission(VaultCore& core, const VaultRequest& request, std::unique_ptr<const Papers> papers,
            const Rights& rights)
      : core_(&core), request_(&request), papers_(std::move(papers)), rights_(rights) {}

  VaultCore* core_;
  const VaultRequest* request_;
  std::unique_ptr<const Papers> papers_;  // `rights_` looks at it
  Rights rights_;
};

std::vector<std::string> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  DIR* const opened = opendir(directory.c_str());
  if (opened == nullptr) return names;
  while (const dirent* entry = readdir(opened)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  closedir(opened);
  return names;
}

// A vault is one log's: its papers are named by that log's passports. A database that is new beside
// files and keys that are not is a mistake that would cost them all.
absl::Status CheckOrigin(storage::Store& store, const EpochKeys& epoch_keys,
                         const VaultOptions& options) {
  const absl::StatusOr<std::string> row = store.Get(OriginKey());
  if (absl::IsNotFound(row.status())) {
    if (!epoch_keys.empty() || !NamesIn(options.files_directory).empty()) {
      return absl::FailedPreconditionError(
          "the vault's database is new, and its keys or its files are not; put the database back, "
          "or, if it is lost with everything that was stored, move keys and files away");
    }
    storage::WriteBatch batch;
    batch.Put(OriginKey(), options.log_origin);
    return store.Commit(batch);
  }
  if (!row.ok()) return row.status();
  if (*row == options.log_origin) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the vault belongs to the log ", *row,
                                                    ", and this one is ", options.log_origin));
}

absl::Status MakeDirectory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return storage::DiskError(errno, absl::StrCat("making the directory '", directory, "'"));
}

absl::StatusOr<std::set<std::string>> KnownFiles(VaultCore& core) {
  std::set<std::string> known;
  for (const char* prefix : {"d", "u"}) {
    const auto rows = core.All(storage::KeyRange::Prefix(prefix));
    if (!rows.ok()) return rows.status();
    for (const auto& [document, row] : *rows) {
      known.insert(row.file);
      core.bytes += row.size;
    }
  }
  return known;
}

// What a crash has left between the database and the files, or a newer database named than the one
// that was put back: files that no row names. They are put aside, for the operator to delete.
absl::Status PutAside(const VaultCore& core, const std::set<std::string>& known,
                      std::vector<std::string>* warnings) {
  const std::string aside = absl::StrCat(core.options.files_directory, ".unnamed");
  size_t count = 0;
  for (const std::string& directory : NamesIn(core.options.files_directory)) {
    for (const std::string& file :
         NamesIn(absl::StrCat(core.options.files_directory, "/", directory))) {
      if (known.count(file) != 0 || file.size() != 32) continue;
      if (absl::Status made = MakeDirectory(aside); !made.ok()) return made;
      if (rename(core.PathOf(file).c_str(), absl::StrCat(aside, "/", file).c_str()) != 0) {
        return storage::DiskError(errno, absl::StrCat("putting '", file, "' aside"));
      }
      ++count;
    }
  }
  if (count > 0) {
    warnings->push_back(absl::StrCat(
        count, " sealed files are not named by the vault's database and were put aside in '", aside,
        "': a crash leaves some; if the database was put back, the newest copy of it names them. "
        "Nothing can open them without it"));
  }
  return absl::OkStatus();
}

// The document's row, ready to be read; under the bucket's lock.
absl::StatusOr<std::unique_ptr<Download>> OpenDownload(VaultCore& core, const PassportId& passport,
                                                       const Paper& paper, uint64_t offset) {
  const Digest& document = paper.part.digest;
  const std::string row_key = DocumentKey(passport, document);
  const absl::StatusOr<std::optional<DocumentRow>> row = core.Find(row_key);
  if (!row.ok()) return row.status();
  if (!row->has_value() || !VaultCore::IsOf(**row, paper)) {
    if (row->has_value() || paper.erased_at_ms != 0 ||
        core.store.Get(GoneKey(passport, document)).ok()) {
      return Refuse(RefusalCode::kDocumentErased,
                    "the document was erased, or its retention has ended");
    }
    return Refuse(RefusalCode::kNoSuchDocument,
                  "the passport commits to that document, and nobody has stored it here");
  }
  if (offset > (*row)->size) {
    return absl::OutOfRangeError(
        absl::StrCat("offset: ", offset, "; the document has ", (*row)->size, " bytes"));
  }
  absl::StatusOr<DocumentSecrets> secrets = core.SecretsOf(passport, document, **row);
  if (!secrets.ok()) return secrets.status();
  auto reader = SealedFileReader::Open(core.PathOf((*row)->file), secrets->key(),
                                       PlaceOfDocument(passport, document), (*row)->size);
  if (!reader.ok()) return reader.status();
  auto download = std::make_unique<Download>(core, row_key, (*row)->file, *std::move(reader),
                                             (*row)->size, offset);
  download->media_type = secrets->media_type();
  download->name = secrets->name();
  download->salt = secrets->salt();
  return download;
}

absl::StatusOr<std::vector<Digest>> ReadDigests(
    const google::protobuf::RepeatedPtrField<std::string>& digests) {
  std::vector<Digest> read;
  for (const std::string& bytes : digests) {
    const absl::StatusOr<Digest> digest = DigestFromBytes(bytes);
    if (!digest.ok()) return InContext("documents_sha256", digest.status());
    read.push_back(*digest);
  }
  return read;
}

}  // namespace

Vault::Vault(std::unique_ptr<VaultCore> core) : core_(std::move(core)) {}
Vault::~Vault() = default;

absl::StatusOr<std::unique_ptr<Vault>> Vault::Open(storage::Store& store, EpochKeys& epoch_keys,
                                                   const ledger::Clock& clock, VaultOptions options,
                                                   std::vector<std::string>* warnings) {
  if (absl::Status same = CheckOrigin(store, epoch_keys, options); !same.ok()) return same;
  if (absl::Status made = MakeDirectory(options.files_directory); !made.ok()) return made;
  auto core = std::make_unique<VaultCore>(store, epoch_keys, clock, std::move(options));
  absl::StatusOr<std::vector<std::string>> recovered = core->piece_keys.Recover();
  if (!recovered.ok()) return recovered.status();
  *warnings = *std::move(recovered);
  const absl::StatusOr<std::set<std::string>> known = KnownFiles(*core);
  if (!known.ok()) return known.status();
  if (absl::Status aside = PutAside(*core, *known, warnings); !aside.ok()) return aside;
  return std::unique_ptr<Vault>(new Vault(std::move(core)));
}

absl::StatusOr<std::vector<ListedDocument>> Vault::List(const ledger::View& view,
                                                        const VaultRequest& request) {
  const absl::StatusOr<Admission> admitted = Admission::Of(*core_, view, request);
  if (!admitted.ok()) return admitted.status();
  const Rights& rights = admitted->rights();
  if (!rights.HasStanding())
    return NotYours("see what papers this piece has; its owner can give a grant");
  const std::lock_guard<std::mutex> lock(core_->LockOf(request.passport));
  storage::WriteBatch batch;
  absl::Status recorded = admitted->Record("list_documents", nullptr, false, batch);
  if (!recorded.ok()) return recorded;
  std::vector<ListedDocument> list;
  for (const Paper& paper : admitted->papers().all()) {
    const bool readable = rights.MayRead(paper);
    if (!readable && !rights.MayStore(paper) && !rights.MayErase(paper)) continue;
    absl::StatusOr<ListedDocument> listed =
        DescribeDocument(*core_, request.passport, paper, readable);
    if (!listed.ok()) return listed.status();
    list.push_back(*std::move(listed));
  }
  return list;
}

absl::StatusOr<AccessPage> Vault::Accesses(const ledger::View& view, const VaultRequest& request) {
  const absl::StatusOr<Admission> admitted = Admission::Of(*core_, view, request);
  if (!admitted.ok()) return admitted.status();
  const std::optional<OwnersTime> time = admitted->rights().MayListAccesses();
  if (!time) {
    return admitted->Refused(
        "list_accesses", nullptr,
        NotYours("see who has looked at this piece; its owner can give a grant for that"));
  }
  const std::lock_guard<std::mutex> lock(core_->LockOf(request.passport));
  storage::WriteBatch batch;
  absl::Status recorded = admitted->Record("list_accesses", nullptr, false, batch);
  if (!recorded.ok()) return recorded;
  return core_->book.List(request.passport, *time, request.message.list_accesses().after());
}

absl::StatusOr<uint64_t> Vault::Withdraw(const ledger::View& view, const VaultRequest& request) {
  const absl::StatusOr<Admission> admitted = Admission::Of(*core_, view, request);
  if (!admitted.ok()) return admitted.status();
  // Nobody else's grants count; a former owner's ended with their time.
  const std::optional<PublicKey> owner = admitted->papers().PresentOwner();
  if (!owner || request.asker.key != *owner || request.asker.grant) {
    return NotYours("withdraw grants for this piece");
  }
  const std::lock_guard<std::mutex> lock(core_->LockOf(request.passport));
  storage::WriteBatch batch;
  const absl::StatusOr<uint64_t> since =
      core_->book.Withdraw(request.passport, request.message.withdraw_grant().grant_nonce(),
                           core_->clock.NowMs(), batch);
  if (!since.ok()) return since.status();
  absl::Status recorded = admitted->Record("withdraw_grant", nullptr, false, batch);
  if (!recorded.ok()) return recorded;
  return since;
}

absl::StatusOr<std::vector<Digest>> Vault::Erase(const ledger::View& view,
                                                 const VaultRequest& request) {
  const absl::StatusOr<Admission> admitted = Admission::Of(*core_, view, request);
  if (!admitted.ok()) return admitted.status();
  const absl::StatusOr<std::vector<Digest>> named =
      ReadDigests(request.message.erase_documents().documents_sha256());
  if (!named.ok()) return named.status();
  Doomed doomed;
  for (const Digest& document : *named) {
    const Paper* paper = admitted->papers().Find(document);
    if (paper == nullptr) return NoSuchDocument();
    if (!admitted->rights().MayErase(*paper)) {
      return NotYours(absl::StrCat("erase the document ", DigestToHex(document)));
    }
    doomed.emplace(document, paper->entry_number);
  }
  if (named->empty()) {
    for (const Paper& paper : admitted->papers().all()) {
      if (admitted->rights().MayErase(paper)) {
        doomed.emplace(paper.part.digest, paper.entry_number);
      }
    }
    if (doomed.empty()) return NotYours("erase anything of this piece");
  }
  const std::lock_guard<std::mutex> lock(core_->LockOf(request.passport));
  storage::WriteBatch batch;
  absl::Status recorded = admitted->Add("erase_documents", nullptr, false, batch);
  if (!recorded.ok()) return recorded;
  return EraseDocuments(*core_, request.passport, doomed, ErasureGround::kAsked, batch);
}

absl::StatusOr<std::unique_ptr<Download>> Vault::Get(const ledger::View& view,
                                                     const VaultRequest& request) {
  const absl::StatusOr<Admission> admitted = Admission::Of(*core_, view, request);
  if (!admitted.ok()) return admitted.status();
  const v1::GetDocument& get = request.message.get_document();
  const absl::StatusOr<Digest> document = DigestFromBytes(get.document_sha256());
  if (!document.ok()) return InContext("get_document.document_sha256", document.status());
  const Paper* paper = admitted->papers().Find(*document);
  if (paper == nullptr) return NoSuchDocument();
  if (!admitted->rights().MayRead(*paper)) {
    return admitted->Refused("get_document", paper,
                             NotYours("see that document; its owner can give a grant"));
  }
  const std::lock_guard<std::mutex> lock(core_->LockOf(request.passport));
  // What anybody may read is nobody's to list.
  if (paper->part.confidential) {
    storage::WriteBatch batch;
    absl::Status recorded = admitted->Record("get_document", paper, false, batch);
    if (!recorded.ok()) return recorded;
  }
  return OpenDownload(*core_, request.passport, *paper, get.offset());
}

absl::StatusOr<std::unique_ptr<Download>> Vault::GetPublic(const ledger::View& view,
                                                           const PassportId& passport,
                                                           const Digest& document,
                                                           uint64_t offset) {
  const absl::StatusOr<Papers> papers = Papers::Of(view, passport);
  if (!papers.ok()) return papers.status();
  const Paper* paper = papers->Find(document);
  // Of a confidential one nobody is told here whether it is stored.
  if (paper == nullptr || paper->part.confidential) return NoSuchDocument();
  const std::lock_guard<std::mutex> lock(core_->LockOf(passport));
  return OpenDownload(*core_, passport, *paper, offset);
}

absl::StatusOr<std::unique_ptr<Upload>> Vault::Put(const ledger::View& view,
                                                   const VaultRequest& request) {
  const absl::StatusOr<Admission> admitted = Admission::Of(*core_, view, request);
  if (!admitted.ok()) return admitted.status();
  const v1::PutDocument& put = request.message.put_document();
  const absl::StatusOr<Digest> document = DigestFromBytes(put.document_sha256());
  if (!document.ok()) return InContext("put_document.document_sha256", document.status());
  const Paper* paper = admitted->papers().Find(*document);
  if (paper == nullptr) return NoSuchDocument();
  if (!admitted->rights().MayStore(*paper)) return NotYours("store that document");
  if (put.salt().empty() == paper->part.confidential) {
    return Refuse(RefusalCode::kInvalidField,
                  paper->part.confidential
                      ? "put_document.salt: missing; the document is confidential"
                      : "put_document.salt: the document is public, and has none");
  }
  const std::lock_guard<std::mutex> lock(core_->LockOf(request.passport));
  storage::WriteBatch batch;
  absl::Status recorded = admitted->Add("put_document", paper, false, batch);
  if (!recorded.ok()) return recorded;
  return OpenUpload(*core_, admitted->papers(), *paper, put, batch);
}

absl::StatusOr<bool> Vault::Maintain(NewestView newest) { return vault::Maintain(*core_, newest); }

}  // namespace touchstone::vault
