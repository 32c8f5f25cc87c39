// grant make, show, withdraw; access list: the owner lets others see, and sees who has looked.
#include <sodium.h>
#include <sys/stat.h>

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
#include "cli/duration_text.h"
#include "cli/grant_giver.h"
#include "cli/grant_text.h"
#include "cli/json_writer.h"
#include "cli/ownership.h"
#include "cli/participant_directory.h"
#include "cli/passport_source.h"
#include "cli/passport_text.h"
#include "cli/public_file.h"
#include "cli/qr_code.h"
#include "cli/qr_picture.h"
#include "cli/statement_draft.h"
#include "cli/terminal_text.h"
#include "cli/vault_session.h"
#include "verifier/grant.h"
#include "verifier/hex.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

constexpr int kQrScale = 6;
constexpr char kPassportHelp[] = "The piece: a passport id or .passport file";

struct MakeOptions {
  std::string passport;
  std::string owner_key;
  std::string to;
  std::vector<v1::Commitment::Kind> kinds;
  std::vector<std::string> documents;
  bool accesses = false;
  std::string valid_for;
  std::string purpose;
  std::string out_file;
  std::string qr_file;
};

// ---- make ----

absl::StatusOr<ParticipantState> FindParticipant(Context& context, const std::string& id) {
  const absl::StatusOr<std::vector<ParticipantState>> participants = FetchParticipants(context);
  if (!participants.ok()) return participants.status();
  for (const ParticipantState& participant : *participants) {
    if (participant.id() == id) return participant;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--to: no participant '", id,
                   "' is enrolled (touchstone participant list), and "
                   "it is no public key of 66 hexadecimal digits nor a key file"));
}

// Fills in the grantee, and returns how people know them.
absl::StatusOr<std::string> SetGrantee(Context& context, const std::string& to, v1::Grant* grant) {
  struct stat file = {};
  const bool is_file = stat(to.c_str(), &file) == 0 && S_ISREG(file.st_mode);
  if (is_file || to.size() == 2 * PublicKey::kEncodedBytes) {
    const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(to);
    if (!key.ok())
      return absl::InvalidArgumentError(absl::StrCat("--to: ", key.status().message()));
    grant->set_key(std::string(key->encoded()));
    return absl::StrCat("the key ", HexEncode(key->encoded()));
  }
  const absl::StatusOr<ParticipantState> participant = FindParticipant(context, to);
  if (!participant.ok()) return participant.status();
  grant->set_participant_id(to);
  return absl::StrCat(participant->details().legal_name, " (", to, ")");
}

