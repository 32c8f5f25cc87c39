// document list, get: what is in the vault of a piece, for those who may see it. Not for storing
// (cli/commands/documents.cc), nor for letting others see (cli/commands/grants.cc).
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/commands/commands.h"
#include "cli/committed_document.h"
#include "cli/document_name.h"
#include "cli/json_writer.h"
#include "cli/new_opening.h"
#include "cli/own_files.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/terminal_text.h"
#include "cli/vault_session.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

struct AccessOptions {
  std::string passport;
  VaultAskerOptions asker;
};

void AddAccessOptions(CLI::App* command, AccessOptions* options) {
  command->add_option("PASSPORT", options->passport, "The piece: a passport id or .passport file")
      ->required();
  AddVaultAskerOptions(command, &options->asker);
}

// ---- list ----

using Info = std::optional<DocumentInfo>;

std::string StateText(const Info& info) {
  if (!info.has_value()) return "the registry says nothing of it to you";
  switch (info->state) {
    case DocumentState::kNeverStored:
      return "not stored";
    case DocumentState::kStored:
      return info->keep_until_ms == 0
                 ? "stored, as long as the piece lasts"
                 : absl::StrCat("stored, until ", FormatTime(info->keep_until_ms).substr(0, 10));
    case DocumentState::kErased:
      return absl::StrCat("erased on ", FormatTime(info->gone_at_ms).substr(0, 10));
    case DocumentState::kRetentionEnded:
      return absl::StrCat("gone since its retention ended, ",
                          FormatTime(info->gone_at_ms).substr(0, 10));
    case DocumentState::kUnknown:
      break;
  }
  return "in a state that this program does not know";
}

absl::string_view StateName(const Info& info) {
  if (!info.has_value()) return "not_told";
  switch (info->state) {
    case DocumentState::kNeverStored:
      return "never_stored";
    case DocumentState::kStored:
      return "stored";
    case DocumentState::kErased:
      return "erased";
    case DocumentState::kRetentionEnded:
      return "retention_ended";
    case DocumentState::kUnknown:
      break;
  }
  return "unknown";
}

// Among those who may: its owner, and to whom that owner gives a grant of it.
absl::string_view ReaderText(const CommittedDocument& document, const Info& info) {
  if (!document.part.confidential) return "all may read it";
  return info.has_value() && info->readable ? "you may read it" : "not yours to read";
}

void PrintDocument(const VerifiedRecord& record, const CommittedDocument& document,
                   const Info& info) {
  std::printf("%s  %s, %s; %s\n", DigestToHex(document.part.digest).c_str(),
              DocumentKindText(document.part).c_str(), StateText(info).c_str(),
              std::string(ReaderText(document, info)).c_str());
  if (info.has_value() && info->size != 0) {
    std::printf("    %s, %llu bytes%s%s\n",
                info->name.empty() ? "(no name)" : ForTerminal(info->name).c_str(),
                static_cast<unsigned long long>(info->size), info->media_type.empty() ? "" : ", ",
                ForTerminal(info->media_type).c_str());
  }
  std::printf("    %s\n", ForTerminal(DescribeEntry(record, document.entry_number)).c_str());
  if (document.erased_by.has_value()) {
    std::printf("    said to be destroyed by entry %u\n", *document.erased_by);
  }
}

void WriteDocument(const CommittedDocument& document, const Info& told, JsonWriter& json) {
  const DocumentInfo info = told.value_or(DocumentInfo());
  const auto text = [&json](absl::string_view name, absl::string_view value) {
    json.Key(name);
    json.String(PlainText(value));
  };
  const auto time = [&](absl::string_view name, uint64_t ms) {
    if (ms != 0) text(name, FormatRfc3339(ms));
  };
  json.BeginObject();
  text("document_sha256", DigestToHex(document.part.digest));
  json.Key("confidential");
  json.Boolean(document.part.confidential);
  text("kind", DocumentKindText(document.part));
  json.Key("entry_number");
  json.Number(document.entry_number);
  text("state", StateName(told));
  json.Key("readable");
  json.Boolean(info.readable);
  if (info.size != 0) {
    json.Key("size");
    json.Number(info.size);
  }
  if (!info.media_type.empty()) text("media_type", info.media_type);
  if (!info.name.empty()) text("name", info.name);
  time("stored_at", info.stored_at_ms);
  time("keep_until", info.keep_until_ms);
  time("gone_at", info.gone_at_ms);
  if (document.erased_by.has_value()) {
    json.Key("erased_by_entry");
    json.Number(*document.erased_by);
  }
  json.EndObject();
}

