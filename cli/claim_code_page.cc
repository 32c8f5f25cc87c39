#include "cli/claim_code_page.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/controlling_terminal.h"
#include "cli/passphrase.h"
#include "verifier/refusal.h"
#include "verifier/signing/private_file.h"
#include "verifier/verdict_text.h"

namespace touchstone::cli {
namespace {

constexpr size_t kPageBytesMax = 4096;
constexpr int kAttempts = 3;

// The lines of a page that programs look for.
constexpr absl::string_view kHeading = "TOUCHSTONE CLAIM CODE";
constexpr absl::string_view kPassportLabel = "Passport";
constexpr absl::string_view kCodeLabel = "Code";

absl::StatusOr<SecretBytes> PageText(const ClaimCode& code, absl::string_view title,
                                     const PassportId& id) {
  const std::string before = absl::StrCat(
      kHeading, "\nKeep this page to yourself until the piece is claimed.\n\n", "Piece     ",
      PlainText(title), "\n", kPassportLabel, "  ", id.Format(), "\n", kCodeLabel, "      ");
  const std::string after = absl::StrCat(
      "\n\nWhoever has this code can make the piece their own. Do it soon, and do it yourself:\n\n"
      "    touchstone claim ",
      id.Format(),
      " --owner-key-out my-piece.key\n\n"
      "asks for the code and makes a key of your own. From then on the code is worthless, and "
      "that\n"
      "key is what holds the piece: keep a copy of it. Until then the passport says "
      "\"unclaimed\".\n");
  const absl::StatusOr<SecretBytes> text = code.Format();
  if (!text.ok()) return text.status();
  absl::StatusOr<SecretBytes> page =
      SecretBytes::Allocate(before.size() + text->size() + after.size());
  if (!page.ok()) return page;
  uint8_t* out = page->ExposeMutable().data();
  out = std::copy(before.begin(), before.end(), out);
  out = std::copy(text->Expose().begin(), text->Expose().end(), out);
  std::copy(after.begin(), after.end(), out);
  return page;
}

// What stands in a page behind `label`, which begins its line; nothing if no line does.
std::optional<absl::string_view> Labelled(absl::string_view page, absl::string_view label) {
  for (absl::string_view line : absl::StrSplit(page, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, label) && !line.empty() && line.front() == ' ') {
      return absl::StripAsciiWhitespace(line);
    }
  }
  return std::nullopt;
}

// Messages quote nothing: what is in the file may be a code but for a slip.
absl::StatusOr<ClaimCode> ReadPage(absl::string_view path, absl::string_view page,
                                   const PassportId& id) {
  if (const std::optional<absl::string_view> named = Labelled(page, kPassportLabel)) {
    const absl::StatusOr<PassportId> passport = PassportId::Parse(*named);
    if (!passport.ok() || *passport != id) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": this is the claim code of another piece than ", id.Format()));
    }
  }
  absl::StatusOr<ClaimCode> code =
      ClaimCode::Parse(Labelled(page, kCodeLabel).value_or(absl::StripAsciiWhitespace(page)));
  if (!code.ok()) return InContext(path, code.status());
  return code;
}

absl::StatusOr<SecretBytes> ReadStandardInput() {
  absl::StatusOr<SecretBytes> page = SecretBytes::Allocate(kPageBytesMax);
  if (!page.ok()) return page;
  size_t size = 0;
  while (size < page->size()) {
    const ssize_t got =
        read(STDIN_FILENO, page->ExposeMutable().data() + size, page->size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::InvalidArgumentError("standard input cannot be read");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size == page->size()) {
    return absl::InvalidArgumentError("standard input holds more than a claim code");
  }
  page->Truncate(size);
  return page;
}

absl::StatusOr<ClaimCode> AskForClaimCode() {
  const ControllingTerminal terminal;
  if (!terminal.is_there()) {
    return absl::FailedPreconditionError(
        "the claim code is needed and there is no terminal to ask at: give --claim-code-file FILE "
        "(mode 600), or - for standard input");
  }
  absl::Status last = absl::CancelledError("no claim code was given");
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const absl::StatusOr<SecretBytes> line =
        ReadUnseen(terminal.descriptor(), "Claim code (it is not shown): ");
    if (absl::IsCancelled(line.status())) return absl::CancelledError("no claim code was given");
    if (!line.ok()) return line.status();
    if (line->empty()) continue;
    absl::StatusOr<ClaimCode> code = ClaimCode::Parse(line->ExposeText());
    if (code.ok()) return code;
    last = code.status();
    terminal.Say(absl::StrCat(last.message(), "\n"));
  }
  return last;
}

}  // namespace

absl::StatusOr<ClaimCode> CreateClaimCodePage(const std::string& path, absl::string_view title,
                                              const PassportId& id) {
  absl::StatusOr<ClaimCode> code = ClaimCode::Generate();
  if (!code.ok()) return code;
  const absl::StatusOr<SecretBytes> page = PageText(*code, title, id);
  if (!page.ok()) return page.status();
  const absl::Status created = CreatePrivateFile(path, *page);
  if (!created.ok()) return created;
  return code;
}

absl::StatusOr<ClaimCode> ReadClaimCodePage(const std::string& path, const PassportId& id) {
  const absl::StatusOr<SecretBytes> page = ReadPrivateFile(path, kPageBytesMax);
  if (!page.ok()) return page.status();
  if (!Labelled(page->ExposeText(), kPassportLabel).has_value()) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already and is no claim code's page; choose another name"));
  }
  return ReadPage(path, page->ExposeText(), id);
}

bool IsClaimCodePage(absl::string_view text) {
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), kHeading)) return true;
  if (text.size() > kPageBytesMax) return false;
  return ClaimCode::Parse(Labelled(text, kCodeLabel).value_or(absl::StripAsciiWhitespace(text)))
      .ok();
}

absl::StatusOr<ClaimCode> GetClaimCode(const std::string& path, const PassportId& id) {
  if (path.empty()) return AskForClaimCode();
  const absl::StatusOr<SecretBytes> page =
      path == "-" ? ReadStandardInput() : ReadPrivateFile(path, kPageBytesMax);
  if (!page.ok()) return page.status();
  return ReadPage(path == "-" ? "standard input" : path, page->ExposeText(), id);
}

absl::Status CheckCanShowClaimCode() {
  if (ControllingTerminal().is_there()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "there is no terminal to show the claim code at; it will be in the file of "
      "--claim-code-out");
}

absl::Status ShowClaimCode(const ClaimCode& code) {
  const ControllingTerminal terminal;
  if (!terminal.is_there()) return CheckCanShowClaimCode();
  const absl::StatusOr<SecretBytes> text = code.Format();
  if (!text.ok()) return text.status();
  terminal.Say("Claim code: ");
  terminal.Say(text->ExposeText());
  terminal.Say("\n");
  return absl::OkStatus();
}

}  // namespace touchstone::cli