absl::Status SetScope(const MakeOptions& options, const VerifiedRecord& record, v1::Grant* grant) {
  std::vector<v1::Commitment::Kind> kinds = options.kinds;
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  for (const v1::Commitment::Kind kind : kinds) grant->add_kinds(kind);
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  std::vector<std::string> digests;
  for (const std::string& argument : options.documents) {
    const absl::StatusOr<Digest> digest = DigestFromArgument(documents, argument);
    if (!digest.ok()) return digest.status();
    digests.emplace_back(DigestBytes(*digest));
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  for (std::string& digest : digests) grant->add_documents_sha256(std::move(digest));
  return absl::OkStatus();
}

absl::Status SetTimes(const Context& context, const MakeOptions& options, v1::Grant* grant) {
  const absl::StatusOr<uint64_t> valid_for = ParseDurationMs("--valid-for", options.valid_for);
  if (!valid_for.ok()) return valid_for.status();
  if (*valid_for == 0 || *valid_for > limits::kGrantValidityMsMax) {
    return absl::InvalidArgumentError("--valid-for is more than nothing, and at most 366d");
  }
  grant->set_issued_at_ms(context.NowMs());
  grant->set_expires_at_ms(grant->issued_at_ms() + *valid_for);
  return absl::OkStatus();
}

absl::StatusOr<SignedGrant> SignGrant(const v1::Grant& grant, const SecretKey& key) {
  const absl::Status fields = CheckGrantFields(grant);
  if (!fields.ok()) return absl::InvalidArgumentError(fields.message());
  const SecretKey* const keys[] = {&key};
  const absl::StatusOr<Envelope> envelope =
      SignEnvelope(PayloadType::kGrant, grant.SerializeAsString(), keys);
  if (!envelope.ok()) return envelope.status();
  return SignedGrant::Parse(envelope->bytes());
}

absl::Status WriteNew(const std::string& path, absl::string_view contents) {
  const absl::Status written = WritePublicFile(path, contents, /*replace=*/false);
  if (!absl::IsAlreadyExists(written)) return written;
  return absl::AlreadyExistsError(absl::StrCat(path, " is there already; choose another name"));
}

absl::Status HandOut(const Context& context, const MakeOptions& options, const SignedGrant& grant,
                     const std::string& grantee) {
  const std::string text = grant.Format();
  if (!options.out_file.empty()) {
    const absl::Status written = WriteNew(options.out_file, absl::StrCat(text, "\n"));
    if (!written.ok()) return written;
  }
  if (!options.qr_file.empty()) {
    const absl::StatusOr<QrCode> code = QrCode::Encode(text);
    if (!code.ok()) {
      return absl::InvalidArgumentError(
          "the grant is too long for a QR code: name fewer documents, or hand it over with --out");
    }
    const absl::StatusOr<std::string> png = DrawQrAsPng(*code, kQrScale);
    if (!png.ok()) return png.status();
    if (absl::Status written = WriteNew(options.qr_file, *png); !written.ok()) return written;
  }
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    WriteGrant(grant, json);
    std::printf("%s", std::move(json).Finish().c_str());
    return absl::OkStatus();
  }
  std::fprintf(stderr,
               "%s may see %s until %s. To end it before: touchstone grant withdraw %s %s\n",
               ForTerminal(grantee).c_str(), DescribeScope(grant.grant()).c_str(),
               FormatTime(grant.grant().expires_at_ms()).c_str(), grant.passport().Format().c_str(),
               options.out_file.empty() ? "GRANT" : ForTerminal(options.out_file).c_str());
  if (options.out_file.empty() && options.qr_file.empty()) std::printf("%s\n", text.c_str());
  return absl::OkStatus();
}

absl::Status Make(Context& context, const MakeOptions& options) {
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  v1::Grant grant;
  grant.set_log_origin(record.log.origin);
  grant.set_passport_id(std::string(record.passport_id.bytes()));
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  grant.set_nonce(std::move(nonce));
  grant.set_lists_accesses(options.accesses);
  grant.set_purpose(options.purpose);
  if (absl::Status status = SetTimes(context, options, &grant); !status.ok()) return status;
  const absl::StatusOr<std::string> grantee = SetGrantee(context, options.to, &grant);
  if (!grantee.ok()) return grantee.status();
  if (absl::Status status = SetScope(options, record, &grant); !status.ok()) return status;
  const absl::StatusOr<SecretKey> key = context.OpenKey(options.owner_key);
  if (!key.ok()) return key.status();
  const absl::Status holds = RequireActingKey(record, key->public_key(), "--owner-key");
  if (!holds.ok()) return holds;
  if (!PresentOwnerOf(record).has_value()) {
    return Refuse(RefusalCode::kWrongPhase,
                  absl::StrCat("only an owner gives grants, and the piece is ",
                               DescribeHolding(record.status),
                               record.status.life.consigned() ? ", on consignment" : ""));
  }
  const absl::StatusOr<SignedGrant> made = SignGrant(grant, *key);
  if (!made.ok()) return made.status();
  return HandOut(context, options, *made, *grantee);
}

// ---- show ----

struct ShowOptions {
  std::string grant;
  std::string passport;
};

