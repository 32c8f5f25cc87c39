#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/commands/commands.h"
#include "cli/import/import_file.h"
#include "cli/import/import_journal.h"
#include "cli/import/rejects_file.h"
#include "cli/import_run.h"
#include "cli/participant_directory.h"
#include "cli/progress.h"
#include "cli/submission.h"
#include "cli/terminal.h"
#include "cli/terminal_text.h"
#include "verifier/digest.h"
#include "verifier/sha256.h"

namespace touchstone::cli {
namespace {

struct ImportCommandOptions {
  std::string list;
  std::string format;
  std::string journal;
  std::string rejects;
  std::string occurred_at;
  std::vector<std::string> defaults;  // COLUMN=VALUE
  size_t batch_rows = 1024;
  bool ignore_unknown_columns = false;
  bool dry_run = false;
};

absl::StatusOr<ImportFormat> FormatOf(const ImportCommandOptions& options) {
  if (options.format == "csv") return ImportFormat::kCsv;
  if (options.format == "jsonl") return ImportFormat::kJsonLines;
  return ImportFormatOf(options.list);
}

absl::StatusOr<ImportOptions> ReadOptions(const ImportCommandOptions& options) {
  ImportOptions read;
  read.ignore_unknown_columns = options.ignore_unknown_columns;
  for (const std::string& text : options.defaults) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--default '", text, "' is not COLUMN=VALUE, such as category=ring"));
    }
    read.defaults.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return read;
}

// The same on every run of the same list.
absl::StatusOr<uint64_t> ListTimeMs(const Context& context, const ImportCommandOptions& options) {
  if (!options.occurred_at.empty()) {
    StatementOptions statement;
    statement.occurred_at = options.occurred_at;
    return OccurredAtMs(context, statement);
  }
  struct stat info = {};
  if (stat(options.list.c_str(), &info) != 0 || info.st_mtim.tv_sec < 0) {
    return absl::NotFoundError(absl::StrCat("cannot read ", options.list));
  }
  return static_cast<uint64_t>(info.st_mtim.tv_sec) * 1000;
}

struct Count {
  uint64_t rows = 0;
  uint64_t bad = 0;
};

// Serials that stand in a list more than once: the second cannot be another piece.
class SeenSerials {
 public:
  // What is wrong with the row for that; empty if nothing is.
  std::string Add(const ImportRow& row) {
    const auto [seen, is_new] =
        lines_.try_emplace(row.piece->serial, Line{row.line, Sha256Of(row.piece->piece)});
    if (is_new || seen->second.piece == Sha256Of(row.piece->piece)) return "";
    return absl::StrCat("line ", row.line, ": serial ", row.piece->serial, " stands in line ",
                        seen->second.number, " already, with another description");
  }

