#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/calendar_day.h"
#include "cli/card_issue.h"
#include "cli/choice_option.h"
#include "cli/commands/commands.h"
#include "cli/passport_source.h"
#include "cli/public_file.h"
#include "cli/qr_code.h"
#include "cli/qr_picture.h"

namespace touchstone::cli {
namespace {

struct QrOptions {
  PassportNameOptions name;
  std::string day;
  std::string png_file;
  std::string svg_file;
  int scale = 8;
  bool text = false;
  bool force = false;
  Background background = Background::kDark;
};

absl::StatusOr<absl::CivilDay> CardDay(const Context& context, const QrOptions& options) {
  if (options.day.empty()) {
    return LocalDayAt(absl::FromUnixMillis(static_cast<int64_t>(context.NowMs())));
  }
  absl::StatusOr<absl::CivilDay> day = ParseCalendarDay(options.day);
  if (!day.ok()) return absl::InvalidArgumentError(absl::StrCat("--day: ", day.status().message()));
  return day;
}

absl::StatusOr<std::string> MakeLink(Context& context, const QrOptions& options) {
  const absl::StatusOr<absl::CivilDay> day = CardDay(context, options);
  if (!day.ok()) return day.status();
  const absl::StatusOr<PassportName> name = PassportNameFromOptions(options.name);
  if (!name.ok()) return name.status();
  if (context.options().card_key_file.empty()) {
    return absl::InvalidArgumentError("no card key given: say --card-key FILE");
  }
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<HeldPassport> passport = GetPassport(context, *name);
  if (!passport.ok()) return passport.status();
  const absl::StatusOr<SecretKey> card_key = context.OpenKey(context.options().card_key_file);
  if (!card_key.ok()) return card_key.status();
  const std::string& resolver = context.options().resolver;
  return IssueCardLink(**policy, *passport, *card_key, *day,
                       resolver.empty() ? DefaultResolver((*policy)->origin()) : resolver,
                       context.NowMs());
}

absl::Status WritePicture(const std::string& path, const std::string& contents, bool force) {
  const absl::Status written = WritePublicFile(path, contents, force);
  if (absl::IsAlreadyExists(written)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already; choose another name, or say --force to replace it"));
  }
  if (written.ok() && path != "-") std::fprintf(stderr, "Wrote %s.\n", path.c_str());
  return written;
}

absl::Status MakeQr(Context& context, const QrOptions& options) {
  const absl::StatusOr<std::string> link = MakeLink(context, options);
  if (!link.ok()) return link.status();
  if (options.text) return WritePublicFile("-", absl::StrCat(*link, "\n"), false);
  const absl::StatusOr<QrCode> code = QrCode::Encode(*link);
  if (!code.ok()) return code.status();
  if (!options.png_file.empty()) {
    const absl::StatusOr<std::string> png = DrawQrAsPng(*code, options.scale);
    if (!png.ok()) return png.status();
    const absl::Status written = WritePicture(options.png_file, *png, options.force);
    if (!written.ok()) return written;
  }
  if (!options.svg_file.empty()) {
    const absl::Status written = WritePicture(options.svg_file, DrawQrAsSvg(*code), options.force);
    if (!written.ok()) return written;
  }
  // A picture on standard output must stay alone there.
  if (options.png_file == "-" || options.svg_file == "-") return absl::OkStatus();
  const Terminal terminal = context.OutputTerminal();
  std::string text = DrawQrForTerminal(*code, terminal, options.background);
  if (terminal.interactive && code->size() + 2 * kQrQuietZone > terminal.width) {
    absl::StrAppend(&text, "(wider than this terminal: widen it, or use --png)\n");
  }
  absl::StrAppend(&text, *link, "\n");
  return WritePublicFile("-", text, false);
}

}  // namespace

void AddQrCommand(CLI::App* app, Context* context, CommandResult* result) {
  CLI::App* command =
      app->add_subcommand("qr", "The QR code for a passport's card, signed by the card key")
          ->group("Pieces");
  command->footer(
      "It leads to --resolver (https:// and the host of the log's origin unless you say "
      "otherwise)\n"
      "and says only that a card with this text was issued on that day. It is shown here; --text,\n"
      "--png - and --svg - print that alone.");
  auto options = std::make_shared<QrOptions>();
  AddPassportNameOptions(command, &options->name);
  const std::string group = "The code";
  command->add_option("--png", options->png_file, "Save it as PNG")
      ->type_name("FILE")
      ->group(group);
  command->add_option("--svg", options->svg_file, "Save it as SVG")
      ->type_name("FILE")
      ->group(group);
  command->add_option("--scale", options->scale, "Pixels a module, for PNG")
      ->check(CLI::Range(1, kQrScaleMax))
      ->capture_default_str()
      ->group(group);
  command->add_flag("--text", options->text, "Print the link alone, without drawing it")
      ->group(group);
  command
      ->add_option("--background", options->background,
                   "How the terminal looks, where it shows no colours")
      ->transform(IsOneOf<Background>({{"dark", Background::kDark}, {"light", Background::kLight}}))
      ->group(group);
  command->add_option("--day", options->day, "The day of issue, 2026-11-22 (default: today)")
      ->group(group);
  command->add_flag("--force", options->force, "Replace pictures that are there")->group(group);
  command->callback([=] { result->status = MakeQr(*context, *options); });
}

}  // namespace touchstone::cli
