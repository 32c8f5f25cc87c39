// ownership ask, prove, check: before he pays, a buyer learns that the seller holds the piece.
#include "verifier/ownership_proof.h"

#include <sodium.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/controlling_terminal.h"
#include "cli/duration_text.h"
#include "cli/offline_check.h"
#include "cli/passport_name.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "cli/terminal_text.h"
#include "cli/text_argument.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/time_text.h"

namespace touchstone::cli {
namespace {

// What a person reads of a question, before asking it and before answering it.
std::string Describe(const OwnershipChallenge& challenge) {
  return ForTerminal(absl::StrCat("  piece       ", challenge.passport_id().Format(),
                                  "\n  log         ", challenge.log_origin(), "\n  who asks    ",
                                  challenge.verifier(), "\n  what for    ", challenge.purpose(),
                                  "\n  asked at    ", FormatTime(challenge.issued_at_ms()),
                                  "\n  open until  ", FormatTime(challenge.expires_at_ms()), "\n"));
}

// A new file, or a line on standard output.
absl::Status WriteText(const std::string& out_file, const std::string& text) {
  return WritePublicFile(out_file.empty() ? "-" : out_file, absl::StrCat(text, "\n"),
                         /*replace=*/false);
}

absl::StatusOr<OwnershipChallenge> ReadChallenge(const std::string& argument) {
  const absl::StatusOr<std::string> text =
      ReadTextArgument(argument, kOwnershipTextBegin, limits::kOwnershipTextBytesMax);
  if (!text.ok()) return text.status();
  return OwnershipChallenge::ParseText(*text);
}

struct AskOptions {
  std::string passport;
  std::string verifier;
  std::string purpose;
  std::string valid_for = "48h";
  std::string out_file;
};

absl::Status Ask(Context& context, const AskOptions& options) {
  const absl::StatusOr<uint64_t> valid_ms = ParseDurationMs("--valid-for", options.valid_for);
  if (!valid_ms.ok()) return valid_ms.status();
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<PassportId> id = PassportIdFromArgument(context, options.passport);
  if (!id.ok()) return id.status();
  if (*valid_ms > limits::kOwnershipChallengeMsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--valid-for '", options.valid_for, "': a question is open for at most ",
                     limits::kOwnershipChallengeMsMax / (uint64_t{24} * 3600 * 1000), " days"));
  }
  std::string nonce(limits::kOwnershipNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  v1::OwnershipChallenge message;
  message.set_log_origin((*policy)->origin());
  message.set_passport_id(std::string(id->bytes()));
  message.set_verifier(options.verifier);
  message.set_purpose(options.purpose);
  message.set_nonce(std::move(nonce));
  message.set_issued_at_ms(context.NowMs());
  message.set_expires_at_ms(message.issued_at_ms() + *valid_ms);
  const absl::StatusOr<OwnershipChallenge> challenge = OwnershipChallenge::Create(message);
  if (!challenge.ok()) return absl::InvalidArgumentError(challenge.status().message());
  const absl::Status written = WriteText(options.out_file, challenge->Text());
  if (!written.ok()) return written;
  std::fprintf(
      stderr, "A question to whoever holds the piece:\n%s%s", Describe(*challenge).c_str(),
      "Keep it, and send a copy: the holder says touchstone ownership prove, and you check "
      "the\nanswer against your own copy with touchstone ownership check.\n");
  return absl::OkStatus();
}

struct ProveOptions {
  std::string challenge;
  std::string owner_key;
  std::string out_file;
  bool yes = false;
};

absl::Status Prove(Context& context, const ProveOptions& options) {
  const absl::StatusOr<OwnershipChallenge> challenge = ReadChallenge(options.challenge);
  if (!challenge.ok()) return challenge.status();
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  if (challenge->log_origin() != (*policy)->origin()) {
    return Refuse(
        RefusalCode::kWrongOrigin,
        absl::StrCat("the question is about a piece in the log \"", challenge->log_origin(),
                     "\", and your policy is for \"", (*policy)->origin(), "\""));
  }
  const absl::Status in_time = challenge->CheckTime(context.NowMs());
  if (!in_time.ok()) return in_time;
  std::fprintf(stderr, "You are about to sign that you hold this piece, in answer to:\n%s%s",
               Describe(*challenge).c_str(),
               "Sign only if this is who asked you, and what for: whoever gets the answer can show "
               "it to\nthat asker as if it were his own.\n");
  if (!options.yes) {
    const ControllingTerminal terminal;
    if (!terminal.is_there()) {
      return absl::FailedPreconditionError(
          "there is no terminal to ask at: read what would be signed, then say --yes");
    }
    if (!terminal.Confirms("Sign it?")) {
      return absl::FailedPreconditionError("nothing was signed");
    }
  }
  const absl::StatusOr<SecretKey> key = context.OpenKey(options.owner_key);
  if (!key.ok()) return key.status();
  const SecretKey* const keys[] = {&*key};
  const absl::StatusOr<Envelope> proof =
      SignEnvelope(PayloadType::kOwnershipProof, challenge->bytes(), keys);
  if (!proof.ok()) return proof.status();
  const absl::Status written = WriteText(options.out_file, OwnershipProofText(*proof));
  if (!written.ok()) return written;
  std::fprintf(stderr, "Signed. Give the answer to %s and to nobody else.\n",
               ForTerminal(challenge->verifier()).c_str());
  return absl::OkStatus();
}

// The newest passport of the piece that the question is about.
absl::StatusOr<std::string> FetchPassportFor(Context& context, const OfflineCheckOptions& options) {
  const absl::StatusOr<OwnershipChallenge> challenge = ReadChallenge(options.challenge);
  if (!challenge.ok()) return InContext("challenge", challenge.status());
  absl::StatusOr<HeldPassport> passport = GetPassport(context, challenge->passport_id());
  if (!passport.ok()) return passport.status();
  return std::move(passport->file);
}

absl::Status Check(Context& context, const OfflineCheckOptions& options, CommandResult* result) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  std::optional<std::string> passport;
  if (options.passport_file.empty()) {
    absl::StatusOr<std::string> fetched = FetchPassportFor(context, options);
    if (!fetched.ok()) return fetched.status();
    passport = *std::move(fetched);
  }
  const absl::StatusOr<CheckAnswer> answer =
      RunOwnershipCheck(options, passport, **policy, context.options().json);
  if (!answer.ok()) return answer.status();
  result->exit_status = answer->exit_status;
  return WritePublicFile("-", answer->text, false);
}