absl::Status CheckGiver(Context& context, const std::string& argument, const SignedGrant& grant) {
  const absl::StatusOr<PassportName> name = PassportNameFromArgument(argument);
  if (!name.ok()) return name.status();
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, *name);
  if (!passport.ok()) return passport.status();
  return CheckGivenByOwner(grant, passport->record);
}

absl::Status Show(Context& context, const ShowOptions& options) {
  const absl::StatusOr<SignedGrant> grant = GrantFromArgument(options.grant);
  if (!grant.ok()) return grant.status();
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    WriteGrant(*grant, json);
    std::printf("%s", std::move(json).Finish().c_str());
  } else {
    std::printf("%s", GrantToText(*grant).c_str());
  }
  if (!options.passport.empty()) {
    const absl::Status given = CheckGiver(context, options.passport, *grant);
    if (!given.ok()) return given;
    std::fprintf(stderr, "Given by the key that owns the piece, as of that passport.\n");
  } else {
    std::fprintf(stderr,
                 "Whether that key owns the piece was not checked: --passport FILE does so.\n");
  }
  std::fprintf(stderr, "Whether it was withdrawn, only the registry knows.\n");
  return grant->CheckTime(context.NowMs());
}

// ---- withdraw ----

struct WithdrawOptions {
  std::string passport;
  std::string grant;
  VaultAskerOptions asker;
};

absl::StatusOr<AccessPage> AllAccesses(VaultSession& session) {
  AccessPage all;
  uint64_t after = 0;
  do {
    absl::StatusOr<AccessPage> page = session.Accesses(after);
    if (!page.ok()) return page.status();
    if (page->next_after != 0 && page->next_after <= after) {
      return absl::DataLossError("the registry sent a page that leads back");
    }
    after = page->next_after;
    all.forgotten = page->forgotten;
    std::move(page->accesses.begin(), page->accesses.end(), std::back_inserter(all.accesses));
  } while (after != 0);
  return all;
}

// The registry withdraws whatever it is told, an id of no grant too: nobody keeps a list of grants.
// So a slip is found here: a grant must be one of this piece by this key, and a bare id one under
// which somebody has asked.
absl::StatusOr<std::string> NonceOf(const SignedGrant& grant, const PassportId& passport,
                                    const PublicKey& owner, absl::string_view origin) {
  if (grant.passport() != passport) {
    return Refuse(RefusalCode::kWrongGrantee,
                  absl::StrCat("the grant is for another piece, ", grant.passport().Format()));
  }
  if (absl::Status given = grant.CheckSignedBy(owner, origin); !given.ok()) {
    return Refuse(RefusalCode::kNotYourDocument,
                  absl::StrCat("this key has not given that grant: ", given.message()));
  }
  return grant.grant().nonce();
}

absl::Status RequireKnown(VaultSession& session, const std::string& nonce) {
  const absl::StatusOr<AccessPage> page = AllAccesses(session);
  if (!page.ok()) return page.status();
  for (const AccessRecord& access : page->accesses) {
    if (access.grant_nonce == nonce) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("nobody has asked under a grant ", HexEncode(nonce),
                   ", as far as the registry's list of accesses goes: whether there is one, its id "
                   "alone does not show. Give the grant itself, its file or its text"));
}

