#include "cli/passphrase.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/controlling_terminal.h"
#include "verifier/signing/key_file_text.h"
#include "verifier/signing/private_file.h"

namespace touchstone::cli {
namespace {

constexpr int kAttempts = 3;
constexpr std::array<int, 8> kSignals = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                         SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};

// Which signal came while the terminal was not to be left, and the event that says so to poll();
// a handler can touch nothing else. A read() alone would miss a signal that comes just before it.
volatile sig_atomic_t caught_signal = 0;
volatile sig_atomic_t signal_event = -1;
void RememberSignal(int number) {
  const int saved_errno = errno;
  caught_signal = number;
  const uint64_t one = 1;
  if (signal_event >= 0) static_cast<void>(!write(signal_event, &one, sizeof(one)));
  errno = saved_errno;
}

// Turns the terminal's echo off, and back on when it goes, even if a signal wants to end the
// program meanwhile: that signal is held until the settings are back, then sent again.
class UnseenInput {
 public:
  explicit UnseenInput(int descriptor)
      : descriptor_(descriptor), event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    caught_signal = 0;
    signal_event = event_;
    struct sigaction action = {};
    action.sa_handler = RememberSignal;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &before_[i]);
    if (tcgetattr(descriptor, &settings_) == 0) {
      termios unseen = settings_;
      unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
      changed_ = Set(unseen);
    }
  }

  ~UnseenInput() {
    if (changed_) Set(settings_);
    for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
    signal_event = -1;
    if (event_ >= 0) close(event_);
    if (caught_signal != 0) raise(caught_signal);
  }

  UnseenInput(const UnseenInput&) = delete;
  UnseenInput& operator=(const UnseenInput&) = delete;

  // Reads a byte, waiting for it; false at the end of input or when a signal came.
  bool Read(uint8_t* byte) const {
    std::array<pollfd, 2> sources = {{{descriptor_, POLLIN, 0}, {event_, POLLIN, 0}}};
    int ready = 0;
    do {
      ready = poll(sources.data(), sources.size(), -1);
    } while (ready < 0 && errno == EINTR && caught_signal == 0);
    return ready > 0 && caught_signal == 0 && read(descriptor_, byte, 1) == 1;
  }

 private:
  bool Set(const termios& settings) const {
    int result = 0;
    do {
      result = tcsetattr(descriptor_, TCSAFLUSH, &settings);
    } while (result != 0 && errno == EINTR);
    return result == 0;
  }

  const int descriptor_;
  const int event_;
  termios settings_ = {};
  bool changed_ = false;
  std::array<struct sigaction, kSignals.size()> before_ = {};
};

void Print(int descriptor, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

// The line into `line`; its size, or nothing at the end of input or a signal.
absl::StatusOr<size_t> ReadLine(const UnseenInput& unseen, absl::Span<uint8_t> line) {
  size_t size = 0;
  bool too_long = false;
  while (true) {
    uint8_t byte = 0;
    // A stop and continue (Ctrl-Z, fg) ends the question too: the echo was back on meanwhile.
    if (!unseen.Read(&byte)) return absl::CancelledError("no passphrase was given");
    if (byte == '\n' || byte == '\r') break;
    if (size == line.size()) {
      too_long = true;
      continue;
    }
    line[size++] = byte;
  }
  if (too_long) {
    return absl::InvalidArgumentError(
        absl::StrCat("a passphrase has at most ", kPassphraseBytesMax, " bytes"));
  }
  return size;
}

absl::StatusOr<SecretBytes> FromFile(const std::string& path) {
  // The line's end may be "\r\n".
  absl::StatusOr<SecretBytes> contents = ReadPrivateFile(path, kPassphraseBytesMax + 2);
  if (!contents.ok()) return contents;
  const size_t end = contents->ExposeText().find_first_of("\r\n");
  if (end != absl::string_view::npos) contents->Truncate(end);
  if (contents->empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": its first line should be a passphrase"));
  }
  return contents;
}

// The file to take the passphrase from, if there is one.
std::optional<std::string> PassphraseFile(const std::string& passphrase_file) {
  if (!passphrase_file.empty()) return passphrase_file;
  const char* named = std::getenv("TOUCHSTONE_PASSPHRASE_FILE");
  if (named != nullptr && *named != '\0') return named;
  return std::nullopt;
}

// A passphrase that is not empty.
absl::StatusOr<SecretBytes> Ask(const ControllingTerminal& terminal, absl::string_view prompt) {
  if (!terminal.is_there()) {
    return absl::FailedPreconditionError(
        "a passphrase is needed and there is no terminal to ask at: give --passphrase-file FILE, "
        "or set TOUCHSTONE_PASSPHRASE_FILE to the name of a file (mode 600) that holds it");
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    absl::StatusOr<SecretBytes> line = ReadUnseen(terminal.descriptor(), prompt);
    if (!line.ok() || !line->empty()) return line;
    terminal.Say("A passphrase has at least one character.\n");
  }
  return absl::CancelledError("no passphrase was given");
}

}  // namespace

absl::StatusOr<SecretBytes> ReadUnseen(int descriptor, absl::string_view prompt) {
  absl::StatusOr<SecretBytes> line = SecretBytes::Allocate(kPassphraseBytesMax);
  if (!line.ok()) return line;
  absl::StatusOr<size_t> size;
  {
    const UnseenInput unseen(descriptor);
    Print(descriptor, prompt);
    size = ReadLine(unseen, line->ExposeMutable());
    Print(descriptor, "\n");
  }
  if (!size.ok()) return size.status();
  line->Truncate(*size);
  return line;
}

absl::StatusOr<SecretBytes> GetPassphrase(const std::string& passphrase_file,
                                          absl::string_view what) {
  if (const std::optional<std::string> file = PassphraseFile(passphrase_file); file.has_value()) {
    return FromFile(*file);
  }
  return Ask(ControllingTerminal(), absl::StrCat("Passphrase for ", what, ": "));
}

absl::StatusOr<SecretBytes> GetNewPassphrase(const std::string& passphrase_file,
                                             absl::string_view what) {
  if (const std::optional<std::string> file = PassphraseFile(passphrase_file); file.has_value()) {
    return FromFile(*file);
  }
  const ControllingTerminal terminal;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    absl::StatusOr<SecretBytes> first =
        Ask(terminal, absl::StrCat("New passphrase for ", what, ": "));
    if (!first.ok()) return first;
    const absl::StatusOr<SecretBytes> second = Ask(terminal, "The same again: ");
    if (!second.ok()) return second.status();
    if (*first == *second) return first;
    terminal.Say("The two differ; once more, please.\n");
  }
  return absl::InvalidArgumentError("the two passphrases differed three times");
}

}  // namespace touchstone::cli
