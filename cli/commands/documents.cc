// document put, upload, commit: documents of a piece on their way into the vault, and what a
// statement commits to of them. Not for getting them back (cli/commands/document_access.cc).
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/committed_document.h"
#include "cli/document_name.h"
#include "cli/grant_giver.h"
#include "cli/json_writer.h"
#include "cli/new_opening.h"
#include "cli/ownership.h"
#include "cli/passport_source.h"
#include "cli/passport_text.h"
#include "cli/piece_statement.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "cli/storable_document.h"
#include "cli/submission.h"
#include "cli/vault_session.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

struct DocumentFileOptions {
  std::string file;
  v1::Commitment::Kind kind = v1::Commitment::KIND_UNSPECIFIED;
  std::string media_type;
  std::string opening_file;
};

struct PutOptions : DocumentFileOptions {
  std::string passport;
  bool is_public = false;
  v1::Media::Kind media_kind = v1::Media::PHOTOGRAPH;
  std::string caption;
  std::string note;
  VaultAskerOptions asker;
  PassportOutOptions passport_out;
};

// The whole document: what is committed to must be what is sent, whatever becomes of the file.
absl::StatusOr<std::string> ReadDocument(const std::string& path) {
  absl::StatusOr<std::string> document = ReadPublicFile(path, limits::kDocumentBytesMax);
  if (!document.ok()) return document.status();
  if (absl::Status status = CheckStorable(path, *document); !status.ok()) return status;
  return document;
}

std::string MediaType(const DocumentFileOptions& options) {
  return options.media_type.empty() ? MediaTypeOf(options.file) : options.media_type;
}

absl::Status CheckName(const DocumentFileOptions& options) {
  return CheckStorableName(BaseName(options.file), MediaType(options));
}

std::string OpeningPath(const DocumentFileOptions& options) {
  return options.opening_file.empty() ? OpeningPathOf(options.file) : options.opening_file;
}

// What became of it, for people or programs.
struct PutAnswer {
  Digest digest = {};
  bool confidential = false;
  bool goes_with_piece = false;            // of a confidential one: to its next owner
  std::string opening_file;                // of a confidential one
  std::optional<VerifiedReceipt> receipt;  // nothing: the passport commits to it already
  StoredDocument stored;
};

void Report(const Context& context, const PutOptions& options, const PutAnswer& answer) {
  const std::string digest = DigestToHex(answer.digest);
  if (!context.options().json) {
    if (answer.receipt.has_value()) {
      std::printf("Documents added: %s.\n", DescribeReceipt(*answer.receipt).c_str());
    } else {
      std::printf("The passport commits to it already: nothing was logged.\n");
    }
    std::printf(
        "Stored %s as %s%s.\n", options.file.c_str(), digest.c_str(),
        answer.stored.keep_until_ms == 0
            ? ", kept as long as the piece lasts"
            : absl::StrCat(", kept until ", FormatTime(answer.stored.keep_until_ms)).c_str());
    if (answer.goes_with_piece) {
      std::printf("It goes with the piece to its next owner, who may read it then.\n");
    }
    if (answer.confidential) {
      std::printf("Its opening is %s: keep it, it lets anybody check the document offline.\n",
                  answer.opening_file.c_str());
    }
    return;
  }
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("document_sha256");
  json.String(digest);
  json.Key("confidential");
  json.Boolean(answer.confidential);
  if (answer.confidential) {
    json.Key("goes_with_piece");
    json.Boolean(answer.goes_with_piece);
    json.Key("opening");
    json.String(answer.opening_file);
  }
  json.Key("logged");
  json.Boolean(answer.receipt.has_value());
  if (answer.receipt.has_value()) AppendReceiptJson(*answer.receipt, json);
  json.Key("stored_at");
  json.String(FormatRfc3339(answer.stored.stored_at_ms));
  if (answer.stored.keep_until_ms != 0) {
    json.Key("keep_until");
    json.String(FormatRfc3339(answer.stored.keep_until_ms));
  }
  json.EndObject();
  std::printf("%s", std::move(json).Finish().c_str());
}

