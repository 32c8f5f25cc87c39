#include "cli/vault_request.h"

#include <sodium.h>

#include "absl/strings/str_cat.h"
#include "cli/statement_draft.h"
#include "cli/text_argument.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

constexpr absl::string_view kGrantPrefix = "TOUCHSTONE-GRANT:";
constexpr size_t kGrantTextBytesMax = 2 * limits::kEnvelopeBytesMax;

absl::StatusOr<SecretKey> OpenAskersKey(Context& context, const VaultAskerOptions& options) {
  if (!options.owner_key.empty()) return context.OpenKey(options.owner_key);
  if (context.options().key_files.empty()) {
    return absl::InvalidArgumentError(
        "nobody is asking: say --owner-key FILE, or --participant ID with --key FILE");
  }
  return context.SigningKey();
}

absl::Status CheckPiece(const SignedGrant& grant, const PassportId& passport) {
  if (grant.passport() == passport) return absl::OkStatus();
  return Refuse(RefusalCode::kWrongGrantee,
                absl::StrCat("the grant is for another piece, ", grant.passport().Format()));
}

}  // namespace

void AddOwnerKeyOption(CLI::App* command, std::string* owner_key) {
  command
      ->add_option("--owner-key", *owner_key,
                   "The key of whoever holds the piece (the claim key while it is unclaimed)")
      ->type_name("FILE");
}

void AddVaultAskerOptions(CLI::App* command, VaultAskerOptions* options) {
  AddOwnerKeyOption(command, &options->owner_key);
  command
      ->add_option("--grant", options->grant,
                   "Under this grant of the owner's to you: a file, or its text")
      ->type_name("FILE|TEXT");
}

absl::StatusOr<SignedGrant> GrantFromArgument(const std::string& argument) {
  const absl::StatusOr<std::string> text =
      ReadTextArgument(argument, kGrantPrefix, kGrantTextBytesMax);
  if (!text.ok()) {
    return absl::Status(text.status().code(),
                        absl::StrCat("a grant is a text that begins with ", kGrantPrefix,
                                     ", or a file that holds one: ", text.status().message()));
  }
  return SignedGrant::ParseText(*text);
}

absl::StatusOr<VaultAsker> VaultAsker::Open(Context& context, const VaultAskerOptions& options,
                                            const PassportId& passport) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  std::optional<SignedGrant> grant;
  if (!options.grant.empty()) {
    absl::StatusOr<SignedGrant> given = GrantFromArgument(options.grant);
    if (!given.ok()) return given.status();
    if (absl::Status status = CheckPiece(*given, passport); !status.ok()) return status;
    grant = *std::move(given);
  }
  absl::StatusOr<SecretKey> key = OpenAskersKey(context, options);
  if (!key.ok()) return key.status();
  VaultAsker asker((*policy)->origin(), passport, *std::move(key));
  const bool by_key = !options.owner_key.empty() ||
                      (grant.has_value() && grant->IsFor(std::nullopt, asker.key_.public_key()));
  if (!by_key) {
    const absl::StatusOr<ParticipantId> participant = context.Participant();
    if (!participant.ok()) return participant.status();
    asker.participant_ = participant->text();
  }
  asker.grant_ = std::move(grant);
  return asker;
}

v1::VaultRequest VaultAsker::NewRequest(uint64_t now_ms) const {
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  v1::VaultRequest request;
  request.set_log_origin(origin_);
  request.set_nonce(std::move(nonce));
  request.set_issued_at_ms(now_ms);
  request.set_passport_id(std::string(passport_.bytes()));
  if (participant_.has_value()) {
    request.set_participant_id(*participant_);
  } else {
    request.set_key(std::string(key_.public_key().encoded()));
  }
  if (grant_.has_value()) request.set_grant(grant_->envelope().bytes());
  return request;
}

absl::StatusOr<std::string> VaultAsker::Sign(const v1::VaultRequest& request) const {
  const SecretKey* const keys[] = {&key_};
  const absl::StatusOr<Envelope> envelope =
      SignEnvelope(PayloadType::kVaultRequest, request.SerializeAsString(), keys);
  if (!envelope.ok()) return envelope.status();
  return envelope->bytes();
}

}  // namespace touchstone::cli
