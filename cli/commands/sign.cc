#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/describe_statement.h"
#include "cli/public_file.h"
#include "cli/statement_draft.h"
#include "cli/submission.h"
#include "cli/terminal_text.h"
#include "verifier/hex.h"
#include "verifier/limits.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

struct EnvelopeFiles {
  std::vector<std::string> in_files;
  std::string out_file;
};

absl::StatusOr<Envelope> ReadEnvelope(const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadPublicFile(path, limits::kEnvelopeBytesMax);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<Envelope> envelope = Envelope::Parse(PayloadType::kStatement, *bytes);
  if (!envelope.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is no signed statement: ", envelope.status().message()));
  }
  return envelope;
}

// Where two keys sign of which the statement names one: whether there is a place for `key` beside
// those who have signed. Whose the other one is, only a passport says.
absl::Status CheckHasSeat(const ParsedStatement& statement, const Envelope& envelope,
                          const PublicKey& key) {
  switch (statement.event()) {
    case EventKind::kFirstSale:
    case EventKind::kClaim:
    case EventKind::kTransfer:
    case EventKind::kPledged:
      break;
    default:
      return absl::OkStatus();
  }
  if (statement.named_keys().empty()) return absl::OkStatus();
  const PublicKey& named = statement.named_keys().front();
  if (key == named) return absl::OkStatus();
  for (const EnvelopeSignature& signature : envelope.signatures()) {
    if (signature.keyid == named.KeyId() || signature.keyid == key.KeyId()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "the key ", HexEncode(key.encoded()), " has no part in this ", EventName(statement.event()),
        ": one other than the next holder has signed already, and "
        "the next holder's key is ",
        HexEncode(named.encoded()), "; nothing was signed"));
  }
  return absl::OkStatus();
}

// The people who sign must see what they sign: the text goes to standard error, so that the
// envelope itself can go to standard output.
absl::Status Sign(const Context& context, const EnvelopeFiles& files) {
  absl::StatusOr<Envelope> envelope = ReadEnvelope(files.in_files.front());
  if (!envelope.ok()) return envelope.status();
  const absl::StatusOr<std::string> description = DescribeStatement(envelope->payload());
  if (!description.ok()) return description.status();
  std::fprintf(stderr, "%s", ForTerminal(*description).c_str());
  const absl::StatusOr<std::vector<SecretKey>> keys = context.SigningKeys();
  if (!keys.ok()) return keys.status();
  const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope->payload());
  if (!statement.ok()) return statement.status();
  std::vector<const SecretKey*> pointers;
  for (const SecretKey& key : *keys) {
    const absl::Status has_seat = CheckHasSeat(*statement, *envelope, key.public_key());
    if (!has_seat.ok()) return has_seat;
    pointers.push_back(&key);
  }
  absl::StatusOr<Envelope> ours =
      SignEnvelope(PayloadType::kStatement, envelope->payload(), pointers);
  if (!ours.ok()) return ours.status();
  const absl::StatusOr<Envelope> both = CombineEnvelopes(*envelope, *ours);
  if (!both.ok()) return both.status();
  const bool in_place = files.out_file.empty();
  const std::string& out = in_place ? files.in_files.front() : files.out_file;
  const absl::Status written = WritePublicFile(out, both->bytes(), in_place);
  if (!written.ok()) return written;
  if (out != "-") {
    std::fprintf(stderr, "Signed: %s now has %zu signature(s).\n", out.c_str(),
                 both->signatures().size());
  }
  return absl::OkStatus();
}

absl::Status Combine(const EnvelopeFiles& files) {
  std::optional<Envelope> combined;
  for (const std::string& path : files.in_files) {
    absl::StatusOr<Envelope> envelope = ReadEnvelope(path);
    if (!envelope.ok()) return envelope.status();
    if (!combined.has_value()) {
      combined = *std::move(envelope);
      continue;
    }
    absl::StatusOr<Envelope> both = CombineEnvelopes(*combined, *envelope);
    if (!both.ok()) {
      return absl::Status(both.status().code(), absl::StrCat(path, ": ", both.status().message()));
    }
    combined = *std::move(both);
  }
  const absl::Status written = WritePublicFile(files.out_file, combined->bytes(), false);
  if (!written.ok()) return written;
  if (files.out_file != "-") {
    std::fprintf(stderr, "%s has %zu signature(s).\n", files.out_file.c_str(),
                 combined->signatures().size());
  }
  return absl::OkStatus();
}

absl::Status Submit(Context& context, const EnvelopeFiles& files) {
  const absl::StatusOr<Envelope> envelope = ReadEnvelope(files.in_files.front());
  if (!envelope.ok()) return envelope.status();
  const absl::StatusOr<VerifiedReceipt> receipt = SubmitAndCheck(context, *envelope);
  if (!receipt.ok()) return receipt.status();
  ReportLogged(context, absl::StrCat("Logged ", EventName(receipt->event)), *receipt);
  return absl::OkStatus();
}

}  // namespace

void AddSignCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("sign", "Show a statement and add your signature to its envelope")
          ->group("Signing by several people");
  auto files = std::make_shared<EnvelopeFiles>();
  command->add_option("ENVELOPE", files->in_files, "The envelope file")->required()->expected(1);
  command->add_option("--out", files->out_file,
                      "Write the result there (default: replace the file in one step)");
  command->callback([=] { result->status = Sign(*context, *files); });
}

void AddCombineCommand(CLI::App* app, Context*, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("combine", "Bring signatures made on several machines together")
          ->group("Signing by several people");
  auto files = std::make_shared<EnvelopeFiles>();
  command->add_option("ENVELOPE", files->in_files, "Envelope files of the same statement")
      ->required()
      ->expected(2, 64);
  command->add_option("--out", files->out_file, "The new envelope file")->required();
  command->callback([=] { result->status = Combine(*files); });
}

void AddSubmitCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command = app->add_subcommand("submit", "Submit a signed envelope, check the receipt")
                          ->group("Signing by several people");
  auto files = std::make_shared<EnvelopeFiles>();
  command->add_option("ENVELOPE", files->in_files, "The envelope file")->required()->expected(1);
  command->callback([=] { result->status = Submit(*context, *files); });
}

}  // namespace touchstone::cli
