// insurer-pack: everything that an owner let an insurer or an appraiser see of a piece, in one file
// that verifies offline; and checking one.
#include "cli/pack/insurer_pack.h"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/commands/commands.h"
#include "cli/committed_document.h"
#include "cli/grant_giver.h"
#include "cli/json_writer.h"
#include "cli/offline_check.h"
#include "cli/own_files.h"
#include "cli/pack/pack_check.h"
#include "cli/pack/pack_summary.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/reservations.h"
#include "cli/terminal_text.h"
#include "cli/vault_session.h"
#include "verifier/refusal.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

// The ZIP's own bytes about its members come on top.
constexpr size_t kPackFileBytesMax = kPackBytesMax + (size_t{1} << 20);

struct PackOptions {
  std::string passport;
  VaultAskerOptions asker;
  std::string out_file;
  bool force = false;
};

// ---- Making one. ----

// The registry says nothing of what is not the asker's. What was granted, is stored and cannot be
// read is the registry's affair, and no word against the owner.
std::string WhyAbsent(const std::optional<DocumentInfo>& info, bool granted) {
  if (!granted || !info.has_value()) return "not_granted";
  switch (info->state) {
    case DocumentState::kNeverStored:
      return "never_stored";
    case DocumentState::kErased:
      return "erased";
    case DocumentState::kRetentionEnded:
      return "retention_ended";
    case DocumentState::kStored:
    case DocumentState::kUnknown:
      break;
  }
  return "unknown";
}

// Fetches what may be seen, and names what may not.
absl::Status Collect(VaultSession& session, const VerifiedRecord& record, PackContents* contents) {
  const absl::StatusOr<std::vector<DocumentInfo>> infos = session.List();
  if (!infos.ok()) return infos.status();
  const std::vector<CommittedDocument> documents = CommittedDocuments(record);
  for (const CommittedDocument& document : documents) {
    if (&document != FindDocument(documents, document.part.digest)) continue;  // named elsewhere
    const std::optional<DocumentInfo> info = FindInfo(*infos, document.part.digest);
    const bool granted = !document.part.confidential || contents->grant == nullptr ||
                         contents->grant->Covers(document.part);
    const auto leave_out = [&] {
      contents->absent.push_back({.document_sha256 = document.part.digest,
                                  .kind = DocumentKindText(document.part),
                                  .entry_number = document.entry_number,
                                  .why = WhyAbsent(info, granted)});
    };
    if (!granted || !info.has_value() || !info->readable || info->state != DocumentState::kStored) {
      leave_out();
      continue;
    }
    absl::StatusOr<CheckedDocument> got = session.Get(record, document);
    if (absl::IsInternal(got.status())) {
      // Its file or its key is lost: the others are no worse for it.
      std::fprintf(stderr, "Left out: %s %s: %s\n", DocumentKindText(document.part).c_str(),
                   DigestToHex(document.part.digest).c_str(),
                   std::string(got.status().message()).c_str());
      leave_out();
      continue;
    }
    if (!got.ok()) {
      return SameRefusal(got.status(), absl::StrCat(DocumentKindText(document.part), " ",
                                                    DigestToHex(document.part.digest), ": ",
                                                    got.status().message()));
    }
    contents->documents.push_back(*std::move(got));
  }
  return absl::OkStatus();
}

void ReportMade(const Context& context, const std::string& path, const Pack& pack) {
  if (!context.options().json) {
    std::fprintf(stderr,
                 "Wrote %s: %zu document(s), %zu left out (SUMMARY.txt in it says which and why). "
                 "Check it with `touchstone insurer-pack check %s`.\n",
                 path.c_str(), pack.manifest.documents.size(), pack.manifest.absent.size(),
                 path.c_str());
    return;
  }
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("file");
  json.String(path);
  json.Key("bytes");
  json.Number(pack.zip.size());
  json.Key("manifest");
  json.Raw(absl::StripTrailingAsciiWhitespace(FormatManifest(pack.manifest)));
  json.EndObject();
  std::printf("%s", std::move(json).Finish().c_str());
}

absl::Status Make(Context& context, const PackOptions& options) {
  if (options.passport.empty()) {
    return absl::InvalidArgumentError(
        "say which piece: touchstone insurer-pack PASSPORT --grant GRANT; or to check one: "
        "touchstone insurer-pack check FILE.zip");
  }
  const absl::StatusOr<std::string> policy_text = context.PolicyText();
  if (!policy_text.ok()) return policy_text.status();
  const absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, options.passport);
  if (!passport.ok()) return passport.status();
  const VerifiedRecord& record = passport->record;
  const std::string path = options.out_file.empty()
                               ? absl::StrCat(record.passport_id.Format(), ".zip")
                               : options.out_file;
  if (!options.force && access(path.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already; choose another --out, or say --force"));
  }
  absl::StatusOr<VaultSession> session =
      VaultSession::Open(context, options.asker, record.passport_id);
  if (!session.ok()) return session.status();
  PackContents contents;
  contents.passport = &*passport;
  contents.policy_text = *policy_text;
  if (session->asker().grant().has_value()) contents.grant = &*session->asker().grant();
  if (contents.grant != nullptr) {
    // Before anything is fetched: the pack must hold before the checker's eyes.
    absl::Status counts = CheckGivenByOwner(*contents.grant, record);
    if (counts.ok()) counts = contents.grant->CheckTime(context.NowMs());
    if (!counts.ok()) return counts;
  }
  if (absl::Status status = Collect(*session, record, &contents); !status.ok()) return status;
  const absl::StatusOr<Pack> pack = MakePack(contents);
  if (!pack.ok()) return pack.status();
  const OwnFiles own;
  const absl::Status written = WritePublicFile(path, pack->zip, options.force);
  if (!written.ok()) return written;
  ReportMade(context, path, *pack);
  return absl::OkStatus();
}

