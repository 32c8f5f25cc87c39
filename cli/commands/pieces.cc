// pieces list, pieces find: an issuer's own pieces, by signed requests that nobody else can make.
#include <sodium.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/json_writer.h"
#include "cli/statement_draft.h"
#include "cli/terminal_text.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

constexpr uint32_t kPageSize = 500;

struct ListOptions {
  uint64_t limit = 0;
};

// Signs requests; the key is opened once for all pages.
class Requester {
 public:
  static absl::StatusOr<Requester> Create(Context& context) {
    const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
    if (!policy.ok()) return policy.status();
    absl::StatusOr<ParticipantId> participant = context.Participant();
    if (!participant.ok()) return participant.status();
    absl::StatusOr<SecretKey> key = context.SigningKey();
    if (!key.ok()) return key.status();
    return Requester((*policy)->origin(), *std::move(participant), *std::move(key));
  }

  // A request that still lacks its query.
  v1::Request NewRequest(uint64_t now_ms) const {
    std::string nonce(16, '\0');
    randombytes_buf(nonce.data(), nonce.size());
    v1::Request request;
    request.set_log_origin(origin_);
    request.set_nonce(std::move(nonce));
    request.set_issued_at_ms(now_ms);
    request.set_participant_id(participant_.text());
    return request;
  }

  absl::StatusOr<std::string> Sign(const v1::Request& request) const {
    const SecretKey* const keys[] = {&key_};
    const absl::StatusOr<Envelope> envelope =
        SignEnvelope(PayloadType::kRequest, request.SerializeAsString(), keys);
    if (!envelope.ok()) return envelope.status();
    return envelope->bytes();
  }

 private:
  Requester(std::string origin, ParticipantId participant, SecretKey key)
      : origin_(std::move(origin)), participant_(std::move(participant)), key_(std::move(key)) {}

  std::string origin_;
  ParticipantId participant_;
  SecretKey key_;
};

// One object a line, so that long lists can be read as they come.
absl::Status PrintPiece(const Context& context, const PieceSummary& piece) {
  const absl::StatusOr<PassportId> id = PassportId::FromBytes(piece.passport_id);
  if (!id.ok()) {
    return absl::DataLossError(
        absl::StrCat("the registry sent a passport id that is none: ", id.status().message()));
  }
  if (!context.options().json) {
    std::printf("%s  %s  %-20s  %s\n", id->Format().c_str(),
                FormatTime(piece.registered_at_ms).substr(0, 10).c_str(),
                ForTerminal(piece.serial).c_str(), ForTerminal(piece.title).c_str());
    return absl::OkStatus();
  }
  JsonWriter json(JsonWriter::Layout::kOneLine);
  json.BeginObject();
  json.Key("passport_id");
  json.String(id->Format());
  json.Key("serial");
  json.String(piece.serial);
  json.Key("gtin14");
  json.String(piece.gtin14);
  json.Key("title");
  json.String(piece.title);
  json.Key("entry");
  json.Number(piece.position);
  json.Key("registered_at");
  json.String(FormatRfc3339(piece.registered_at_ms));
  json.EndObject();
  std::printf("%s\n", std::move(json).Finish().c_str());
  return absl::OkStatus();
}

absl::Status ListPieces(Context& context, const ListOptions& options) {
  const absl::StatusOr<Requester> requester = Requester::Create(context);
  if (!requester.ok()) return requester.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  uint64_t printed = 0;
  std::string token;
  do {
    v1::Request request = requester->NewRequest(context.NowMs());
    v1::ListPieces* query = request.mutable_list_pieces();
    query->set_page_size(kPageSize);
    query->set_page_token(token);
    const absl::StatusOr<std::string> envelope = requester->Sign(request);
    if (!envelope.ok()) return envelope.status();
    const absl::StatusOr<PiecePage> page = (*client)->ListPieces(*envelope);
    if (!page.ok()) return page.status();
    if (page->pieces.empty() && !page->next_page_token.empty()) {
      return absl::DataLossError("the registry sent an empty page and says there is more");
    }
    for (const PieceSummary& piece : page->pieces) {
      if (options.limit != 0 && printed == options.limit) return absl::OkStatus();
      const absl::Status status = PrintPiece(context, piece);
      if (!status.ok()) return status;
      ++printed;
    }
    token = page->next_page_token;
  } while (!token.empty());
  if (printed == 0) std::fprintf(stderr, "No pieces are registered by this participant.\n");
  return absl::OkStatus();
}

absl::Status FindPieceBySerial(Context& context, const std::string& serial) {
  const absl::StatusOr<Requester> requester = Requester::Create(context);
  if (!requester.ok()) return requester.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  v1::Request request = requester->NewRequest(context.NowMs());
  request.mutable_find_piece()->set_serial(serial);
  const absl::StatusOr<std::string> envelope = requester->Sign(request);
  if (!envelope.ok()) return envelope.status();
  const absl::StatusOr<PieceSummary> piece = (*client)->FindPiece(*envelope);
  if (!piece.ok()) return piece.status();
  return PrintPiece(context, *piece);
}

}  // namespace

void AddPiecesCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("pieces", "An issuer's own pieces; asked with --participant and --key")
          ->group("Pieces");
  command->require_subcommand(1);
  command->footer("What is listed is as the registry tells it; touchstone get ID proves each.");

  CLI::App* list = command->add_subcommand("list", "All of them, in the order of registration");
  auto options = std::make_shared<ListOptions>();
  list->add_option("--limit", options->limit, "At most so many (default: all)")->type_name("N");
  list->callback([=] { result->status = ListPieces(*context, *options); });

  CLI::App* find = command->add_subcommand("find", "The one with a serial");
  auto serial = std::make_shared<std::string>();
  find->add_option("--serial", *serial, "Its serial")->required();
  find->callback([=] { result->status = FindPieceBySerial(*context, *serial); });
}

}  // namespace touchstone::cli