absl::Status List(Context& context, const AccessOptions& options) {
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  absl::StatusOr<VaultSession> session =
      VaultSession::Open(context, options.asker, passport->record.passport_id);
  if (!session.ok()) return session.status();
  const absl::StatusOr<std::vector<DocumentInfo>> infos = session->List();
  if (!infos.ok()) return infos.status();
  const std::vector<CommittedDocument> documents = CommittedDocuments(passport->record);
  if (!context.options().json) {
    for (const CommittedDocument& document : documents) {
      PrintDocument(passport->record, document, FindInfo(*infos, document.part.digest));
    }
    if (documents.empty()) std::printf("The passport commits to no documents.\n");
    return absl::OkStatus();
  }
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("passport_id");
  json.String(passport->record.passport_id.Format());
  json.Key("documents");
  json.BeginArray();
  for (const CommittedDocument& document : documents) {
    WriteDocument(document, FindInfo(*infos, document.part.digest), json);
  }
  json.EndArray();
  json.EndObject();
  std::printf("%s", std::move(json).Finish().c_str());
  return absl::OkStatus();
}

// ---- get ----

struct GetOptions : AccessOptions {
  std::vector<std::string> digests;
  bool all = false;
  std::string kind;
  std::string directory = ".";
  bool force = false;
};

// With the word of --kind ("police-report") as the list shows it.
bool IsOfKind(const CommittedDocument& document, const std::string& kind) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(kind, {{"-", " "}, {"_", " "}})) ==
         DocumentKindText(document.part);
}

absl::StatusOr<std::vector<CommittedDocument>> Named(
    const std::vector<CommittedDocument>& documents, const std::vector<std::string>& arguments) {
  std::vector<CommittedDocument> named;
  for (const std::string& argument : arguments) {
    const absl::StatusOr<Digest> digest = DigestFromArgument(documents, argument);
    if (!digest.ok()) return digest.status();
    if (FindDocument(named, *digest) == nullptr) named.push_back(*FindDocument(documents, *digest));
  }
  return named;
}

// Those that can be had: stored, and the asker's to read.
absl::StatusOr<std::vector<CommittedDocument>> Available(
    VaultSession* session, const std::vector<CommittedDocument>& documents,
    const std::string& kind) {
  std::vector<DocumentInfo> infos;
  if (session != nullptr) {
    absl::StatusOr<std::vector<DocumentInfo>> listed = session->List();
    if (!listed.ok()) return listed.status();
    infos = *std::move(listed);
  }
  std::vector<CommittedDocument> available;
  for (const CommittedDocument& document : documents) {
    if (!kind.empty() && !IsOfKind(document, kind)) continue;
    if (&document != FindDocument(documents, document.part.digest)) continue;  // named elsewhere
    const Info info = FindInfo(infos, document.part.digest);
    const bool there = session == nullptr ? !document.part.confidential
                                          : info.has_value() && info->readable &&
                                                info->state == DocumentState::kStored;
    if (there) {
      available.push_back(document);
    } else {
      std::fprintf(stderr, "Left out: %s, %s (%s).\n", DocumentKindText(document.part).c_str(),
                   DigestToHex(document.part.digest).c_str(),
                   session == nullptr ? "confidential, and nobody is asking"
                   : info.has_value() && info->state == DocumentState::kStored
                       ? "not yours to read"
                       : StateText(info).c_str());
    }
  }
  return available;
}

absl::Status MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0777) == 0 || errno == EEXIST) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot make the directory ", path));
}

// Under a name that is made here, and only what was checked.
absl::StatusOr<std::string> Save(const GetOptions& options, const CheckedDocument& document) {
  const std::string path = absl::StrCat(
      options.directory, "/", DocumentFileName(document.committed.part, document.media_type));
  absl::Status written = WritePublicFile(path, document.bytes, options.force);
  if (absl::IsAlreadyExists(written)) {
    const absl::StatusOr<std::string> there = ReadPublicFile(path, limits::kDocumentBytesMax);
    if (!there.ok() || *there != document.bytes) {
      return absl::AlreadyExistsError(
          absl::StrCat(path,
                       " is there already and is another document; choose another --out, or "
                       "say --force to replace it"));
    }
    written = absl::OkStatus();
  }
  if (!written.ok()) return written;
  if (document.opening.has_value()) {
    const absl::StatusOr<DocumentOpening> kept =
        KeptOrSaved(OpeningPathOf(path), document.bytes, *document.opening);
    if (!kept.ok()) return kept.status();
  }
  return path;
}