// ---- Checking one. ----

std::string PackToText(const CheckedPack& pack) {
  std::string text = absl::StrCat("The pack holds: its ", pack.manifest.documents.size(),
                                  " document(s) are those that the passport commits to, nothing is "
                                  "in it besides, and all that\n"
                                  "is missing is named. What follows from it:\n\n",
                                  pack.summary, "\n");
  if (pack.grant_expired) {
    absl::StrAppend(&text, "(The grant has expired since; it counted when the pack was made.)\n");
  }
  return text;
}

std::string PackToJson(const CheckedPack& pack, absl::string_view verdict) {
  JsonWriter json(JsonWriter::Layout::kPretty);
  json.BeginObject();
  json.Key("pack_holds");
  json.Boolean(true);
  json.Key("manifest");
  json.Raw(absl::StripTrailingAsciiWhitespace(FormatManifest(pack.manifest)));
  json.Key("made_under_a_grant");
  json.Boolean(pack.grant.has_value());
  json.Key("grant_expired_since");
  json.Boolean(pack.grant_expired);
  json.Key("summary_compared");
  json.Boolean(pack.summary_holds.has_value());
  json.Key("verdict");
  json.Raw(absl::StripTrailingAsciiWhitespace(verdict));
  json.EndObject();
  return std::move(json).Finish();
}

absl::Status Check(Context& context, const OfflineCheckOptions& options, CommandResult* result) {
  if (options.passport_file.empty()) {
    return absl::InvalidArgumentError("say which pack: touchstone insurer-pack check FILE.zip");
  }
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<uint64_t> now_ms = CheckTimeMs(options);
  if (!now_ms.ok()) return now_ms.status();
  const absl::StatusOr<std::string> zip = ReadPublicFile(options.passport_file, kPackFileBytesMax);
  if (!zip.ok()) return zip.status();
  const absl::StatusOr<CheckedPack> pack = CheckPack(**policy, *zip, *now_ms);
  if (!pack.ok()) return InContext(options.passport_file, pack.status());
  if (pack->summary_holds == false) {
    return Refuse(RefusalCode::kMalformed,
                  absl::StrCat(options.passport_file,
                               ": SUMMARY.txt says something else than what is proven: somebody "
                               "changed it. Go by nothing in it"));
  }
  const bool json = context.options().json;
  OfflineCheckOptions others = options;
  others.passport_file.clear();
  const absl::StatusOr<CheckAnswer> answer =
      RunPassportCheck(others, **policy, pack->passport_file, json);
  if (!answer.ok()) return answer.status();
  Reservations reservations;
  if (!pack->summary_holds.has_value()) {
    reservations.NotShown(
        "SUMMARY.txt is another version's and could not be compared; go by what stands here");
  }
  result->exit_status =
      answer->exit_status == kExitOk ? reservations.exit_status() : answer->exit_status;
  return WritePublicFile(
      "-",
      json ? PackToJson(*pack, answer->text)
           : absl::StrCat(ForTerminal(PackToText(*pack)), answer->text, reservations.Text()),
      false);
}

}  // namespace

void AddInsurerPackCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("insurer-pack",
                          "All that an owner lets you see of a piece, in one file that verifies "
                          "offline")
          ->group("Checking");
  command->footer(
      "A ZIP: the passport, the documents that the grant lets you see, the openings that tie each "
      "to\n"
      "the passport, the trust policy, and SUMMARY.txt to read (docs/INSURERS.md). An owner makes\n"
      "one with --owner-key and without a grant.");
  auto options = std::make_shared<PackOptions>();
  command->add_option("PASSPORT", options->passport, "The piece: a passport id or .passport file");
  AddVaultAskerOptions(command, &options->asker);
  command->add_option("--out", options->out_file, "(default: the passport's id, .zip)")
      ->type_name("FILE.zip");
  command->add_flag("--force", options->force, "Replace it if it is there");

  CLI::App* check = command->add_subcommand(
      "check", "Check a pack, offline, believing nothing in it but what your own policy proves");
  auto check_options = std::make_shared<OfflineCheckOptions>();
  AddOfflineCheckOptions(check, check_options.get());
  check->get_option("FILE")->description("The pack");
  check->footer(
      "Exit status as of touchstone verify. The passport in the pack is judged like any.");
  check->callback([=] { result->status = Check(*context, *check_options, result); });
  command->callback([=] {
    if (!check->parsed()) result->status = Make(*context, *options);
  });
}

}  // namespace touchstone::cli
