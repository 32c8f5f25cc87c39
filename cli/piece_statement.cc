#include "cli/piece_statement.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/calendar_day.h"
#include "cli/json_writer.h"
#include "touchstone/v1/passport.pb.h"
#include "verifier/container.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

// Whether the key signed entry `number` of the passport, whose file was verified before.
bool KeySigned(const v1::Passport& passport, uint32_t number, const Digest& key_id) {
  if (number >= static_cast<uint32_t>(passport.piece().entries_size())) return false;
  const absl::StatusOr<Entry> entry =
      DecodeEntry(passport.piece().entries(static_cast<int>(number)).entry());
  if (!entry.ok()) return false;
  const absl::StatusOr<Envelope> envelope =
      Envelope::Parse(PayloadType::kStatement, entry->payload);
  if (!envelope.ok()) return false;
  const std::vector<EnvelopeSignature>& signatures = envelope->signatures();
  return std::any_of(signatures.begin(), signatures.end(),
                     [&key_id](const EnvelopeSignature& one) { return one.keyid == key_id; });
}

}  // namespace

void AddPassportOutOptions(CLI::App* command, PassportOutOptions* options) {
  command
      ->add_option("--passport-out", options->file,
                   "Afterwards fetch the passport, verify it and save it here (replaces an older "
                   "file of the same piece)")
      ->type_name("FILE");
  command->add_flag("--force", options->force, "Replace whatever --passport-out names");
}

absl::Status CheckPassportOut(Context& context, const PassportOutOptions& options,
                              const StatementOptions& statement, const PassportId& id) {
  if (options.file.empty()) return absl::OkStatus();
  if (!statement.out_file.empty()) {
    return absl::InvalidArgumentError(
        "--passport-out has nothing to save with --out: nothing is submitted yet");
  }
  return CheckPassportTarget(context, options.file, id, options.force);
}

absl::Status SavePassportOut(Context& context, const PassportOutOptions& options,
                             const PassportId& id) {
  if (options.file.empty()) return absl::OkStatus();
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, id);
  if (!passport.ok()) {
    return SameRefusal(
        passport.status(),
        absl::StrCat("it is logged, but the passport was not saved: ", passport.status().message(),
                     "; later: touchstone get ", id.Format()));
  }
  return SavePassport(context, options.file, *passport, options.force);
}

void AddPieceStatementOptions(CLI::App* command, PieceStatementOptions* options) {
  command->add_option("PASSPORT", options->passport, "The piece: a passport id or .passport file")
      ->required();
  AddStatementOptions(command, &options->statement);
  AddPassportOutOptions(command, &options->passport_out);
}

absl::StatusOr<HeldPassport> BeginPieceStatement(Context& context,
                                                 const PieceStatementOptions& options) {
  const absl::StatusOr<uint64_t> occurred_at = OccurredAtMs(context, options.statement);
  if (!occurred_at.ok()) return occurred_at.status();
  const absl::StatusOr<PassportName> name = PassportNameFromArgument(options.passport);
  if (!name.ok()) return name.status();
  absl::StatusOr<HeldPassport> passport = FetchNewestPassport(context, *name);
  if (!passport.ok()) return passport.status();
  const absl::Status saveable = CheckPassportOut(context, options.passport_out, options.statement,
                                                 passport->record.passport_id);
  if (!saveable.ok()) return saveable;
  return passport;
}

absl::Status EndPieceStatement(Context& context, const PieceStatementOptions& options,
                               const std::string& done,
                               const std::optional<VerifiedReceipt>& receipt) {
  if (!receipt.has_value()) return absl::OkStatus();
  ReportLogged(context, done, *receipt);
  const std::optional<PassportId> id = PassportOf(*receipt);
  if (!id.has_value()) return absl::OkStatus();
  return SavePassportOut(context, options.passport_out, *id);
}

const TimelineEntry* FindOwnEntry(const HeldPassport& passport, const Digest& key_id,
                                  absl::FunctionRef<bool(const v1::Statement&)> says) {
  const absl::StatusOr<absl::string_view> message =
      OpenContainer(ContainerType::kPassport, passport.file);
  v1::Passport file;
  if (!message.ok() || !file.ParseFromString(std::string(message->data(), message->size()))) {
    return nullptr;
  }
  for (const TimelineEntry& entry : passport.record.timeline) {
    v1::Statement statement;
    if (statement.ParseFromString(entry.statement) && says(statement) &&
        KeySigned(file, entry.number, key_id)) {
      return &entry;
    }
  }
  return nullptr;
}

void ReportAlreadyThere(const Context& context, const VerifiedRecord& record,
                        const TimelineEntry& entry, absl::string_view advice) {
  if (context.options().json) {
    JsonWriter json(JsonWriter::Layout::kPretty);
    json.BeginObject();
    json.Key("already_there");
    json.Boolean(true);
    json.Key("passport_id");
    json.String(record.passport_id.Format());
    json.Key("entry");
    json.Number(entry.place.position);
    json.Key("digest");
    json.String(DigestToHex(entry.place.digest));
    json.EndObject();
    std::printf("%s", std::move(json).Finish().c_str());
    return;
  }
  std::printf("Already there: entry %llu, logged %s. Nothing was added.%s%s\n",
              static_cast<unsigned long long>(entry.place.position),
              FormatTime(entry.place.time_ms).c_str(), advice.empty() ? "" : " ",
              std::string(advice).c_str());
}

std::string TodayText(const Context& context) {
  return FormatCalendarDay(LocalDayAt(absl::FromUnixMillis(static_cast<int64_t>(context.NowMs()))));
}

}  // namespace touchstone::cli
