#include "cli/ownership.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/claim_code_page.h"
#include "cli/new_key.h"
#include "cli/passport_text.h"
#include "cli/statement_draft.h"
#include "verifier/digest.h"
#include "verifier/hex.h"
#include "verifier/refusal.h"
#include "verifier/signing/key_file.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

absl::string_view WhatComesNext(OwnershipPhase phase) {
  switch (phase) {
    case OwnershipPhase::kWithStore:
      return "its first sale comes next: touchstone sell";
    case OwnershipPhase::kUnclaimed:
      return "its owner claims it next: touchstone claim";
    case OwnershipPhase::kOwned:
      return "its owner can hand it on: touchstone transfer";
    case OwnershipPhase::kRetired:
      return "nothing comes after that";
  }
  return "";
}

// Whether an entry of the piece has named that key.
bool HasNamedKey(const VerifiedRecord& record, const PublicKey& key) {
  return std::any_of(
      record.timeline.begin(), record.timeline.end(), [&](const TimelineEntry& entry) {
        const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(entry.statement);
        if (!statement.ok()) return false;
        const auto& keys = statement->named_keys();
        return std::find(keys.begin(), keys.end(), key) != keys.end();
      });
}

bool IsPublicKeyText(const std::string& text) {
  return text.size() == 2 * PublicKey::kEncodedBytes && HexDecode(text).ok();
}

}  // namespace

v1::Statement NewOwnershipStatement(const VerifiedRecord& record, uint64_t occurred_at_ms) {
  v1::Statement statement =
      NewPassportStatement(record.log.origin, occurred_at_ms, record.passport_id);
  const Digest& newest = record.status.builds_on;
  statement.set_builds_on(newest.data(), newest.size());
  return statement;
}

std::optional<PublicKey> ActingKeyOf(const VerifiedRecord& record) {
  if (!record.status.acting_key.has_value()) return std::nullopt;
  const auto& encoded = record.status.acting_key->encoded;
  const absl::StatusOr<PublicKey> key = PublicKey::Parse(
      absl::string_view(reinterpret_cast<const char*>(encoded.data()), encoded.size()));
  return key.ok() ? std::optional<PublicKey>(*key) : std::nullopt;
}

absl::Status RequirePhase(const VerifiedRecord& record, OwnershipPhase phase) {
  if (record.status.phase == phase) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongPhase,
                absl::StrCat("the piece is ", DescribeHolding(record.status), "; ",
                             WhatComesNext(record.status.phase)));
}

absl::Status RequireActingKey(const VerifiedRecord& record, const PublicKey& key,
                              absl::string_view option) {
  const std::optional<PublicKey> acting = ActingKeyOf(record);
  if (acting.has_value() && *acting == key) return absl::OkStatus();
  return Refuse(
      RefusalCode::kUnknownSigner,
      absl::StrCat(option, " is not the key that holds this piece now (",
                   acting.has_value() ? absl::StrCat("that is ", HexEncode(acting->encoded()))
                                      : "there is none",
                   ")"));
}

void AddNextKeyOptions(CLI::App* command, const std::string& name, const std::string& what,
                       NextKeyOptions* options) {
  options->name = absl::StrCat("--", name);
  command
      ->add_option(options->name, options->key,
                   absl::StrCat(what,
                                ": a key file; or only the public key (66 hexadecimal "
                                "digits), with --out, for its holder to sign"))
      ->type_name("FILE|KEY");
  command
      ->add_option(options->name + "-out", options->key_out,
                   absl::StrCat("Make ", what, " anew, in this file"))
      ->type_name("FILE");
  command->add_flag("--plain", options->plain,
                    "No passphrase on the new key file: whoever can read it can use it");
}

void AddClaimCodeOutOption(CLI::App* command, NextKeyOptions* options) {
  options->may_be_code = true;
  command
      ->add_option("--claim-code-out", options->code_out,
                   "Make a claim code, on a page for the customer in this file (mode 600); a page "
                   "of this piece that is there already is gone on with")
      ->type_name("FILE");
}

absl::Status CheckNextKeyOptions(const NextKeyOptions& options) {
  const int given = static_cast<int>(!options.key.empty()) +
                    static_cast<int>(!options.key_out.empty()) +
                    static_cast<int>(!options.code_out.empty());
  if (given == 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "give ", options.may_be_code ? "one of --claim-code-out (make a claim code), " : "either ",
      options.name, " (a key that exists) or ", options.name, "-out (make a new one)"));
}

absl::StatusOr<std::optional<PublicKey>> ExistingNextKey(const NextKeyOptions& options) {
  if (options.key.empty()) return std::optional<PublicKey>();
  const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(options.key);
  if (!key.ok()) return key.status();
  return std::optional<PublicKey>(*key);
}

std::string NextKeyLabel(const NextKeyOptions& options, const PassportId& id) {
  return absl::StrCat(options.name == "--claim-key" ? "claim key of " : "owner key of ",
                      id.Format());
}

