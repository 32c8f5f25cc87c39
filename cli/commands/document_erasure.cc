// document erase: destroys confidential documents, and says so in the log. What it cannot reach, it
// says.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/committed_document.h"
#include "cli/grant_giver.h"
#include "cli/json_writer.h"
#include "cli/passport_source.h"
#include "cli/piece_statement.h"
#include "cli/statement_draft.h"
#include "cli/submission.h"
#include "cli/vault_session.h"
#include "verifier/hex.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

struct EraseOptions {
  std::string passport;
  VaultAskerOptions asker;  // never under a grant
  std::vector<std::string> digests;
  v1::DataErased::Ground ground = v1::DataErased::GROUND_UNSPECIFIED;
  bool yes = false;
};

absl::Status Confirm(const EraseOptions& options, const std::string& what) {
  if (options.yes) return absl::OkStatus();
  if (isatty(STDIN_FILENO) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("this destroys ", what, " for ever; say --yes if that is meant"));
  }
  std::fprintf(stderr, "This destroys %s for ever. Type yes to go on: ", what.c_str());
  char answer[16] = {};
  if (std::fgets(answer, sizeof(answer), stdin) != nullptr &&
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(answer)) == "yes") {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("nothing was erased");
}

// Whether all of those are gone already that the asker's word would reach: the issuer of record's
// reaches all, an owner's not the papers of owners before.
bool AllErased(const std::vector<CommittedDocument>& documents, const std::vector<Digest>& digests,
               const VaultAsker& asker) {
  return std::all_of(documents.begin(), documents.end(), [&](const CommittedDocument& one) {
    if (!one.part.confidential || one.erased_by.has_value()) return true;
    if (!asker.participant().has_value() && one.of_former_owner) return true;
    return !digests.empty() &&
           std::find(digests.begin(), digests.end(), one.part.digest) == digests.end();
  });
}

absl::StatusOr<std::vector<Digest>> DigestsToErase(const std::vector<CommittedDocument>& documents,
                                                   const EraseOptions& options) {
  std::vector<Digest> digests;
  for (const std::string& argument : options.digests) {
    const absl::StatusOr<Digest> digest = DigestFromArgument(documents, argument);
    if (!digest.ok()) return digest.status();
    if (!FindDocument(documents, *digest)->part.confidential) {
      return absl::InvalidArgumentError(
          absl::StrCat(argument,
                       " is a public document: anybody may have it, and only confidential "
                       "ones are erased"));
    }
    digests.push_back(*digest);
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  return digests;
}

// Only the owner's word in the log, and the issuer of record's, destroys anything (a claim key's
// and a dealer's does not); a former owner erases what is of their own time, and nothing is logged.
bool MaySayIt(const VaultAsker& asker, const VerifiedRecord& record) {
  if (asker.participant().has_value()) return *asker.participant() == record.issuer_of_record;
  return PresentOwnerOf(record) == asker.key().public_key();
}

absl::StatusOr<std::optional<VerifiedReceipt>> SayErased(Context& context,
                                                         const EraseOptions& options,
                                                         const VerifiedRecord& record,
                                                         const VaultAsker& asker,
                                                         const std::vector<Digest>& digests) {
  v1::Statement statement =
      NewPassportStatement(record.log.origin, context.NowMs(), record.passport_id);
  v1::DataErased& erased = *statement.mutable_data_erased();
  for (const Digest& digest : digests) {
    erased.add_commitments_sha256(std::string(DigestBytes(digest)));
  }
  erased.set_erased_on(TodayText(context));
  erased.set_ground(options.ground);
  const SecretKey* const keys[] = {&asker.key()};
  return SignAndSubmit(context, statement, keys, StatementOptions());
}

void ReportErased(const Context& context, const std::optional<VerifiedReceipt>& receipt,
                  const std::vector<std::string>& erased) {
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("logged");
    json.Boolean(receipt.has_value());
    if (receipt.has_value()) AppendReceiptJson(*receipt, json);
    json.Key("erased_sha256");
    json.BeginArray();
    for (const std::string& digest : erased) json.String(HexEncode(digest));
    json.EndArray();
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return;
  }
  if (receipt.has_value()) {
    std::printf("Erased: %s.\n", DescribeReceipt(*receipt).c_str());
  } else {
    std::printf(
        "Nothing was logged: the passport says so already, or the key does not hold the "
        "piece (any more).\n");
  }
  for (const std::string& digest : erased)
    std::printf("Destroyed %s.\n", HexEncode(digest).c_str());
  if (erased.empty()) std::printf("Nothing more was stored.\n");
  std::printf(
      "Not reached: what somebody has fetched before; copies of the files and their openings\n"
      "elsewhere, yours among them; and the log, which goes on saying that there was such a\n"
      "document, and which kind.\n");
}