 private:
  struct Line {
    uint64_t number = 0;
    Digest piece = {};
  };
  absl::flat_hash_map<std::string, Line> lines_;
};

// Reads the whole list once, so that the progress bar knows where it ends.
absl::StatusOr<Count> CountRows(ImportFile& rows, bool print_bad) {
  Count count;
  SeenSerials serials;
  while (true) {
    const absl::StatusOr<std::optional<ImportRow>> row = rows.Next();
    if (!row.ok()) return row.status();
    if (!row->has_value()) return count;
    ++count.rows;
    if ((*row)->piece.ok() && !print_bad) continue;
    const std::string wrong =
        (*row)->piece.ok() ? serials.Add(**row) : std::string((*row)->piece.status().message());
    if (wrong.empty()) continue;
    ++count.bad;
    if (print_bad) std::printf("%s\n", ForTerminal(wrong).c_str());
  }
}

std::unique_ptr<Progress> MakeProgress(const Context& context, uint64_t total, uint64_t already) {
  return std::make_unique<Progress>(
      DescribeTerminal(STDERR_FILENO, context.options().color), "rows", total, already,
      [](absl::string_view text) {
        std::fwrite(text.data(), 1, text.size(), stderr);
        std::fflush(stderr);
      },
      [] { return absl::Now(); });
}

void Summarise(const Context& context, const ImportTotals& totals, const std::string& rejects) {
  const auto number = [](uint64_t value) { return static_cast<unsigned long long>(value); };
  if (context.options().json) {
    std::printf("{\"registered\": %llu, \"already_registered\": %llu, \"rejected\": %llu}\n",
                number(totals.registered), number(totals.already), number(totals.rejected));
    return;
  }
  std::printf("Registered %llu piece(s), each with its receipt checked; %llu were already in.\n",
              number(totals.registered), number(totals.already));
  if (totals.rejected > 0) {
    std::printf("%llu row(s) did not go in: see %s, put them right there, and import that file.\n",
                number(totals.rejected), rejects.c_str());
  }
}

absl::Status Import(Context& context, const ImportCommandOptions& options, ExitStatus* exit) {
  const absl::StatusOr<ImportFormat> format = FormatOf(options);
  if (!format.ok()) return format.status();
  const absl::StatusOr<ImportOptions> reading = ReadOptions(options);
  if (!reading.ok()) return reading.status();
  absl::StatusOr<std::unique_ptr<ImportFile>> rows =
      ImportFile::Open(options.list, *format, *reading);
  if (!rows.ok()) return rows.status();
  const absl::StatusOr<Count> count = CountRows(**rows, options.dry_run);
  if (!count.ok()) return count.status();
  if (options.dry_run) {
    std::printf("%llu row(s), %llu of them cannot go in. Nothing was sent.\n",
                static_cast<unsigned long long>(count->rows),
                static_cast<unsigned long long>(count->bad));
    if (count->bad > 0) *exit = kExitRefused;
    return absl::OkStatus();
  }

  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<ParticipantId> participant = context.Participant();
  if (!participant.ok()) return participant.status();
  const absl::StatusOr<uint64_t> occurred_at_ms = ListTimeMs(context, options);
  if (!occurred_at_ms.ok()) return occurred_at_ms.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const absl::StatusOr<DerivationSecret> secret = context.OpenIssuerSecret();
  if (!secret.ok()) return secret.status();
  const absl::StatusOr<SecretKey> key = context.SigningKey();
  if (!key.ok()) return key.status();

  uint64_t size = 0;
  const absl::StatusOr<Digest> digest = DigestOfImport(options.list, size);
  if (!digest.ok()) return digest.status();
  const std::string journal_path =
      options.journal.empty() ? absl::StrCat(options.list, ".journal") : options.journal;
  const std::string rejects_path =
      options.rejects.empty() ? absl::StrCat(options.list, ".rejects") : options.rejects;
  const absl::StatusOr<std::unique_ptr<ImportJournal>> journal = ImportJournal::Open(
      journal_path, {*digest, (*policy)->origin(), std::string(participant->text())});
  if (!journal.ok()) return journal.status();
  absl::StatusOr<uint64_t> log_size = 0;
  if ((*journal)->done_count() < count->rows) {
    log_size = SizeOfPolicysLog(**policy, **client);
    if (!log_size.ok()) return log_size.status();
    const absl::Status is_ours = CheckKeyIsOf(context, *participant, key->public_key());
    if (!is_ours.ok()) return is_ours;
  }
  rows = ImportFile::Open(options.list, *format, *reading);
  if (!rows.ok()) return rows.status();
  const absl::StatusOr<std::unique_ptr<RejectsFile>> rejects =
      RejectsFile::Create(rejects_path, **rows);
  if (!rejects.ok()) return rejects.status();

  const std::unique_ptr<Progress> bar =
      MakeProgress(context, count->rows, (*journal)->done_count());
  ImportRun run({.client = **client,
                 .policy = **policy,
                 .participant = *participant,
                 .key = *key,
                 .secret = *secret,
                 .rows = **rows,
                 .journal = **journal,
                 .rejects = **rejects,
                 .log_size = *log_size,
                 .occurred_at_ms = *occurred_at_ms,
                 .batch_rows = options.batch_rows,
                 .progress = [&bar](uint64_t done) { bar->Update(done); }});
  const absl::Status status = run.Run();
  bar->Finish();
  const absl::Status closed = (*rejects)->Close();
  Summarise(context, run.totals(), rejects_path);
  if (!status.ok()) {
    return SameRefusal(status,
                       absl::StrCat("the import stopped before its end: ", status.message(),
                                    "; run the same command again and it goes on from there"));
  }
  if (!closed.ok()) return closed;
  if (run.totals().rejected > 0) *exit = kExitRefused;
  return absl::OkStatus();
}

}  // namespace

void AddImportCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("import", "Register a whole stock list: CSV or JSON Lines")
          ->group("Pieces");
  command->footer(
      "The columns are in docs/IMPORT.md. Good rows go in; bad ones are named with line, column "
      "and\n"
      "reason in a rejects file. Stopped in the middle, the same command goes on where it was.");
  auto options = std::make_shared<ImportCommandOptions>();
  command->add_option("LIST", options->list, "The list, .csv, .tsv, .jsonl or .ndjson")->required();
  command->add_option("--format", options->format, "Of the list (default: by its name)")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  command
      ->add_option("--journal", options->journal,
                   "What is remembered of the import (default: LIST.journal)")
      ->type_name("FILE");
  command
      ->add_option("--rejects", options->rejects,
                   "The rows that did not go in (default: LIST.rejects)")
      ->type_name("FILE");
  command
      ->add_option("--default", options->defaults,
                   "A value for rows that do not say; may be repeated")
      ->type_name("COLUMN=VALUE");
  command
      ->add_option("--occurred-at", options->occurred_at,
                   "When it happened, for rows without sold_on (default: the list's own time)")
      ->type_name("TIME");
  command->add_option("--batch", options->batch_rows, "Rows under one signature")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  command->add_flag("--ignore-unknown-columns", options->ignore_unknown_columns,
                    "Skip columns that docs/IMPORT.md does not know");
  command->add_flag("--dry-run", options->dry_run, "Only say which rows would not go in");
  command->callback([=] { result->status = Import(*context, *options, &result->exit_status); });
}

}  // namespace touchstone::cli