void AddAsk(CLI::App* parent, Context* context, CommandResult* result) {
  CLI::App* command =
      parent->add_subcommand("ask", "Ask whoever holds a piece to prove it; needs no registry");
  auto options = std::make_shared<AskOptions>();
  command->add_option("PASSPORT", options->passport, "A passport id, or a .passport file")
      ->required();
  command->add_option("--verifier", options->verifier, "Who asks, as the holder knows you")
      ->required();
  command
      ->add_option("--purpose", options->purpose,
                   "What for, such as \"purchase on 28 November for EUR 4,000\"")
      ->required();
  command->add_option("--valid-for", options->valid_for, "How long an answer counts, at most 90d")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_option("--out", options->out_file, "Write the question to this file")
      ->type_name("FILE");
  command->callback([=] { result->status = Ask(*context, *options); });
}

void AddProve(CLI::App* parent, Context* context, CommandResult* result) {
  CLI::App* command = parent->add_subcommand(
      "prove",
      "Answer such a question, signed with the key that holds the piece; needs no registry");
  auto options = std::make_shared<ProveOptions>();
  command
      ->add_option("CHALLENGE", options->challenge,
                   "The question: a file, - for standard input, or the text itself")
      ->required();
  command->add_option("--owner-key", options->owner_key, "The key that holds the piece")
      ->type_name("FILE")
      ->required();
  command->add_option("--out", options->out_file, "Write the answer to this file")
      ->type_name("FILE");
  command->add_flag("--yes", options->yes, "Do not ask before signing");
  command->callback([=] { result->status = Prove(*context, *options); });
}

void AddCheck(CLI::App* parent, Context* context, CommandResult* result) {
  CLI::App* command =
      parent->add_subcommand("check", "Check an answer against the question and the passport");
  auto options = std::make_shared<OfflineCheckOptions>();
  command
      ->add_option("PROOF", options->proof,
                   "The answer: a file, - for standard input, or the text itself")
      ->required();
  command
      ->add_option("--challenge", options->challenge,
                   "The question that you asked, from your own copy: a file, or the text itself")
      ->required();
  command
      ->add_option(
          "--passport", options->passport_file,
          "A .passport file, for checking with no network (default: the registry's newest)")
      ->type_name("FILE");
  AddJudgementOptions(command, options.get());
  command->footer(
      "Exit status: 0 whoever answered holds the piece, and nothing stands against buying it; 1 "
      "the\n"
      "answer is refused; 2 the command line or a file cannot be used; 3 no registry; 4 it could "
      "not be\n"
      "judged, or something stands against it: reported stolen, pledged, not claimed yet, too "
      "old.");
  command->callback([=] { result->status = Check(*context, *options, result); });
}

}  // namespace

void AddOwnershipCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("ownership", "Prove that you hold a piece, or have it proven to you")
          ->group("Owners");
  command->require_subcommand(1);
  AddAsk(command, context, result);
  AddProve(command, context, result);
  AddCheck(command, context, result);
}

}  // namespace touchstone::cli