// Before anything is logged: a holder's word does not reach the papers of owners before. The issuer
// of record's does, though the registry shows it nothing of them.
absl::Status CheckTheirs(VaultSession& session, const std::vector<Digest>& digests) {
  if (session.asker().participant().has_value()) return absl::OkStatus();
  const absl::StatusOr<std::vector<DocumentInfo>> infos = session.List();
  if (!infos.ok()) return infos.status();
  for (const Digest& digest : digests) {
    if (!FindInfo(*infos, digest).has_value()) {
      return Refuse(RefusalCode::kNotYourDocument,
                    absl::StrCat(DigestToHex(digest), " is not of the time of this key's owner"));
    }
  }
  return absl::OkStatus();
}

absl::Status Erase(Context& context, const EraseOptions& options) {
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  const absl::StatusOr<std::vector<Digest>> digests = DigestsToErase(documents, options);
  if (!digests.ok()) return digests.status();
  absl::StatusOr<VaultSession> session =
      VaultSession::Open(context, options.asker, record.passport_id);
  if (!session.ok()) return session.status();
  const absl::Status theirs = CheckTheirs(*session, *digests);
  if (!theirs.ok()) return theirs;
  const absl::Status confirmed =
      Confirm(options, digests->empty() ? "all confidential documents of the piece that this key "
                                          "may erase"
                                        : absl::StrCat(digests->size(), " document(s)"));
  if (!confirmed.ok()) return confirmed;
  std::optional<VerifiedReceipt> receipt;
  if (MaySayIt(session->asker(), record) && !AllErased(documents, *digests, session->asker())) {
    absl::StatusOr<std::optional<VerifiedReceipt>> logged =
        SayErased(context, options, record, session->asker(), *digests);
    if (!logged.ok()) return logged.status();
    receipt = *std::move(logged);
  }
  absl::StatusOr<std::vector<std::string>> erased = session->Erase(*digests);
  if (session->asker().participant() == record.issuer_of_record &&
      RefusalNameOf(erased.status()) == RefusalCodeName(RefusalCode::kNotYourDocument)) {
    if (receipt.has_value()) {
      std::fprintf(stderr,
                   "The registry destroys them by itself, within moments: the log says so.\n");
    }
    erased = std::vector<std::string>();
  }
  if (!erased.ok()) {
    return SameRefusal(
        erased.status(),
        absl::StrCat(receipt.has_value() ? "it is logged that they are erased, which "
                                           "makes the registry erase them; but asked "
                                           "to do it at once it said: "
                                         : "",
                     erased.status().message()));
  }
  ReportErased(context, receipt, *erased);
  return absl::OkStatus();
}

}  // namespace

void AddDocumentEraseCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->get_subcommand("document")
          ->add_subcommand(
              "erase", "Destroy confidential documents, in every copy of the registry's database");
  command->footer(
      "By the piece's owner (--owner-key), or the issuer of record (--key): then the log\n"
      "says that they are gone. A former owner erases what is of their own time. Without DIGEST\n"
      "all that the key may erase.");
  auto options = std::make_shared<EraseOptions>();
  command->add_option("PASSPORT", options->passport, "The piece: a passport id or .passport file")
      ->required();
  AddOwnerKeyOption(command, &options->asker.owner_key);
  command->add_option("DIGEST", options->digests,
                      "Its first hexadecimal digits, as touchstone document list shows them");
  command->add_option("--ground", options->ground, "Why")
      ->required()
      ->transform(IsOneOf(EnumChoices<v1::DataErased::Ground>(v1::DataErased::Ground_MAX,
                                                              v1::DataErased::Ground_IsValid,
                                                              v1::DataErased::Ground_Name)));
  command->add_flag("--yes", options->yes, "Do not ask");
  command->callback([=] { result->status = Erase(*context, *options); });
}

}  // namespace touchstone::cli
