#include "cli/participant_directory.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/statement.h"

namespace touchstone::cli {
namespace {

absl::StatusOr<ParticipantState> FoldChain(const v1::Chain& chain) {
  std::optional<ParticipantState> state;
  for (const v1::ProvenEntry& proven : chain.entries()) {
    const absl::StatusOr<Entry> entry = DecodeEntry(proven.entry());
    if (!entry.ok()) return entry.status();
    const absl::StatusOr<Envelope> envelope =
        Envelope::Parse(PayloadType::kStatement, entry->payload);
    if (!envelope.ok()) return envelope.status();
    const absl::StatusOr<ParsedStatement> statement = ParsedStatement::Parse(envelope->payload());
    if (!statement.ok()) return statement.status();
    const EntryPlace place = {entry->position, entry->time_ms, EntryDigest(proven.entry())};
    if (statement->subject().kind != IndexKind::kParticipantEntry ||
        (statement->event() == EventKind::kParticipantEnrolled) == state.has_value()) {
      return absl::DataLossError("its entries are not those of a participant");
    }
    if (state.has_value()) {
      state->Apply(*statement, place);
    } else {
      state = ParticipantState::FromEnrolment(*statement, place);
    }
  }
  if (!state.has_value()) return absl::DataLossError("it has no entries");
  return *std::move(state);
}

}  // namespace

absl::Status CheckKeyIsOf(Context& context, const ParticipantId& participant,
                          const PublicKey& key) {
  const absl::StatusOr<std::vector<ParticipantState>> participants = FetchParticipants(context);
  // A registry need not show them.
  if (absl::IsUnimplemented(participants.status())) return absl::OkStatus();
  if (!participants.ok()) return participants.status();
  const ParticipantState* owner = nullptr;
  for (const ParticipantState& one : *participants) {
    if (one.FindKey(key.KeyId()) != nullptr) owner = &one;
  }
  if (owner == nullptr || owner->id() == participant.text()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--participant is \"", participant.text(),
                   "\", and the key of --key is that of \"", owner->id(),
                   "\": passport ids are made of the name, so that this piece would get one of "
                   "another series"));
}

absl::StatusOr<std::vector<ParticipantState>> FetchParticipants(Context& context) {
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  std::vector<ParticipantState> participants;
  std::string token;
  do {
    const absl::StatusOr<ParticipantPage> page = (*client)->ListParticipants(token);
    if (!page.ok()) return page.status();
    if (page->chains.empty() && !page->next_page_token.empty()) {
      return absl::DataLossError("the registry sent an empty page and says there is more");
    }
    for (const std::string& bytes : page->chains) {
      v1::Chain chain;
      absl::StatusOr<ParticipantState> state =
          chain.ParseFromString(bytes)
              ? FoldChain(chain)
              : absl::StatusOr<ParticipantState>(absl::DataLossError("its bytes are no chain"));
      if (!state.ok()) {
        return absl::DataLossError(absl::StrCat(
            "the registry sent a participant that cannot be read: ", state.status().message()));
      }
      participants.push_back(*std::move(state));
    }
    token = page->next_page_token;
  } while (!token.empty());
  return participants;
}

}  // namespace touchstone::cli
