#include "cli/controlling_terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

// An answer is a word; what follows is read and forgotten.
constexpr size_t kAnswerBytesMax = 16;

}  // namespace

ControllingTerminal::ControllingTerminal()
    : descriptor_(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {}

ControllingTerminal::~ControllingTerminal() {
  if (descriptor_ >= 0) close(descriptor_);
}

void ControllingTerminal::Say(absl::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

bool ControllingTerminal::Confirms(absl::string_view question) const {
  Say(absl::StrCat(question, " [y/N] "));
  std::string answer;
  while (true) {
    char c = '\0';
    const ssize_t got = read(descriptor_, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (c == '\n' || c == '\r') break;
    if (answer.size() < kAnswerBytesMax) answer.push_back(c);
  }
  answer = absl::AsciiStrToLower(absl::StripAsciiWhitespace(answer));
  return answer == "y" || answer == "yes";
}

}  // namespace touchstone::cli