absl::StatusOr<std::optional<PublicKey>> ExistingMadeKey(const NextKeyOptions& options,
                                                         const VerifiedRecord& record,
                                                         const std::string& holder_key) {
  if (options.key_out.empty() || access(options.key_out.c_str(), F_OK) != 0) {
    return std::optional<PublicKey>();
  }
  const std::string label = NextKeyLabel(options, record.passport_id);
  const absl::StatusOr<KeyFile> file = ReadKeyFile(options.key_out);
  if (!file.ok() || !file->public_key().has_value() || file->label() != label) {
    return absl::AlreadyExistsError(absl::StrCat(
        options.key_out, " is there already, and is not a key file that this command made (\"",
        label, "\"); choose another name, or give a key that exists with ", options.name));
  }
  if (!holder_key.empty()) {
    const absl::StatusOr<PublicKey> holder = PublicKeyFromArgument(holder_key);
    if (holder.ok() && *holder == *file->public_key()) {
      return absl::AlreadyExistsError(
          absl::StrCat(options.key_out,
                       " is the key that hands the piece over; choose another name "
                       "for the next one"));
    }
  }
  if (ActingKeyOf(record) != file->public_key() && HasNamedKey(record, *file->public_key())) {
    return absl::AlreadyExistsError(
        absl::StrCat(options.key_out,
                     " is a key that the piece was with before, and it goes to none "
                     "twice; choose another name for a new one"));
  }
  return file->public_key();
}

absl::StatusOr<std::optional<PublicKey>> ExistingClaimCodeKey(const NextKeyOptions& options,
                                                              const VerifiedRecord& record) {
  if (access(options.code_out.c_str(), F_OK) != 0) return std::optional<PublicKey>();
  const absl::StatusOr<ClaimCode> code = ReadClaimCodePage(options.code_out, record.passport_id);
  if (!code.ok()) return code.status();
  const absl::StatusOr<SecretKey> key = code->DeriveKey(record.log.origin, record.passport_id);
  if (!key.ok()) return key.status();
  return std::optional<PublicKey>(key->public_key());
}

absl::StatusOr<NextKey> OpenClaimCodeKey(const NextKeyOptions& options,
                                         const VerifiedRecord& record) {
  const bool is_there = access(options.code_out.c_str(), F_OK) == 0;
  const absl::StatusOr<ClaimCode> code =
      is_there ? ReadClaimCodePage(options.code_out, record.passport_id)
               : CreateClaimCodePage(options.code_out, record.specification.piece.title(),
                                     record.passport_id);
  if (!code.ok()) return code.status();
  if (is_there) {
    std::fprintf(stderr, "Going on with the claim code in %s.\n", options.code_out.c_str());
  }
  absl::StatusOr<SecretKey> key = code->DeriveKey(record.log.origin, record.passport_id);
  if (!key.ok()) return key.status();
  const PublicKey public_key = key->public_key();
  return NextKey{public_key, *std::move(key)};
}

absl::StatusOr<NextKey> OpenNextKey(const Context& context, const NextKeyOptions& options,
                                    const std::string& label) {
  if (IsPublicKeyText(options.key)) {
    const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(options.key);
    if (!key.ok()) return key.status();
    return NextKey{*key, std::nullopt};
  }
  if (!options.key.empty()) {
    absl::StatusOr<SecretKey> key = context.OpenKey(options.key);
    if (!key.ok()) return key.status();
    const PublicKey public_key = key->public_key();
    return NextKey{public_key, *std::move(key)};
  }
  if (access(options.key_out.c_str(), F_OK) == 0) {
    std::fprintf(stderr, "Going on with the key in %s.\n", options.key_out.c_str());
    absl::StatusOr<SecretKey> key = context.OpenKey(options.key_out);
    if (!key.ok()) return key.status();
    const PublicKey public_key = key->public_key();
    return NextKey{public_key, *std::move(key)};
  }
  absl::StatusOr<NewKeyProtection> protection =
      NewKeyProtection::Choose(options.plain, context.options().passphrase_file, options.key_out);
  if (!protection.ok()) return protection.status();
  absl::StatusOr<SecretKey> key = CreateNewKey(options.key_out, label, *protection);
  if (!key.ok()) return key.status();
  const PublicKey public_key = key->public_key();
  return NextKey{public_key, *std::move(key)};
}

absl::StatusOr<std::optional<VerifiedReceipt>> HandOver(
    Context& context, const v1::Statement& statement, const SecretKey& holder, const NextKey& next,
    const NextKeyOptions& next_options, const StatementOptions& options) {
  if (!next.secret.has_value() && options.out_file.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(next_options.name,
                     " is only a public key, and its holder must sign too: say --out FILE, "
                     "let them run `touchstone sign FILE`, then `touchstone submit FILE`"));
  }
  std::vector<const SecretKey*> keys = {&holder};
  if (next.secret.has_value()) keys.push_back(&*next.secret);
  absl::StatusOr<std::optional<VerifiedReceipt>> receipt =
      SignAndSubmit(context, statement, keys, options);
  if (!receipt.ok() && !next_options.key_out.empty()) {
    return SameRefusal(receipt.status(),
                       absl::StrCat(receipt.status().message(), "; the new key stays in ",
                                    next_options.key_out, ": run the same command again"));
  }
  if (!receipt.ok() && !next_options.code_out.empty()) {
    return SameRefusal(receipt.status(),
                       absl::StrCat(receipt.status().message(), "; the claim code stays in ",
                                    next_options.code_out, ": run the same command again"));
  }
  return receipt;
}

}  // namespace touchstone::cli
