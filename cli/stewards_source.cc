#include "cli/stewards_source.h"

#include <utility>

#include "verifier/refusal.h"

namespace touchstone::cli {

absl::StatusOr<VerifiedCards> FetchStewards(Context& context, AsOf as_of, std::string* file) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  return FetchAsOf(as_of, [&](CheckpointChoice choice) -> absl::StatusOr<VerifiedCards> {
    absl::StatusOr<std::string> cards = (*client)->GetCards(choice);
    if (!cards.ok()) return cards.status();
    absl::StatusOr<VerifiedCards> verified = CheckCards(**policy, *cards, context.NowMs());
    if (!verified.ok()) return InContext("the registry's cards file", verified.status());
    if (file != nullptr) *file = *std::move(cards);
    return verified;
  });
}

absl::StatusOr<Digest> KeyIdFromArgument(const std::string& argument) {
  if (argument.size() == 2 * kDigestBytes) {
    absl::StatusOr<Digest> id = DigestFromHex(argument);
    if (id.ok()) return id;
  }
  const absl::StatusOr<PublicKey> key = PublicKeyFromArgument(argument);
  if (!key.ok()) return key.status();
  return key->KeyId();
}

}  // namespace touchstone::cli