absl::Status CheckPutOptions(const PutOptions& options) {
  if (options.is_public == (options.kind != v1::Commitment::KIND_UNSPECIFIED)) {
    return absl::InvalidArgumentError(
        "say what the document is: --kind receipt (photograph, police-report …) for one that only "
        "those may see whom the owner lets, or --public for one that all may see");
  }
  if (!options.is_public && !options.caption.empty()) {
    return absl::InvalidArgumentError(
        "--caption stands openly in the log: it goes with --public only");
  }
  return absl::OkStatus();
}

v1::Statement DocumentsAdded(const VerifiedRecord& record, uint64_t now_ms,
                             const PutOptions& options, const Digest& digest) {
  v1::Statement statement = NewPassportStatement(record.log.origin, now_ms, record.passport_id);
  v1::DocumentsAdded& added = *statement.mutable_documents_added();
  added.set_note(options.note);
  if (options.is_public) {
    v1::Media& media = *added.add_media();
    media.set_kind(options.media_kind);
    media.set_sha256(std::string(DigestBytes(digest)));
    media.set_media_type(MediaType(options));
    media.set_caption(options.caption);
  } else {
    v1::Commitment& commitment = *added.add_commitments();
    commitment.set_kind(options.kind);
    commitment.set_sha256(std::string(DigestBytes(digest)));
  }
  return statement;
}

// Whoever signs must be able to store it afterwards.
absl::Status CheckSigner(const PutOptions& options, const VaultSession& session,
                         const VerifiedRecord& record) {
  if (options.asker.owner_key.empty()) return absl::OkStatus();
  const PublicKey key = session.asker().key().public_key();
  if (absl::Status status = RequireActingKey(record, key, "--owner-key"); !status.ok()) {
    return status;
  }
  if (PresentOwnerOf(record) == key) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongPhase,
                absl::StrCat("only an owner stores documents, and the piece is ",
                             DescribeHolding(record.status),
                             record.status.life.consigned() ? ", on consignment" : ""));
}

// Whether there is a vault to store it in. That the asker may not see what is in it is an answer
// too.
absl::Status CheckVault(VaultSession& session) {
  const absl::Status listed = session.List().status();
  if (listed.ok() || absl::IsPermissionDenied(listed) ||
      RefusalNameOf(listed) == RefusalCodeName(RefusalCode::kNotYourDocument)) {
    return absl::OkStatus();
  }
  return SameRefusal(listed, absl::StrCat("nothing was logged: ", listed.message()));
}

// What to do now that it is logged and not stored.
absl::Status NotStored(const absl::Status& status, const PutAnswer& answer) {
  std::string advice;
  if (RefusalNameOf(status).empty()) {
    advice = ". Run the same command again: it goes on from there";
  } else if (RefusalNameOf(status) == RefusalCodeName(RefusalCode::kDocumentErased) &&
             answer.confidential) {
    advice = absl::StrCat(". To store it all the same, move ", answer.opening_file,
                          " away: then it is committed to anew");
  }
  return SameRefusal(status,
                     absl::StrCat("the passport commits to the document, but it is not stored: ",
                                  status.message(), advice));
}