void ReportGot(const Context& context, const VerifiedRecord& record,
               const std::vector<std::pair<std::string, CheckedDocument>>& got) {
  if (!context.options().json) {
    for (const auto& [path, document] : got) {
      std::printf("%s: %s, %zu bytes; it is what %s commits to.\n", path.c_str(),
                  DocumentKindText(document.committed.part).c_str(), document.bytes.size(),
                  ForTerminal(DescribeEntry(record, document.committed.entry_number)).c_str());
    }
    return;
  }
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("documents");
  json.BeginArray();
  for (const auto& [path, document] : got) {
    json.BeginObject();
    json.Key("file");
    json.String(path);
    json.Key("document_sha256");
    json.String(DigestToHex(document.committed.part.digest));
    json.Key("kind");
    json.String(DocumentKindText(document.committed.part));
    json.Key("entry_number");
    json.Number(document.committed.entry_number);
    json.Key("media_type");
    json.String(document.media_type);
    json.Key("size");
    json.Number(document.bytes.size());
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  std::printf("%s", std::move(json).Finish().c_str());
}

absl::Status Get(Context& context, const GetOptions& options) {
  if (options.digests.empty() == (!options.all && options.kind.empty())) {
    return absl::InvalidArgumentError(
        "say which: DIGESTs (touchstone document list shows them), or --all, or --kind receipt");
  }
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  // Without any key it is asked for what all may see.
  std::optional<VaultSession> session;
  if (!options.asker.owner_key.empty() || !context.options().key_files.empty()) {
    absl::StatusOr<VaultSession> opened =
        VaultSession::Open(context, options.asker, record.passport_id);
    if (!opened.ok()) return opened.status();
    session = *std::move(opened);
  }
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  const absl::StatusOr<std::vector<CommittedDocument>> wanted =
      options.digests.empty()
          ? Available(session.has_value() ? &*session : nullptr, documents, options.kind)
          : Named(documents, options.digests);
  if (!wanted.ok()) return wanted.status();
  const OwnFiles own;
  if (absl::Status made = MakeDirectory(options.directory); !made.ok()) return made;
  std::vector<std::pair<std::string, CheckedDocument>> got;
  absl::Status first_error;
  for (const CommittedDocument& document : *wanted) {
    absl::StatusOr<CheckedDocument> checked = session.has_value()
                                                  ? session->Get(record, document)
                                                  : GetPublicDocument(context, record, document);
    if (!checked.ok()) {
      // The others are no worse for it.
      const absl::Status failed =
          SameRefusal(checked.status(), absl::StrCat(DocumentKindText(document.part), " ",
                                                     DigestToHex(document.part.digest), ": ",
                                                     checked.status().message()));
      if (wanted->size() == 1) return failed;
      std::fprintf(stderr, "Not fetched: %s\n", std::string(failed.message()).c_str());
      first_error.Update(failed);
      continue;
    }
    absl::StatusOr<std::string> path = Save(options, *checked);
    if (!path.ok()) return path.status();
    got.emplace_back(*std::move(path), *std::move(checked));
  }
  ReportGot(context, record, got);
  if (!first_error.ok()) return first_error;
  if (!got.empty()) return absl::OkStatus();
  return Refuse(RefusalCode::kNoSuchDocument,
                "there is no such document that you may read (touchstone document list says what "
                "there is, and what became of it)");
}

}  // namespace

void AddDocumentAccessCommands(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* const document = app->get_subcommand("document");

  CLI::App* list = document->add_subcommand(
      "list", "What the passport commits to; what is stored, until when, and who may read it");
  auto list_options = std::make_shared<AccessOptions>();
  AddAccessOptions(list, list_options.get());
  list->callback([=] { result->status = List(*context, *list_options); });

  CLI::App* get = document->add_subcommand(
      "get", "Fetch documents, each checked against the passport before it is saved");
  get->footer(
      "Each is saved under a name that is made of its kind and digest, a confidential one with "
      "its\n"
      "opening beside it. Without any key, what all may see.");
  auto get_options = std::make_shared<GetOptions>();
  AddAccessOptions(get, get_options.get());
  get->add_option("DIGEST", get_options->digests,
                  "Its first hexadecimal digits, as touchstone document list shows them");
  get->add_flag("--all", get_options->all, "All that you may read");
  get->add_option("--kind", get_options->kind, "All of a kind, such as receipt")->type_name("KIND");
  get->add_option("--out", get_options->directory, "Where to save them (default: here)")
      ->type_name("DIR");
  get->add_flag("--force", get_options->force, "Replace files that are there");
  get->callback([=] { result->status = Get(*context, *get_options); });
}

}  // namespace touchstone::cli