absl::Status Withdraw(Context& context, const WithdrawOptions& options) {
  std::optional<SignedGrant> grant;
  absl::StatusOr<std::string> nonce = absl::InvalidArgumentError("");
  if (options.grant.size() == 2 * kNonceBytes) nonce = HexDecode(options.grant);
  if (!nonce.ok()) {
    absl::StatusOr<SignedGrant> given = GrantFromArgument(options.grant);
    if (!given.ok()) return given.status();
    grant = *std::move(given);
  }
  const absl::StatusOr<PassportId> id = PassportIdFromArgument(context, options.passport);
  if (!id.ok()) return id.status();
  absl::StatusOr<VaultSession> session = VaultSession::Open(context, options.asker, *id);
  if (!session.ok()) return session.status();
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  if (grant.has_value()) {
    nonce = NonceOf(*grant, *id, session->asker().key().public_key(), (*policy)->origin());
    if (!nonce.ok()) return nonce.status();
  } else if (absl::Status known = RequireKnown(*session, *nonce); !known.ok()) {
    return known;
  }
  const absl::StatusOr<uint64_t> withdrawn = session->Withdraw(*nonce);
  if (!withdrawn.ok()) return withdrawn.status();
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("grant");
    json.String(HexEncode(*nonce));
    json.Key("withdrawn_at");
    json.String(FormatRfc3339(*withdrawn));
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return absl::OkStatus();
  }
  std::printf(
      "Withdrawn on %s. What was fetched under it before stays fetched: touchstone access "
      "list says what that was.\n",
      FormatTime(*withdrawn).c_str());
  return absl::OkStatus();
}

// ---- access list ----

struct AccessListOptions {
  std::string passport;
  VaultAskerOptions asker;
};

std::string NameOf(const std::vector<ParticipantState>& participants, const AccessRecord& access) {
  if (access.participant_id.empty()) return absl::StrCat("key ", HexEncode(access.key));
  for (const ParticipantState& participant : participants) {
    if (participant.id() == access.participant_id) {
      return absl::StrCat(participant.details().legal_name, " (", access.participant_id, ")");
    }
  }
  return access.participant_id;
}

void PrintAccess(const std::string& who, const AccessRecord& access) {
  std::printf("%5llu  %s  %s: %s%s%s%s%s\n", static_cast<unsigned long long>(access.number),
              FormatTime(access.time_ms).c_str(), ForTerminal(who).c_str(),
              ForTerminal(access.what).c_str(), access.document_sha256.empty() ? "" : " ",
              HexEncode(access.document_sha256).c_str(),
              access.grant_nonce.empty()
                  ? ""
                  : absl::StrCat(", under the grant ", HexEncode(access.grant_nonce)).c_str(),
              access.refused ? "; REFUSED" : "");
}

void WriteAccess(const std::string& who, const AccessRecord& access, JsonWriter& json) {
  const auto text = [&json](absl::string_view name, const std::string& what) {
    if (what.empty()) return;
    json.Key(name);
    json.String(PlainText(what));
  };
  json.BeginObject();
  json.Key("number");
  json.Number(access.number);
  text("time", FormatRfc3339(access.time_ms));
  text("who", who);
  text("participant_id", access.participant_id);
  text("key", HexEncode(access.key));
  text("grant", HexEncode(access.grant_nonce));
  text("what", access.what);
  text("document_sha256", HexEncode(access.document_sha256));
  json.Key("refused");
  json.Boolean(access.refused);
  json.EndObject();
}

absl::Status ListAccesses(Context& context, const AccessListOptions& options) {
  const absl::StatusOr<PassportId> id = PassportIdFromArgument(context, options.passport);
  if (!id.ok()) return id.status();
  absl::StatusOr<VaultSession> session = VaultSession::Open(context, options.asker, *id);
  if (!session.ok()) return session.status();
  const absl::StatusOr<AccessPage> page = AllAccesses(*session);
  if (!page.ok()) return page.status();
  const absl::StatusOr<std::vector<ParticipantState>> participants = FetchParticipants(context);
  if (!participants.ok()) return participants.status();
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("forgotten");
    json.Number(page->forgotten);
    json.Key("accesses");
    json.BeginArray();
    for (const AccessRecord& access : page->accesses) {
      WriteAccess(NameOf(*participants, access), access, json);
    }
    json.EndArray();
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return absl::OkStatus();
  }
  if (page->forgotten != 0) {
    std::printf("(%llu older ones are no longer kept)\n",
                static_cast<unsigned long long>(page->forgotten));
  }
  for (const AccessRecord& access : page->accesses) {
    PrintAccess(NameOf(*participants, access), access);
  }
  if (page->accesses.empty()) std::printf("Nobody has looked.\n");
  return absl::OkStatus();
}

}  // namespace

void AddGrantCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* grant =
      app->add_subcommand("grant", "Let somebody see chosen documents of a piece for a time")
          ->group("Owners");
  grant->require_subcommand(1);

  CLI::App* make = grant->add_subcommand("make", "Make one: signed by the owner's key");
  make->footer(
      "Nothing is sent: hand the text, the file or the picture to whom it is for; nobody else can\n"
      "use it. It counts until it expires, is withdrawn, or the piece changes hands. Neither\n"
      "--kind nor --document: all confidential documents.");
  auto make_options = std::make_shared<MakeOptions>();
  make->add_option("PASSPORT", make_options->passport, kPassportHelp)->required();
  AddOwnerKeyOption(make, &make_options->owner_key);
  make->get_option("--owner-key")->required()->description("The key of the piece's owner");
  make->add_option("--to", make_options->to,
                   "Who: a participant's id, or a public key (66 digits or a key file)")
      ->type_name("ID|KEY")
      ->required();
  make->add_option("--kind,--kinds", make_options->kinds, "Documents of this kind; may be repeated")
      ->delimiter(',')
      ->transform(IsOneOf(EnumChoices<v1::Commitment::Kind>(
          v1::Commitment::Kind_MAX, v1::Commitment::Kind_IsValid, v1::Commitment::Kind_Name)));
  make->add_option("--document", make_options->documents,
                   "This document (touchstone document list shows digests); may be repeated")
      ->type_name("DIGEST");
  make->add_flag("--accesses", make_options->accesses, "And who has looked");
  make->add_option("--valid-for", make_options->valid_for, "For how long, such as 30d")
      ->type_name("DURATION")
      ->required();
  make->add_option("--purpose", make_options->purpose, "For people: \"cover for 2027\"");
  make->add_option("--out", make_options->out_file, "Write it to this file")->type_name("FILE");
  make->add_option("--qr", make_options->qr_file, "Draw it as a QR code, PNG")->type_name("FILE");
  make->callback([=] { result->status = Make(*context, *make_options); });

  CLI::App* show = grant->add_subcommand("show", "What a grant says");
  show->footer("Exit status 1 where it has expired, or --passport shows that it does not count.");
  auto show_options = std::make_shared<ShowOptions>();
  show->add_option("GRANT", show_options->grant, "A file, or the text itself")->required();
  show->add_option("--passport", show_options->passport,
                   "Check that it was given by who owns the piece: an id or .passport file");
  show->callback([=] { result->status = Show(*context, *show_options); });

  CLI::App* withdraw = grant->add_subcommand("withdraw", "From here on it counts no more");
  auto withdraw_options = std::make_shared<WithdrawOptions>();
  withdraw->add_option("PASSPORT", withdraw_options->passport, kPassportHelp)->required();
  withdraw
      ->add_option("GRANT", withdraw_options->grant,
                   "A file, the text itself, or its 32 digits (touchstone grant show)")
      ->required();
  AddOwnerKeyOption(withdraw, &withdraw_options->asker.owner_key);
  withdraw->get_option("--owner-key")->required()->description("The key of the piece's owner");
  withdraw->callback([=] { result->status = Withdraw(*context, *withdraw_options); });
}

void AddAccessCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* access =
      app->add_subcommand("access", "Who has looked at a piece's documents")->group("Owners");
  access->require_subcommand(1);
  CLI::App* list = access->add_subcommand(
      "list", "Each time: who, when, at what, under which grant; of the owner's own time");
  list->footer("As the registry tells it; under a grant with --accesses, the grantee sees it too.");
  auto options = std::make_shared<AccessListOptions>();
  list->add_option("PASSPORT", options->passport, kPassportHelp)->required();
  AddVaultAskerOptions(list, &options->asker);
  list->callback([=] { result->status = ListAccesses(*context, *options); });
}

}  // namespace touchstone::cli