absl::Status Put(Context& context, const PutOptions& options) {
  if (absl::Status status = CheckPutOptions(options); !status.ok()) return status;
  if (absl::Status status = CheckName(options); !status.ok()) return status;
  const absl::StatusOr<std::string> document = ReadDocument(options.file);
  if (!document.ok()) return document.status();
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  absl::Status status =
      CheckPassportOut(context, options.passport_out, StatementOptions(), record.passport_id);
  if (!status.ok()) return status;
  absl::StatusOr<VaultSession> session =
      VaultSession::Open(context, options.asker, record.passport_id);
  if (!session.ok()) return session.status();
  status = CheckSigner(options, *session, record);
  if (!status.ok()) return status;

  if (absl::Status vault = CheckVault(*session); !vault.ok()) return vault;

  const std::string name = BaseName(options.file);
  PutAnswer answer = {.confidential = !options.is_public,
                      .goes_with_piece = !options.is_public && GoesWithPiece(options.kind),
                      .opening_file = OpeningPath(options),
                      .receipt = {},
                      .stored = {}};
  std::optional<DocumentOpening> opening;
  if (answer.confidential) {
    // On disk before anything is logged: without its salt nobody could ever show the document.
    absl::StatusOr<DocumentOpening> kept = KeptOrSaved(
        answer.opening_file, *document,
        NewOpening(record.passport_id, options.kind, *document, name, MediaType(options)));
    if (!kept.ok()) return kept.status();
    opening = *std::move(kept);
  }
  answer.digest = DocumentDigest(opening.has_value() ? opening->salt : "", *document);
  if (FindDocument(CommittedDocuments(record), answer.digest) == nullptr) {
    const SecretKey* const keys[] = {&session->asker().key()};
    absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
        SignAndSubmit(context, DocumentsAdded(record, context.NowMs(), options, answer.digest),
                      keys, StatementOptions());
    if (!receipt.ok()) return receipt.status();
    answer.receipt = *std::move(receipt);
  }
  const absl::StatusOr<StoredDocument> stored =
      session->Put(answer.digest, opening.has_value() ? &*opening : nullptr, *document,
                   MediaType(options), name);
  if (!stored.ok()) return NotStored(stored.status(), answer);
  answer.stored = *stored;
  Report(context, options, answer);
  return SavePassportOut(context, options.passport_out, record.passport_id);
}

// For what another statement committed to.
absl::Status Upload(Context& context, const PutOptions& options) {
  if (absl::Status status = CheckName(options); !status.ok()) return status;
  const absl::StatusOr<std::string> document = ReadDocument(options.file);
  if (!document.ok()) return document.status();
  std::optional<DocumentOpening> opening;
  if (!options.opening_file.empty()) {
    absl::StatusOr<DocumentOpening> read = ReadOpeningFile(options.opening_file);
    if (!read.ok()) return read.status();
    opening = *std::move(read);
  }
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  const absl::StatusOr<CommittedDocument> committed =
      MatchDocument(record, *document, opening.has_value() ? &*opening : nullptr);
  if (!committed.ok()) return committed.status();
  absl::StatusOr<VaultSession> session =
      VaultSession::Open(context, options.asker, record.passport_id);
  if (!session.ok()) return session.status();
  const absl::StatusOr<StoredDocument> stored =
      session->Put(committed->part.digest, opening.has_value() ? &*opening : nullptr, *document,
                   MediaType(options), BaseName(options.file));
  if (!stored.ok()) return stored.status();
  Report(context, options,
         {.digest = committed->part.digest,
          .confidential = opening.has_value(),
          .goes_with_piece = opening.has_value() &&
                             GoesWithPiece(static_cast<v1::Commitment::Kind>(committed->part.kind)),
          .opening_file = options.opening_file,
          .receipt = {},
          .stored = *stored});
  return absl::OkStatus();
}

struct CommitOptions : DocumentFileOptions {
  std::string passport;
};

absl::Status Commit(Context& context, const CommitOptions& options) {
  if (absl::Status status = CheckName(options); !status.ok()) return status;
  const absl::StatusOr<std::string> document = ReadDocument(options.file);
  if (!document.ok()) return document.status();
  std::optional<PassportId> passport;
  if (!options.passport.empty()) {
    const absl::StatusOr<PassportId> id = PassportId::Parse(options.passport);
    if (!id.ok())
      return absl::InvalidArgumentError(absl::StrCat("--passport: ", id.status().message()));
    passport = *id;
  }
  const std::string path = OpeningPath(options);
  const absl::StatusOr<DocumentOpening> opening = KeptOrSaved(
      path, *document,
      NewOpening(passport, options.kind, *document, BaseName(options.file), MediaType(options)));
  if (!opening.ok()) return opening.status();
  const std::string digest = DigestToHex(opening->document_sha256);
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("kind");
    json.String(opening->kind);
    json.Key("sha256");
    json.String(digest);
    json.Key("opening");
    json.String(path);
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return absl::OkStatus();
  }
  std::printf("{\"kind\": \"%s\", \"sha256\": \"%s\"}\n", opening->kind.c_str(), digest.c_str());
  std::fprintf(stderr,
               "Put that among the \"commitments\" of the description. The opening is %s: keep it, "
               "and when the statement is logged: touchstone document upload ID %s --opening %s\n",
               path.c_str(), options.file.c_str(), path.c_str());
  return absl::OkStatus();
}

Choices<v1::Commitment::Kind> CommitmentKinds() {
  return EnumChoices<v1::Commitment::Kind>(v1::Commitment::Kind_MAX, v1::Commitment::Kind_IsValid,
                                           v1::Commitment::Kind_Name);
}

void AddFileOptions(CLI::App* command, DocumentFileOptions* options) {
  command->add_option("FILE", options->file, "The document")->required();
  command->add_option("--media-type", options->media_type,
                      "Such as application/pdf (default: by the end of its name)");
}

void AddPut(CLI::App* document, Context* context, CommandResult* result) {
  CLI::App* command =
      document->add_subcommand("put", "Record a document, and store it in the registry's vault");
  command->footer(
      "One entry says that there is such a document: of a confidential one a commitment, which\n"
      "tells nothing without its opening, FILE.opening (made here, readable by you alone: keep\n"
      "it). Then the document is sent, and sealed over there. Run it again after a break: what is\n"
      "logged is not logged again, and the upload goes on. Signed by whoever holds the piece\n"
      "(--owner-key), or a participant (--key).");
  auto options = std::make_shared<PutOptions>();
  command->add_option("PASSPORT", options->passport, "The piece: a passport id or .passport file")
      ->required();
  AddFileOptions(command, options.get());
  command->add_option("--kind", options->kind, "What a confidential document is")
      ->transform(IsOneOf(CommitmentKinds()));
  command->add_option("--opening-out", options->opening_file, "(default: FILE.opening)")
      ->type_name("FILE");
  const std::string open = "A document that all may see";
  command->add_flag("--public", options->is_public, "Its digest stands openly in the log")
      ->group(open);
  command->add_option("--media-kind", options->media_kind, "What it is (default: photograph)")
      ->transform(IsOneOf(EnumChoices<v1::Media::Kind>(v1::Media::Kind_MAX, v1::Media::Kind_IsValid,
                                                       v1::Media::Kind_Name)))
      ->group(open);
  command->add_option("--caption", options->caption, "At most 200")->group(open);
  command->add_option("--note", options->note, "In the log, for all to read; at most 500");
  AddOwnerKeyOption(command, &options->asker.owner_key);
  AddPassportOutOptions(command, &options->passport_out);
  command->callback([=] { result->status = Put(*context, *options); });
}

void AddUpload(CLI::App* document, Context* context, CommandResult* result) {
  CLI::App* command = document->add_subcommand(
      "upload", "Store a document that an entry (an appraisal, an incident …) commits to already");
  command->footer(
      "Without --opening it is one whose SHA-256 stands openly in the log, such as a laboratory's\n"
      "report. Stored by whoever signed that entry (--key), or holds the piece (--owner-key).");
  auto options = std::make_shared<PutOptions>();
  command->add_option("PASSPORT", options->passport, "The piece: a passport id or .passport file")
      ->required();
  AddFileOptions(command, options.get());
  command->add_option("--opening", options->opening_file, "Of a confidential document")
      ->type_name("FILE");
  AddOwnerKeyOption(command, &options->asker.owner_key);
  command->callback([=] { result->status = Upload(*context, *options); });
}

void AddCommit(CLI::App* document, Context* context, CommandResult* result) {
  CLI::App* command = document->add_subcommand(
      "commit", "Make the commitment to a document, for the description of a statement");
  command->footer("Nothing is sent and nothing is logged.");
  auto options = std::make_shared<CommitOptions>();
  AddFileOptions(command, options.get());
  command->add_option("--kind", options->kind, "What it is")
      ->required()
      ->transform(IsOneOf(CommitmentKinds()));
  command->add_option("--passport", options->passport, "The piece, if it is registered")
      ->type_name("ID");
  command->add_option("--opening-out", options->opening_file, "(default: FILE.opening)")
      ->type_name("FILE");
  command->callback([=] { result->status = Commit(*context, *options); });
}

}  // namespace

void AddDocumentPutCommands(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* const document = app->get_subcommand("document");
  AddPut(document, context, result);
  AddUpload(document, context, result);
  AddCommit(document, context, result);
}

}  // namespace touchstone::cli
